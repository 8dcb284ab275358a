"""`banc profiles`: files, addresses and registries give packages; what lacks is named; errors are French and exit 2."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import cli
from tests.docs.blocks import ROOT
from tests.harness.package_server import Server, archive, package, profile, serving

HL7 = "http://hl7.org/fhir/StructureDefinition/Patient"
BASE = profile("base", HL7, {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1})
MINE = profile(
    "mien",
    BASE["url"],
    {
        "id": "Patient.gender",
        "path": "Patient.gender",
        "min": 1,
        "binding": {"strength": "required", "valueSet": "https://exemple.test/ValueSet/absent"},
        "constraint": [
            {"key": "m-1", "severity": "error", "human": "un code connu", "expression": "$this != 'unknown'"},
            {"key": "m-2", "severity": "error", "human": "un membre", "expression": "memberOf('https://x.test')"},
            {"key": "m-3", "severity": "warning", "human": "sans expression"},
        ],
    },
)
SNAPSHOT = profile(
    "mien", "https://exemple.test/StructureDefinition/base",
    snapshot={"element": [{"id": "Patient", "path": "Patient"},
                          {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]},
)  # fmt: skip
DEPENDS = {"dependencies": {"hl7.fhir.r4.core": "4.0.1", "test.base": "1.0.x", "test.absent": "2.0.0"}}
PATIENT: dict[str, Any] = {"resourceType": "Patient", "gender": "female"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as started:
        started.add("test.base", "1.0.0", package("test.base", "1.0.0", BASE))
        started.add("test.base", "1.0.3", package("test.base", "1.0.3", BASE))
        started.add("test.base", "1.1.0", package("test.base", "1.1.0", BASE))
        started.add("test.mien", "0.9.0", package("test.mien", "0.9.0", MINE, **DEPENDS))
        started.add("test.mien", "1.0.0", package("test.mien", "1.0.0", MINE, **DEPENDS))
        yield started


def banc(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = cli.main(["profiles", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def verdict(capsys: pytest.CaptureFixture[str], resource: dict[str, Any], url: str) -> tuple[int, set[str], str]:
    Path("r.json").write_text(json.dumps(resource))
    code = cli.main(["validate", "r.json", "--profile", url])
    shown = capsys.readouterr()
    issues = json.loads(shown.out)["issue"]
    return code, {i["expression"][0] for i in issues if i["severity"] == "error"}, shown.err


def test_from_a_registry_with_what_it_rests_on(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = banc("add", "test.mien@latest", "--registre", server.url, capsys=capsys)
    assert code == 0
    assert [line for line in out.splitlines() if line.startswith("Ajouté")] == [
        "Ajouté : test.mien@1.0.0 (.banc/profils/test.mien-1.0.0.tgz), 1 profil.",
        "Ajouté : test.base@1.0.3 (.banc/profils/test.base-1.0.3.tgz), 1 profil.",
    ]
    assert "  test.absent@2.0.0 : " in out
    assert "jeu de valeurs absent https://exemple.test/ValueSet/absent" in out
    assert "invariant non exécuté m-2 : fonction memberOf non exécutée" in out
    assert "invariant non exécuté m-3 : il n'a pas d'expression FHIRPath" in out
    assert not any("r4.core" in path for path in server.asked)


def test_what_was_added_judges_and_what_is_not_judged_is_said(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    banc("add", "test.mien@1.0.0", "--registre", server.url, capsys=capsys)
    born = {**PATIENT, "birthDate": "1948-02-29"}
    assert verdict(capsys, born, MINE["url"])[:2] == (0, set())
    assert verdict(capsys, PATIENT, MINE["url"])[:2] == (1, {"Patient.birthDate"})
    code, places, err = verdict(capsys, {**born, "gender": "unknown"}, MINE["url"])
    assert (code, places) == (1, {"Patient.gender"})
    assert f"Non jugé, {MINE['url']} : jeu de valeurs absent https://exemple.test/ValueSet/absent" in err.splitlines()


def test_from_a_file_dependencies_stand_beside_it(here: Path, server: Server, capsys: Any) -> None:
    (here / "livraison").mkdir()
    (here / "livraison/mien.tgz").write_bytes(server.packages["test.mien"]["1.0.0"])
    (here / "livraison/test.base#1.0.0.tgz").write_bytes(server.packages["test.base"]["1.0.0"])
    code, out, _ = banc("add", "livraison/mien.tgz", capsys=capsys)
    assert code == 0
    assert "Ajouté : test.base@1.0.0" in out
    assert "test.absent@2.0.0 : ni livré, ni installé, ni à côté du fichier" in out
    assert server.asked == []


def test_a_file_alone_says_that_its_base_lacks(here: Path, server: Server, capsys: Any) -> None:
    (here / "mien.tgz").write_bytes(server.packages["test.mien"]["1.0.0"])
    _, out, _ = banc("add", "mien.tgz", capsys=capsys)
    assert f"{MINE['url']}|1.0.0 : base absente {BASE['url']}" in out
    _, out, _ = banc("add", "mien.tgz", "--dependances", "--registre", server.url, capsys=capsys)
    assert "Ajouté : test.base@1.0.3" in out
    assert "base absente" not in out


def test_a_snapshot_alone_is_enough(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    only = {key: value for key, value in SNAPSHOT.items() if key != "differential"}
    (here / "p.tgz").write_bytes(package("test.snap", "1.0.0", only))
    code, out, _ = banc("add", "p.tgz", capsys=capsys)
    assert code == 0
    assert "le snapshot du paquet la remplace" in out
    assert verdict(capsys, PATIENT, only["url"])[:2] == (1, {"Patient.birthDate"})


def test_logical_models_are_said_to_be_left_out(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = {**profile("modele", "http://hl7.org/fhir/StructureDefinition/Element"), "type": "https://x.test/modele"}
    (here / "p.tgz").write_bytes(package("test.modele", "1.0.0", model))
    code, out, _ = banc("add", "p.tgz", capsys=capsys)
    assert code == 0
    assert f"modèle logique ou type absent de R4 : {model['url']}" in out


def test_from_an_address(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert banc("add", f"{server.url}/test.base/1.1.0", capsys=capsys)[0] == 0
    _, out, _ = banc("list", capsys=capsys)
    assert "test.base@1.1.0  .banc/profils/test.base-1.1.0.tgz  1 profil" in out.splitlines()
    assert any(line.startswith("ans.fhir.fr.gap@3.0.0  livré") for line in out.splitlines())


def test_remove(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    banc("add", "test.mien@1.0.0", "--registre", server.url, capsys=capsys)
    assert banc("remove", "test.mien@1.0.0", capsys=capsys)[:2] == (0, "Enlevé : test.mien@1.0.0.\n")
    assert [path.name for path in Path(".banc/profils").iterdir()] == ["test.base-1.0.3.tgz"]
    code, _, err = banc("remove", "test.mien", capsys=capsys)
    assert code == 2
    assert "n'est pas installé" in err
    assert "livré avec le banc" in banc("remove", "ans.fhir.fr.gap", capsys=capsys)[2]


def test_a_redirected_archive_is_followed(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.raw["/ailleurs"] = (302, f"{server.url}/test.base/1.0.0".encode())
    assert banc("add", f"{server.url}/ailleurs", capsys=capsys)[0] == 0


def test_what_a_registry_answers_wrongly(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.raw["/test.html"] = (200, b"<html>")
    server.raw["/test.liste"] = (200, b"[]")
    server.raw["/test.panne"] = (503, b"")
    server.add("test.texte", "1.0.0", b"pas une archive")
    for source, said in (
        ("test.inconnu@1.0.0", "n'existe pas (404)"),
        ("test.base@7.0.0", "versions connues : 1.0.0, 1.0.3, 1.1.0"),
        ("test.html@1.0.0", "ne répond pas comme un registre"),
        ("test.liste@1.0.0", "ne répond pas comme un registre"),
        ("test.panne@1.0.0", "a répondu 503"),
        ("test.texte@1.0.0", "n'est pas un paquet FHIR lisible"),
        ("../etc@1.0.0", "n'est pas un nom de paquet"),
        ("rien", "ni un fichier .tgz, ni une adresse, ni nom@version"),
        ("absent.tgz", "n'est pas un paquet FHIR lisible"),
    ):
        code, out, err = banc("add", source, "--registre", server.url, capsys=capsys)
        assert (code, out) == (2, ""), source
        assert said in err, source
    server.wrong_sum = True
    assert "l'empreinte annoncée" in banc("add", "test.base@1.0.0", "--registre", server.url, capsys=capsys)[2]
    assert not Path(".banc").exists()


def test_a_registry_that_nobody_serves(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = banc("add", "test.base@1.0.0", "--registre", "http://127.0.0.1:9", capsys=capsys)
    assert code == 2
    assert "ne répond pas" in err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive({"package/a.json": {}}), "n'a pas de package/package.json"),
        (archive({"package/package.json": b"{"}), "manifeste illisible"),
        (package("../x", "1.0.0"), "nom ou version de paquet refusés"),
        (package("test.r5", "1.0.0", fhirVersions=["5.0.0"]), "FHIR 5.0.0 : le banc juge FHIR R4"),
        (package("hl7.fhir.r4.core", "4.0.1"), "font partie du banc"),
    ],
)
def test_what_is_no_package_of_ours(content: bytes, said: str, here: Path, capsys: Any) -> None:
    (here / "p.tgz").write_bytes(content)
    code, _, err = banc("add", "p.tgz", capsys=capsys)
    assert code == 2
    assert said in err
    assert not (here / ".banc/profils").exists()


def test_an_official_package(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (shared / "official").glob("ans.fhir.fr.sas-*.tgz")
    code, out, _ = banc("add", str(path), capsys=capsys)
    assert code == 0
    assert "Ajouté : ans.fhir.fr.sas@1.2.0" in out
    assert "profil inutilisable" not in out


def test_the_example_of_the_documentation(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (shared / "official").glob("ans.fhir.fr.tddui-*.tgz")
    Path(path.name).write_bytes(path.read_bytes())
    _, out, _ = banc("add", path.name, capsys=capsys)
    text = (ROOT / "docs/paquets-fhir.md").read_text(encoding="utf-8")
    shown = text.partition(f"$ banc profiles add {path.name}\n")[2].partition("```")[0].splitlines()
    assert len(shown) > 5
    for line in shown:
        assert line.replace("…", "").strip() in out
