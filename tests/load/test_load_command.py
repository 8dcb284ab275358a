"""`banc load` for real: processes of Locust, a sandbox, the reference product, its defects, and what is refused.

Limits of saturation are lifted where a verdict of latency is looked for: this machine may be busy with something else.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from harness import cli
from tests.e2e.processes import BANC, ROOT, free_port, listens, started, until
from tests.load.command import TARGET, load, said


@pytest.mark.parametrize("processes", [1, 2])
def test_the_sandbox_under_a_day_of_a_structure(tmp_path: Path, profiles: Path, processes: int) -> None:
    """With two processes: a master and two workers on the loopback, that share the arrivals."""
    options = ("--sur", "bac-a-sable", "--profils", profiles, "--debit", 20, "--duree", 6, "--processus", processes)
    code, verdict, errors = load(tmp_path, "L3", *options, "--allure", tmp_path / "allure")
    assert code == 0, errors
    assert verdict["chiffres"]["appels"] >= 120
    assert said(verdict).keys() == {"conforme"}
    assert verdict["chiffres"]["rendez_vous"]["accepte"] > 10
    assert len(list((tmp_path / "allure").glob("*.svg"))) == 2


def test_workers_started_elsewhere_join_the_master(tmp_path: Path, profiles: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    worker = [*BANC, "load", "--ouvrier", address, "--cible", str(TARGET)]
    options = ("--sur", "bac-a-sable", "--profils", profiles, "--debit", 20, "--duree", 5, "--processus", 2)
    with started(worker, folder=tmp_path) as one, started(worker, folder=tmp_path) as other:
        code, verdict, errors = load(tmp_path, "L4", *options, "--maitre", address)
        assert [one.wait(30), other.wait(30)] == [0, 0]
    assert code == 0, errors
    assert verdict["chiffres"]["appels"] >= 100


def test_a_race_has_one_winner_for_each_slot(tmp_path: Path, profiles: Path) -> None:
    code, verdict, errors = load(tmp_path, "L6", "--sur", "bac-a-sable", "--profils", profiles, "--processus", 2)
    assert code == 0, errors
    assert verdict["chiffres"]["rendez_vous"] == {"accepte": 30, "refuse": 570}


def test_an_import_that_is_held_back_loses_nothing(tmp_path: Path, profiles: Path) -> None:
    """The sandbox answers 429 beyond twenty calls per second; each is sent again as Retry-After says."""
    profiles.write_text(profiles.read_text(encoding="utf-8").replace("nombre = 18000", "nombre = 120"), "utf-8")
    code, verdict, errors = load(tmp_path, "L5", "--sur", "bac-a-sable", "--profils", profiles)
    assert code == 0, errors
    answers = verdict["chiffres"]["par_action"]["mes.importer"]["reponses"]
    assert answers["201"] == verdict["chiffres"]["rendez_vous"]["accepte"] == 120
    assert answers["429"] > 0


@pytest.mark.parametrize(
    ("profile", "options", "defect", "check", "caught"),
    [
        ("L3", ("--debit", 10, "--duree", 8), "", "", ""),
        ("L7", ("--debit", 3, "--duree", 12), "", "", ""),
        ("L7", ("--debit", 3, "--duree", 12), "reessai-par-post", "intégrité", "doublé"),
        ("L3", ("--debit", 8, "--duree", 20), "un-appel-sur-vingt-cinq-lent", "latence", "p99"),
        ("L5", (), "un-sur-mille-perdu", "intégrité", "1 perdu : "),
    ],
)
def test_the_verdict_catches_the_defects_of_load(
    tmp_path: Path, profiles: Path, profile: str, options: tuple[Any, ...], defect: str, check: str, caught: str
) -> None:
    """The correct product passes, lost answers included; each defect is caught by the check that is made for it."""
    text = profiles.read_text(encoding="utf-8").replace("nombre = 18000", "nombre = 1010")
    text = text.replace("toutes_les_s = 60 }", "toutes_les_s = 1 }").replace("montee_s = 300", "montee_s = 4")
    text = text.replace("par_seconde = 20", "par_seconde = 10000")
    text = text.replace('"pilote.lire" = 90, "pilote.creer" = 7', '"pilote.lire" = 20, "pilote.creer" = 70')
    profiles.write_text(text, encoding="utf-8")
    spoilt = ("--defaut", defect) if defect else ()
    code, verdict, errors = load(
        tmp_path, profile, "--cible", TARGET, "--profils", profiles, *options, *spoilt, "--strict"
    )
    assert code == (1 if defect else 0), (verdict, errors)
    fallen = said(verdict).get("non conforme", [])
    if defect:
        assert any(one.startswith(check) and caught in one for one in fallen), verdict
    else:
        assert fallen == []


def test_a_bench_out_of_breath_does_not_judge_latency(tmp_path: Path, profiles: Path) -> None:
    text = profiles.read_text(encoding="utf-8").replace("temps_bac_a_sable = 99", "temps_bac_a_sable = 0.00001")
    profiles.write_text(text, encoding="utf-8")
    options = ("--sur", "bac-a-sable", "--profils", profiles, "--debit", 10, "--duree", 3)
    code, verdict, errors = load(tmp_path, "L4", *options)
    assert code == 4, errors
    assert verdict["non_mesurable"]
    assert any("non mesurable : " in one for one in said(verdict)["non testé"])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("L9", "--sur", "bac-a-sable"), 2, "L9"),
        (("L3", "--sur", "bac-a-sable", "--duree", "99999"), 2, "limites.duree_s"),
        (("L3",), 2, "cible.toml"),
        (("L3", "--ouvrier", "nulle-part"), 2, "HOTE:PORT"),
        (("L3", "--maitre", "a:1", "--ouvrier", "a:1"), 2, "ne va pas avec"),
        (("L3", "--cible", str(TARGET), "--defaut", "inventé"), 2, "défaut inconnu"),
    ],
)
def test_what_cannot_be_loaded_is_said(tmp_path: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    found, _, errors = load(tmp_path, *arguments)
    assert (found, message in errors) == (code, True), errors


def test_a_worker_refuses_to_load_somebody_else(tmp_path: Path) -> None:
    """The plan of a master is believed only as far as this machine's own `cible.toml` goes."""
    from load.plan import allowed

    known = frozenset({"https://recette.editeur.test"})
    assert allowed("https://recette.editeur.test/fhir", known)
    assert allowed("http://127.0.0.1:8000/x", frozenset())
    assert not allowed("https://ailleurs.test/fhir", known)
    assert not allowed("https://recette.editeur.test:8443/fhir", known)
    assert not allowed("http://127.0.0.1.ailleurs.test/", known)


def test_the_profiles_are_listed(tmp_path: Path) -> None:
    done = subprocess.run([*BANC, "load"], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=True)
    assert [line.split()[0] for line in done.stdout.decode().splitlines()] == [f"L{n}" for n in range(1, 8)]


def test_the_page_of_locust_is_live_during_a_load(tmp_path: Path, profiles: Path) -> None:
    if listens(8089):
        pytest.skip("le port 8089 est pris")
    options = ["--sur", "bac-a-sable", "--profils", str(profiles), "--debit", "5", "--duree", "6"]
    with started([*BANC, "load", "L4", *options, "--web"], folder=tmp_path) as process:
        until(lambda: listens(8089) or process.poll() is not None, "the page of Locust")
        shown = httpx.get("http://127.0.0.1:8089/stats/requests", trust_env=False)
        process.communicate(timeout=60)
    assert shown.status_code == 200
    assert "stats" in shown.json()
    assert process.returncode == 0


def test_without_the_tools_of_load_the_command_says_how_to_get_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The core installs none of them."""
    monkeypatch.setitem(sys.modules, "psutil", None)
    monkeypatch.delitem(sys.modules, "load.command", raising=False)
    monkeypatch.delitem(sys.modules, "load.share", raising=False)
    monkeypatch.delitem(sys.modules, "load.run", raising=False)
    monkeypatch.delitem(sys.modules, "load.report", raising=False)
    assert cli.main(["load", "L3"]) == 2
    assert "banc[load]" in capsys.readouterr().err
