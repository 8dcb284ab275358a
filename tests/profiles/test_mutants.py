"""Each spoiled resource gives exactly the expected issues: place, FHIR code, rule."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import validate
from tests.profiles import examples as ex
from tests.profiles.examples import DROP

BINDING = ("code-invalid", "binding")
A, S, C, P, I = ex.APPOINTMENT, ex.SLOT, ex.SCHEDULE, ex.PATIENT, ex.PATIENT_INS  # noqa: E741
AT, ST, CT, PT, IT = (
    "fr-core-appointment", "fr-core-slot", "fr-core-schedule", "fr-core-patient", "fr-core-patient-ins",
)  # fmt: skip
AVAILABILITY = ("extension", 1, "extension")
ABSENT = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}

Row = tuple[str | None, ex.Resource, tuple[str | int, ...], Any, list[tuple[str, str, str]]]
ROWS: list[Row] = [
    # cardinalities
    (AT, A, ("status",), DROP, [("Appointment.status", "required", "min=1")]),
    (AT, {k: v for k, v in A.items() if k != "status"}, ("_status",), {"extension": [ABSENT]}, []),
    (AT, {k: v for k, v in A.items() if k != "end"}, ("_end",), {"extension": [ABSENT]}, []),
    (AT, A, ("_status",), {"valeur": 1}, [("Appointment.status.valeur", "structure", "unknown-element")]),
    (AT, A, ("participant",), DROP, [("Appointment.participant", "required", "min=1")]),
    (AT, A, ("participant",), [], [("Appointment.participant", "structure", "empty")]),
    (AT, A, ("participant", 0, "status"), DROP, [("Appointment.participant[0].status", "required", "min=1")]),
    (AT, A, ("description",), ["a", "b"], [("Appointment.description", "structure", "array")]),
    (AT, A, ("identifier",), {"value": "1"}, [("Appointment.identifier", "structure", "array")]),
    (ST, S, ("serviceCategory",), [{"text": "a"}, {"text": "b"}], [("Slot.serviceCategory", "structure", "max=1")]),
    (CT, C, ("serviceType",), [{"text": "a"}], [("Schedule.serviceType", "structure", "max=0")]),
    (CT, C, ("actor",), DROP, [("Schedule.actor", "required", "min=1")]),
    (ST, S, ("schedule",), DROP, [("Slot.schedule", "required", "min=1")]),
    ("fr-core-location", ex.LOCATION, ("identifier", 0, "type"), DROP,
     [("Location.identifier[0].type", "required", "min=1")]),
    ("fr-core-related-person", ex.RELATED, ("identifier",), DROP,
     [("RelatedPerson.identifier", "required", "min=1")]),
    (PT, P, ("telecom", 0, "system"), DROP,
     [("Patient.telecom[0].system", "required", "min=1")]),
    # structure
    (AT, A, ("statut",), "booked", [("Appointment.statut", "structure", "unknown-element")]),
    (AT, A, ("participant", 0, "actor", "ref"), "x",
     [("Appointment.participant[0].actor.ref", "structure", "unknown-element")]),
    (AT, A, ("comment",), "", [("Appointment.comment", "value", "type:string")]),
    (AT, A, ("cancelationReason",), {},
     [("Appointment.cancelationReason", "structure", "empty")]),
    (AT, A, ("participant", 1), "x", [("Appointment.participant[1]", "structure", "type:Appointment.participant")]),
    (PT, P, ("name", 0, "_given"), DROP, [("Patient.name[0].given[1]", "value", "type:string")]),
    (PT, P, ("deceasedBoolean",), True, []),
    (PT, {**P, "deceasedBoolean": True}, ("deceasedDateTime",), "2026", [("Patient.deceased", "structure", "choice")]),
    (PT, P, ("deceasedString",), "oui", [("Patient.deceasedString", "structure", "unknown-element")]),
    # primitives
    (AT, A, ("start",), "2026-07-06T14:00:00", [("Appointment.start", "value", "type:instant")]),
    (AT, A, ("start",), "2026-07-06T14:00+02:00", [("Appointment.start", "value", "type:instant")]),
    (AT, A, ("start",), "2026-02-30T14:00:00Z", [("Appointment.start", "value", "type:instant")]),
    (AT, A, ("created",), "2026-06-30T09:12:00", [("Appointment.created", "value", "type:dateTime")]),
    (AT, A, ("minutesDuration",), 0, [("Appointment.minutesDuration", "value", "type:positiveInt")]),
    (AT, A, ("minutesDuration",), "30", [("Appointment.minutesDuration", "value", "type:positiveInt")]),
    (AT, A, ("id",), "a_1", [("Appointment.id", "value", "type:id")]),
    (AT, A, ("identifier", 0, "system"), "urn oid", [("Appointment.identifier[0].system", "value", "type:uri")]),
    (PT, P, ("birthDate",), "1959-02-29", [("Patient.birthDate", "value", "type:date")]),
    (PT, P, ("active",), "true", [("Patient.active", "value", "type:boolean")]),
    (None, ex.BINARY, ("data",), "JVBERi0xLjQ", [("Binary.data", "value", "type:base64Binary")]),
    # bindings
    (AT, A, ("status",), "no-show", [("Appointment.status", "code-invalid", "binding")]),
    (AT, A, ("participant", 2, "required"), "oui", [("Appointment.participant[2].required", *BINDING)]),
    (ST, S, ("status",), "occupied", [("Slot.status", "code-invalid", "binding")]),
    (PT, P, ("gender",), "F", [("Patient.gender", "code-invalid", "binding")]),
    (IT, I, ("gender",), "other", [("Patient.gender", "code-invalid", "binding")]),
    (AT, A, ("specialty", 0, "coding", 0, "system"), "urn:x", [("Appointment.specialty[0]", *BINDING)]),
    (AT, A, ("specialty", 0, "coding", 0, "code"), "SM99", [("Appointment.specialty[0]", *BINDING)]),
    (AT, A, ("specialty", 0), {"text": "ORL"}, [("Appointment.specialty[0]", *BINDING)]),
    # references
    (AT, A, ("slot", 0, "reference"), "Schedule/1", [("Appointment.slot[0].reference", "value", "reference")]),
    (AT, A, ("slot", 0, "reference"), "https://x.test/fhir/Schedule/1",
     [("Appointment.slot[0].reference", "value", "reference")]),
    (AT, A, ("slot", 0, "reference"), "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", []),
    (AT, A, ("slot", 0, "type"), "Schedule", [("Appointment.slot[0].type", "value", "reference")]),
    (AT, A, ("participant", 0, "actor", "reference"), "#u",
     [("Appointment.participant[0].actor.reference", "not-found", "ref-1")]),
    ("fr-core-practitioner-role", ex.ROLE, ("contained", 0, "resourceType"), "Organization",
     [("PractitionerRole.location[0].reference", "value", "reference")]),
    (AT, A, ("extension", 0, "valueReference", "reference"), "Slot/1",
     [("Appointment.extension[0].value.ofType(Reference).reference", "value", "reference")]),
    # invariants
    (AT, A, ("participant", 0, "actor"), DROP, [("Appointment.participant[0]", "invariant", "app-1")]),
    (AT, A, ("end",), DROP, [("Appointment", "invariant", "app-2"), ("Appointment", "invariant", "app-3")]),
    (AT, {k: v for k, v in A.items() if k != "end"}, ("start",), DROP, [("Appointment", "invariant", "app-3")]),
    (AT, A, ("cancelationReason",), {"text": "x"}, [("Appointment", "invariant", "app-4")]),
    (AT, A, ("requestedPeriod", 0, "end"), "2026-07-01", [("Appointment.requestedPeriod[0]", "invariant", "per-1")]),
    (None, ex.OBSERVATION, ("dataAbsentReason",), {"text": "x"}, [("Observation", "invariant", "obs-6")]),
    (None, ex.ORGANIZATION, ("address",), [{"use": "home", "city": "x"}], [("Organization", "invariant", "org-2")]),
    (None, ex.DOCUMENT, ("content", 0, "attachment", "contentType"), DROP,
     [("DocumentReference.content[0].attachment", "invariant", "att-1")]),
    (IT, I, ("identifier", 0, "system"), "urn:oid:1.2.3",
     [("Patient.identifier[0].system", "value", "pattern"), ("Patient", "invariant", "fr-core-1")]),
    # contained resources and bundles
    (None, ex.ROLE, ("location", 0, "reference"), "Location/1", [("PractitionerRole", "invariant", "dom-3")]),
    (None, ex.ROLE, ("contained", 0, "meta"), {"versionId": "1"}, [("PractitionerRole", "invariant", "dom-4")]),
    (None, ex.ROLE, ("contained", 0, "status"), "ouvert",
     [("PractitionerRole.contained[0].status", "code-invalid", "binding")]),
    (None, ex.BUNDLE, ("entry", 0, "resource", "status"), DROP,
     [("Bundle.entry[0].resource.status", "required", "min=1")]),
    (None, ex.BUNDLE, ("entry", 0, "resource"), {"resourceType": "Créneau"},
     [("Bundle.entry[0].resource", "structure", "resourceType")]),
    (None, ex.BUNDLE, ("type",), "collection",
     [("Bundle", "invariant", "bdl-1"), ("Bundle", "invariant", "bdl-2")]),
    (None, ex.BUNDLE, ("entry", 1, "fullUrl"), "https://exemple.test/fhir/Slot/s-0710",
     [("Bundle", "invariant", "bdl-7")]),
    # extensions
    (AT, A, ("extension", 0), {"url": "https://inconnue.test/x", "valueString": "x"}, []),
    (AT, A, ("extension", 0, "valueString"), "x",
     [("Appointment.extension[0].value.ofType(string)", "structure", "unknown-element")]),
    (AT, A, ("extension", 0, "valueReference"), DROP, [("Appointment.extension[0]", "invariant", "ext-1")]),
    (AT, A, ("extension", 1), A["extension"][0], [("Appointment.extension", "structure", "max=1")]),
    (ST, S, ("extension",), [A["extension"][0]], [("Slot.extension[0].url", "structure", "context")]),
    (AT, A, ("modifierExtension",), [{"url": "https://inconnue.test/x", "valueBoolean": True}],
     [("Appointment.modifierExtension[0].url", "not-supported", "modifierExtension")]),
    (CT, C, (*AVAILABILITY, 3), DROP, [("Schedule.extension[1].extension", "required", "min=1")]),
    (CT, C, (*AVAILABILITY, 4, "extension", 1, "valuePositiveInt"), 0,
     [("Schedule.extension[1].extension[4].extension[1].value.ofType(positiveInt)", "value", "type:positiveInt")]),
    (CT, C, (*AVAILABILITY, 4, "extension", 0, "valueCoding", "system"), "urn:x",
     [("Schedule.extension[1].extension[4].extension[0].value.ofType(Coding).system", "value", "fixed")]),
    # slices
    (PT, P, ("identifier", 0, "system"), DROP, [("Patient.identifier[0].system", "required", "min=1")]),
    (PT, P, ("identifier", 0, "use"), "official", [("Patient.identifier[0].use", "value", "pattern")]),
    (PT, P, ("name", 0, "family"), DROP, [("Patient.name[0].family", "required", "min=1")]),
    (IT, I, ("name", 0, "use"), "usual", [("Patient.name", "required", "min=1")]),
    (IT, I, ("identifier", 0, "use"), DROP, [("Patient.identifier[0].use", "required", "min=1")]),
    (IT, I, ("extension", 1, "valueAddress", "city"), 3,
     [("Patient.extension[1].value.ofType(Address).city", "value", "type:string")]),
    ("fr-core-practitioner", ex.PRACTITIONER, ("identifier", 1), ex.PRACTITIONER["identifier"][0],
     [("Practitioner.identifier", "structure", "max=1")]),
    ("fr-core-organization", ex.ORGANIZATION, ("identifier", 0, "use"), "usual",
     [("Organization.identifier[0].use", "value", "pattern")]),
    ("fr-core-practitioner", ex.PRACTITIONER, ("identifier", 0, "type", "coding", 0, "code"), "RPPS",
     [("Practitioner.identifier[0].type.coding", "value", "pattern")]),
]  # fmt: skip


def identified(row: Row) -> str:
    return (
        f"{row[1]['resourceType']}.{'.'.join(map(str, row[2]))}={str(row[3])[:20] if row[3] is not DROP else 'absent'}"
    )


@pytest.mark.parametrize("row", ROWS, ids=identified)
def test_mutant(row: Row) -> None:
    profile, resource, path, value, expected = row
    found = validate(ex.spoiled(resource, path, value), ex.fr(profile) if profile else None)
    assert sorted((i.expression, i.code, i.rule) for i in found) == sorted(expected)


@pytest.mark.parametrize(
    ("value", "severity"),
    [({"text": "ORL"}, "warning"), ({"coding": [{"system": ex.R38, "code": "SM99"}]}, "warning"),
     ({"coding": [{"system": "urn:x", "code": "SM54"}]}, "error")],
)  # fmt: skip
def test_a_doubt_about_a_specialty_is_a_warning(value: ex.Resource, severity: str) -> None:
    issues = validate(ex.spoiled(A, ("specialty", 0), value), ex.fr(AT))
    assert [i.severity for i in issues] == [severity]


@pytest.mark.parametrize("row", [r for r in ROWS if r[4]], ids=identified)
def test_issue_is_complete_and_in_french(row: Row) -> None:
    profile, resource, path, value, _ = row
    for issue in validate(ex.spoiled(resource, path, value), ex.fr(profile) if profile else None):
        assert issue.message.endswith(".")
        assert "attendu" in issue.message
        assert "vu " in issue.message
        assert issue.expected
        assert issue.seen
        assert issue.profile.startswith("http")
