"""FR Core 2.1.0, on which CDS, NDE and PDSm rest: our examples hold, each rule and reading is broken once."""

from __future__ import annotations

import pytest

from profiles import validate
from tests.profiles.examples import DROP, spoiled
from tests.profiles.guides.ours import Keys, Row, broken, errors, example, names

FOLDER = "fr-core-2.1.0"
GP = ("generalPractitioner", 0, "reference")
SYSTEM = ("identifier", 0, "system")
TYPE = ("identifier", 0, "type", "coding", 0, "code")


@pytest.mark.parametrize("name", names(FOLDER))
def test_our_examples_hold(name: str) -> None:
    resource = example(FOLDER, name)
    for profile in resource["meta"]["profile"]:
        assert validate(resource, profile) == []


ROWS: list[Row] = [
    ("usager", ("identifier", 2, "value"), DROP, [("Patient.identifier[2].value", "min=1")]),
    ("usager", ("identifier", 2, "use"), "usual", [("Patient.identifier[2].use", "pattern")]),
    ("usager", ("identifier", 3, "system"), DROP, [("Patient.identifier[3].system", "min=1")]),
    ("usager", ("name", 0, "family"), DROP, [("Patient.name[0].family", "min=1")]),
    ("usager", ("name", 0, "prefix"), ["MME", "M"], [("Patient.name[0].prefix", "max=1")]),
    ("usager", ("telecom", 0, "value"), DROP, [("Patient.telecom[0].value", "min=1")]),
    ("usager", GP, "Patient/1", [("Patient.generalPractitioner[0].reference", "reference")]),
    ("usager-ins", ("name", 0, "given"), ["Agnès", "Marie"], [("Patient.name[0].given", "max=1")]),
    ("usager-ins", ("gender",), "other", [("Patient.gender", "binding")]),
    ("usager-ins", ("birthDate",), DROP, [("Patient.birthDate", "min=1")]),
    ("usager-ins", ("identifier", 1, "use"), "official", [("Patient.identifier[1].use", "pattern")]),
    ("proche", ("identifier",), DROP, [("RelatedPerson.identifier", "min=1")]),
    ("proche", ("patient", "reference"), "Person/1", [("RelatedPerson.patient.reference", "reference")]),
    ("professionnel", SYSTEM, DROP, [("Practitioner.identifier[0].system", "min=1")]),
    ("professionnel", TYPE, "ADELI", [("Practitioner.identifier[0].type.coding", "pattern")]),
    ("structure", ("identifier", 0, "use"), "usual", [("Organization.identifier[0].use", "pattern")]),
    ("structure", ("partOf", "reference"), "Location/1", [("Organization.partOf.reference", "reference")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: Keys, value: object, expected: list[tuple[str, str]]
) -> None:
    assert broken(FOLDER, name, path, value) == expected


def test_a_validated_identity_wants_a_matricule() -> None:
    resource = example(FOLDER, "usager-ins")
    resource["identifier"] = resource["identifier"][2:]
    (issue,) = [i for i in validate(resource, resource["meta"]["profile"][-1]) if i.severity == "error"]
    assert (issue.expression, issue.rule) == ("Patient", "fr-core-1")
    assert "un matricule INS pour une identité validée" in issue.message


def test_a_demonstration_matricule_is_one() -> None:
    """The published expression forgets its OID, the text of the invariant admits it."""
    resource = example(FOLDER, "usager-ins")
    kind = {"coding": [{**resource["identifier"][0]["type"]["coding"][0], "code": "INS-NIR-DEMO"}]}
    demonstration = {"use": "official", "type": kind, "system": "urn:oid:1.2.250.1.213.1.4.11", "value": "1"}
    resource["identifier"] = [demonstration]
    assert errors(resource, resource["meta"]["profile"][-1]) == []


@pytest.mark.parametrize("system", ["TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM", "TRE_R13-Commune/FHIR/TRE-R13-Commune"])
def test_both_addresses_of_the_communes_are_known(system: str) -> None:
    resource = example(FOLDER, "usager-ins")
    path = ("extension", 1, "valueAddress", "extension", 0, "valueCoding", "system")
    assert (
        validate(spoiled(resource, path, f"https://mos.esante.gouv.fr/NOS/{system}"), resource["meta"]["profile"][-1])
        == []
    )


def test_a_type_of_reference_is_no_type_of_structure() -> None:
    resource = example(FOLDER, "structure")
    assert validate(spoiled(resource, ("partOf", "type"), "Organization"), resource["meta"]["profile"][-1]) == []


def test_a_death_place_is_a_text() -> None:
    url = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-death-place"
    resource = example(FOLDER, "usager")
    (text, address) = ({"url": url, "valueString": "Rennes"}, {"url": url, "valueAddress": {"city": "Rennes"}})
    profile = resource["meta"]["profile"][-1]
    assert errors({**resource, "extension": [*resource["extension"], text]}, profile) == []
    assert errors({**resource, "extension": [*resource["extension"], address]}, profile) != []


@pytest.mark.parametrize("element", ["use", "system"])
def test_the_use_and_system_of_a_matricule_are_optional(element: str) -> None:
    """They become mandatory in 2.2.0 only; without its system a matricule is not one for fr-core-1."""
    resource = example(FOLDER, "usager-ins")
    spoilt = spoiled(resource, ("identifier", 1, element), DROP)
    assert errors(spoilt, resource["meta"]["profile"][-1]) == []


def test_an_unknown_qualification_accuses_nobody() -> None:
    """It is in no slice: they are told apart by lists that we do not hold whole."""
    resource = example(FOLDER, "professionnel")
    resource["qualification"] = [{"code": {"coding": [{"system": "urn:oid:1.2.3", "code": "diplôme"}]}}]
    assert errors(resource, resource["meta"]["profile"][-1]) == []
