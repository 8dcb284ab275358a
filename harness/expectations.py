"""What a scenario asserts, said in French when it does not hold: what was expected, what was seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from harness.dates import said
from harness.french import shown


class Dated(Protocol):
    """An event of an agenda, whoever shows it."""

    @property
    def start(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def label(self) -> str: ...


E = TypeVar("E", bound=Dated)


def expect(holds: bool, expected: str, seen: Any) -> None:
    """Raise AssertionError in French unless `holds`."""
    if not holds:
        raise AssertionError(f"Attendu : {expected}. Vu : {seen if isinstance(seen, str) else shown(seen)}.")


def expect_equal(what: str, expected: Any, seen: Any) -> None:
    """`what` names the thing compared, with its article."""
    expect(seen == expected, f"{what} : {shown(expected)}", seen)


def expect_none(what: str, seen: Collection[Any]) -> None:
    """Nothing of that kind was seen. `what` in the plural: « écritures dans l'agenda »."""
    expect(not seen, f"aucun élément parmi les {what}", f"{len(seen)} : {', '.join(map(str, seen))[:300]}")


@dataclass(frozen=True)
class Agenda(Generic[E]):
    """Events that somebody sees. `whose` names the view, with its article: « l'agenda de Mon espace santé »."""

    whose: str
    events: Sequence[E]

    def at(self, when: datetime) -> E:
        """The only event that starts at this instant."""
        found = [event for event in self.events if event.start == when]
        expect(len(found) == 1, f"un seul événement le {said(when)} dans {self.whose}", self._seen(found))
        return found[0]

    def only_at(self, when: datetime) -> E:
        """The only event of this agenda, which starts at this instant."""
        self.has(1)
        return self.at(when)

    def titled(self, label: str, when: datetime) -> E:
        """The only event that starts at this instant, which bears this title."""
        event = self.at(when)
        expect(label in event.label, f"l'intitulé « {label} » le {said(when)} dans {self.whose}", event.label)
        return event

    def nothing_at(self, when: datetime) -> None:
        """No event starts at this instant, cancelled ones apart."""
        found = [event for event in self.events if event.start == when and event.status != "cancelled"]
        expect(not found, f"aucun événement le {said(when)} dans {self.whose}", self._seen(found))

    def has(self, count: int) -> None:
        """This number of events, all told."""
        expect(len(self.events) == count, f"{count} événement(s) dans {self.whose}", self._seen(self.events))

    def without_double(self) -> None:
        """No two events share their start and their title."""
        keys = [(event.start, event.label) for event in self.events]
        doubles = sorted({f"{label} le {said(start)}" for start, label in keys if keys.count((start, label)) > 1})
        expect(not doubles, f"aucun événement en double dans {self.whose}", ", ".join(doubles[:5]))

    def _seen(self, found: Sequence[E]) -> str:
        elsewhere = "" if found else f" (en tout {len(self.events)} événement(s) : {_listed(self.events)})"
        return f"{len(found)} : {_listed(found)}{elsewhere}"


def _listed(events: Sequence[Dated]) -> str:
    named = [f"« {event.label} » le {said(event.start)}, {event.status}" for event in events[:5]]
    return " ; ".join(named) or "rien"
