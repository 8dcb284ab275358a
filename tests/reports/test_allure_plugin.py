"""The plugin on a toy suite, in a pytest of its own: allure-pytest keeps its state in the process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEATURE = """# language: fr
@MES @DE1-AGENDA-UC1 @officielle
Fonctionnalité: L'agenda
  Ce que dit le texte.

  Contexte:
    Étant donné que tout est prêt

  Scénario: Un rendez-vous arrive
    Quand le produit agit
      | clé | valeur |
      | a   | é      |
    Alors il est vu

  Scénario: Un rendez-vous manque
    Quand le produit agit
    Alors il manque
    Et il est vu

  Scénario: Le produit ne sait pas
    Quand le produit ne sait pas
    Alors il est vu

  Scénario: Une étape oubliée
    Quand personne ne l'a écrite
    Alors il est vu

  Plan du scénario: Un essai de <nom>
    Quand le produit agit

    Exemples:
      | nom |
      | b   |
      | c   |
"""
STEPS = """
import pytest
from pytest_bdd import given, scenarios, then, when

scenarios("toy.feature")

@given("tout est prêt")
def ready(): ...

@when("le produit agit")
def acts(): ...

@then("il est vu")
def seen(): ...

@then("il manque")
def missing():
    count = 0
    assert count == 1, "L'agenda ne montre aucun événement."

@when("le produit ne sait pas")
def unknown():
    pytest.skip("Non applicable : action non offerte")
"""
CONFTEST = """
from types import SimpleNamespace
import pytest
from harness import hooks
from harness.plugin import SCENE
from tests.reports.samples import exchange, finding, scenario
from rules.core import Authority

def pytest_addhooks(pluginmanager):
    pluginmanager.add_hookspecs(hooks)

class Tenant:
    def __init__(self):
        self.entries = []

    def read_all(self, after):
        return [entry for entry in self.entries if entry.id > after]

def pytest_bdd_before_scenario(request):
    request.node.stash[SCENE] = SimpleNamespace(mark=40, tenant=Tenant())

def pytest_bdd_before_step_call(request, step):
    if step.name == "le produit agit":
        request.node.stash[SCENE].tenant.entries.append(exchange(id=41))

@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    yield
    found = [finding(), finding(rule="AGD-010", authority=Authority.BANC)]
    result = scenario(findings=found, examined={"AGD-009": 2, "AGD-011": 0})
    secret = exchange(request={"method": "GET", "target": "/t/a/mes/fhir/Appointment?x=banc-at-SECRET"})
    exchanges = [exchange(id=41), secret, exchange(id=43)]
    item.config.hook.pytest_banc_scenario_judged(item=item, result=result, exchanges=exchanges)
"""
Results = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Runs the toy suite with more options; gives the folder of Allure results."""

    def run(*options: str) -> Path:
        folder = tmp_path_factory.mktemp("place") / "toy"
        folder.mkdir()
        files = {"toy.feature": FEATURE, "test_toy.py": STEPS, "conftest.py": CONFTEST, "pytest.ini": "[pytest]\n"}
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "reports.allure_plugin", "--alluredir=res", *options]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True)
        return folder / "res"

    return run


@pytest.fixture(scope="module")
def folder(toy: Callable[..., Path]) -> Path:
    return toy()


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    read = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-result.json")]
    return {result["name"]: result for result in read}


def steps(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (step["name"], step["status"]) for step in result.get("steps", []) if "échanges" not in step["name"].lower()
    ]


def steps_of(results: Results, name: str = "Un rendez-vous arrive") -> list[Mapping[str, Any]]:
    return list(results[name]["steps"])


def texts(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.iterdir())


def test_no_scenario_is_lost(results: Results) -> None:
    assert {name: result["status"] for name, result in results.items()} == {
        "Un rendez-vous arrive": "passed",
        "Un rendez-vous manque": "failed",
        "Le produit ne sait pas": "skipped",
        "Une étape oubliée": "broken",
        "Un essai de b": "passed",
        "Un essai de c": "passed",
    }


def test_steps_are_read_aloud_in_french(results: Results) -> None:
    assert steps(results["Un rendez-vous arrive"]) == [
        ("Étant donné que tout est prêt", "passed"),
        ("Quand le produit agit", "passed"),
        ("Alors il est vu", "passed"),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Un rendez-vous manque", [("Alors il manque", "failed"), ("Et il est vu", "skipped")]),
        ("Le produit ne sait pas", [("Quand le produit ne sait pas", "skipped"), ("Alors il est vu", "skipped")]),
        ("Une étape oubliée", [("Quand personne ne l'a écrite", "broken"), ("Alors il est vu", "skipped")]),
    ],
)
def test_what_stops_a_scenario_is_shown_with_the_steps_not_reached(
    name: str, expected: list[tuple[str, str]], results: Results
) -> None:
    assert steps(results[name])[-2:] == expected


def test_the_reader_gets_the_sentence_without_python(results: Results) -> None:
    assert results["Un rendez-vous manque"]["statusDetails"] == {"message": "L'agenda ne montre aucun événement."}
    failed = next(step for step in steps_of(results, "Un rendez-vous manque") if step["status"] == "failed")
    assert failed["statusDetails"] == {"message": "L'agenda ne montre aucun événement."}
    assert results["Le produit ne sait pas"]["statusDetails"]["message"] == "Non applicable : action non offerte"


def test_labels_come_from_the_catalogue_and_rules_from_the_judgement(results: Results) -> None:
    labels = [(label["name"], label["value"]) for label in results["Un rendez-vous arrive"]["labels"]]
    assert ("epic", "DE1 - Agenda de Mon espace santé") in labels
    assert ("exigence", "DE1-AGENDA-UC1") in labels
    assert ("severity", "critical") in labels
    assert [value for name, value in labels if name == "regle"] == ["AGD-009", "AGD-010"]


def test_the_row_of_an_outline_is_a_parameter(results: Results) -> None:
    assert results["Un essai de b"]["parameters"] == [{"name": "nom", "value": "b"}]


def test_a_table_of_a_step_is_attached(folder: Path, results: Results) -> None:
    attached = results["Un rendez-vous arrive"]["steps"][1]["attachments"][0]
    assert attached["name"] == "Tableau de l'étape"
    assert (folder / attached["source"]).read_text(encoding="utf-8") == "clé;valeur\na;é"


def test_findings_are_steps_and_only_those_that_weigh_are_red(results: Results) -> None:
    judged = next(step for step in steps_of(results) if step["name"].startswith("Jugement"))
    assert judged["name"] == "Jugement des échanges : règles examinées 1, constats 2"
    assert [(step["name"], step["status"]) for step in judged["steps"]] == [
        ("AGD-009 : Appointment.start", "failed"),
        ("À titre d'information, AGD-010 : Appointment.start", "passed"),
    ]
    assert "attendu : un instant avec décalage horaire" in judged["steps"][0]["statusDetails"]["message"]


def test_an_exchange_is_attached_to_the_step_that_saw_it(results: Results) -> None:
    attached = {step["name"]: [one["name"] for one in step.get("attachments", [])] for step in steps_of(results)}
    assert attached["Étant donné que tout est prêt"] == []
    assert attached["Quand le produit agit"] == [
        "Tableau de l'étape",
        "Échange 41 : POST /t/a/mes/fhir/Appointment → 201",
    ]
    assert attached["Alors il est vu"] == []


def test_every_other_exchange_is_attached_and_masked(folder: Path, results: Results) -> None:
    kept = next(step for step in steps_of(results) if step["name"].startswith("Échanges vus après"))
    assert kept["name"] == "Échanges vus après la dernière étape : 2"
    assert len(kept["attachments"]) == 2
    attached = kept["attachments"][0]
    assert attached["name"] == "Échange 42 : GET /t/a/mes/fhir/Appointment?x=‹masqué› → 201"
    assert json.loads((folder / attached["source"]).read_text(encoding="utf-8"))["id"] == 42
    assert "banc-at-SECRET" not in texts(folder)


def test_files_about_python_fixtures_are_removed(folder: Path) -> None:
    assert not list(folder.glob("*-container.json"))


def test_two_processes_write_the_same_scenarios(toy: Callable[..., Path], results: Results) -> None:
    folder = toy("-n", "2")
    read = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-result.json")]
    assert {one["name"]: one["historyId"] for one in read} == {
        name: result["historyId"] for name, result in results.items()
    }
