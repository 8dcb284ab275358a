"""Hand-written valid resources (fictitious people), and a way to spoil one of their elements."""

from __future__ import annotations

import copy
from typing import Any

FR = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
GAP = "https://interop.esante.gouv.fr/ig/fhir/gap/StructureDefinition/"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
R38 = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
V2_0203 = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
V2_0445 = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445"
DROP = object()

Resource = dict[str, Any]

APPOINTMENT: Resource = {
    "resourceType": "Appointment",
    "meta": {"profile": [GAP + "gap-fr-appointment", FR + "fr-core-appointment"]},
    "extension": [{"url": FR + "fr-core-appointment-operator", "valueReference": {"reference": "Practitioner/p-1"}}],
    "identifier": [{"system": "urn:oid:1.2.250.1.999.7", "value": "rdv-2026-000123"}],
    "status": "booked",
    "specialty": [{"coding": [{"system": R38, "code": "SM54", "display": "Médecine générale (SM)"}]}],
    "slot": [{"reference": "Slot/s-0710"}],
    "start": "2026-07-06T14:00:00.000+02:00",
    "end": "2026-07-06T14:30:00.000+02:00",
    "created": "2026-06-30T09:12:00+02:00",
    "requestedPeriod": [{"start": "2026-07-06", "end": "2026-07-10"}],
    "participant": [
        {"actor": {"reference": "Patient/u-42"}, "required": "required", "status": "accepted"},
        {"actor": {"reference": "PractitionerRole/r-9"}, "required": "required", "status": "accepted"},
        {"actor": {"reference": "Practitioner/p-9"}, "required": "required", "status": "accepted"},
    ],
}
SLOT: Resource = {
    "resourceType": "Slot",
    "id": "s-0710",
    "schedule": {"reference": "Schedule/sch-7"},
    "status": "free",
    "start": "2026-07-06T14:00:00.000+02:00",
    "end": "2026-07-06T14:30:00.000+02:00",
}
SCHEDULE: Resource = {
    "resourceType": "Schedule",
    "id": "sch-7",
    "extension": [
        {
            "url": FR + "fr-core-service-type-duration",
            "extension": [
                {"url": "serviceType", "valueCodeableConcept": {"text": "Consultation"}},
                {
                    "url": "duration",
                    "valueDuration": {"value": 30, "system": "http://unitsofmeasure.org", "code": "min"},
                },
            ],
        },
        {
            "url": FR + "fr-core-schedule-availability-time",
            "extension": [
                {
                    "url": "type",
                    "valueCoding": {
                        "system": "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-schedule-type",
                        "code": "free",
                    },
                },
                {"url": "start", "valueDateTime": "2026-03-16T09:00:00+01:00"},
                {"url": "end", "valueDateTime": "2026-03-16T12:00:00+01:00"},
                {"url": "identifier", "valueIdentifier": {"system": "urn:oid:1.2.250.1.999.7", "value": "dispo-1"}},
                {
                    "url": "rrule",
                    "extension": [
                        {
                            "url": "freq",
                            "valueCoding": {"system": "https://www.ietf.org/rfc/rfc2445", "code": "WEEKLY"},
                        },
                        {"url": "byHour", "valuePositiveInt": 9},
                        {"url": "wkst", "valueCode": "mon"},
                    ],
                },
            ],
        },
    ],
    "actor": [{"reference": "PractitionerRole/r-9"}, {"reference": "Practitioner/p-9"}],
}
PATIENT: Resource = {
    "resourceType": "Patient",
    "id": "u-42",
    "identifier": [
        {
            "use": "usual",
            "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PI"}]},
            "system": "urn:oid:1.2.250.1.999.7.1",
            "value": "0042",
        }
    ],
    "name": [{"use": "official", "family": "DESSAI", "given": ["Rosalie", None], "_given": [None, {"id": "second"}]}],
    "telecom": [{"system": "phone", "value": "+33639980042"}],
    "gender": "female",
    "birthDate": "1958-02-28",
}
PATIENT_INS: Resource = {
    "resourceType": "Patient",
    "extension": [
        {
            "url": FR + "fr-core-identity-reliability",
            "extension": [{"url": "identityStatus", "valueCoding": {"system": V2_0445, "code": "VALI"}}],
        },
        {
            "url": HL7 + "patient-birthPlace",
            "valueAddress": {
                "extension": [{"url": FR + "fr-core-address-insee-code", "valueCoding": {"code": "63220"}}],
                "city": "Lezoux",
            },
        },
    ],
    "identifier": [
        {
            "use": "official",
            "type": {"coding": [{"system": V2_0203, "code": "INS-NIR-TEST"}]},
            "system": "urn:oid:1.2.250.1.213.1.4.10",
            "value": "258026322000180",
        }
    ],
    "name": [
        {
            "use": "official",
            "extension": [{"url": FR + "fr-core-patient-birth-list-given-name", "valueString": "Rosalie Anne"}],
            "family": "DESSAI",
            "given": ["Rosalie"],
        }
    ],
    "gender": "female",
    "birthDate": "1958-02-28",
}
PRACTITIONER: Resource = {
    "resourceType": "Practitioner",
    "identifier": [
        {
            "type": {"coding": [{"system": V2_0203, "code": "IDNPS"}]},
            "system": "urn:oid:1.2.250.1.71.4.2.1",
            "value": "810009998880",
        }
    ],
    "name": [{"family": "EXEMPLE", "given": ["Camille"], "prefix": ["DR"]}],
}
ROLE: Resource = {
    "resourceType": "PractitionerRole",
    "practitioner": {"reference": "Practitioner/p-9"},
    "organization": {"reference": "Organization/o-1"},
    "specialty": [{"coding": [{"system": R38, "code": "SM54"}]}],
    "location": [{"reference": "#cabinet"}],
    "contained": [{"resourceType": "Location", "id": "cabinet", "name": "Cabinet"}],
}
LOCATION: Resource = {
    "resourceType": "Location",
    "identifier": [
        {"type": {"text": "interne"}, "system": "urn:oid:1.2.250.1.999.7.2", "value": "salle-1"},
    ],
    "name": "Salle 1",
    "managingOrganization": {"reference": "Organization/o-1"},
}
ORGANIZATION: Resource = {
    "resourceType": "Organization",
    "identifier": [
        {
            "use": "official",
            "type": {"coding": [{"system": V2_0203, "code": "IDNST"}]},
            "system": "urn:oid:1.2.250.1.71.4.2.2",
            "value": "1990000010",
        }
    ],
    "name": "Résidence des Essais",
}
SERVICE: Resource = {
    "resourceType": "HealthcareService",
    "providedBy": {"reference": "Organization/o-1"},
    "category": [{"text": "Hébergement"}],
    "name": "Accueil de jour",
}
RELATED: Resource = {
    "resourceType": "RelatedPerson",
    "identifier": [{"system": "urn:oid:1.2.250.1.999.7.3", "value": "proche-1"}],
    "patient": {"reference": "Patient/u-42"},
}
OBSERVATION: Resource = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
    "subject": {"reference": "https://exemple.test/fhir/Patient/u-42"},
    "effectiveDateTime": "2026-07-06T08:00:00Z",
    "valueQuantity": {"value": 61.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
}
BUNDLE: Resource = {
    "resourceType": "Bundle",
    "type": "searchset",
    "total": 1,
    "link": [{"relation": "self", "url": "https://exemple.test/fhir/Slot?status=free"}],
    "entry": [
        {"fullUrl": "https://exemple.test/fhir/Slot/s-0710", "resource": SLOT, "search": {"mode": "match"}},
        {"fullUrl": "https://exemple.test/fhir/PractitionerRole/r-9", "resource": ROLE, "search": {"mode": "include"}},
    ],
}
DOCUMENT: Resource = {
    "resourceType": "DocumentReference",
    "status": "current",
    "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0xLjQ="}}],
}
CAPABILITY: Resource = {
    "resourceType": "CapabilityStatement",
    "status": "active",
    "date": "2026-07-01",
    "kind": "instance",
    "description": "Bac à sable",
    "fhirVersion": "4.0.1",
    "format": ["application/fhir+json"],
    "rest": [{"mode": "server", "resource": [{"type": "Slot", "interaction": [{"code": "search-type"}]}]}],
}
OUTCOME: Resource = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "conflict"}]}
BINARY: Resource = {"resourceType": "Binary", "contentType": "application/pdf", "data": "JVBERi0xLjQ="}
DEVICE: Resource = {"resourceType": "Device", "status": "active", "deviceName": [{"name": "Tensio", "type": "other"}]}


def fr(profile: str) -> str:
    """Return the canonical of a profile of FR Core 2.0.1: other versions are loaded too."""
    return f"{FR}{profile}|2.0.1"


def spoiled(resource: Resource, path: tuple[str | int, ...], value: Any) -> Resource:
    """Return a copy of a resource with the value at a path replaced, added, or dropped (`DROP`)."""
    result = copy.deepcopy(resource)
    target: Any = result
    for step in path[:-1]:
        target = target[step]
    last = path[-1]
    if value is DROP:
        del target[last]
    elif isinstance(last, int) and last == len(target):
        target.append(value)
    else:
        target[last] = value
    return result
