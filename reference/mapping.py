"""From an appointment of the product to an Appointment, built with `fhir.resources` (R4).

Profile fr-core-appointment, the base of CI-SIS GAP 3.0.0, flux-gestion-rdv (mapping of 6a and 6b).
"""

from __future__ import annotations

from typing import Any

from reference import clock
from reference.config import ESTABLISHMENT
from reference.records import Pairing, RendezVous, Usager

PROFILE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment"
OPERATOR = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment-operator"
RPPS = "https://rpps.esante.gouv.fr"
IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
FINESS = "https://finess.esante.gouv.fr"
IDENTIFIER_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
SPECIALTIES = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"
CANCELLATION = "http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason"

Json = dict[str, Any]


def appointment(rendez_vous: RendezVous, patient: dict[str, str]) -> Json:
    """The Appointment that MES must hold for this appointment, as JSON; validated by `fhir.resources`.

    patient: the identifier (system, value) by which the person is known there.
    """
    from fhir.resources.R4B.appointment import Appointment  # half a second to import: only when something is sent

    start = clock.instant(rendez_vous.start, rendez_vous.zone)
    document: Json = {
        "meta": {"profile": [PROFILE]},
        "contained": _contained(rendez_vous),
        "extension": [{"url": OPERATOR, "valueReference": _operator(rendez_vous, patient)}],
        "identifier": [{"system": rendez_vous.system, "value": rendez_vous.value}],
        "status": rendez_vous.status,
        "description": rendez_vous.title,
        "start": start.isoformat(timespec="seconds"),
        "end": clock.after(start, rendez_vous.minutes).isoformat(timespec="seconds"),
        "minutesDuration": rendez_vous.minutes,
        "created": rendez_vous.created,
        "participant": _participants(rendez_vous, patient),
    }
    if rendez_vous.nature == "sante" and rendez_vous.professional:
        document["specialty"] = [{"coding": [{"system": SPECIALTIES, "code": "SM54"}]}]
    if rendez_vous.status == "cancelled":
        document["cancelationReason"] = _reason(rendez_vous)
    result: Json = Appointment.model_validate(document).model_dump(mode="json")
    return {"resourceType": "Appointment", **result}


def _contained(rendez_vous: RendezVous) -> list[Json]:
    resources = [_service(rendez_vous), _location(rendez_vous)]
    if rendez_vous.professional:
        practitioner: Json = {
            "resourceType": "Practitioner",
            "id": "professionnel",
            "name": [_name(rendez_vous.professional)],
        }
        role: Json = {
            "resourceType": "PractitionerRole",
            "id": "situation",
            "practitioner": {"reference": "#professionnel"},
        }
        if "rpps" in rendez_vous.professional:
            practitioner["identifier"] = _rpps(rendez_vous.professional["rpps"])
        resources += [practitioner, role]
    return resources


def _participants(rendez_vous: RendezVous, patient: dict[str, str]) -> list[Json]:
    asked = rendez_vous.status == "proposed"
    answer = "needs-action" if asked else "accepted"
    place = _establishment(rendez_vous)
    return [
        {
            "actor": _patient(patient),
            "required": "required" if rendez_vous.attends else "information-only",
            "status": "accepted",
        },
        *_professional_participants(rendez_vous, answer),
        {
            "actor": {"reference": "#service", "type": "HealthcareService", **place},
            "required": "required",
            "status": answer,
        },
        {"actor": {"reference": "#lieu", "type": "Location", "display": _place(rendez_vous)}, "status": "accepted"},
    ]


def _professional_participants(rendez_vous: RendezVous, answer: str) -> list[Json]:
    """GAP flux-gestion-ressources: both the role and the person are referenced, and linked to each other."""
    if not rendez_vous.professional:
        return []
    display = _full_name(rendez_vous.professional)
    practitioner: Json = {"reference": "#professionnel", "type": "Practitioner", "display": display}
    if "rpps" in rendez_vous.professional:
        practitioner["identifier"] = {"system": RPPS, "value": rendez_vous.professional["rpps"]}
    role: Json = {"reference": "#situation", "type": "PractitionerRole", "display": display}
    return [{"actor": actor, "required": "required", "status": answer} for actor in (practitioner, role)]


def _patient(patient: dict[str, str]) -> Json:
    """The person by her identifier alone, never by name."""
    return {"type": "Patient", "identifier": dict(patient)}


def patient_identifier(pairing: Pairing, usager: Usager) -> dict[str, str]:
    """System and value that name this usager at MES: AssignAuth and idPe, never INS (MES, API Mesures §2.3.1.1)."""
    return {"system": f"urn:oid:{pairing.assign_auth.removeprefix('urn:oid:')}", "value": pairing.idpe or usager.idpe}


def ins_identifier(usager: Usager) -> dict[str, str]:
    """System and value that name this usager to services for professionals, by her INS."""
    assert usager.ins is not None  # checked before
    return {"system": f"urn:oid:{usager.ins['oid']}", "value": usager.ins["matricule"]}


def _operator(rendez_vous: RendezVous, patient: dict[str, str]) -> Json:
    if rendez_vous.entered_in == "portail":
        return _patient(patient)
    return {"type": "Organization", **_establishment(rendez_vous)}


def _service(rendez_vous: RendezVous) -> Json:
    return {
        "resourceType": "HealthcareService",
        "id": "service",
        "name": _named(rendez_vous)["nom"],
        "providedBy": {"type": "Organization", **_establishment(rendez_vous)},
    }


def _location(rendez_vous: RendezVous) -> Json:
    location: Json = {"resourceType": "Location", "id": "lieu", "name": _place(rendez_vous)}
    if rendez_vous.address:
        location["address"] = {"text": rendez_vous.address}
    return location


def _place(rendez_vous: RendezVous) -> str:
    return "Domicile" if rendez_vous.place == "domicile" else _named(rendez_vous)["nom"]


def _named(rendez_vous: RendezVous) -> dict[str, str]:
    return rendez_vous.establishment or ESTABLISHMENT


def _establishment(rendez_vous: RendezVous) -> Json:
    named = _named(rendez_vous)
    reference: Json = {"display": named["nom"]}
    if "finess" in named:
        reference["identifier"] = {"system": FINESS, "value": named["finess"]}
    return reference


def _rpps(number: str) -> list[Json]:
    """RPPS, and the same number as national person identifier (prefix 8)."""
    return [
        {"type": {"coding": [{"system": IDENTIFIER_TYPES, "code": "RPPS"}]}, "system": RPPS, "value": number},
        {"type": {"coding": [{"system": IDENTIFIER_TYPES, "code": "IDNPS"}]}, "system": IDNPS, "value": f"8{number}"},
    ]


def _name(professional: dict[str, str]) -> Json:
    name: Json = {"text": _full_name(professional), "family": professional["nom"]}
    if "prenom" in professional:
        name["given"] = [professional["prenom"]]
    return name


def _full_name(professional: dict[str, str]) -> str:
    return f"{professional.get('prenom', '')} {professional['nom']}".strip()


def _reason(rendez_vous: RendezVous) -> Json:
    reason: Json = {"coding": [{"system": CANCELLATION, "code": "prov"}]}
    if rendez_vous.reason:
        reason["text"] = rendez_vous.reason
    return reason
