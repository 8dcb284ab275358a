"""SDO 4.0.7 (ViaTrajectoire): our examples hold; each constraint and each reading of the guide is broken once."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from profiles import validate
from profiles.registry import default_registry
from tests.profiles.examples import DROP, Resource, spoiled

EXAMPLES = Path(__file__).parent.parent / "examples" / "sdo"
CANONICAL = "https://interop.esante.gouv.fr/ig/fhir/sdo/StructureDefinition/"
INPUTS = "https://interop.esante.gouv.fr/ig/fhir/sdo/CodeSystem/input-task-sdo-codesystem"
NOS = "https://mos.esante.gouv.fr/NOS/"
STATUS = f"{NOS}TRE_R357-StatutPersonnePriseCharge/FHIR/TRE-R357-StatutPersonnePriseCharge"
MODE = f"{NOS}TRE_R213-ModePriseEnCharge/FHIR/TRE-R213-ModePriseEnCharge"
REASON = f"{NOS}TRE_R358-MotifStatutPersonnePriseCharge/FHIR/TRE-R358-MotifStatutPersonnePriseCharge"
OF_A_UNIT = ("idUnite", "nomUnite", "categorieOrganisation", "modePriseCharge", "dateStatutUnite")
TASK, CONSENT, DOCUMENT = "esms-task", "esms-consent", "esms-document-reference"
DECISIONS = "esms-bundle-resultat-recherche-decision-evaluation"
NOTIFICATIONS = "esms-bundle-resultat-recherche-notification-esms"


def example(name: str) -> Resource:
    """Return one of our examples."""
    resource: Resource = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return resource


def said(resource: Resource, profile: str, *severities: str) -> list[tuple[str, str]]:
    """Return the place and rule of each issue of these severities."""
    wanted = severities or ("error",)
    return [(i.expression, i.rule) for i in validate(resource, CANONICAL + profile) if i.severity in wanted]


def position(task: Resource, name: str) -> int:
    """Return the index of an input."""
    names = [entry["type"]["coding"][0]["code"] for entry in task["input"]]
    return names.index(name)


def without(task: Resource, *names: str) -> Resource:
    """Return a Task without some of its inputs."""
    kept = [entry for entry in task["input"] if entry["type"]["coding"][0]["code"] not in names]
    return {**task, "input": kept}


def with_value(name: str, value: Any) -> Resource:
    """Return the example Task with the value of one input replaced (the key of the value stays)."""
    task = copy.deepcopy(example(TASK))
    entry = task["input"][position(task, name)]
    key = next(k for k in entry if k.startswith("value"))
    entry[key] = value
    return task


def coded(system: str, code: str) -> Resource:
    """Return a CodeableConcept."""
    return {"coding": [{"system": system, "code": code}]}


@pytest.mark.parametrize("name", [TASK, CONSENT, DOCUMENT, DECISIONS, NOTIFICATIONS])
def test_the_example_holds(name: str) -> None:
    assert said(example(name), name, "fatal", "error", "warning") == []


Row = tuple[str, tuple[str | int, ...], Any, list[tuple[str, str]]]
ROWS: list[Row] = [
    (TASK, ("meta", "lastUpdated"), DROP, [("Task.meta.lastUpdated", "min=1")]),
    (TASK, ("status",), "requested", [("Task.status", "pattern")]),
    (TASK, ("intent",), "order", [("Task.intent", "pattern")]),
    (CONSENT, ("meta", "source"), DROP, [("Consent.meta.source", "min=1")]),
    (CONSENT, ("status",), "proposed", [("Consent.status", "pattern")]),
    (CONSENT, ("scope", "coding", 0, "code"), "research", [("Consent.scope.coding", "pattern")]),
    (CONSENT, ("category", 0, "coding", 0, "code"), "64292-6", [("Consent.category[0].coding", "pattern")]),
    (CONSENT, ("dateTime",), DROP, [("Consent.dateTime", "min=1")]),
    (CONSENT, ("provision",), DROP, [("Consent.provision", "min=1")]),
    (CONSENT, ("provision",), {"type": "permit"}, [("Consent.provision.data", "min=1")]),
    (CONSENT, ("provision", "data", 0, "meaning"), "instance", [("Consent.provision.data[0].meaning", "pattern")]),
    (CONSENT, ("provision", "data", 0, "reference"), {"reference": "DocumentReference/abc"},
     [("Consent.provision.data[0].reference.identifier", "min=1")]),
    (CONSENT, ("provision", "data", 0, "reference", "type"), "Patient",
     [("Consent.provision.data[0].reference.type", "reference")]),
    (CONSENT, ("provision", "data", 0, "reference", "identifier", "use"), "usual",
     [("Consent.provision.data[0].reference.identifier.use", "pattern")]),
    (CONSENT, ("provision", "data", 0, "reference", "identifier", "value"), DROP,
     [("Consent.provision.data[0].reference.identifier.value", "min=1")]),
    (DOCUMENT, ("identifier", 1), DROP, [("DocumentReference.identifier", "min=2")]),
    (DOCUMENT, ("identifier", 0, "use"), "secondary", [("DocumentReference.identifier", "min=1")]),
    (DOCUMENT, ("identifier", 0, "value"), DROP, [("DocumentReference.identifier[0].value", "min=1")]),
    (DOCUMENT, ("identifier", 1, "value"), DROP, [("DocumentReference.identifier[1].value", "min=1")]),
    (DOCUMENT, ("type",), DROP, [("DocumentReference.type", "min=1")]),
    (DOCUMENT, ("type", "coding", 0, "code"), "34133-9", [("DocumentReference.type", "binding")]),
    (DOCUMENT, ("content", 0, "attachment", "title"), "Document évaluation",
     [("DocumentReference", "regle-NomPieceJointe-type")]),
    (DECISIONS, ("type",), "collection", [("Bundle.type", "pattern")]),
    (DECISIONS, ("entry", 0, "resource"), DROP, [("Bundle.entry[0].resource", "min=1"), ("Bundle.entry[0]", "bdl-5")]),
    (DECISIONS, ("entry", 0, "resource", "identifier", 0, "value"), DROP,
     [("Bundle.entry[0].resource.identifier[0].value", "min=1")]),
    (NOTIFICATIONS, ("entry", 1, "resource", "intent"), "order", [("Bundle.entry[1].resource.intent", "pattern")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "path", "value", "expected"), ROWS, ids=lambda v: ".".join(map(str, v)) if isinstance(v, tuple) else None
)
def test_each_constraint(name: str, path: tuple[str | int, ...], value: Any, expected: list[tuple[str, str]]) -> None:
    assert said(spoiled(example(name), path, value), name) == expected


@pytest.mark.parametrize("name", ["idNat_Struct", "nomESMS", "idDecision", "idNat_Decision"])
def test_an_input_that_must_be_there(name: str) -> None:
    assert said(without(example(TASK), name), TASK) == [("Task.input", "min=1")]


def test_four_inputs_at_least() -> None:
    kept = without(example(TASK), *(n for n in NAMES if n not in ("idNat_Struct", "nomESMS")))
    assert said(kept, TASK) == [("Task.input", "min=1")] * 2  # the two that are missing are named, not their number


NAMES = {
    "idNat_Struct": "x", "nomESMS": 1, "statutESMS": "45", "motifESMS": "114", "dateStatutESMS": "09/03/2026",
    "idUnite": "x", "nomUnite": 1, "categorieOrganisation": "48", "temporaliteAccueil": "02",
    "accueilSequentiel": "oui", "modePriseCharge": "46", "statutUnite": "188",
    "dateStatutUnite": "09/03/2026", "motifUnite": "89", "idDecision": "x", "idNat_Decision": "x",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_each_input_is_of_its_type(name: str) -> None:
    task = with_value(name, NAMES[name])
    found = said(task, TASK)
    assert found
    assert all(place.startswith(f"Task.input[{position(task, name)}]") for place, _ in found)


@pytest.mark.parametrize("name", NAMES)
def test_each_input_at_most_once(name: str) -> None:
    task = example(TASK)
    twice = {**task, "input": [*task["input"], task["input"][position(task, name)]]}
    assert said(twice, TASK) == [("Task.input", "max=1")]


def test_another_type_of_value_is_refused() -> None:
    task = example(TASK)
    where = position(task, "nomESMS")
    task["input"][where] = {"type": task["input"][where]["type"], "valueCode": "IME"}
    assert [place for place, _ in said(task, TASK)] == [f"Task.input[{where}].value.ofType(code)"]


def test_the_name_of_an_input_in_text_alone_is_in_no_slice() -> None:
    task = example(TASK)
    task["input"][position(task, "nomESMS")]["type"] = {"text": "nomESMS"}
    assert said(task, TASK) == [("Task.input", "min=1")]


def test_one_mode_of_care() -> None:
    modes = [
        {"system": f"{NOS}TRE_R213-ModePriseEnCharge/FHIR/TRE-R213-ModePriseEnCharge", "code": c} for c in ("46", "47")
    ]
    found = said(with_value("modePriseCharge", {"coding": modes}), TASK)
    assert [rule for _, rule in found] == ["max=1"]


@pytest.mark.parametrize(
    "missing", ["idUnite", "nomUnite", "categorieOrganisation", "modePriseCharge", "dateStatutUnite"]
)
def test_a_unit_status_comes_whole(missing: str) -> None:
    """The published FHIRPath reads `type.text` and never fires: the rule is re-coded on the coding too."""
    assert said(without(example(TASK), missing), TASK) == [("Task", "regle-StatutUnite")]


def test_without_a_unit_status_nothing_is_asked_of_the_unit() -> None:
    task = without(example(TASK), "statutUnite", "motifUnite", "dateStatutUnite", "modePriseCharge")
    assert said(task, TASK, "error", "warning") == []


def test_the_message_of_a_unit_status_names_what_is_expected() -> None:
    (issue,) = [i for i in validate(without(example(TASK), "idUnite"), CANONICAL + TASK) if i.severity == "error"]
    assert "avec un statut d'unité, les entrants idUnite, nomUnite" in issue.message


@pytest.mark.parametrize(("name", "code"), [("statutESMS", "186"), ("statutUnite", "48")])
def test_a_status_of_the_other_level_is_refused(name: str, code: str) -> None:
    assert ("Task", "sdo-niveau-statut") in said(with_value(name, coded(STATUS, code)), TASK)


@pytest.mark.parametrize(
    ("status", "reason", "errors", "warnings"),
    [
        ("45", "114", [], []),
        ("49", "100", [], ["sdo-motif-incoherent"]),
        ("51", "92", [], ["sdo-motif-incoherent"]),
        ("51", "172", [], ["sdo-motif-incoherent"]),
        ("45", "100", ["sdo-motif-hors-liste"], ["sdo-motif-incoherent"]),
        ("49", "93", ["sdo-motif-hors-liste"], ["sdo-motif-incoherent"]),
    ],
)
def test_reasons_that_the_value_set_lacks(status: str, reason: str, errors: list[str], warnings: list[str]) -> None:
    task = with_value("statutESMS", coded(STATUS, status))
    task["input"][position(task, "motifESMS")]["valueCodeableConcept"] = coded(REASON, reason)
    assert [rule for _, rule in said(task, TASK)] == errors
    assert [rule for _, rule in said(task, TASK, "warning")] == warnings


def test_a_code_of_another_nomenclature_is_refused() -> None:
    """184 is a status of the unit and a reason: only the system tells."""
    found = said(with_value("motifUnite", coded(STATUS, "184")), TASK)
    assert [rule for _, rule in found] == ["binding"]


@pytest.mark.parametrize("code", ["46", "47", "48", "49"])
def test_modes_of_both_versions_of_the_value_set(code: str) -> None:
    assert said(with_value("modePriseCharge", coded(MODE, code)), TASK, "error", "warning") == []


def test_a_document_without_data_is_a_warning() -> None:
    document = spoiled(example(DOCUMENT), ("content", 0, "attachment", "data"), DROP)
    assert said(document, DOCUMENT) == []
    assert said(document, DOCUMENT, "warning") == [("DocumentReference", "regle-Contenu")]


def test_one_coding_and_one_content() -> None:
    document = example(DOCUMENT)
    two_types = {**document, "type": {"coding": document["type"]["coding"] * 2}}
    two_contents = {**document, "content": document["content"] * 2}
    assert said(two_types, DOCUMENT) == [("DocumentReference.type.coding", "max=1")]
    assert said(two_contents, DOCUMENT) == [("DocumentReference.content", "max=1")]


def test_another_resource_in_a_result_is_refused() -> None:
    bundle = example(NOTIFICATIONS)
    bundle["entry"][0]["resource"] = example(DOCUMENT)
    assert any(place.startswith("Bundle.entry[0].resource") for place, _ in said(bundle, NOTIFICATIONS))


def test_an_empty_result_holds() -> None:
    bundle = {k: v for k, v in example(NOTIFICATIONS).items() if k != "entry"} | {"total": 0}
    assert said(bundle, NOTIFICATIONS, "error", "warning") == []


def test_the_guide_lacks_nothing() -> None:
    assert [note for note in default_registry().missing if "/sdo/" in note] == []
