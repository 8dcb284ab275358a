"""Who is named in an Appointment: by an identifier, by one of our resources, or by a contained one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
RPPS = "https://rpps.esante.gouv.fr"

Json = Mapping[str, Any]


def names(appointment: Json) -> set[str]:
    """What this event is found by: its professionals, its usagers, its identifiers (names of `Mention`)."""
    professionals = {f"pro {number}" for number in professionals_of(appointment)}
    persons = {f"usager {system}|{value}" for system, value in actors(appointment, "Patient")}
    own = {f"id {one.get('system', '')}|{one['value']}" for one in appointment.get("identifier", ()) if "value" in one}
    return professionals | persons | own


def professionals_of(appointment: Json) -> set[str]:
    """National identifiers of the professionals who take part and have not declined."""
    found = (national(system, value) for system, value in actors(appointment, "Practitioner"))
    return {number for number in found if number}


def national(system: str, value: str) -> str:
    """National identifier (PS_IdNat) of an Identifier of a professional; empty when it is none."""
    if system == IDNPS:
        return value
    return f"8{value}" if system == RPPS and len(value) == 11 else ""


def actors(appointment: Json, kind: str) -> Iterator[tuple[str, str]]:
    """(system, value) of each participant of that type who has not declined."""
    contained = {f"#{one['id']}": one for one in appointment.get("contained", ()) if "id" in one}
    for participant in appointment.get("participant", ()):
        actor = participant.get("actor", {})
        known = contained.get(actor.get("reference", ""), {})
        if participant.get("status") == "declined" or kind not in _kinds(actor, known):
            continue
        for one in (actor.get("identifier", {}), *known.get("identifier", ())):
            if "value" in one:
                yield one.get("system", ""), one["value"]


def _kinds(actor: Json, known: Json) -> tuple[str, ...]:
    reference = str(actor.get("reference", ""))
    return (actor.get("type", ""), known.get("resourceType", ""), reference.partition("/")[0])
