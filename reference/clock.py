"""Instants and wall-clock times: what is typed at a place becomes an instant, and the reverse, across DST."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reference.refusal import Refusal


def zone(name: str) -> ZoneInfo:
    """Time zone of that IANA name; Refusal when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refusal("fuseau_inconnu", f"Le fuseau « {name} » n'existe pas.") from error


def instant(typed: str, zone_name: str) -> datetime:
    """Instant of a wall-clock time `AAAA-MM-JJTHH:MM`; the first of the two when the hour exists twice.

    Refusal for a time that does not exist (night of the change to summer time) or is not a time.
    """
    try:
        naive = datetime.strptime(typed, "%Y-%m-%dT%H:%M")
    except ValueError as error:
        raise Refusal("heure_illisible", f"« {typed} » n'est pas une date et une heure.") from error
    local = naive.replace(tzinfo=zone(zone_name))
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != naive:
        raise Refusal("heure_inexistante", "Cette heure n'existe pas : c'est la nuit du passage à l'heure d'été.")
    return local


def after(start: datetime, minutes: int) -> datetime:
    """`minutes` of real time after `start`, in the same zone."""
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)


def day_bounds(first: str, last: str, zone_name: str) -> tuple[datetime, datetime]:
    """First instant of the day `first`, first instant after the day `last`, in that zone."""
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise Refusal("date_illisible", f"« {first} » ou « {last} » n'est pas une date.") from error
    if end < begin:
        raise Refusal("dates_inversees", "La fin de la période précède son début.")
    place = zone(zone_name)
    return datetime.combine(begin, time(), place), datetime.combine(end + timedelta(days=1), time(), place)


def parsed(text: object, zone_name: str) -> datetime | None:
    """An instant received, in that zone; None when it cannot be read. Without offset, it is local."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    place = zone(zone_name)
    return read.replace(tzinfo=place) if read.tzinfo is None else read.astimezone(place)


def displayed(local: datetime) -> str:
    """`jj/mm/aaaa hh:mm`, as people read it."""
    return local.strftime("%d/%m/%Y %H:%M")
