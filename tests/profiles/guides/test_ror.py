"""ROR 0.7.0: our examples hold; each constraint and each reading of the guide is broken once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profiles import validate
from profiles.registry import default_registry
from tests.profiles.examples import DROP, Resource, spoiled

EXAMPLES = Path(__file__).parent.parent / "examples" / "ror"
CANONICAL = "https://interop.esante.gouv.fr/ig/fhir/ror/StructureDefinition/"
NOS = "https://mos.esante.gouv.fr/NOS/"
ORGANIZATION, SERVICE, LOCATION = "ror-organization", "ror-healthcareservice", "ror-location"
PRACTITIONER, ROLE, TASK = "ror-practitioner", "ror-practitionerrole", "ror-task"
NAMES = (ORGANIZATION, SERVICE, LOCATION, PRACTITIONER, ROLE, TASK)
WITH_META = NAMES[:-1]


def tre(table: str, name: str) -> str:
    """Return the system of a nomenclature."""
    return f"{NOS}TRE_{table}-{name}/FHIR/TRE-{table}-{name}"


ACTS = tre("R210", "ActeSpecifique")
ACT_TYPE = {"url": f"{CANONICAL}ror-act-type", "valueCode": "outsideOfficeAct"}


def example(name: str) -> Resource:
    """Return one of our examples."""
    resource: Resource = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return resource


def said(resource: Resource, profile: str, severity: str = "error") -> list[tuple[str, str]]:
    """Return the place and rule of each issue of that severity."""
    return [(i.expression, i.rule) for i in validate(resource, CANONICAL + profile) if i.severity == severity]


def coded(system: str, code: str) -> Resource:
    """Return a CodeableConcept."""
    return {"coding": [{"system": system, "code": code}]}


def without_extension(items: list[Resource], name: str) -> list[Resource]:
    """Return extensions without the one of that name."""
    kept = [each for each in items if each["url"].removeprefix(CANONICAL) != name]
    assert len(kept) == len(items) - 1
    return kept


def place_of(items: list[Resource], name: str) -> int:
    """Return the index of the extension of that name."""
    return [each["url"].removeprefix(CANONICAL) for each in items].index(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_example_holds(name: str) -> None:
    assert said(example(name), name) == []
    assert said(example(name), name, "fatal") == []
    assert said(example(name), name, "warning") == []


Path_ = tuple[str | int, ...]
Row = tuple[str, Path_, Any, list[tuple[str, str]]]
ROWS: list[Row] = [
    # organization
    (ORGANIZATION, ("alias", 1), "Autre", [("Organization.alias", "max=1")]),
    (ORGANIZATION, ("address", 1), {"city": "AILLEURS"}, [("Organization.address", "max=1")]),
    (ORGANIZATION, ("identifier", 0, "system"), "urn:oid:1.2.3", [("Organization.identifier[0].system", "pattern")]),
    (ORGANIZATION, ("identifier", 1, "type"), DROP, [("Organization.identifier[1].type", "min=1")]),
    (ORGANIZATION, ("identifier", 1, "value"), DROP, [("Organization.identifier[1].value", "min=1")]),
    (ORGANIZATION, ("partOf", "reference"), "Location/l-1", [("Organization.partOf.reference", "reference")]),
    (ORGANIZATION, ("telecom", 0, "value"), DROP, [("Organization.telecom[0].value", "min=1")]),
    (ORGANIZATION, ("contact", 0, "telecom", 0, "value"), DROP,
     [("Organization.contact[0].telecom[0].value", "min=1")]),
    (ORGANIZATION, ("contact", 0, "purpose", "coding", 0, "system"), "urn:autre",
     [("Organization.contact[0].purpose", "binding")]),
    (ORGANIZATION, ("type", 1, "coding", 0, "code"), DROP, [("Organization.type[1]", "binding")]),
    # healthcare service
    (SERVICE, ("identifier",), DROP, [("HealthcareService.identifier", "min=1")]),
    (SERVICE, ("identifier", 1), {"value": "OFF-2"}, [("HealthcareService.identifier", "max=1")]),
    (SERVICE, ("providedBy",), DROP, [("HealthcareService.providedBy", "min=1")]),
    (SERVICE, ("providedBy", "reference"), "Location/l-1", [("HealthcareService.providedBy.reference", "reference")]),
    (SERVICE, ("name",), DROP, [("HealthcareService.name", "min=1")]),
    (SERVICE, ("category", 1), coded(tre("R244", "CategorieOrganisation"), "24"),
     [("HealthcareService.category", "max=1")]),
    (SERVICE, ("category", 0, "coding", 0, "system"), "urn:autre", [("HealthcareService.category[0]", "binding")]),
    (SERVICE, ("type",), DROP, [("HealthcareService.type", "min=1")]),
    (SERVICE, ("type", 1), coded(tre("R227", "ChampActivite"), "01"), [("HealthcareService.type", "max=1")]),
    (SERVICE, ("specialty",), [{"text": "Vie sociale"}], [("HealthcareService.specialty", "min=1")]),
    (SERVICE, ("location", 0, "reference"), "Organization/o-1",
     [("HealthcareService.location[0].reference", "reference")]),
    (SERVICE, ("telecom", 0, "value"), DROP, [("HealthcareService.telecom[0].value", "min=1")]),
    (SERVICE, ("characteristic", 0), DROP, [("HealthcareService.characteristic", "min=1")]),
    (SERVICE, ("characteristic", 7), coded(tre("R213", "ModePriseEnCharge"), "47"),
     [("HealthcareService.characteristic", "max=1")]),
    (SERVICE, ("characteristic", 7), coded(tre("R240", "TemporaliteAccueil"), "01"),
     [("HealthcareService.characteristic", "max=1")]),
    (SERVICE, ("characteristic", 7), coded(tre("R238", "OuvertureAnnuelle"), "01"),
     [("HealthcareService.characteristic", "max=1")]),
    (SERVICE, ("characteristic", 7), coded(ACTS, "0102"), [("HealthcareService.characteristic[7]", "ror-type-acte")]),
    (SERVICE, ("characteristic", 1, "extension"), [ACT_TYPE],
     [("HealthcareService.characteristic[1]", "ror-type-acte")]),
    (SERVICE, ("characteristic", 4, "extension", 0, "valueCode"), "autre",
     [("HealthcareService.characteristic[4].extension[0].value.ofType(code)", "binding")]),
    (SERVICE, ("availableTime", 0, "daysOfWeek"), ["mon", "tue"],
     [("HealthcareService.availableTime[0].daysOfWeek", "max=1")]),
    (SERVICE, ("notAvailable", 1), {"description": "Autre fermeture"}, [("HealthcareService.notAvailable", "max=1")]),
    (SERVICE, ("notAvailable", 0, "description"), "Fermeture",
     [("HealthcareService.notAvailable[0].description", "pattern")]),
    # location
    (LOCATION, ("type", 1), coded(tre("R343", "FonctionLieu"), "005"), [("Location.type", "max=1")]),
    (LOCATION, ("type", 0, "coding", 0, "system"), "urn:autre", [("Location.type[0]", "binding")]),
    (LOCATION, ("operationalStatus", "system"), "urn:autre", [("Location.operationalStatus", "binding")]),
    (LOCATION, ("identifier", 2), {"type": coded("urn:x", "26"), "value": "ZONE-B"},
     [("Location.identifier", "max=1")]),
    (LOCATION, ("telecom", 0, "value"), DROP, [("Location.telecom[0].value", "min=1")]),
    (LOCATION, ("managingOrganization", "reference"), "Practitioner/p-1",
     [("Location.managingOrganization.reference", "reference")]),
    (LOCATION, ("partOf", "reference"), "Organization/o-1", [("Location.partOf.reference", "reference")]),
    # practitioner
    (PRACTITIONER, ("identifier",), DROP, [("Practitioner.identifier", "min=1")]),
    (PRACTITIONER, ("identifier", 1), {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "819999000029"},
     [("Practitioner.identifier", "max=1")]),
    (PRACTITIONER, ("identifier", 0, "system"), "https://rpps.esante.gouv.fr",
     [("Practitioner.identifier[0].system", "pattern")]),
    (PRACTITIONER, ("name", 0, "prefix"), ["M", "MME"], [("Practitioner.name[0].prefix", "max=1")]),
    (PRACTITIONER, ("telecom", 0, "value"), DROP, [("Practitioner.telecom[0].value", "min=1")]),
    (PRACTITIONER, ("qualification", 0, "issuer", "reference"), "Patient/p-1",
     [("Practitioner.qualification[0].issuer.reference", "reference")]),
    # practitioner role
    (ROLE, ("practitioner",), DROP, [("PractitionerRole.practitioner", "min=1")]),
    (ROLE, ("practitioner", "reference"), "Patient/p-1", [("PractitionerRole.practitioner.reference", "reference")]),
    (ROLE, ("healthcareService",), DROP, [("PractitionerRole.healthcareService", "min=1")]),
    (ROLE, ("healthcareService", 1), {"reference": "HealthcareService/o-2"},
     [("PractitionerRole.healthcareService", "max=1")]),
    (ROLE, ("identifier", 1), {"value": "SIT-2"}, [("PractitionerRole.identifier", "max=1")]),
    (ROLE, ("code",), DROP, [("PractitionerRole.code", "min=1")]),
    (ROLE, ("code", 1), {"text": "Autre"}, [("PractitionerRole.code", "max=1")]),
    (ROLE, ("availableTime", 1), {"allDay": True}, [("PractitionerRole.availableTime", "max=1")]),
    (ROLE, ("telecom", 0, "value"), DROP, [("PractitionerRole.telecom[0].value", "min=1")]),
    # task
    (TASK, ("identifier", 1), {"value": "ANO-2"}, [("Task.identifier", "max=1")]),
    (TASK, ("businessStatus",), DROP, [("Task.businessStatus", "min=1")]),
    (TASK, ("businessStatus", "coding", 0, "system"), "urn:autre", [("Task.businessStatus", "binding")]),
    (TASK, ("code",), DROP, [("Task.code", "min=1")]),
    (TASK, ("reasonCode",), DROP, [("Task.reasonCode", "min=1")]),
    (TASK, ("focus",), DROP, [("Task.focus", "min=1")]),
    (TASK, ("authoredOn",), DROP, [("Task.authoredOn", "min=1")]),
    (TASK, ("lastModified",), DROP, [("Task.lastModified", "min=1")]),
    (TASK, ("requester", "reference"), "Patient/p-1", [("Task.requester.reference", "reference")]),
    (TASK, ("owner", "reference"), "Patient/p-1", [("Task.owner.reference", "reference")]),
    (TASK, ("input", 0), DROP, [("Task.input", "min=1")]),
    (TASK, ("input", 0, "type"), {"text": "systemRequester"}, [("Task.input", "min=1")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "path", "value", "expected"), ROWS, ids=lambda v: ".".join(map(str, v)) if isinstance(v, tuple) else None
)
def test_each_constraint(name: str, path: Path_, value: Any, expected: list[tuple[str, str]]) -> None:
    assert said(spoiled(example(name), path, value), name) == expected


@pytest.mark.parametrize("name", WITH_META)
def test_the_update_date_must_be_there(name: str) -> None:
    resource = example(name)
    kind = resource["resourceType"]
    assert said(spoiled(resource, ("meta", "lastUpdated"), DROP), name) == [(f"{kind}.meta.lastUpdated", "min=1")]


@pytest.mark.parametrize("name", WITH_META)
def test_one_region_at_most_and_other_tags_are_free(name: str) -> None:
    resource = example(name)
    region = resource["meta"]["tag"][0]
    other = {"system": "urn:oid:1.2.250.1.999.1", "code": "x"}
    assert said(spoiled(resource, ("meta", "tag"), [region, other, other]), name) == []
    twice = spoiled(resource, ("meta", "tag"), [region, {**region, "code": "11"}])
    assert said(twice, name) == [(f"{resource['resourceType']}.meta.tag", "max=1")]


MUST_EXTEND = [
    (ORGANIZATION, (), "ror-meta-creation-date"),
    (SERVICE, (), "ror-meta-creation-date"),
    (SERVICE, (), "ror-healthcareservice-sensitive-unit"),
    (SERVICE, (), "ror-healthcareservice-patient-type"),
    (LOCATION, (), "ror-meta-creation-date"),
    (LOCATION, (), "ror-commune-cog"),
    (PRACTITIONER, (), "ror-meta-creation-date"),
    (ROLE, (), "ror-meta-creation-date"),
    (ROLE, (), "ror-practitionerrole-unit-exercise-mode"),
    (ORGANIZATION, ("contact", 0), "ror-contact-confidentiality-level"),
    *(
        (name, path, level)
        for level in ("ror-telecom-communication-channel", "ror-telecom-confidentiality-level")
        for name, path in (
            (ORGANIZATION, ("telecom", 0)),
            (ORGANIZATION, ("contact", 0, "telecom", 0)),
            (SERVICE, ("telecom", 0)),
            (LOCATION, ("telecom", 0)),
            (PRACTITIONER, ("telecom", 0)),
            (ROLE, ("telecom", 0)),
        )
    ),
]


def target_of(resource: Resource, path: Path_) -> Any:
    """Return the value at a path."""
    found: Any = resource
    for step in path:
        found = found[step]
    return found


def fhirpath(resource: Resource, path: Path_) -> str:
    """Return a JSON path as FHIRPath."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"{resource['resourceType']}{steps}"


@pytest.mark.parametrize(("name", "path", "extension"), MUST_EXTEND)
def test_an_extension_that_must_be_there_once(name: str, path: Path_, extension: str) -> None:
    resource = example(name)
    items = target_of(resource, path)["extension"]
    where = fhirpath(resource, (*path, "extension"))
    missing = spoiled(resource, (*path, "extension"), without_extension(items, extension) or DROP)
    assert said(missing, name) == [(where, "min=1")]
    twice = spoiled(resource, (*path, "extension"), [*items, items[place_of(items, extension)]])
    assert said(twice, name) == [(where, "max=1")]


PARTS = [
    (ORGANIZATION, "ror-organization-price", ("priceType", "priceUnit", "amount")),
    (ORGANIZATION, "ror-territorial-division", ("typeTerritorialDivision", "codeTerritorialDivision")),
    (SERVICE, "ror-healthcareservice-patient-type", ("ageRange",)),
    (SERVICE, "ror-healthcareservice-contact", ("ror-confidentiality-level",)),
    (LOCATION, "ror-location-equipment", ("equipmentType",)),
    (LOCATION, "ror-location-residential-capacity", ("residentialType",)),
    (LOCATION, "ror-location-supported-capacity",
     ("capacityType", "capacityStatus", "temporalityCapacity", "nbCapacity", "capacitySourceType", "capacityUpdateDate",
      "temporaryAssignement")),
    (ROLE, "ror-practitionerrole-name", ("exerciseLastName",)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "extension", "part"), [(n, e, p) for n, e, parts in PARTS for p in parts])
def test_a_part_of_an_extension_that_must_be_there_once(name: str, extension: str, part: str) -> None:
    resource = example(name)
    index = place_of(resource["extension"], extension)
    items = resource["extension"][index]["extension"]
    path: Path_ = ("extension", index, "extension")
    where = fhirpath(resource, path)
    assert said(spoiled(resource, path, without_extension(items, part)), name) == [(where, "min=1")]
    assert said(spoiled(resource, path, [*items, items[place_of(items, part)]]), name) == [(where, "max=1")]


WRONG_VALUES = [
    (ORGANIZATION, "ror-meta-creation-date", {"valueString": "hier"}),
    (ORGANIZATION, "ror-organization-accomodation-family", {"valueString": "oui"}),
    (ORGANIZATION, "ror-organization-nb-permanent-social-help-place", {"valueString": "10"}),
    (ORGANIZATION, "ror-organization-financial-help-type", {"valueCodeableConcept": coded("urn:autre", "02")}),
    (ORGANIZATION, "ror-organization-closing-type", {"valueCodeableConcept": coded("urn:autre", "DEF")}),
    (ORGANIZATION, "ror-organization-accessibility-location", {"valueBoolean": True}),
    (SERVICE, "ror-healthcareservice-sensitive-unit", {"valueString": "non"}),
    (LOCATION, "ror-commune-cog", {"valueCodeableConcept": coded("urn:autre", "99001")}),
    (LOCATION, "ror-comment", {"valueInteger": 1}),
    (ROLE, "ror-practitionerrole-unit-exercise-mode", {"valueCodeableConcept": coded("urn:autre", "S")}),
]


@pytest.mark.parametrize(("name", "extension", "value"), WRONG_VALUES)
def test_the_value_of_an_extension(name: str, extension: str, value: Resource) -> None:
    resource = example(name)
    index = place_of(resource["extension"], extension)
    found = said(spoiled(resource, ("extension", index), {"url": CANONICAL + extension, **value}), name)
    assert found
    assert all(place.startswith(fhirpath(resource, ("extension", index))) for place, _ in found)


def test_a_capacity_is_a_number() -> None:
    resource = example(LOCATION)
    index = place_of(resource["extension"], "ror-location-supported-capacity")
    parts = resource["extension"][index]["extension"]
    rank = place_of(parts, "nbCapacity")
    found = said(spoiled(resource, ("extension", index, "extension", rank, "valueInteger"), "12"), LOCATION)
    assert [place.partition(".value")[0] for place, _ in found] == [f"Location.extension[{index}].extension[{rank}]"]


@pytest.mark.parametrize("bound", ["low", "high"])
def test_an_age_range_has_both_ends(bound: str) -> None:
    resource = example(SERVICE)
    index = place_of(resource["extension"], "ror-healthcareservice-patient-type")
    path = ("extension", index, "extension", 0, "valueRange")
    found = said(spoiled(resource, (*path, bound), DROP), SERVICE)
    assert found == [(f"HealthcareService.extension[{index}].extension[0].value.ofType(Range).{bound}", "min=1")]


@pytest.mark.parametrize("name", [ORGANIZATION, SERVICE, LOCATION])
def test_the_entry_model_names_its_version(name: str) -> None:
    resource = example(name)
    index = place_of(resource["extension"], "ror-meta-questionnaire-used-as-a-template")
    bare = resource["extension"][index]["valueCanonical"].partition("|")[0]
    found = said(spoiled(resource, ("extension", index, "valueCanonical"), bare), name)
    assert found == [(fhirpath(resource, ("extension", index)), "ror-questionnaire-version-required")]


@pytest.mark.parametrize("old", ["http://sirene.fr", "http://finess.esante.gouv.fr"])
def test_the_old_form_of_a_system_is_a_warning(old: str) -> None:
    organization = spoiled(example(ORGANIZATION), ("identifier", 1, "system"), old)
    assert said(organization, ORGANIZATION) == []
    assert said(organization, ORGANIZATION, "warning") == [("Organization.identifier[1]", "ror-systeme-https")]


@pytest.mark.parametrize("code", ["40", "1", "3"])
def test_each_national_identifier_once(code: str) -> None:
    organization = example(ORGANIZATION)
    (one,) = [i for i in organization["identifier"] if i["type"]["coding"][0]["code"] == code]
    twice = {**organization, "identifier": [*organization["identifier"], one]}
    assert said(twice, ORGANIZATION) == [("Organization.identifier", "max=1")]


def test_both_kinds_of_act_and_what_the_profile_does_not_slice() -> None:
    service = example(SERVICE)
    maternity = coded(tre("R253", "TypeMaternite"), "04")
    act = {"extension": [ACT_TYPE], **coded(ACTS, "0102")}
    assert said({**service, "characteristic": [*service["characteristic"], act, maternity]}, SERVICE) == []


def test_a_specialty_of_another_nomenclature_is_free() -> None:
    """The published slicing on `url` cannot be told: only the nomenclatures that we know are judged."""
    role = spoiled(example(ROLE), ("specialty",), [coded(tre("R04", "TypeSavoirFaire"), "S")])
    assert said(role, ROLE) == []


@pytest.mark.parametrize("code", ["03", "04"])
def test_a_gender_of_capacity_is_not_accused(code: str) -> None:
    location = example(LOCATION)
    index = place_of(location["extension"], "ror-location-supported-capacity")
    rank = place_of(location["extension"][index]["extension"], "genderCapacityAvailable")
    path = ("extension", index, "extension", rank, "valueCodeableConcept", "coding", 0, "code")
    assert said(spoiled(location, path, code), LOCATION) == []


def test_an_unknown_code_of_a_partial_list_is_a_doubt() -> None:
    service = spoiled(example(SERVICE), ("category", 0, "coding", 0, "code"), "999")
    assert said(service, SERVICE) == []
    assert said(service, SERVICE, "warning") == [("HealthcareService.category[0]", "binding")]


def test_an_anomaly_may_point_by_identifier() -> None:
    assert "reference" not in example(TASK)["focus"]


@pytest.mark.parametrize("name", ["ruleErrorId", "pathElementError", "systemRequester", "identifierRequester"])
def test_an_input_of_an_anomaly_once(name: str) -> None:
    task = example(TASK)
    (one,) = [i for i in task["input"] if i["type"]["coding"][0]["code"] == name]
    assert said({**task, "input": [*task["input"], one]}, TASK) == [("Task.input", "max=1")]


def test_the_guide_lacks_nothing() -> None:
    assert [note for note in default_registry().missing if "/ror/" in note or "ans.fr.terminologies" in note] == []
