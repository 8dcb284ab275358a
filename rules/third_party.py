"""What the agenda that a professional chose asked of the product, and how its answers are read (flow C)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.paging import next_link
from rules.reading import dig, objects, text
from rules.selectors import DONE, On
from rules.served import ANSWERED, served

FLOW_C = "Cadre d'urbanisation axe 1.1, §1.2.5, flux C"
PRACTITIONERS = "urn:oid:1.2.250.1.71.4.2.1"
ROLE = "agenda-tiers"
OF_SLOTS = "schedule.actor:Practitioner.identifier"
OF_EVENTS = "practitioner.identifier"

# Who shows no token must be refused: nothing else is said of those calls.
_GUEST = On(lambda e: e.context.get("role") == ROLE)
_BUSY_OR_SHUT = (401, 403, 407, 429, 503)
# What an answer says of the product, not of the load of the moment nor of the token that its vendor gave.
JUDGED = ANSWERED & On(lambda e: e.status not in _BUSY_OR_SHUT)
BUNDLES = DONE & On(lambda e: e.answer_resource.get("resourceType") == "Bundle")


def third_party(*operations: str) -> On:
    """Calls of these operations by the third-party agenda: third_party("slot.search")."""
    return served(*(f"agenda_tiers.{operation}" for operation in operations)) & _GUEST


SLOT_SEARCHES, EVENT_SEARCHES = third_party("slot.search"), third_party("appointment.search")
SEARCHES = SLOT_SEARCHES | EVENT_SEARCHES
CREATES, UPDATES = third_party("appointment.create"), third_party("appointment.update")
WRITES, READS = CREATES | UPDATES, third_party("appointment.read")

Key = tuple[str, str]
"""System and value of an identifier."""
Json = Mapping[str, Any]
_COMPARE = {
    "ge": lambda start, bound: start >= bound,
    "gt": lambda start, bound: start > bound,
    "le": lambda start, bound: start <= bound,
    "lt": lambda start, bound: start < bound,
}


@dataclass(frozen=True)
class Window:
    """Bounds of a search by date, each with its prefix."""

    bounds: tuple[tuple[str, datetime], ...]

    def holds(self, start: datetime) -> bool:
        """Whether what begins then was asked for."""
        return all(_COMPARE[prefix](start, bound) for prefix, bound in self.bounds)


def window(search: Exchange, name: str) -> Window | None:
    """The window asked for; None when a bound can be read in more than one way (raw `+`, no offset), or not at all."""
    bounds = [(value[:2], parse_instant(value[2:])) for value in search.values(name)]
    known = tuple((prefix, bound) for prefix, bound in bounds if prefix in _COMPARE and bound is not None)
    return Window(known) if len(known) == len(bounds) else None


def keys_asked(search: Exchange, name: str) -> tuple[Key, ...]:
    """Identifiers asked for, with their system; a token without system says nothing."""
    tokens = (token.partition("|") for value in search.values(name) for token in value.split(","))
    return tuple((system, value) for system, bar, value in tokens if bar and system and value)


def professional_asked(search: Exchange) -> str:
    """National identifier of the one professional whose slots or events are asked for; empty for none or several."""
    found = keys_asked(search, OF_SLOTS if SLOT_SEARCHES(search) else OF_EVENTS)
    return found[0][1] if len(found) == 1 and found[0][0] == PRACTITIONERS else ""


def codes_asked(search: Exchange, name: str) -> frozenset[str]:
    """Codes asked for, without their system."""
    return frozenset(c.rpartition("|")[2] for value in search.values(name) for c in value.split(",") if c)


def entries(answer: Exchange) -> Iterator[tuple[str, Json, Json]]:
    """FHIRPath, entry and resource of each entry that holds one."""
    for place, entry in objects(answer.answer_resource.get("entry")):
        if isinstance(entry.get("resource"), Mapping):
            yield f"Bundle.entry[{place}]", entry, entry["resource"]


def matches(answer: Exchange) -> list[tuple[str, Json]]:
    """FHIRPath and content of what a search found: resources of the type asked for, not given as included."""
    kind = "Slot" if SLOT_SEARCHES(answer) else "Appointment"
    return [
        (f"{at}.resource", found)
        for at, entry, found in entries(answer)
        if found.get("resourceType") == kind and dig(entry, "search", "mode") != "include"
    ]


def ids(answer: Exchange) -> frozenset[str]:
    """Ids of what a search found."""
    return frozenset(text(found.get("id")) for _, found in matches(answer))


def is_whole(answer: Exchange) -> bool:
    """Whether an answer holds all that was found, on one page."""
    return BUNDLES(answer) and not next_link(answer)


def held(resource: Json) -> frozenset[Key]:
    """Identifiers of a resource, with their system."""
    found = [(text(one.get("system")), text(one.get("value"))) for _, one in objects(resource.get("identifier"))]
    return frozenset((system, value) for system, value in found if value)


def professionals_of(event: Json) -> frozenset[str]:
    """National identifiers of the professionals who take part, as far as the event itself says them."""
    actors = [one.get("actor") for _, one in objects(event.get("participant")) if one.get("status") != "declined"]
    found = [dig(actor, "identifier") for actor in actors]
    return frozenset(text(dig(one, "value")) for one in found if dig(one, "system") == PRACTITIONERS)


def written_id(write: Exchange) -> str:
    """Id of the event that a write made or changed, by the answer or its Location; empty when neither says it."""
    if write.answer_resource.get("resourceType") == "Appointment" and text(write.answer_resource.get("id")):
        return text(write.answer_resource["id"])
    found = re.search(r"/Appointment/([A-Za-z0-9.-]{1,64})", write.answer_header("Location") or "")
    return found[1] if found else ""


def span(resource: Json) -> tuple[datetime, datetime] | None:
    """Start and end; None when one of them is no instant."""
    start, end = parse_instant(resource.get("start")), parse_instant(resource.get("end"))
    return None if start is None or end is None else (start, end)
