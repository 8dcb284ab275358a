"""Slots of a professional: when the agenda is open, less what closes it, on the clock of the place.

Nine o'clock stays nine o'clock when the season changes; an hour that does not exist gives no slot, one that exists
twice gives it once (agenda-sas §5.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import takewhile
from typing import cast
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

FREE, CLOSED = "free", "busy-unavailable"
FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
DAYS = {name: weekday(rank) for rank, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
LONGEST = timedelta(days=1)

Period = tuple[datetime, datetime]
"""[start, end[."""


@dataclass(frozen=True)
class Opening:
    """A time at which an agenda is open (`free`) or closed (`busy-unavailable`).

    start, end: first occurrence, wall-clock time. frequency: empty, or a key of FREQUENCIES; days: of a weekly one
    (`MO`…), empty for the day of `start`; until: last moment at which an occurrence may begin, None for no end.
    """

    kind: str
    start: datetime
    end: datetime
    frequency: str = ""
    days: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True)
class Hours:
    """What may be wrong with how hours are reckoned; all false in a correct product."""

    universal: bool = False
    twice: bool = False
    closed_ignored: bool = False


def due(
    openings: Sequence[Opening], zone: ZoneInfo, minutes: int, within: Period, faults: Hours = Hours()
) -> list[Period]:
    """The slots of that length which begin in `within`, bounds included, in order of time."""
    shut = [] if faults.closed_ignored else list(_closed(openings, zone, within))
    found: list[Period] = []
    for start, end in sorted(_cut(openings, zone, timedelta(minutes=minutes), within, faults)):
        follows = not found or start >= found[-1][1] or (faults.twice and start > found[-1][0])
        if follows and within[0] <= start <= within[1] and not overlaps((start, end), shut):
            found.append((start, end))
    return found


def overlaps(period: Period, others: Iterable[Period]) -> bool:
    """Whether the period shares time with one of the others: periods that follow each other do not."""
    return any(period[0] < end and start < period[1] for start, end in others)


def _closed(openings: Sequence[Opening], zone: ZoneInfo, within: Period) -> Iterator[Period]:
    wider = (within[0] - LONGEST, within[1] + LONGEST)
    for opening in openings:
        for start, end in _occurrences(opening, zone, wider) if opening.kind == CLOSED else ():
            yield start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC)


def _cut(
    openings: Sequence[Opening], zone: ZoneInfo, length: timedelta, within: Period, faults: Hours
) -> Iterator[Period]:
    for opening in openings:
        for start, end in _occurrences(opening, zone, within) if opening.kind == FREE else ():
            clock = _unmoved(opening, zone) if faults.universal else zone
            while start + length <= end:
                yield from ((one, one + length) for one in _instants(start, clock, faults.twice))
                start += length


def _instants(wall: datetime, zone: tzinfo, twice: bool) -> Iterator[datetime]:
    """The instant of a wall-clock time, the first one when it exists twice; none when it does not exist."""
    for fold in (0, 1) if twice else (0,):
        instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
            yield instant


def _unmoved(opening: Opening, zone: ZoneInfo) -> tzinfo:
    """The zone as somebody sees it who forgets that clocks move: the offset of the first occurrence for ever."""
    return timezone(opening.start.replace(tzinfo=zone).utcoffset() or timedelta())


def _occurrences(opening: Opening, zone: ZoneInfo, within: Period) -> Iterator[Period]:
    """The occurrences that touch `within`, on the clock of the place."""
    first, last = (moment.astimezone(zone).replace(tzinfo=None) for moment in within)
    length = opening.end - opening.start
    for start in takewhile(lambda moment: moment <= last, _starts(opening, first - length - LONGEST)):
        if start + length >= first - LONGEST:
            yield start, start + length


def _starts(opening: Opening, first: datetime) -> Iterable[datetime]:
    if not opening.frequency:
        return (opening.start,)
    days = tuple(DAYS[day] for day in opening.days) or None
    rule = rrule(FREQUENCIES[opening.frequency], dtstart=opening.start, until=opening.until, byweekday=days)
    return cast(Iterable[datetime], rule.xafter(first, inc=True))
