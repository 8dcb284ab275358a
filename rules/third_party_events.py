"""What became of the events of a third-party agenda, as its writes and their answers show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.exchange import Exchange
from rules.reading import text
from rules.selectors import DONE, UNCERTAIN
from rules.third_party import UPDATES, WRITES, Json, Key, held, keys_asked, professionals_of, span, written_id

ASKED = frozenset({"proposed", "pending"})
"""Statuses of an event that is not agreed upon yet."""
TAKING = ASKED | {"booked", "arrived", "checked-in", "fulfilled", "noshow"}
"""Statuses of an event that takes the time of its participants."""


@dataclass
class Diary:
    """Events that the product holds, by what its answers say.

    states: last content of each event, by its id; booked: ids of those that once took a slot. unsure: identifiers of
    writes whose answer does not say whether they were made.
    """

    states: dict[str, Json] = field(default_factory=dict)
    booked: set[str] = field(default_factory=set)
    unsure: set[Key] = field(default_factory=set)

    def bearing(self, key: Key) -> set[str]:
        """Ids of the events that bear this identifier, system and value."""
        return {one for one, event in self.states.items() if key in held(event)}

    def homonyms(self, key: Key) -> set[str]:
        """Ids of the events that bear this value, under other systems only."""
        same = {one for one, event in self.states.items() if key[1] in {value for _, value in held(event)}}
        return same - self.bearing(key)

    def note(self, write: Exchange) -> None:
        """Follow a write."""
        if UNCERTAIN(write):
            self.unsure |= held(write.resource)
        if not DONE(write):
            return
        name = written_id(write) or f"?{write.id}"
        self.states[name] = write.resource
        if write.resource.get("slot") and takes_time(write.resource):
            self.booked.add(name)

    def of(self, professional: str) -> Iterator[tuple[str, Json]]:
        """Events in which this professional takes part, with their ids."""
        return ((name, event) for name, event in self.states.items() if professional in professionals_of(event))


def takes_time(event: Json) -> bool:
    """Whether an event, as it is now, takes the time of its participants."""
    return text(event.get("status")) in TAKING and span(event) is not None


def followed(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Diary]]:
    """Each exchange with what was known before it: the same diary, which goes on once the exchange has been seen."""
    diary = Diary()
    for exchange in exchanges:
        yield exchange, diary
        if WRITES(exchange):
            diary.note(exchange)


def conditional_updates(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Key, Diary]]:
    """Updates on the condition of one identifier, whose effect is known; the identifier, and what was known before."""
    for exchange, diary in followed(exchanges):
        keys = keys_asked(exchange, "identifier") if UPDATES(exchange) else ()
        if len(keys) == 1 and not UNCERTAIN(exchange) and keys[0] not in diary.unsure:
            yield exchange, keys[0], diary
