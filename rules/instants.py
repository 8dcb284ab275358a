"""Instants of FHIR, and the wall clock of a place."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"

# HL7 FHIR R4, datatypes, "instant": date, hour, seconds and offset are all mandatory.
_INSTANT = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
)


def parse_instant(value: Any) -> datetime | None:
    """The instant of a FHIR `instant`, in UTC; None when the text is not one (no offset, no seconds, 30 February)."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    # A leap second (":60") has no datetime: it is read as the second before.
    whole = re.sub(r":60(?=[.Z+-])", ":59", value)
    try:
        return datetime.fromisoformat(re.sub(r"\.(\d{1,6})\d*", r".\1", whole)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def wall_clock(value: Any, zone: str = PARIS) -> tuple[datetime, ...]:
    """The instants (UTC) that a clock of the place may mean by "2024-10-27T02:30".

    One instant nearly always; two in the hour that an autumn night shows twice, and two in the hour that a
    spring night skips (products may move it either way: both are right). Empty when text or zone is unknown.
    """
    place = _zone(zone)
    if place is None or not isinstance(value, str):
        return ()
    try:
        naive = datetime.fromisoformat(value)
        if naive.tzinfo is not None:
            return ()
        found = {naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)}
    except (ValueError, OverflowError):
        return ()
    return tuple(sorted(found))


def local_text(instant: datetime, zone: str = PARIS) -> str:
    """What a clock of the place shows: "27/10/2024 09:00". Empty for an unknown zone."""
    place = _zone(zone)
    try:
        return instant.astimezone(place).strftime("%d/%m/%Y %H:%M") if place else ""
    except (ValueError, OverflowError):
        return ""


def is_trap_day(value: Any, zone: str = PARIS) -> bool:
    """Whether a local day ("2024-10-27T09:00") is a 29 February or the day of a change of hour."""
    noon = f"{value[:10]}T12:00" if isinstance(value, str) else ""
    here = wall_clock(noon, zone)
    if not here:
        return False
    if noon[5:10] == "02-29":
        return True
    try:
        eve = (datetime.fromisoformat(noon) - timedelta(days=1)).isoformat()
    except OverflowError:
        return False
    return any(here[0] - before != timedelta(days=1) for before in wall_clock(eve, zone))


@cache
def _zone(name: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError, TypeError):
        return None
