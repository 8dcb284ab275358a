"""CDL 3.0.0: our examples hold, each rule and reading is broken once."""

from __future__ import annotations

import pytest

from profiles import validate
from tests.profiles.examples import DROP, spoiled
from tests.profiles.guides.ours import Keys, Row, broken, errors, example, names

FOLDER = "cdl"
EMERGENCY = "DocumentReference.extension[0]"


@pytest.mark.parametrize("name", names(FOLDER))
def test_our_examples_hold(name: str) -> None:
    resource = example(FOLDER, name)
    for profile in resource["meta"]["profile"]:
        assert errors(resource, profile) == []


ROWS: list[Row] = [
    ("note", ("docStatus",), "final", [("DocumentReference.docStatus", "max=0")]),
    ("note", ("authenticator",), {"reference": "Practitioner/d3"}, [("DocumentReference.authenticator", "max=0")]),
    ("note", ("custodian",), {"reference": "Organization/o1"}, [("DocumentReference.custodian", "max=0")]),
    ("note", ("type",), DROP, [("DocumentReference.type", "min=1")]),
    ("note", ("subject",), DROP, [("DocumentReference.subject", "min=1")]),
    ("note", ("subject", "reference"), "Group/g", [("DocumentReference.subject.reference", "reference")]),
    ("note", ("author",), DROP, [("DocumentReference.author", "min=1")]),
    ("note", ("author", 0, "reference"), "Location/l", [("DocumentReference.author[0].reference", "reference")]),
    ("note", ("date",), "2026-03-29T03:15:00", [("DocumentReference.date", "type:instant")]),
    ("note", ("date",), "2026-03-29", [("DocumentReference.date", "type:instant")]),
    ("note", ("status",), "final", [("DocumentReference.status", "binding")]),
    ("note", ("extension", 0, "valueBoolean"), "oui", [(f"{EMERGENCY}.value.ofType(boolean)", "type:boolean")]),
    ("creation", ("entry", 0, "request", "method"), "PUT", [("Bundle.entry[0].request.method", "pattern")]),
    ("creation", ("entry", 1, "request", "method"), "DELETE", [("Bundle.entry[1].request.method", "req-met-1")]),
    ("creation", ("entry", 0), DROP, [("Bundle.entry", "min=1")]),
    ("mise-a-jour", ("entry", 0, "request", "method"), "POST", [("Bundle.entry[0].request.method", "pattern")]),
    ("reponse", ("entry", 0, "search", "mode"), "include", [("Bundle.entry[0].search.mode", "pattern")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: Keys, value: object, expected: list[tuple[str, str]]
) -> None:
    assert broken(FOLDER, name, path, value) == expected


@pytest.mark.parametrize("element", ["type", "securityLabel"])
def test_the_value_set_in_place_of_its_system_is_refused(element: str) -> None:
    """The guide's search example writes the OID of the value set; a resource carries the nomenclature's address."""
    resource = example(FOLDER, "note")
    concept = resource[element][0] if element == "securityLabel" else resource[element]
    concept["coding"][0]["system"] = "urn:oid:1.2.250.1.213.1.1.5.98"
    (issue,) = [i for i in validate(resource, resource["meta"]["profile"][0]) if i.severity == "error"]
    assert issue.rule == "binding"
    assert issue.expression.startswith(f"DocumentReference.{element}")
    assert "n'est pas dans le jeu de valeurs" in issue.message


def test_two_labels_are_too_many() -> None:
    resource = example(FOLDER, "note")
    resource["securityLabel"] *= 2
    assert errors(resource, resource["meta"]["profile"][0]) == [("DocumentReference.securityLabel", "max=1")]


def test_the_urgency_may_be_said_twice() -> None:
    resource = example(FOLDER, "note")
    resource["extension"].append({**resource["extension"][0], "valueBoolean": False})
    assert errors(resource, resource["meta"]["profile"][0]) == []


def test_a_created_resource_may_carry_its_id_in_the_url() -> None:
    """As the guide's own example does; the profile says nothing of it."""
    resource = spoiled(example(FOLDER, "creation"), ("entry", 0, "request", "url"), "DocumentReference/n5")
    assert errors(resource, resource["meta"]["profile"][0]) == []
