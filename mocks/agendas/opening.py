"""An agenda opened at the manager itself, for a fictitious professional: how it is asked (admin API), and done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks.admin.operations import TEXT, Schema, thing
from mocks.agendas import availability, model_actors, model_booking, model_slots
from mocks.agendas.resources import CORE
from mocks.agendas.state import State
from mocks.fhir import Resource
from mocks.fhir.store import new_id
from mocks.journal import events
from mocks.world import professionals
from mocks.world.professionals import Professional

_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
_RULES = "https://www.ietf.org/rfc/rfc2445"
DISPO = "https://banc.test/gap/dispo"
_KINDS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-schedule-type"

INSTANT: Schema = {"type": "string", "format": "date-time", "pattern": "(Z|[+-][0-9]{2}:[0-9]{2})$"}
LABEL: Schema = {"type": "string", "maxLength": 200}
OPENING = thing(
    {
        "debut": INSTANT,
        "fin": INSTANT,
        "type": {"enum": ["free", "busy-unavailable"]},
        "frequence": {"enum": ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]},
        "jours": {"type": "array", "items": {"enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]}, "maxItems": 7},
        "jusqu_au": INSTANT,
    },
    ("debut", "fin"),
)
AGENDA = thing(
    {
        "professionnel": TEXT,
        "disponibilites": {"type": "array", "items": OPENING, "minItems": 1, "maxItems": 50},
        "durees_min": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 1440}, "maxItems": 10},
    },
    ("disponibilites",),
)


def professional(state: State, id_: str | None) -> Professional:
    """The fictitious professional of that id, a new one for None. Raises UnknownProfessionalError."""
    if id_ is None:
        return professionals.create(state.session, state.tenant.name, {})
    return professionals.by_id(state.session, state.tenant.name, id_)


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
    told = {"schedule": ids["schedule"], "professionnel": professional.id}
    events.act(state.session, state.tenant, f"{state.service}.gestionnaire.agenda_ouvert", None, told)
    who = {"professionnel": professional.id, "identifiant_national": professional.national_id}
    return {**who, **ids, "creneaux": made.created}


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
        {"url": "identifier", "valueIdentifier": {"system": DISPO, "value": str(rank)}},
    ]
    if "frequence" in wish:
        rule: list[dict[str, Any]] = [{"url": "freq", "valueCoding": {"system": _RULES, "code": wish["frequence"]}}]
        rule += [{"url": "byDay", "valueString": day} for day in wish.get("jours", ())]
        rule += [{"url": "until", "valueDateTime": wish["jusqu_au"]}] if "jusqu_au" in wish else []
        parts.append({"url": "rrule", "extension": rule})
    return {"url": availability.AVAILABILITY, "extension": parts}
