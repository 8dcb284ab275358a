"""SAS 1.2.0: our examples hold, each rule and reading is broken once."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import default_registry, validate
from tests.profiles.examples import DROP, spoiled
from tests.profiles.guides.ours import Keys, Row, broken, errors, example, names

FOLDER = "sas"
SAS = "https://interop.esante.gouv.fr/ig/fhir/sas/"
R66 = "https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement"
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Slot.serviceType"
OPERATOR = ("extension", 0, "valueReference", "identifier")
ACTOR = ("participant", 0, "actor", "identifier")
OPERATOR_AT = "Appointment.extension[0].value.ofType(Reference).identifier"
ACTOR_AT = "Appointment.participant[0].actor.identifier"
CODE = ("type", "coding", 0, "code")
RRULE = ("extension", 1, "extension", 1, "extension", 0, "valueCoding", "code")


@pytest.mark.parametrize("name", names(FOLDER))
def test_our_examples_hold(name: str) -> None:
    resource = example(FOLDER, name)
    for profile in resource["meta"]["profile"]:
        assert errors(resource, profile) == []


def test_every_resource_profile_has_an_example() -> None:
    claimed = {p for n in names(FOLDER) for p in example(FOLDER, n)["meta"]["profile"]}
    found = default_registry().library.of_kind("StructureDefinition")
    wanted = {d.url for d in found if d.guide.key == "ans.fhir.fr.sas#1.2.0" and d.content["kind"] == "resource"}
    assert len(wanted) == 18
    assert wanted == claimed


ROWS: list[Row] = [
    # Slots
    ("creneau", ("status",), "busy", [("Slot.status", "fixed")]),
    ("creneau", ("schedule", "reference"), "Location/l", [("Slot.schedule.reference", "reference")]),
    ("creneau", ("start",), "2026-09-07T09:00:00", [("Slot.start", "type:instant")]),
    ("creneau", ("serviceType", 0, "coding", 0, "code"), "DEMAIN", [("Slot.serviceType[0]", "binding")]),
    (
        "creneau",
        ("specialty", 0, "coding", 0, "system"),
        "http://specialites.example",
        [("Slot.specialty[0]", "binding")],
    ),
    ("creneau", ("serviceCategory", 1), {"text": "Autre"}, [("Slot.serviceCategory", "max=1")]),
    ("creneau-cpts", ("status",), "busy-tentative", [("Slot.status", "pattern")]),
    ("creneau-cpts", ("meta", "security", 0, "code"), "TOUS", [("Slot.meta.security[0]", "binding")]),
    (
        "creneau-cpts",
        ("appointmentType", "coding", 0, "code"),
        "EMERGENCY",
        [("Slot.appointmentType.coding[0]", "binding")],
    ),
    ("creneau-sos", ("meta", "security", 0, "code"), "PRO", [("Slot.meta.security[0]", "binding")]),
    ("creneau-sos", ("serviceType", 0, "coding", 0, "code"), "IMP", [("Slot.serviceType[0].coding[0]", "binding")]),
    # Agendas
    ("agenda", ("serviceType",), [{"text": "Consultation"}], [("Schedule.serviceType", "max=0")]),
    ("agenda", ("actor",), DROP, [("Schedule.actor", "min=1")]),
    ("agenda", ("extension", 1, "extension", 4), DROP, [("Schedule.extension[1].extension", "min=1")]),
    ("agenda", RRULE, "PARFOIS", [("Schedule.extension[1].extension[1].extension[0].value.ofType(Coding)", "binding")]),
    ("agenda-sos", ("actor", 0, "reference"), "Practitioner/p", [("Schedule.actor[0].reference", "reference")]),
    ("agenda-sos", ("actor", 0), {"display": "Point fixe"}, [("Schedule.actor[0].reference", "min=1")]),
    # Professionals
    ("professionnel", ("identifier",), DROP, [("Practitioner.identifier", "min=1")]),
    (
        "professionnel",
        ("identifier", 0, "system"),
        "https://rpps.esante.gouv.fr",
        [("Practitioner.identifier[0].system", "pattern")],
    ),
    ("professionnel", ("name", 0, "prefix"), ["MME", "M"], [("Practitioner.name[0].prefix", "max=1")]),
    (
        "professionnel",
        ("telecom", 1, "system"),
        DROP,
        [("Practitioner.telecom[1].system", "min=1")],
    ),
    ("regulateur", ("active",), DROP, [("Practitioner.active", "min=1")]),
    ("regulateur", ("name", 0, "family"), DROP, [("Practitioner.name[0].family", "min=1")]),
    ("regulateur", ("name", 0, "given"), ["Bastien", "Luc"], [("Practitioner.name[0].given", "max=1")]),
    ("regulateur", ("meta", "source"), "urn:oid:1.2.250.1.999.7", [("Practitioner.meta.source", "pattern")]),
    (
        "regulateur",
        ("telecom", 1),
        {"system": "phone", "value": "+33199000042"},
        [("Practitioner.telecom[1].system", "pattern")],
    ),
    (
        "situation-exercice",
        ("contained",),
        DROP,
        [("PractitionerRole.contained", "min=1"), ("PractitionerRole.location[0].reference", "ref-1")],
    ),
    (
        "situation-exercice",
        ("location",),
        DROP,
        [("PractitionerRole.location", "min=1"), ("PractitionerRole", "dom-3")],
    ),
    (
        "situation-exercice",
        ("practitioner", "reference"),
        "Patient/p",
        [("PractitionerRole.practitioner.reference", "reference")],
    ),
    ("lieu", ("address", "city"), DROP, [("Location.address.city", "min=1")]),
    ("lieu", ("address", "line"), ["Bâtiment B", "4 place de l'Exemple"], [("Location.address.line", "max=1")]),
    # CPTS and SOS Médecins
    ("service-cpts", ("id",), DROP, [("HealthcareService.id", "min=1")]),
    ("service-cpts", ("providedBy",), DROP, [("HealthcareService.providedBy", "min=1")]),
    ("cpts", ("identifier", 0, "value"), "990000042", [("Organization.identifier[0]", "FINESS-invariant")]),
    (
        "association-sos",
        ("identifier", 0, "value"),
        "99900042300010",
        [("Organization.identifier[0]", "SIRET-invariant")],
    ),
    (
        "association-sos",
        ("identifier", 1),
        {"system": "urn:oid:1.2.250.1.999.7", "value": "2"},
        [
            ("Organization.identifier", "max=1"),
            ("Organization.identifier[1].type", "min=1"),
            ("Organization.identifier[1].system", "pattern"),
            ("Organization.identifier[1]", "SIRET-invariant"),
        ],
    ),
    ("point-fixe-sos", ("name",), DROP, [("Location.name", "min=1")]),
    ("point-fixe-sos", ("address", "postalCode"), "631900", [("Location.address.postalCode", "maxLength")]),
    (
        "point-fixe-sos",
        ("managingOrganization",),
        {"display": "SOS"},
        [("Location.managingOrganization.reference", "min=1")],
    ),
    # Appointments
    ("rendez-vous", ("identifier",), DROP, [("Appointment.identifier", "min=1")]),
    ("rendez-vous", ("identifier", 0, "system"), DROP, [("Appointment.identifier[0].system", "min=1")]),
    ("rendez-vous", ("participant", 0, "status"), "declined", [("Appointment.participant[0].status", "binding")]),
    ("rendez-vous", (*ACTOR, "system"), "https://rpps.esante.gouv.fr", [(f"{ACTOR_AT}.system", "pattern")]),
    ("rendez-vous", (*ACTOR, "value"), DROP, [(f"{ACTOR_AT}.value", "min=1")]),
    ("rendez-vous", (*OPERATOR, "value"), DROP, [(f"{OPERATOR_AT}.value", "min=1")]),
    ("rendez-vous", (*OPERATOR, "type"), DROP, [(f"{OPERATOR_AT}.type", "min=1")]),
    ("rendez-vous", OPERATOR[:2], DROP, [("Appointment.extension", "min=1")]),
    ("rendez-vous-sos", (*OPERATOR, *CODE), "RPPS", [(f"{OPERATOR_AT}.type.coding[0]", "binding")]),
    # Answers
    ("reponse", ("type",), "collection", [("Bundle.type", "pattern")]),
    ("reponse", ("entry", 0, "resource", "status"), "busy", [("Bundle.entry[0].resource.status", "fixed")]),
    ("reponse-cpts", ("total",), DROP, [("Bundle.total", "min=1")]),
    (
        "reponse-sos",
        ("link", 1),
        {"relation": "next", "url": "https://agenda.editeur.example/fhir/2"},
        [("Bundle.link", "max=1")],
    ),
]


@pytest.mark.parametrize(("name", "path", "value", "expected"), ROWS)
def test_a_broken_element_is_said_at_its_place(
    name: str, path: Keys, value: object, expected: list[tuple[str, str]]
) -> None:
    assert sorted(broken(FOLDER, name, path, value)) == sorted(expected)


ADMITTED: list[tuple[str, Keys, Any]] = [
    # Readings of the manifest: what the published profile does not impose is not refused.
    ("regulateur", ("name",), DROP),
    ("regulateur", ("identifier", 1), DROP),
    ("rendez-vous", ("participant", 0, "status"), "needs-action"),
    ("rendez-vous", ("start",), "2026-09-07T09:00:00+01:00"),
    ("creneau-cpts", ("serviceType", 2), {"text": "Visite de contrôle"}),
    ("creneau-sos", ("serviceType", 2), {"text": "Visite de contrôle"}),
    ("agenda", ("actor", 1), DROP),
    ("reponse", ("total",), DROP),
    ("reponse-sos", ("entry", 0, "search", "mode"), "include"),
    ("professionnel", ("qualification", 0, "code", "coding", 0, "system"), "http://diplomes.example"),
]


@pytest.mark.parametrize(("name", "path", "value"), ADMITTED)
def test_what_the_published_profile_leaves_open_is_not_refused(name: str, path: Keys, value: object) -> None:
    assert broken(FOLDER, name, path, value) == []


def issue_of(name: str, path: Keys, value: object, place: str) -> Any:
    """Return the only error or warning at a place of an example with one fault."""
    resource = spoiled(example(FOLDER, name), path, value)
    found = validate(resource, resource["meta"]["profile"][0])
    (issue,) = [i for i in found if i.severity in ("error", "warning") and i.expression.startswith(place)]
    return issue


def test_a_specialty_in_text_is_a_warning() -> None:
    """The FAQ asks for it, the required binding refuses it."""
    issue = issue_of("creneau", ("specialty",), [{"text": "Pneumologie"}], "Slot")
    assert (issue.severity, issue.expression, issue.rule) == ("warning", "Slot.specialty[0]", "binding")
    assert "texte seul « Pneumologie »" in issue.message


def test_a_finess_without_its_prefix_is_said_in_french() -> None:
    issue = issue_of("cpts", ("identifier", 0, "value"), "990000042", "Organization.identifier")
    assert "attendu un FINESS écrit 1 suivi de 9 chiffres, vu value « 990000042 »" in issue.message
    assert issue.profile.startswith(SAS)


def test_the_operator_extension_is_that_of_fr_core_1() -> None:
    """The GAP generation of the same extension does not count."""
    url = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment-operator"
    assert ("Appointment.extension", "min=1") in broken(FOLDER, "rendez-vous", ("extension", 0, "url"), url)


def test_an_empty_answer_is_judged_as_a_bundle() -> None:
    """The FAQ asks for it with the profile in meta; the profile refuses it (4 entries at least)."""
    empty = {**example(FOLDER, "reponse-cpts"), "total": 0}
    del empty["entry"]
    assert errors(empty, empty["meta"]["profile"][0]) == [("Bundle.entry", "min=1")]
    assert [i for i in validate(empty) if i.severity == "error"] == []


@pytest.mark.parametrize(("name", "index"), [("reponse-cpts", 3), ("reponse-cpts", 0), ("reponse-sos", 2)])
def test_a_missing_kind_of_entry_is_said(name: str, index: int) -> None:
    """Enough entries, but one of the four kinds asked for is not there."""
    resource = example(FOLDER, name)
    resource["entry"].pop(index)
    other = resource["entry"][1]
    resource["entry"] += [{**other, "fullUrl": f"{other['fullUrl']}-{n}"} for n in range(2)]
    said = [i.message for i in validate(resource, resource["meta"]["profile"][0]) if i.severity == "error"]
    assert len(said) == 1
    assert "occurrences" in said[0]


def test_the_contained_location_is_judged() -> None:
    path: Keys = ("contained", 0, "address", "city")
    assert broken(FOLDER, "situation-exercice", path, DROP) == [("PractitionerRole.contained[0].address.city", "min=1")]


def test_a_location_of_the_server_is_refused() -> None:
    """The profile asks for a contained location (aggregation); the one contained is then cited by nobody."""
    assert broken(FOLDER, "situation-exercice", ("location", 0, "reference"), "Location/lieu-1") == [
        ("PractitionerRole.location[0].reference", "aggregation"),
        ("PractitionerRole", "dom-3"),
    ]


def test_a_service_type_of_a_cpts_refers_to_its_service() -> None:
    """The slice is known by its code 604, its extension is then due."""
    said = broken(FOLDER, "creneau-cpts", ("serviceType", 1, "extension"), DROP)
    assert said == [("Slot.serviceType[1].extension", "min=1")]
    assert broken(FOLDER, "creneau-cpts", ("serviceType", 1, "coding", 0, "system"), R66) == []


def test_only_a_cpts_service_type_carries_the_service() -> None:
    extension = [{"url": R5, "valueReference": {"reference": "HealthcareService/service-1"}}]
    said = broken(FOLDER, "creneau-cpts", ("serviceType", 0, "extension"), extension)
    assert said == [("Slot.serviceType[0].extension", "max=0")]
