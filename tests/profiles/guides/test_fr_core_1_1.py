"""FR Core 1.1.0, under the SAS: our examples hold, each rule is broken once."""

from __future__ import annotations

import pytest

from profiles import default_registry
from tests.profiles.examples import DROP
from tests.profiles.guides.ours import Keys, Row, broken, errors, example, names

FOLDER = "fr-core-1.1.0"


@pytest.mark.parametrize("name", names(FOLDER))
def test_our_examples_hold(name: str) -> None:
    resource = example(FOLDER, name)
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_every_resource_profile_has_an_example() -> None:
    """The observations have theirs with the measure guides."""
    claimed = {example(FOLDER, n)["meta"]["profile"][0] for n in names(FOLDER)}
    found = default_registry().library.of_kind("StructureDefinition")
    ours = [d for d in found if d.guide.key == "hl7.fhir.fr.core#1.1.0" and d.content["kind"] == "resource"]
    wanted = {d.url for d in ours if d.content["type"] != "Observation"}
    assert len(wanted) == 10
    assert wanted == claimed


ROWS: list[Row] = [
    ("lieu", ("identifier",), DROP, [("Location.identifier", "min=1")]),
    ("lieu", ("type", 1), {"text": "Autre"}, [("Location.type", "max=1")]),
    (
        "lieu",
        ("managingOrganization", "reference"),
        "Location/l",
        [("Location.managingOrganization.reference", "reference")],
    ),
    ("structure", ("identifier", 0, "type"), DROP, [("Organization.identifier[0].type", "min=1")]),
    ("structure", ("type", 0, "coding", 0, "code"), "HOTEL", [("Organization.type[0]", "binding")]),
    (
        "structure",
        ("extension", 0, "valueString"),
        3,
        [("Organization.extension[0].value.ofType(string)", "type:string")],
    ),
    ("service", ("category", 1), {"text": "Autre"}, [("HealthcareService.category", "max=1")]),
    ("proche", ("identifier",), DROP, [("RelatedPerson.identifier", "min=1")]),
    ("patient", ("birthDate",), DROP, [("Patient.birthDate", "min=1")]),
    (
        "rendez-vous",
        ("participant", 0, "actor"),
        {"reference": "Organization/o"},
        [("Appointment.participant[0].actor.reference", "reference")],
    ),
]


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: Keys, value: object, expected: list[tuple[str, str]]
) -> None:
    assert broken(FOLDER, name, path, value) == expected
