"""From professionals and meetings to FHIR, and back (CI-SIS GAP 3.0.0; the block adds nothing to it)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reference.config import ESTABLISHMENT
from reference.mapping import IDENTIFIER_TYPES, IDNPS, OPERATOR, PROFILE, ins_identifier
from reference.professionals import Professional
from reference.records import Usager

Json = dict[str, Any]
CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"
KINDS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-schedule-type"
OURS = "urn:oid:1.2.250.1.999.10.1.5"
"""System of what the product names itself at the block (fictitious branch)."""
STRUCTURES = "urn:oid:1.2.250.1.71.4.2.2"
ANSWERS = {"accepted": "acceptee", "declined": "refusee", "tentative": "autre_horaire", "needs-action": "en_attente"}
STATUSES = {"proposed": "demande", "pending": "en_attente", "cancelled": "annule", "entered-in-error": "annule"}
Period = tuple[datetime, datetime]


def practitioner(professional: Professional) -> Json:
    """The person."""
    return {
        "resourceType": "Practitioner",
        "meta": {"profile": [f"{CORE}/fr-core-practitioner"]},
        "identifier": [{"use": "official", "type": _type("IDNPS"), **national(professional.identifiant_national)}],
        "name": [{"family": professional.nom, "given": [professional.prenom]}],
    }


def role(practitioner_id: str) -> Json:
    """What that person does here."""
    place = {"type": _type("IDNST"), "system": STRUCTURES, "value": f"1{ESTABLISHMENT['finess']}"}
    return {
        "resourceType": "PractitionerRole",
        "practitioner": {"reference": f"Practitioner/{practitioner_id}"},
        "organization": {"type": "Organization", "identifier": place, "display": ESTABLISHMENT["nom"]},
    }


def schedule(practitioner_id: str, role_id: str, free: Sequence[Period], minutes: int) -> Json:
    """The agenda of that person: these periods are open, in appointments of that length."""
    value = {"value": minutes, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"}
    service = {"url": "serviceType", "valueCodeableConcept": {"text": "Réunion entre professionnels"}}
    length = {
        "url": f"{CORE}/fr-core-service-type-duration",
        "extension": [service, {"url": "duration", "valueDuration": value}],
    }
    return {
        "resourceType": "Schedule",
        "meta": {"profile": [f"{CORE}/fr-core-schedule"]},
        "extension": [length, *(_available(start, end) for start, end in free)],
        "active": True,
        "actor": [
            {"reference": f"PractitionerRole/{role_id}", "type": "PractitionerRole"},
            {"reference": f"Practitioner/{practitioner_id}", "type": "Practitioner"},
        ],
    }


def _available(start: datetime, end: datetime) -> Json:
    parts: list[Json] = [
        {"url": "type", "valueCoding": {"system": KINDS, "code": "free"}},
        {"url": "start", "valueDateTime": start.isoformat(timespec="seconds")},
        {"url": "end", "valueDateTime": end.isoformat(timespec="seconds")},
        {"url": "identifier", "valueIdentifier": {"system": OURS, "value": f"dispo-{int(start.timestamp())}"}},
    ]
    return {"url": f"{CORE}/fr-core-schedule-availability-time", "extension": parts}


def request(
    value: str,
    period: Period,
    titles: Mapping[str, str],
    asker: Professional,
    guests: Iterable[Mapping[str, str]],
    usager: Usager | None,
    created: datetime,
    slots: Sequence[str] = (),
) -> Json:
    """A request, valid by `fhir.resources`.

    titles: `intitule`, `motif`. guests: `identifiant_national`, `nom`, `prenom`. slots: at the block.
    """
    from fhir.resources.R4B.appointment import Appointment  # half a second to import: only when something is sent

    asking = {"identifiant_national": asker.identifiant_national, "nom": asker.nom, "prenom": asker.prenom}
    invited = [asking, *guests]
    answers = ["accepted", *["needs-action"] * (len(invited) - 1)]
    document: Json = {
        "meta": {"profile": [PROFILE]},
        "contained": [one for rank, who in enumerate(invited) for one in _contained(rank, who)],
        "extension": [{"url": OPERATOR, "valueReference": _actor(0, asking)}],
        "identifier": [{"system": OURS, "value": value}],
        "status": "proposed",
        "description": titles["intitule"],
        **({"reasonCode": [{"text": titles["motif"]}]} if titles.get("motif") else {}),
        "start": period[0].isoformat(timespec="seconds"),
        "end": period[1].isoformat(timespec="seconds"),
        **({"slot": [{"reference": slot} for slot in slots]} if slots else {}),
        "created": created.isoformat(timespec="seconds"),
        "participant": [
            *([] if usager is None else [_patient(usager)]),
            *(
                one
                for rank, (who, answer) in enumerate(zip(invited, answers, strict=True))
                for one in _guest(rank, who, answer)
            ),
        ],
    }
    result: Json = Appointment.model_validate(document).model_dump(mode="json")
    return {"resourceType": "Appointment", **result}


def _contained(rank: int, who: Mapping[str, str]) -> list[Json]:
    """GAP flux-gestion-ressources: the role and the person, linked to each other."""
    person = {
        "resourceType": "Practitioner",
        "id": f"pro-{rank}",
        "identifier": [national(who["identifiant_national"])],
        "name": [{"family": who["nom"], "given": [who["prenom"]]}],
    }
    return [
        person,
        {"resourceType": "PractitionerRole", "id": f"role-{rank}", "practitioner": {"reference": f"#pro-{rank}"}},
    ]


def _guest(rank: int, who: Mapping[str, str], answer: str) -> list[Json]:
    part = {"reference": f"#role-{rank}", "type": "PractitionerRole", "display": f"{who['prenom']} {who['nom']}"}
    return [{"actor": actor, "required": "required", "status": answer} for actor in (_actor(rank, who), part)]


def _actor(rank: int, who: Mapping[str, str]) -> Json:
    name = f"{who['prenom']} {who['nom']}"
    identifier = national(who["identifiant_national"])
    return {"reference": f"#pro-{rank}", "type": "Practitioner", "identifier": identifier, "display": name}


def _patient(usager: Usager) -> Json:
    identifier = ins_identifier(usager)
    return {"actor": {"type": "Patient", "identifier": identifier}, "required": "required", "status": "accepted"}


def national(number: str) -> Json:
    """The identifier that every structure knows a professional by."""
    return {"system": IDNPS, "value": number}


def _type(code: str) -> Json:
    return {"coding": [{"system": IDENTIFIER_TYPES, "code": code}]}


def answers(resource: Mapping[str, Any]) -> dict[str, str]:
    """What each professional has answered, by national identifier."""
    found: dict[str, str] = {}
    for number, participant in guests_of(resource):
        found.setdefault(number, str(participant.get("status", "")))
    return found


def guests_of(resource: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    """National identifier and participant of each professional; a role is that of its person."""
    held = {f"#{one.get('id')}": one for one in resource.get("contained") or []}
    for participant in resource.get("participant") or []:
        actor = participant.get("actor") or {}
        contained = held.get(actor.get("reference", ""), {})
        named = [actor.get("identifier") or {}]
        if contained.get("resourceType") == "PractitionerRole":
            person = contained.get("practitioner") or {}
            named.append(person.get("identifier") or {})
            contained = held.get(person.get("reference", ""), {})
        named += contained.get("identifier") or []
        number = next((one["value"] for one in named if one.get("system") == IDNPS and one.get("value")), "")
        if number:
            yield str(number), participant


def patient_of(resource: Mapping[str, Any]) -> str:
    """INS of the usager who takes part, empty without."""
    for participant in resource.get("participant") or []:
        actor = participant.get("actor") or {}
        if actor.get("type") == "Patient":
            return str((actor.get("identifier") or {}).get("value", ""))
    return ""
