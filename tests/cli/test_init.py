import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from harness import cli, vocabulary
from harness.drivers import open_driver
from harness.errors import ActionNotOffered
from harness.target import load_target

ACTIONS = tuple(vocabulary.load().actions)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder where `banc init` wrote, whose modules can be imported."""
    assert cli.main(["init", str(tmp_path / "nouveau")]) == 0
    monkeypatch.syspath_prepend(str(tmp_path / "nouveau"))
    yield tmp_path / "nouveau"
    for name in ("pilote", "pilote_http"):
        sys.modules.pop(name, None)


def test_what_init_writes_is_a_valid_target(folder: Path) -> None:
    target = load_target(folder / "cible.toml")
    assert target.driver.class_path == "pilote:Pilote"
    assert target.claims.blocks == {"mes-agenda"}


def test_the_skeleton_is_a_driver_that_offers_nothing_yet(folder: Path) -> None:
    driver = open_driver(load_target(folder / "cible.toml").driver)
    assert all(driver.offers(action) for action in ACTIONS)
    with pytest.raises(ActionNotOffered):
        driver.perform("lire_journal_technique", {})


def test_a_refusal_of_the_skeleton_is_a_refusal_for_the_bench(folder: Path) -> None:
    module = import_module("pilote")

    def refuse(_: object) -> None:
        raise module.Refus("ferme", "Le portail est fermé.")

    module.Pilote.lire_journal_technique = refuse
    answer = open_driver(load_target(folder / "cible.toml").driver).perform("lire_journal_technique", {})
    assert (answer.refused, answer.error, answer.message) == (True, "ferme", "Le portail est fermé.")


@pytest.mark.parametrize("name", ACTIONS)
def test_each_method_takes_the_parameters_of_the_vocabulary(name: str, folder: Path) -> None:
    properties = vocabulary.load()[name].parameters["properties"]
    given: dict[str, Any] = dict.fromkeys(properties)
    with pytest.raises(NotImplementedError):
        getattr(import_module("pilote").Pilote(), name)(**given)


def test_the_http_sample_answers_as_the_vocabulary_says(folder: Path) -> None:
    sample = import_module("pilote_http")
    client = sample.application.test_client()
    assert client.get("/actions").get_json() == {"actions": list(ACTIONS)}
    assert client.post("/actions/lire_journal_technique", json={}).status_code == 501
    assert client.post("/actions/inventee", json={}).status_code == 501
    sample.Pilote.lire_journal_technique = lambda _: {"texte": ""}
    assert client.post("/actions/lire_journal_technique", json={}).get_json() == {"texte": ""}


def test_init_never_overwrites(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pilote.py").write_text("le mien")
    (folder / "cible.toml").unlink()
    assert cli.main(["init", str(folder)]) == 2
    assert (folder / "pilote.py").read_text() == "le mien"
    assert not (folder / "cible.toml").exists()
    assert "contient déjà pilote.py, pilote_http.py" in capsys.readouterr().err


def test_init_lists_its_files_for_a_machine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", str(tmp_path), "--json"]) == 0
    names = [Path(name).name for name in json.loads(capsys.readouterr().out)["fichiers"]]
    assert names == ["cible.toml", "pilote.py", "pilote_http.py"]
