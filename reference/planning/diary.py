"""Every event of the professionals, typed in the DUI or received from elsewhere, and how each is found again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reference import clock
from reference.planning.events import Event, Mention
from reference.planning.participants import names
from reference.planning.slots import Period
from reference.records import RendezVous
from reference.store import Store

FREEING = frozenset({"cancelled", "entered-in-error", "waitlist"})
"""Statuses of an event that takes nobody's time."""
ASKED = frozenset({"proposed", "pending"})
"""Statuses of an event that is not agreed upon yet."""

Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """Time that an event takes. tentative: it is asked for only."""

    event: str
    period: Period
    tentative: bool


class Diary:
    """Events by professional, by usager and by identifier."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def note(self, rendez_vous: RendezVous) -> None:
        """Find an appointment of the DUI again by its professional and its identifier."""
        start = clock.instant(rendez_vous.start, rendez_vous.zone)
        period = (start, clock.after(start, rendez_vous.minutes))
        rpps = (rendez_vous.professional or {}).get("rpps")
        professional = [f"pro 8{rpps}"] if rpps else []
        named = [*professional, f"id {rendez_vous.system}|{rendez_vous.value}"]
        self._mention(rendez_vous.id, named, period, rendez_vous.status)

    def receive(self, resource: Resource) -> Event:
        """Keep a new event."""
        event = Event(f"evt-{secrets.token_hex(8)}", dict(resource), 1, self._instant())
        self._keep(event)
        return event

    def replace(self, event: Event, resource: Resource) -> Event:
        """Keep the new state of an event. Nobody that it names no more finds it."""
        gone = names(event.resource) - names(resource)
        event.resource, event.version, event.updated = dict(resource), event.version + 1, self._instant()
        self._keep(event)
        for name in gone:
            for mention in self._store.all(Mention, name):
                if mention.event == event.id:
                    self._store.delete(mention)
        return event

    def keep_meeting(self, meeting: str, resource: Resource) -> None:
        """Keep an appointment that the booking block wrote, as any event of elsewhere; the block alone changes it."""
        known = self._store.get(Event, meeting)
        content = {name: value for name, value in resource.items() if name != "id"}
        if known is None:
            self._keep(Event(meeting, content, 1, self._instant()))
        else:
            self.replace(known, content)

    def event(self, event_id: str) -> Event | RendezVous | None:
        """The event of that id, whoever made it."""
        return self._store.get(Event, event_id) or self._store.get(RendezVous, event_id)

    def mentions(self, name: str) -> list[Mention]:
        """Events that name this (see Mention), in the order in which they came."""
        return self._store.all(Mention, name)

    def bearing(self, token: tuple[str | None, str]) -> list[str]:
        """Events that bear this identifier; system None: under whatever system."""
        system, value = token
        if system is not None:
            return [mention.event for mention in self.mentions(f"id {system}|{value}")]
        return [one.event for one in self._store.all(Mention) if one.name.startswith("id ") and one.value == value]

    def lend(self, event: Event, professional: str) -> None:
        """Take the time of somebody else too: only a defect asks."""
        start, end = (clock.parsed(event.resource.get(name), "UTC") for name in ("start", "end"))
        if start is not None and end is not None:
            self._mention(event.id, [f"pro {professional}"], (start, end), str(event.resource["status"]))

    def taken(self, professional: str, within: Period, freeing: frozenset[str] = FREEING) -> Iterator[Taken]:
        """The time of a professional (national identifier) taken in a period. freeing: statuses that give it back."""
        first, last = (moment.timestamp() for moment in within)
        for mention in self._store.all(Mention, f"pro {professional}"):
            met = mention.start < last and first < mention.end
            if met and mention.status not in freeing and mention.end > mention.start:
                period = (datetime.fromtimestamp(mention.start, UTC), datetime.fromtimestamp(mention.end, UTC))
                yield Taken(mention.event, period, mention.status in ASKED)

    def _keep(self, event: Event) -> None:
        start, end = (clock.parsed(event.resource.get(name), "UTC") for name in ("start", "end"))
        nowhen = datetime.fromtimestamp(0, UTC)
        self._store.save(event)
        status = str(event.resource.get("status", ""))
        self._mention(event.id, names(event.resource), (start or nowhen, end or nowhen), status)

    def _mention(self, event: str, named: Any, period: Period, status: str) -> None:
        for name in sorted(named):
            self._store.save(Mention(event, name, period[0].timestamp(), period[1].timestamp(), status))

    def _instant(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
