"""What a third-party agenda asks: searches of Slot (4a) and of Appointment (4b), CI-SIS agendas partagés 3.0.0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from reference.server.fhir import FhirError

PAGE, MOST = 50, 200
"""Matches of a page when nothing is asked, and at most."""

AFTER = "_apres"
"""Our own parameter of the `next` links: what the page begins after."""

_DATE = re.compile(r"(eq|ge|gt|le|lt)?(\d{4}(?:-\d{2}(?:-\d{2}(?:T.+)?)?)?)")
_TOKEN = re.compile(r"(?:(?P<system>[^|]*)\|)?(?P<value>[^|]+)")
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

Token = tuple[str | None, str]
"""System and value; None for any system, empty for none."""


@dataclass(frozen=True)
class Query:
    """The parameters of a search, in order, decoded."""

    pairs: Sequence[tuple[str, str]]
    zone: ZoneInfo

    def values(self, *names: str) -> list[str]:
        """Values of the parameters of these names."""
        return [value for name, value in self.pairs if name in names]

    def tokens(self, *names: str) -> list[Token]:
        """Tokens of these parameters, whose values may be lists. Raises FhirError 400 for what is no token."""
        return [_token(part, names[0]) for value in self.values(*names) for part in value.split(",")]

    def codes(self, name: str) -> frozenset[str]:
        """Codes of a token parameter, whatever their system; empty when it is not given."""
        return frozenset(value for _, value in self.tokens(name))

    def window(self, name: str) -> tuple[datetime, datetime]:
        """First and last instant that a date parameter lets through. Raises FhirError 400 for what is no date."""
        low, high = _FIRST, _LAST
        for value in self.values(name):
            first, last = _bounds(value, name, self.zone)
            low, high = max(low, first), min(high, last)
        return low, high

    @property
    def count(self) -> int:
        """Matches of a page. Raises FhirError 400."""
        asked = (self.values("_count") or [str(PAGE)])[-1]
        if not asked.isdecimal() or int(asked) == 0:
            raise FhirError(400, "invalid", "_count est un nombre d'au moins 1.", at="_count")
        return min(int(asked), MOST)

    @property
    def after(self) -> str:
        """What the page begins after, empty for the first one."""
        return next(iter(self.values(AFTER)), "")


def read(raw: bytes, zone: ZoneInfo) -> Query:
    """The parameters of a raw query. zone: of dates without offset."""
    return Query(parse_qsl(raw.decode("latin-1"), keep_blank_values=True), zone)


def _token(text: str, name: str) -> Token:
    found = _TOKEN.fullmatch(text.strip())
    if found is None:
        raise FhirError(400, "invalid", f"« {text} » ne se lit pas comme système|valeur.", at=name)
    return found["system"], found["value"]


def matches(token: Token, identifiers: Iterable[Token]) -> bool:
    """Whether one of these identifiers is the one asked for: value and system, unless no system was given."""
    return any(value == token[1] and token[0] in (None, system) for system, value in identifiers)


def _bounds(text: str, name: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """What a prefixed date lets through. A raw `+` is read as a space: it is refused, never guessed."""
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        first, last = _span(found[2], zone)
    except ValueError:
        says = f"« {text} » n'est pas une date : le + d'un décalage s'écrit %2B."
        raise FhirError(400, "invalid", says, at=name) from None
    return {
        "eq": (first, last),
        "ge": (first, _LAST),
        "gt": (last + _TICK, _LAST),
        "le": (_FIRST, last),
        "lt": (_FIRST, first - _TICK),
    }[found[1] or "eq"]


def _span(text: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """First and last instant of a year, a month, a day; twice the same for a moment. Raises ValueError."""
    if len(text) > 10:
        moment = datetime.fromisoformat(text)
        whole = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return whole, whole
    first = datetime.fromisoformat(text + "-01-01"[len(text) - 4 :])
    longest = {4: 366, 7: 31, 10: 1}[len(text)]
    after = first + timedelta(days=longest)
    after = after.replace(month=1, day=1) if len(text) == 4 else after.replace(day=1) if len(text) == 7 else after
    return first.replace(tzinfo=zone), after.replace(tzinfo=zone) - _TICK
