"""Dates as a scenario says them: « 27/10/2024 à 09:00 », read on the clock of the place, Paris unless said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = "Europe/Paris"
MOMENT = "%d/%m/%Y à %H:%M"
DAY = "%d/%m/%Y"
_SOON = {"demain": 1, "après-demain": 2}


def moment(text: str) -> datetime:
    """« 27/10/2024 à 09:00 » as a wall clock shows it, without zone. Raises ValueError on any other form."""
    return datetime.strptime(text, MOMENT)


def day(text: str) -> date:
    """« 27/10/2024 ». Raises ValueError on any other form."""
    return datetime.strptime(text, DAY).date()


@dataclass(frozen=True)
class Soon:
    """A time of one of the coming days. days: from today."""

    days: int
    at: time


def soon(text: str) -> Soon:
    """« demain à 09:00 », « après-demain à 09:00 ». Raises KeyError, ValueError on any other form."""
    day_, _, hour = text.partition(" à ")
    return Soon(_SOON[day_], time.fromisoformat(hour))


def instant(wall: datetime, zone: str = PARIS) -> datetime:
    """The instant at which the clocks of `zone` (IANA name) show `wall`."""
    return wall.replace(tzinfo=ZoneInfo(zone))


def universal(wall: datetime) -> datetime:
    """The instant when `wall` is read as universal time."""
    return wall.replace(tzinfo=UTC)


def asked(wall: datetime) -> str:
    """How an action of the vocabulary takes a wall clock: `2024-10-27T09:00`."""
    return wall.strftime("%Y-%m-%dT%H:%M")


def said(when: datetime) -> str:
    """An instant as a French finding says it, on the clock of Paris with its offset."""
    local = when.astimezone(ZoneInfo(PARIS))
    offset = local.strftime("%z")
    return f"{local.strftime(MOMENT)} ({offset[:3]}:{offset[3:]})"


def whole_year(year: int) -> tuple[str, str]:
    """First and last day of a year, as `synchroniser_agenda` and `lire_agenda` take them."""
    return f"{year}-01-01", f"{year}-12-31"
