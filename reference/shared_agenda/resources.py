"""From what the product knows to the resources of the manager, built with `fhir.resources` (R4, FR Core 2.0.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from reference import clock
from reference.config import ESTABLISHMENT
from reference.mapping import CANCELLATION, IDENTIFIER_TYPES, IDNPS, OPERATOR
from reference.planning.records import Availability, Planning
from reference.professionals import Professional
from reference.records import Usager
from reference.shared_agenda.records import SharedRendezVous

GAP = "https://interop.esante.gouv.fr/ig/fhir/gap/StructureDefinition"
CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"
IDNST = "urn:oid:1.2.250.1.71.4.2.2"
KINDS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-schedule-type"
RULES = "https://www.ietf.org/rfc/rfc2445"
AVAILABILITY = f"{CORE}/fr-core-schedule-availability-time"
DURATION = f"{CORE}/fr-core-service-type-duration"
OURS = "urn:oid:1.2.250.1.999.10.1"
"""Root of the identifiers of the product (fictitious branch); one branch per kind."""
SYSTEMS = {
    name: f"{OURS}.{rank}" for rank, name in enumerate(("Schedule", "Availability", "Appointment", "Patient"), 5)
}
_GENDERS = {"F": "female", "M": "male"}

Json = dict[str, Any]


def organization() -> Json:
    """The establishment."""
    finess = _identifier(IDNST, f"1{ESTABLISHMENT['finess']}", "IDNST")
    return _resource("Organization", identifier=[finess], active=True, name=ESTABLISHMENT["nom"])


def location(organization_: str) -> Json:
    """Where the professionals of the establishment receive."""
    return _resource("Location", name=ESTABLISHMENT["nom"], managingOrganization={"reference": organization_})


def practitioner(account: Professional) -> Json:
    """A professional, by her national identifier."""
    national = _identifier(IDNPS, account.identifiant_national, "IDNPS")
    return _resource(
        "Practitioner", identifier=[national], active=True, name=[{"family": account.nom, "given": [account.prenom]}]
    )


def role(practitioner_: str, organization_: str, location_: str) -> Json:
    """What she does in the establishment; linked to her (flux de gestion des ressources)."""
    return {
        "resourceType": "PractitionerRole",
        "active": True,
        "practitioner": {"reference": practitioner_},
        "organization": {"reference": organization_},
        "location": [{"reference": location_}],
    }


def patient(usager: Usager, *, qualified: bool) -> Json:
    """A person of the establishment: by her INS when her identity is qualified, else by our own number."""
    if qualified and usager.ins:
        test = usager.ins["oid"].endswith(".10")
        known = _identifier(
            f"urn:oid:{usager.ins['oid']}", usager.ins["matricule"], "INS-NIR-TEST" if test else "INS-NIR"
        )
    else:
        known = {"system": SYSTEMS["Patient"], "value": usager.id}
    return _resource(
        "Patient",
        identifier=[known],
        name=[{"use": "official", "family": usager.nom, "given": usager.prenoms}],
        gender=_GENDERS[usager.sexe],
        birthDate=usager.date_naissance,
    )


def schedule(planning: Planning, availabilities: Sequence[Availability], actors: Sequence[str]) -> Json:
    """The agenda of a professional: what she offers, when she receives, when she is away."""
    from fhir.resources.R4B.schedule import Schedule  # half a second to import: only when something is sent

    length = {"value": planning.minutes, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"}
    offered = [
        {"url": "serviceType", "valueCodeableConcept": {"text": f"Rendez-vous de {planning.minutes} minutes"}},
        {"url": "duration", "valueDuration": length},
    ]
    document = {
        "meta": {"profile": [f"{GAP}/gap-fr-schedule", f"{CORE}/fr-core-schedule"]},
        "identifier": [{"system": SYSTEMS["Schedule"], "value": planning.professional}],
        "extension": [
            {"url": DURATION, "extension": offered},
            *(availability(one, planning.zone) for one in availabilities),
        ],
        "active": True,
        "actor": [{"reference": actor, "type": actor.partition("/")[0]} for actor in actors],
    }
    result: Json = Schedule.model_validate(document).model_dump(mode="json")
    return {"resourceType": "Schedule", **result}


def availability(one: Availability, zone: str) -> Json:
    """An availability as the extension of FR Core. Its times are those of the place, with the offset of that day."""
    start, end = (clock.instant(wall, zone).isoformat(timespec="seconds") for wall in (one.start, one.end))
    parts: list[Json] = [
        {"url": "type", "valueCoding": {"system": KINDS, "code": one.kind}},
        {"url": "start", "valueDateTime": start},
        {"url": "end", "valueDateTime": end},
        {"url": "identifier", "valueIdentifier": availability_identifier(one.id)},
    ]
    if one.frequency:
        rule: list[Json] = [{"url": "freq", "valueCoding": {"system": RULES, "code": one.frequency}}]
        rule += [{"url": "byDay", "valueString": day} for day in one.days]
        rule += [{"url": "until", "valueDateTime": one.until}] if one.until else []
        parts.append({"url": "rrule", "extension": rule})
    return {"url": AVAILABILITY, "extension": parts}


def availability_identifier(id_: str) -> dict[str, str]:
    """Identifier under which an availability is published: it stays the same."""
    return {"system": SYSTEMS["Availability"], "value": id_}


def place_of(resource: Mapping[str, Any], id_: str) -> int | None:
    """Where this availability stands among the extensions of a Schedule, None when it is not there."""
    wanted = availability_identifier(id_)
    for place, extension in enumerate(resource.get("extension") or []):
        named = [part.get("valueIdentifier") for part in extension.get("extension") or []]
        if extension.get("url") == AVAILABILITY and any(n and n.get("value") == wanted["value"] for n in named):
            return place
    return None


def appointment(one: SharedRendezVous, patient_: str, operator: str) -> Json:
    """An appointment as the manager must hold it. The usager, for whom it is asked, has accepted."""
    from fhir.resources.R4B.appointment import Appointment

    start, end = datetime.fromisoformat(one.start), datetime.fromisoformat(one.end)
    answer = "accepted" if one.accepted else "needs-action"
    document: Json = {
        "meta": {"profile": [f"{GAP}/gap-fr-appointment", f"{CORE}/fr-core-appointment"]},
        "extension": [{"url": OPERATOR, "valueReference": {"reference": operator, "type": "Organization"}}],
        "identifier": [{"system": one.system, "value": one.value}],
        "status": one.status,
        "description": one.title,
        "start": start.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
        "minutesDuration": int((end - start).total_seconds() // 60),
        "created": one.created,
        "participant": [
            _participant(patient_, "accepted"),
            *(_participant(actor, answer) for actor in one.actors),
        ],
    }
    if one.slot:
        document["slot"] = [{"reference": one.slot}]
    if one.status == "cancelled":
        coding = [{"system": CANCELLATION, "code": "prov"}]
        document["cancelationReason"] = {"coding": coding, **({"text": one.reason} if one.reason else {})}
    result: Json = Appointment.model_validate(document).model_dump(mode="json")
    return {"resourceType": "Appointment", **result}


def _participant(actor: str, answer: str) -> Json:
    return {
        "actor": {"reference": actor, "type": actor.partition("/")[0]},
        "required": "required",
        "status": answer,
    }


def _resource(type_: str, **content: Any) -> Json:
    profile = f"{CORE}/fr-core-{type_.lower()}"
    return {"resourceType": type_, "meta": {"profile": [profile]}, **content}


def _identifier(system: str, value: str, code: str) -> Json:
    type_ = {"coding": [{"system": IDENTIFIER_TYPES, "code": code}]}
    return {"use": "official", "type": type_, "system": system, "value": value}
