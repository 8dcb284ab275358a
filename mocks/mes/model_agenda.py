"""Events of the agenda: who they are about, their life-cycle, their sources, their duplicates. No HTTP here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mocks.mes import subject
from mocks.mes.guard import bare_oid

Resource = dict[str, Any]
AUTHOR_SYSTEM = "https://banc.test/mes/auteur"
STRUCTURE_SYSTEM = "https://banc.test/bsp/structure"
USAGER = "urn:banc:usager"
STATUS_SYSTEM = "http://hl7.org/fhir/appointmentstatus"

_OVER = ("entered-in-error",)
_BEFORE = ("proposed", "pending", "booked", "waitlist", "cancelled", "entered-in-error")
# From each status, those that may follow (fact sheet §14; agenda sheet §1.7). Staying is always legal.
TRANSITIONS: Mapping[str, tuple[str, ...]] = {
    "proposed": _BEFORE,
    "pending": _BEFORE,
    "waitlist": _BEFORE,
    "booked": ("arrived", "checked-in", "fulfilled", "noshow", "cancelled", "entered-in-error"),
    "arrived": ("checked-in", "fulfilled", "cancelled", "entered-in-error"),
    "checked-in": ("arrived", "fulfilled", "cancelled", "entered-in-error"),
    "fulfilled": _OVER,
    "noshow": _OVER,
    "cancelled": _OVER,
    "entered-in-error": (),
}


def may_become(old: str, new: str) -> bool:
    """True when an event of that status may take the other."""
    return old == new or new in TRANSITIONS.get(old, ())


def participants(resource: Any) -> Iterator[Resource]:
    """The `actor` of each participant, even in a resource that nobody judged yet."""
    found = resource.get("participant") if isinstance(resource, dict) else None
    for participant in found if isinstance(found, list) else ():
        actor = participant.get("actor") if isinstance(participant, dict) else None
        if isinstance(actor, dict):
            yield actor


def is_patient(actor: Resource) -> bool:
    """True for an actor that is a Patient, by its type or its reference."""
    reference = actor.get("reference")
    return actor.get("type") == "Patient" or (isinstance(reference, str) and "Patient/" in reference)


def patients(resource: Any) -> list[tuple[str, str]]:
    """(OID of the assigning authority, idPe) of each patient who takes part; empty strings where they lack."""
    pairs = []
    for actor in participants(resource):
        identifier = actor.get("identifier")
        if is_patient(actor) and isinstance(identifier, dict):
            pairs.append((bare_oid(str(identifier.get("system", ""))), str(identifier.get("value", ""))))
    return pairs


def name_patients(resource: Resource, person: str) -> None:
    """Name the patients as the store does: the idPe that a service gives stays between it and MES."""
    for actor in participants(resource):
        if is_patient(actor):
            actor.pop("reference", None)
            actor["identifier"] = subject.identifier(person)


def stamp(resource: Resource, source: str, structure: Mapping[str, str] | None = None) -> None:
    """Write who sent the event. source: OID of a service, or USAGER. structure: `finess`, `nom`, where it is known."""
    code = "PATIENT" if source == USAGER else "EDITOR_SOLUTION"
    tags = [
        tag
        for tag in resource.get("meta", {}).get("tag", ())
        if tag.get("system") not in (AUTHOR_SYSTEM, STRUCTURE_SYSTEM)
    ]
    tags.append({"system": AUTHOR_SYSTEM, "code": code})
    if structure is not None:
        tags.append({"system": STRUCTURE_SYSTEM, "code": structure["finess"], "display": structure["nom"]})
    resource["meta"] = {**resource.get("meta", {}), "source": uri_of(source), "tag": tags}


def structure_of(resource: Resource) -> dict[str, str] | None:
    """The structure that sent the event (`finess`, `nom`), where it is known."""
    for tag in resource.get("meta", {}).get("tag", ()):
        if tag.get("system") == STRUCTURE_SYSTEM:
            return {"finess": tag["code"], "nom": tag["display"]}
    return None


def uri_of(source: str) -> str:
    """meta.source of an author."""
    return source if source.startswith("urn:") else f"urn:oid:{source}"


def label(resource: Resource) -> str:
    """What names an event for its usager: its description, else the professional or the place."""
    names = [actor.get("display") for actor in participants(resource) if not is_patient(actor)]
    return str(resource.get("description") or next((name for name in names if name), ""))


def probable_duplicates(events: Sequence[Resource], minutes: int) -> set[str]:
    """Ids of the events that another source seems to have sent too (agenda sheet §5.5, level 2).

    minutes: greatest difference of start. The two share a professional or a structure; what was cancelled or entered
    in error does not count.
    """
    alive = [event for event in events if event.get("status") not in ("cancelled", "entered-in-error")]
    found: set[str] = set()
    for rank, one in enumerate(alive):
        for other in alive[rank + 1 :]:
            if _close(one, other, timedelta(minutes=minutes)) and who(one) & who(other):
                found |= {one["id"], other["id"]}
    return found


def who(resource: Resource) -> set[str]:
    """Everything that names the professionals and places of an event."""
    names: set[str] = set()
    for actor in participants(resource):
        if not is_patient(actor):
            identifier = actor.get("identifier") or {}
            names |= {f"{identifier.get('system', '')}|{identifier['value']}"} if identifier.get("value") else set()
            names |= {str(actor["display"]).casefold()} if actor.get("display") else set()
    return names


def _close(one: Resource, other: Resource, gap: timedelta) -> bool:
    if one["meta"]["source"] == other["meta"]["source"] or not one.get("start") or not other.get("start"):
        return False
    return abs(datetime.fromisoformat(one["start"]) - datetime.fromisoformat(other["start"])) <= gap
