"""What is done at the manager itself: an agenda opened, an appointment confirmed, moved, cancelled; each is an act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mocks.clock import rfc3339
from mocks.fhir import Resource, Stored
from mocks.fhir.store import new_id
from mocks.gap import availability, model_actors, model_booking, model_slots
from mocks.gap.model_slots import Made
from mocks.gap.model_status import may_become
from mocks.gap.resources import CORE
from mocks.gap.state import State
from mocks.journal import events
from mocks.world.professionals import Professional

_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
_RULES = "https://www.ietf.org/rfc/rfc2445"
_KINDS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-schedule-type"
# What each act makes of the status; None leaves it.
ACTS: Mapping[str, str | None] = {
    "confirmer": "booked",
    "annuler": "cancelled",
    "deplacer": None,
    "honorer": "fulfilled",
    "absence": "noshow",
    "saisie_erronee": "entered-in-error",
}


class NoAppointmentError(LookupError):
    """No appointment of that id."""


class WrongTimeError(ValueError):
    """The new time makes no sense; the text is a French sentence."""


class IllegalActError(ValueError):
    """The status does not allow the act; the text is a French sentence."""


def open_agenda(state: State, professional: Professional, wishes: Mapping[str, Any]) -> dict[str, Any]:
    """Store a professional with a place, a role and a Schedule, and make its slots. Raises AvailabilityError.

    wishes: body of the admin API (contract of agendas §5). Returns the ids of what was stored.
    """
    state.session.begin()
    ids = {name: new_id() for name in ("organization", "location", "practitioner", "practitioner_role", "schedule")}
    for resource in _people(professional, ids):
        state.put(resource)
    schedule = _schedule(ids, wishes)
    model_actors.know_schedule(state, ids["schedule"], schedule)
    model_booking.adopt(state, ids["schedule"])
    made = model_slots.make(state, ids["schedule"], schedule)
    state.put(schedule)
    _tell(state, "agenda_ouvert", None, {"schedule": ids["schedule"], "professionnel": professional.id})
    told = {"professionnel": professional.id, "identifiant_national": professional.national_id}
    return {**told, **ids, "creneaux": made.created}


def make_again(state: State, schedule: Stored) -> Made:
    """Make the slots of a Schedule as of now. Raises AvailabilityError."""
    state.session.begin()
    made = model_slots.make(state, schedule.id, schedule.resource)
    _tell(state, "creneaux_calcules", None, {"schedule": schedule.id})
    return made


def act(state: State, id_: str, name: str, wishes: Mapping[str, Any]) -> Stored:
    """Do something with an appointment. name: key of ACTS. wishes: `debut`, `fin` of a move.

    Raises NoAppointmentError, IllegalActError, WrongTimeError, model_booking.TakenError.
    """
    state.session.begin()
    old = state.get("Appointment", id_)
    if old is None:
        raise NoAppointmentError(id_)
    before = old.resource
    status = ACTS[name] or before["status"]
    if not may_become(before["status"], status):
        raise IllegalActError(f"Un rendez-vous « {before['status']} » ne peut pas devenir « {status} ».")
    after = {**before, "status": status}
    if name == "deplacer":
        if datetime.fromisoformat(wishes["debut"]) >= datetime.fromisoformat(wishes["fin"]):
            raise WrongTimeError("Un rendez-vous finit après son début.")
        after |= {"start": wishes["debut"], "end": wishes["fin"]}
        after.pop("slot", None)
        after.pop("minutesDuration", None)
    if name == "confirmer":
        after["participant"] = [{**participant, "status": "accepted"} for participant in after["participant"]]
    model_booking.book(state, id_, after, before, exclusive=state.setting("double_reservation") == "refuser")
    stored = state.put(after, old)
    told = {"rendez_vous": id_, "statut": status, "debut": after.get("start"), "fin": after.get("end")}
    _tell(state, f"rendez_vous_{name}", next(iter(persons(state, after)), None), told)
    return stored


def persons(state: State, appointment: Resource) -> list[str]:
    """The fictitious persons who take part."""
    found = []
    for participant in appointment.get("participant", ()):
        keys = model_actors.keys(state, participant.get("actor"), ("Patient",))
        person = model_actors.person_named(state, sorted(keys)) if keys else None
        found += [] if person is None or person in found else [person]
    return found


def _tell(state: State, what: str, person: str | None, details: Mapping[str, Any]) -> None:
    events.act(state.session, state.tenant, f"gap.gestionnaire.{what}", person, details)


def _people(professional: Professional, ids: Mapping[str, str]) -> list[Resource]:
    place = professional.practices[0].activities[0]
    return [
        {
            "resourceType": "Organization",
            "id": ids["organization"],
            "meta": {"profile": [f"{CORE}/fr-core-organization"]},
            "identifier": [_identifier("IDNST", "urn:oid:1.2.250.1.71.4.2.2", f"1{place['finess']}")],
            "name": place["raison_sociale"],
        },
        {
            "resourceType": "Location",
            "id": ids["location"],
            "meta": {"profile": [f"{CORE}/fr-core-location"]},
            "name": place["raison_sociale"],
            "managingOrganization": {"reference": f"Organization/{ids['organization']}"},
        },
        {
            "resourceType": "Practitioner",
            "id": ids["practitioner"],
            "meta": {"profile": [f"{CORE}/fr-core-practitioner"]},
            "identifier": [_identifier("IDNPS", "urn:oid:1.2.250.1.71.4.2.1", professional.national_id)],
            "name": [{"family": professional.family, "given": [professional.given]}],
        },
        {
            "resourceType": "PractitionerRole",
            "id": ids["practitioner_role"],
            "practitioner": {"reference": f"Practitioner/{ids['practitioner']}"},
            "organization": {"reference": f"Organization/{ids['organization']}"},
            "location": [{"reference": f"Location/{ids['location']}"}],
        },
    ]


def _identifier(code: str, system: str, value: str) -> dict[str, Any]:
    type_ = {"coding": [{"system": _TYPES, "code": code}]}
    return {"use": "official", "type": type_, "system": system, "value": value}


def _schedule(ids: Mapping[str, str], wishes: Mapping[str, Any]) -> Resource:
    openings = [_opening(rank, wish) for rank, wish in enumerate(wishes["disponibilites"], 1)]
    lengths = [_duration(minutes) for minutes in wishes.get("durees_min", ())]
    actors = (("PractitionerRole", "practitioner_role"), ("Practitioner", "practitioner"))
    return {
        "resourceType": "Schedule",
        "id": ids["schedule"],
        "meta": {"profile": [f"{CORE}/fr-core-schedule"]},
        "extension": [*lengths, *openings],
        "active": True,
        "actor": [{"reference": f"{type_}/{ids[key]}"} for type_, key in actors],
    }


def _duration(minutes: int) -> dict[str, Any]:
    value = {"value": minutes, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"}
    service = {"url": "serviceType", "valueCodeableConcept": {"text": f"Rendez-vous de {minutes} minutes"}}
    return {"url": availability.DURATION, "extension": [service, {"url": "duration", "valueDuration": value}]}


def _opening(rank: int, wish: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"system": _KINDS, "code": wish.get("type", availability.FREE)}
    parts: list[dict[str, Any]] = [
        {"url": "type", "valueCoding": kind},
        {"url": "start", "valueDateTime": wish["debut"]},
        {"url": "end", "valueDateTime": wish["fin"]},
        {"url": "identifier", "valueIdentifier": {"system": "https://banc.test/gap/dispo", "value": str(rank)}},
    ]
    if "frequence" in wish:
        rule: list[dict[str, Any]] = [{"url": "freq", "valueCoding": {"system": _RULES, "code": wish["frequence"]}}]
        rule += [{"url": "byDay", "valueString": day} for day in wish.get("jours", ())]
        rule += [{"url": "until", "valueDateTime": wish["jusqu_au"]}] if "jusqu_au" in wish else []
        parts.append({"url": "rrule", "extension": rule})
    return {"url": availability.AVAILABILITY, "extension": parts}


def described(state: State, stored: Stored) -> dict[str, Any]:
    """An appointment as the admin API shows it."""
    resource = stored.resource
    return {
        "id": stored.id,
        "identifiants": list(model_actors.identifiers(resource)),
        "statut": resource.get("status"),
        "debut": resource.get("start"),
        "fin": resource.get("end"),
        "personnes": persons(state, resource),
        "version": stored.version,
        "modifie": rfc3339(stored.instant),
        "resource": resource,
    }
