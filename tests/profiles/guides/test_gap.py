"""GAP 3.0.0 and FR Core 2.0.1: our examples hold, each rule and reading is broken once."""

from __future__ import annotations

import pytest

from profiles import default_registry
from tests.profiles.examples import DROP, spoiled
from tests.profiles.guides.ours import Keys, Row, broken, errors, example, names

FOLDER = "gap"
CORE = "fr-core-2.0.1"


@pytest.mark.parametrize(("folder", "name"), [(f, n) for f in (FOLDER, CORE) for n in names(f)])
def test_our_examples_hold(folder: str, name: str) -> None:
    resource = example(folder, name)
    for profile in resource["meta"]["profile"]:
        assert errors(resource, profile) == []


def test_every_resource_profile_has_an_example() -> None:
    claimed = {p.partition("|")[0] for f in (FOLDER, CORE) for n in names(f) for p in example(f, n)["meta"]["profile"]}
    wanted = {
        d.url
        for d in default_registry().library.of_kind("StructureDefinition")
        if d.guide.key in ("ans.fhir.fr.gap#3.0.0", "hl7.fhir.fr.core#2.0.1") and d.content["kind"] == "resource"
    }
    assert len(wanted) == 16
    assert wanted - claimed == set()


ROWS: list[Row] = [
    (
        "reponse-disponibilites",
        ("type",),
        "collection",
        [("Bundle.type", "pattern")],
    ),
    ("reponse-disponibilites", ("entry", 0, "search", "mode"), "include", [("Bundle.entry[0].search.mode", "pattern")]),
    ("reponse-disponibilites", ("entry", 1, "search", "mode"), "match", [("Bundle.entry[1].search.mode", "pattern")]),
    ("reponse-rendez-vous", ("entry", 0, "search", "mode"), "include", [("Bundle.entry[0].search.mode", "pattern")]),
    ("reponse-rendez-vous", ("entry", 1, "search", "mode"), "match", [("Bundle.entry[1].search.mode", "pattern")]),
    ("creneau", ("status",), "libre", [("Slot.status", "binding")]),
    ("agenda", ("serviceType",), [{"text": "Consultation"}], [("Schedule.serviceType", "max=0")]),
]


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: Keys, value: object, expected: list[tuple[str, str]]
) -> None:
    assert sorted(broken(FOLDER, name, path, value)) == sorted(expected)


@pytest.mark.parametrize(("name", "part"), [("reponse-disponibilites", "request"), ("reponse-rendez-vous", "response")])
def test_an_entry_of_an_answer_has_no_request_nor_response(name: str, part: str) -> None:
    content = {"request": {"method": "GET", "url": "Slot"}, "response": {"status": "200"}}[part]
    resource = spoiled(example(FOLDER, name), ("entry", 0, part), content)
    assert (f"Bundle.entry[0].{part}", "max=0") in errors(resource, resource["meta"]["profile"][0])


@pytest.mark.parametrize("name", ["reponse-disponibilites", "reponse-rendez-vous"])
def test_a_device_is_an_entry_like_the_others(name: str) -> None:
    """Its slice names no profile: the type is enough to know it."""
    resource = example(FOLDER, name)
    index = [e["resource"]["resourceType"] for e in resource["entry"]].index("Device")
    resource["entry"][index]["search"]["mode"] = "match"
    assert errors(resource, resource["meta"]["profile"][0]) == [(f"Bundle.entry[{index}].search.mode", "pattern")]


def test_nothing_is_left_unjudged() -> None:
    registry = default_registry()
    for definition in registry.library.of_kind("StructureDefinition"):
        if definition.guide.id in ("ans.fhir.fr.gap", "ans.fhir.fr.sas"):
            assert registry.compiled(definition.canonical).limits == (), definition.canonical


def test_an_answer_without_a_result_holds() -> None:
    resource = {**example(FOLDER, "reponse-rendez-vous"), "total": 0}
    del resource["entry"]
    assert errors(resource, resource["meta"]["profile"][0]) == []


CORE_ROWS: list[Row] = [
    ("patient", ("name", 0, "given"), DROP, [("Patient.name[0].given", "min=1")]),
    ("patient", ("identifier", 0, "use"), "official", [("Patient.identifier[0].use", "pattern")]),
    ("patient-ins", ("name", 0, "extension"), DROP, [("Patient.name[0].extension", "min=1")]),
    ("professionnel", ("name", 0, "prefix"), ["MME", "M"], [("Practitioner.name[0].prefix", "max=1")]),
    (
        "professionnel",
        ("identifier", 1, "type", "coding", 0, "code"),
        "ADELI",
        [("Practitioner.identifier[1].type.coding", "pattern")],
    ),
    ("proche", ("identifier",), DROP, [("RelatedPerson.identifier", "min=1")]),
    ("lieu", ("identifier", 0, "type"), DROP, [("Location.identifier[0].type", "min=1")]),
    ("lieu", ("extension", 0, "valuePeriod"), DROP, [("Location.extension[0]", "ext-1")]),
    (
        "lieu",
        ("identifier", 0, "assigner"),
        {"reference": "Patient/p"},
        [("Location.identifier[0].assigner.reference", "reference")],
    ),
    ("service", ("category", 1), {"text": "Autre"}, [("HealthcareService.category", "max=1")]),
    (
        "structure",
        ("extension", 2, "valuePeriod"),
        "2024",
        [("Organization.extension[2].value.ofType(Period)", "type:Period")],
    ),
]


@pytest.mark.parametrize(("name", "path", "value", "expected"), CORE_ROWS)
def test_fr_core_2_0(name: str, path: Keys, value: object, expected: list[tuple[str, str]]) -> None:
    assert broken(CORE, name, path, value) == expected


def test_two_roles_of_a_related_person_are_too_many() -> None:
    resource = example(CORE, "proche")
    resource["relationship"].append(resource["relationship"][0])
    assert errors(resource, resource["meta"]["profile"][0]) == [("RelatedPerson.relationship", "max=1")]
