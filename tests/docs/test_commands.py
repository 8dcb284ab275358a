"""The journey of the vendor's guide, command by command, with the reference product in the vendor's place."""

from __future__ import annotations

import json
import shlex
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness import cli
from tests.docs.blocks import DOCUMENTS, commands
from tests.e2e.processes import BANC, DEADLINE_S, free_port, listens, started, until

COMMANDS = sorted({shlex.join(words) for document in DOCUMENTS for words in commands(document)})
ONE = ("-k", "professionnel_du_rendezvous_est_nommé")
PROFILE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment"
# What the guide says to fill in, for the reference product.
FILLED = {
    'nom = "Nom du produit"': 'nom = "Portail d\'essai"',
    'type = "python"': 'type = "http"',
    'classe = "pilote:Pilote"': 'url = "{product}/_pilote"',
    'redirect_uri = "/mes/retour"': 'redirect_uri = "/appariement-mes/retour"',
    'url_synchronisation = "/mes/demarrer"': 'url_synchronisation = "/synchronisation-mes"',
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_is_one_that_banc_takes(command: str) -> None:
    assert cli.make_parser().parse_args(shlex.split(command)[1:]).run


@pytest.fixture(scope="module")
def port() -> int:
    """Where the product is, or is not."""
    return free_port()


@pytest.fixture(scope="module")
def folder(port: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `banc init mon-produit` writes, filled in for the reference product served over HTTP."""
    made = tmp_path_factory.mktemp("editeur")
    assert banc(made, "init", "mon-produit")[0] == 0
    target = made / "mon-produit" / "cible.toml"
    text = target.read_text(encoding="utf-8")
    for before, after in FILLED.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after.format(product=f"http://127.0.0.1:{port}"))
    target.write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def product(port: int) -> Iterator[None]:
    """The reference product as a process."""
    with started([sys.executable, "-m", "reference", "--port", str(port)]) as process:
        until(lambda: process.poll() is not None or listens(port), "the reference product")
        assert process.poll() is None
        yield


@pytest.mark.usefixtures("product")
def test_doctor_then_run_end_well(folder: Path) -> None:
    code, said = banc(folder, "doctor", "--cible", "mon-produit/cible.toml")
    assert code == 0, said
    code, said = banc(folder, "run", "--cible", "mon-produit/cible.toml", "-m", "MES and not etude", *ONE)
    assert code == 0, said
    (result,) = (folder / ".banc" / "resultats").glob("*.json")
    played = json.loads(result.read_text(encoding="utf-8"))["scenarios"]
    assert [one["outcome"] for one in played] == ["reussi"]


@pytest.mark.parametrize("command", [("doctor",), ("run", *ONE)], ids=["doctor", "run"])
def test_a_product_that_is_down_is_unreachable(folder: Path, port: int, command: tuple[str, ...]) -> None:
    text = (folder / "mon-produit" / "cible.toml").read_text(encoding="utf-8")
    with socket.socket() as kept:  # bound, so that nobody else takes it, and deaf
        kept.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{kept.getsockname()[1]}"
        (folder / "arrete.toml").write_text(text.replace(f"127.0.0.1:{port}", address), encoding="utf-8")
        code, said = banc(folder, *command, "--cible", "arrete.toml")
    assert code == 3, said
    assert address in said


@pytest.mark.parametrize("command", [("doctor",), ("run", *ONE)], ids=["doctor", "run"])
def test_a_wrong_key_is_named_with_its_line(folder: Path, command: tuple[str, ...]) -> None:
    text = (folder / "mon-produit" / "cible.toml").read_text(encoding="utf-8")
    (folder / "faute.toml").write_text(text.replace("editeur =", "edtieur ="), encoding="utf-8")
    line = next(rank for rank, content in enumerate(text.splitlines(), 1) if content.startswith("editeur ="))
    code, said = banc(folder, *command, "--cible", "faute.toml")
    assert code == 2, said
    assert f"ligne {line}, clé « produit.edtieur »" in said


@pytest.mark.parametrize(("status", "code"), [("booked", 0), ("réservé", 1)])
def test_validate_says_what_is_wrong(tmp_path: Path, status: str, code: int) -> None:
    patient = {"type": "Patient", "identifier": {"system": "urn:oid:1.2.250.1.999.77", "value": "usager-1"}}
    doctor = {"type": "Practitioner", "display": "Dr Zoé Brûlé"}
    resource = {
        "resourceType": "Appointment",
        "status": status,
        "start": "2026-03-02T09:00:00+01:00",
        "end": "2026-03-02T09:30:00+01:00",
        "participant": [{"actor": patient, "status": "accepted"}, {"actor": doctor, "status": "accepted"}],
    }
    (tmp_path / "rendez-vous.json").write_text(json.dumps(resource), encoding="utf-8")
    seen, said = banc(tmp_path, "validate", "rendez-vous.json", "--profile", PROFILE)
    assert seen == code, said
    assert '"OperationOutcome"' in said


def banc(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run `banc` in this folder; exit code, and all that it said."""
    with started([*BANC, *arguments], folder=folder) as process:
        output, errors = process.communicate(timeout=2 * DEADLINE_S)
    return process.returncode, output + errors
