"""MES mesures 0.1.0: our examples hold under the published name and the imposed one; each reading is broken once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profiles import Issue, validate
from tests.profiles.examples import DROP, Resource, spoiled

EXAMPLES = Path(__file__).parent.parent / "examples"
IMPOSED = "https://fhir.monespacesante.fr/ref/mesure/StructureDefinition/mes-observation-"
PUBLISHED = "https://interop.esante.gouv.fr/ig/fhir/mesmesures/StructureDefinition/MESObservation"
NAMES = {
    "bmi": "Bmi", "bodyheight": "BodyHeight", "bodytemperature": "BodyTemperature", "bodyweight": "BodyWeight",
    "bp": "Bp", "glucose": "Glucose", "headcircumference": "HeadCircumference", "heartrate": "Heartrate",
    "painseverity": "PainSeverity", "stepsbyday": "StepsByDay", "waistcircumference": "WaistCircumference",
}  # fmt: skip


def example(name: str, guide: str = "mes-mesures") -> Resource:
    """Return one of our examples."""
    resource: Resource = json.loads((EXAMPLES / guide / f"{name}.json").read_text("utf-8"))
    return resource


def errors(resource: Resource, profile: str) -> list[tuple[str, str]]:
    """Return the place and rule of each error."""
    return [(i.expression, i.rule) for i in validate(resource, profile) if i.severity == "error"]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_measure_holds_under_both_names(name: str) -> None:
    resource = example(name)
    assert validate(resource, IMPOSED + name) == []
    assert validate(resource, PUBLISHED + NAMES[name]) == []


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_measure_holds_for_every_profile_below(name: str) -> None:
    resource = example(name, "mesures")
    for profile in resource["meta"]["profile"]:
        assert validate(resource, profile) == []


def test_the_device_holds() -> None:
    resource = example("objet-connecte")
    assert validate(resource, resource["meta"]["profile"][0]) == []


CATEGORY = ("category", 0, "coding", 0)
Row = tuple[str, tuple[str | int, ...], Any, list[tuple[str, str]]]
ROWS: list[Row] = [
    ("bodyweight", ("meta", "profile"), DROP, [("Observation.meta.profile", "min=1")]),
    ("bodyweight", ("meta", "profile", 0), "http://esante.gouv.fr/ci-sis/ENS",
     [("Observation.meta.profile[0]", "fixed")]),
    ("bodyweight", ("subject",), DROP, [("Observation.subject", "min=1")]),
    ("bodyweight", ("effectiveDateTime",), DROP, [("Observation.effective", "min=1")]),
    ("bodyweight", ("effectiveDateTime",), "2026-01", [("Observation", "vs-1")]),
    ("bodyweight", ("valueQuantity",), DROP, [("Observation", "vs-2")]),
    ("bodyweight", ("valueQuantity", "unit"), DROP, [("Observation.value.ofType(Quantity).unit", "min=1")]),
    ("bodyweight", ("valueQuantity", "code"), "g", [("Observation.value.ofType(Quantity).code", "pattern")]),
    ("bodyweight", (*CATEGORY, "code"), "laboratory", [("Observation.category", "min=1")]),
    ("bodyweight", ("code", "coding", 0, "code"), "8302-2", [("Observation.code.coding", "min=1")]),
    ("bodyweight", ("device", "reference"), "Patient/p", [("Observation.device.reference", "reference")]),
    ("heartrate", ("valueQuantity", "code"), "bpm", [("Observation.value.ofType(Quantity).code", "fixed")]),
    ("bp", ("component", 0), DROP, [("Observation.component", "min=1")]),
    ("bp", ("component", 0, "valueQuantity"), DROP, [("Observation.component[0]", "vs-3")]),
    ("bp", ("valueQuantity",), {"value": 1}, [("Observation.value.ofType(Quantity)", "max=0")]),
    ("painseverity", ("valueQuantity", "unit"), "points", [("Observation.value.ofType(Quantity).unit", "pattern")]),
    ("stepsbyday", ("code", "coding", 1), {"system": "urn:oid:1.2", "code": "pas"},
     [("Observation.code.coding[1].system", "pattern"), ("Observation.code.coding[1].code", "pattern")]),
    ("glucose", ("category", 0, "coding", 0, "display"), "Vital Signs",
     [("Observation.category[0].coding[0].display", "pattern")]),
    ("bmi", ("referenceRange", 0), {"appliesTo": [{"text": "adulte"}]},
     [("Observation.referenceRange[0]", "obs-3")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: tuple[str | int, ...], value: Any, expected: list[tuple[str, str]]
) -> None:
    found = errors(spoiled(example(name), path, value), IMPOSED + name)
    assert set(expected) <= set(found)


def test_meta_profile_is_optional_under_the_published_name() -> None:
    bare = spoiled(example("bmi"), ("meta",), DROP)
    assert errors(bare, PUBLISHED + "Bmi") == []
    assert errors(bare, IMPOSED + "bmi") == [("Observation.meta", "min=1")]


def test_message_on_a_date_without_a_day_is_french() -> None:
    found: list[Issue] = validate(spoiled(example("bmi"), ("effectiveDateTime",), "2026"), IMPOSED + "bmi")
    assert [i.message for i in found if i.rule == "vs-1"] == [
        "La règle vs-1 n'est pas tenue : attendu une date de mesure qui va au moins jusqu'au jour, "
        "vu effectiveDateTime « 2026 »."
    ]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("bodyweight", ("method", "coding", 0, "code")),
        ("bp", ("bodySite", "coding", 0, "code")),
        ("glucose", ("valueQuantity", "code")),
        ("glucose", ("extension", 1, "valueCodeableConcept", "coding", 0, "code")),
    ],
)
def test_a_code_that_an_older_list_lacks_is_a_doubt(name: str, path: tuple[str | int, ...]) -> None:
    """The value sets are bound in versions that we have not read: never an error."""
    found = validate(spoiled(example(name), path, "INCONNU"), IMPOSED + name)
    assert [(i.severity, i.code) for i in found] == [("warning", "code-invalid")]


def test_a_period_is_allowed_where_the_published_profile_allows_it() -> None:
    period = spoiled(example("bodyweight"), ("effectiveDateTime",), DROP)
    period["effectivePeriod"] = {"start": "2026-01"}
    assert errors(period, IMPOSED + "bodyweight") == []
