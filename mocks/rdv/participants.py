"""Who is invited to an appointment between professionals, and what each has answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mocks.agendas import State
from mocks.fhir import Resource

IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
RPPS = ("https://rpps.esante.gouv.fr", "http://rpps.esante.gouv.fr")
OPTIONAL = ("optional", "information-only")
AGREED = "accepted"


@dataclass(frozen=True, slots=True)
class Guest:
    """One who takes part: her places among the participants, and her answer.

    professional: national identifier (PS_IdNat), empty for another kind of participant. A professional often has two
    places, PractitionerRole and Practitioner (GAP, flux de gestion des ressources): the least agreement counts.
    """

    professional: str
    places: tuple[int, ...]
    answer: str
    needed: bool


_ORDER = ("declined", "needs-action", "tentative", AGREED)


def guests(state: State, appointment: Resource) -> dict[str, Guest]:
    """Everybody who takes part, by national identifier, or by place (`#2`) for those who are no professionals."""
    found: dict[str, list[int]] = {}
    listed = appointment.get("participant", ())
    for place, participant in enumerate(listed):
        professional = national_id(state, appointment, participant.get("actor"))
        found.setdefault(professional or f"#{place}", []).append(place)
    return {key: _guest(state, key, places, listed) for key, places in found.items()}


def _guest(state: State, key: str, places: list[int], listed: Any) -> Guest:
    answers = [str(listed[place].get("status", "")) for place in places]
    worst = min(answers, key=lambda answer: _ORDER.index(answer) if answer in _ORDER else 0)
    professional = "" if key.startswith("#") else key
    needed = any(listed[place].get("required") not in OPTIONAL for place in places)
    return Guest(
        professional, tuple(places), worst, needed and (bool(professional) or _speaks(state, listed[places[0]]))
    )


def _speaks(state: State, participant: Mapping[str, Any]) -> bool:
    """Whether an answer is to be expected of one who is no professional: a room or a service gives none."""
    actor = participant.get("actor") or {}
    return (state.local(actor.get("reference"))[0] or actor.get("type")) in ("Patient", "RelatedPerson")


def invited(state: State, appointment: Resource) -> dict[str, Guest]:
    """The professionals who take part, by national identifier."""
    return {key: guest for key, guest in guests(state, appointment).items() if guest.professional}


def agreed(state: State, appointment: Resource, proposer: str) -> bool:
    """Whether everybody whose presence is needed has accepted; who proposed this very time need not say so again."""
    needed = [guest for guest in guests(state, appointment).values() if guest.needed]
    return bool(needed) and all(
        guest.answer == AGREED or (guest.professional == proposer != "" and guest.answer == "tentative")
        for guest in needed
    )


def answering(appointment: Resource, places: Mapping[int, str]) -> list[dict[str, Any]]:
    """The participants with other answers. places: new status by place."""
    return [
        {**participant, "status": places.get(place, participant.get("status"))}
        for place, participant in enumerate(appointment.get("participant", ()))
    ]


def national_id(state: State, appointment: Resource, actor: Any) -> str:
    """National identifier of the professional whom an actor names, by value, contained or stored; empty otherwise."""
    if not isinstance(actor, dict):
        return ""
    own = _number(actor.get("identifier"))
    if own:
        return own
    target = _target(state, appointment, actor.get("reference"))
    if target.get("resourceType") == "PractitionerRole":
        return national_id(state, appointment, target.get("practitioner"))
    return next(filter(None, map(_number, _identifiers(target))), "") if target else ""


def _target(state: State, appointment: Resource, reference: object) -> Mapping[str, Any]:
    """The Practitioner or PractitionerRole that a reference leads to, empty for another one."""
    if isinstance(reference, str) and reference.startswith("#"):
        held = appointment.get("contained", ())
        found = next((one for one in held if isinstance(one, dict) and one.get("id") == reference[1:]), {})
    else:
        type_, id_ = state.local(reference)
        stored = state.get(type_, id_) if type_ else None
        found = {} if stored is None else stored.resource
    return found if found.get("resourceType") in ("Practitioner", "PractitionerRole") else {}


def _identifiers(resource: Mapping[str, Any]) -> Iterator[Any]:
    listed = resource.get("identifier")
    yield from listed if isinstance(listed, list) else ()


def _number(identifier: Any) -> str:
    """PS_IdNat of an identifier; a bare RPPS has the prefix 8 there."""
    if not isinstance(identifier, dict) or not isinstance(identifier.get("value"), str):
        return ""
    system, value = identifier.get("system"), identifier["value"]
    if system == IDNPS:
        return f"8{value}" if len(value) == 11 and value.isdigit() else str(value)
    return f"8{value}" if system in RPPS else ""
