import json
from pathlib import Path
from typing import Any

import pytest

from harness import cli

VALID: dict[str, Any] = {"resourceType": "Patient", "birthDate": "1948-02-29"}
INVALID: dict[str, Any] = {"resourceType": "Patient", "birthDate": "29/02/1948"}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a document, or a text, in a file; gives its path."""

    def written(content: Any, name: str = "ressource.json") -> str:
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return written


def judged(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    code = cli.main(["validate", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_a_valid_resource_exits_with_zero(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, outcome = judged([write(VALID)], capsys)
    assert code == 0
    assert outcome["resourceType"] == "OperationOutcome"
    assert [issue["severity"] for issue in outcome["issue"]] == ["information"]


def test_an_invalid_one_exits_with_one_and_says_where(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code, outcome = judged([write(INVALID)], capsys)
    assert code == 1
    assert [issue["expression"] for issue in outcome["issue"]] == [["Patient.birthDate"]]


def test_several_files_give_a_bundle_in_their_order(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    names = [write(VALID, "a.json"), write(INVALID, "b.json")]
    code = cli.main(["validate", *names])
    shown = capsys.readouterr()
    bundle = json.loads(shown.out)
    assert code == 1
    assert [entry["fullUrl"] for entry in bundle["entry"]] == names
    assert [entry["resource"]["issue"][0]["severity"] for entry in bundle["entry"]] == ["information", "error"]
    assert shown.err.splitlines() == [f"[1/2] {names[0]}", f"[2/2] {names[1]}"]


def test_a_profile_that_is_claimed_but_not_loaded_is_said(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    claiming = {**VALID, "meta": {"profile": ["https://exemple.test/profil"]}}
    code, outcome = judged([write(claiming)], capsys)
    assert code == 0
    assert [(issue["severity"], issue["code"]) for issue in outcome["issue"]] == [("warning", "not-supported")]


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (None, [], "ne peut pas être lu"),
        ("{", [], "n'est pas du JSON"),
        (VALID, ["--profile", "https://exemple.test/inconnu"], "profil inconnu"),
        (VALID, ["--package", "absent.tgz"], "n'est pas un paquet FHIR lisible"),
    ],
)
def test_what_cannot_be_judged_exits_with_two(
    content: Any, more: list[str], said: str, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "absent.json" if content is None else write(content)
    assert cli.main(["validate", name, *more]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err


def test_an_official_package_brings_its_profiles(shared: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    package = next((shared / "official").glob("ans.fhir.fr.mesmesures-*.tgz"))
    profile = "https://interop.esante.gouv.fr/ig/fhir/mesmesures/StructureDefinition/MESObservationBodyWeight"
    code, outcome = judged(
        [write({"resourceType": "Observation"}), "--profile", profile, "--package", str(package)], capsys
    )
    assert code == 1
    assert any("Observation.status" in str(issue["details"]) + str(issue["expression"]) for issue in outcome["issue"])
