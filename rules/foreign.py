"""Events of the usager's agenda that the product did not make: typed by the usager, or sent by another service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.exchange import Exchange
from rules.gap import APPOINTMENTS
from rules.instants import parse_instant
from rules.reading import dig, objects, text
from rules.selectors import APPOINTMENT_SEARCHES, USAGER_AGENDA
from rules.visits import Key, identifiers


@dataclass(frozen=True)
class Foreign:
    """An event that an answer of MES shows as made by somebody else."""

    exchange: int
    id: str
    keys: tuple[Key, ...]
    start: datetime | None
    label: str

    def same_as(self, resource: Mapping[str, Any]) -> bool:
        """Whether a resource is this event, by identifier or by its looks."""
        return self.keeps_identifier(resource) or self.looks_like(resource)

    def keeps_identifier(self, resource: Mapping[str, Any]) -> bool:
        """Whether a resource bears an identifier of this event."""
        return bool(set(self.keys) & set(identifiers(resource)))

    def looks_like(self, resource: Mapping[str, Any]) -> bool:
        """Whether a resource has the start and the label of this event."""
        start = parse_instant(resource.get("start"))
        return bool(start and start == self.start and self.label and text(resource.get("description")) == self.label)


def foreign_events(exchanges: Sequence[Exchange]) -> list[Foreign]:
    """Foreign events that the product was shown. An identifier that it wrote itself before is its own."""
    own: set[Key] = set()
    found: list[Foreign] = []
    for e in exchanges:
        if APPOINTMENTS(e):
            own |= set(identifiers(e.json))
        elif APPOINTMENT_SEARCHES(e) and USAGER_AGENDA(e) and e.context.get("oid"):
            found += [event for event in _shown(e) if not own & set(event.keys)]
    return found


def _shown(search: Exchange) -> Iterator[Foreign]:
    ours = f"urn:oid:{search.context.get('oid')}"
    for _, entry in objects(search.answer_resource.get("entry")):
        event = entry.get("resource")
        source = text(dig(event, "meta", "source"))
        if dig(event, "resourceType") == "Appointment" and source and source != ours:
            start, label = parse_instant(dig(event, "start")), text(dig(event, "description"))
            yield Foreign(search.id, text(dig(event, "id")), identifiers(event), start, label)
