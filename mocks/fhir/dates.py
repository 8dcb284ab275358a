"""Dates as intervals: what FHIR R4 search compares (search.html#date).

An interval is half-open, in microseconds since 1970: a date covers its day, an instant its last digit given.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

# Zone of a value without offset: the server's local zone (R4 search), which is Paris for a French national service.
ZONE = ZoneInfo("Europe/Paris")
FOREVER = 10**18  # beyond any FHIR date; stands for a missing bound of a Period
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHAPE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")

Interval = tuple[int, int]


def interval(text: str) -> Interval:
    """The interval that a FHIR date, dateTime or instant covers. Raises ValueError when it is none."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    if hour is None:
        return _days(int(year), month, day)
    zone = _zone(offset)
    digits = (fraction or "")[:6]
    start = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=zone)
    low = micros(start) + int(digits.ljust(6, "0") if digits else 0)
    return low, low + (60_000_000 if second is None else int(10 ** (6 - len(digits))))


def has_zone(text: str) -> bool:
    """Whether the text says at which offset it is; a date without hours does not."""
    return text.endswith("Z") or re.search(r"T.*[+-]\d\d:\d\d$", text) is not None


def micros(instant: datetime) -> int:
    """Microseconds since 1970 of an instant with a zone."""
    return (instant - _EPOCH) // _MICROSECOND


def split_prefix(text: str) -> tuple[str, str]:
    """(prefix, rest) of a search value; `eq` when there is none."""
    return (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)


def widened(wanted: Interval, now: datetime) -> Interval:
    """The interval of prefix `ap`: a tenth of the distance to now on each side (R4 recommendation)."""
    margin = abs(micros(now) - wanted[0]) // 10
    return wanted[0] - margin, wanted[1] + margin


@lru_cache(maxsize=256)
def _zone(offset: str | None) -> tzinfo:
    if offset is None:
        return ZONE
    if offset == "Z":
        return UTC
    return datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo or UTC


def _days(year: int, month: str | None, day: str | None) -> Interval:
    start = datetime(year, int(month or 1), int(day or 1), tzinfo=ZONE)
    if day is not None:
        following = _following(start, timedelta(days=1))
    elif month is not None:
        following = _following(start.replace(day=28), timedelta(days=4)).replace(day=1)
    else:
        following = datetime(year + 1, 1, 1, tzinfo=ZONE) if year < 9999 else datetime.max.replace(tzinfo=UTC)
    return micros(start), micros(following)


def _following(start: datetime, step: timedelta) -> datetime:
    try:
        return start + step  # wall clock: midnight of the next day, be it 23 or 25 hours later
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
