"""When a Schedule is open: FR Core availabilityTime and serviceTypeDuration as slots (agenda-sas §1.4, §5.1, §5.2).

Pure functions. A recurrence is unrolled in wall-clock time of one zone, so that 9 o'clock stays 9 o'clock when the
season changes. The guide does not name the zone: it is a setting (banc).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from dateutil.rrule import rrulestr

from mocks.fhir.declaration import Resource

_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"
AVAILABILITY = f"{_CORE}/fr-core-schedule-availability-time"
DURATION = f"{_CORE}/fr-core-service-type-duration"
FREE, CLOSED = "free", "busy-unavailable"
MOST = 5000  # slots of one Schedule
_FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400}  # UCUM
# Sub-extensions of rrule and the part of an RFC 5545 rule that each one is.
_PARTS = {
    "count": "COUNT",
    "interval": "INTERVAL",
    "bySecond": "BYSECOND",
    "byMinute": "BYMINUTE",
    "byHour": "BYHOUR",
    "byDay": "BYDAY",
    "byMonthDay": "BYMONTHDAY",
    "byYearDay": "BYYEARDAY",
    "byWeekNo": "BYWEEKNO",
    "byMonth": "BYMONTH",
    "wkst": "WKST",
}

Period = tuple[datetime, datetime]  # [start, end[, with a zone


class AvailabilityError(ValueError):
    """An availability that cannot be read; the text is a French sentence."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One availabilityTime. start, end: first occurrence, wall-clock time. rule: RFC 5545 text, empty for none."""

    kind: str
    start: datetime
    end: datetime
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of slot: its length, and the serviceType that it bears (None for none)."""

    length: timedelta
    type: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """The service type as text, to tell one from another."""
        return "" if self.type is None else orjson.dumps(self.type, option=orjson.OPT_SORT_KEYS).decode()


@dataclass(frozen=True, slots=True)
class Due:
    """A slot that the Schedule gives."""

    start: datetime
    end: datetime
    service: Service = field(default_factory=lambda: Service(timedelta()))


def due_slots(schedule: Resource, zone: ZoneInfo, low: datetime, high: datetime, length: timedelta) -> list[Due]:
    """The slots that begin in [low, high[, in order.

    zone: of the recurrences. length: of a slot when the Schedule gives none. Raises AvailabilityError.
    """
    try:
        return _due(schedule, zone, low, high, length)
    except OverflowError:
        raise AvailabilityError("Une disponibilité sort du calendrier.") from None


def _due(schedule: Resource, zone: ZoneInfo, low: datetime, high: datetime, length: timedelta) -> list[Due]:
    if schedule.get("active") is False:
        return []
    openings = [_opening(extension, zone) for extension in _extensions(schedule, AVAILABILITY)]
    low, high = _within(schedule.get("planningHorizon"), zone, low, high)
    closed = [period for one in openings if one.kind == CLOSED for period in _periods(one, zone, low, high)]
    found: list[Due] = []
    for service in services(schedule, length):
        due: list[Due] = []
        periods = sorted(wall for one in openings if one.kind == FREE for wall in _walls(one, zone, low, high))
        for start, end in periods:
            for slot in _cut(start, end, service, zone, (low, high)):
                if low <= slot.start < high and not _meets(slot, closed) and (not due or slot.start >= due[-1].end):
                    due.append(slot)
                if len(due) > MOST:
                    raise AvailabilityError(f"L'agenda donnerait plus de {MOST} créneaux.")
        found += due
    return sorted(found, key=lambda slot: slot.start)


def services(schedule: Resource, length: timedelta) -> list[Service]:
    """What is offered, each with the length of its slots. Raises AvailabilityError for a length that is none."""
    found = []
    for extension in _extensions(schedule, DURATION):
        parts = {part.get("url"): part for part in extension.get("extension", ())}
        duration = parts.get("duration", {}).get("valueDuration")
        found.append(
            Service(
                length if duration is None else _length(duration),
                parts.get("serviceType", {}).get("valueCodeableConcept"),
            )
        )
    return found or [Service(length)]


def _extensions(schedule: Resource, url: str) -> Iterator[Mapping[str, Any]]:
    return (extension for extension in schedule.get("extension", ()) if extension.get("url") == url)


def _length(duration: Mapping[str, Any]) -> timedelta:
    unit = duration.get("code") or duration.get("unit")
    value = duration.get("value")
    if unit not in _UNITS or not isinstance(value, int | float) or not 60 <= value * _UNITS[unit] <= 86400:
        raise AvailabilityError("La durée d'un créneau va d'une minute à un jour, en s, min, h ou d (UCUM).")
    return timedelta(seconds=value * _UNITS[unit])


def _opening(extension: Mapping[str, Any], zone: ZoneInfo) -> Opening:
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for part in extension.get("extension", ()):
        parts.setdefault(part.get("url", ""), []).append(part)
    kind = str(parts["type"][0].get("valueCoding", {}).get("code", "")) if "type" in parts else ""
    start, end = (_moment(parts, name, zone, name == "end") for name in ("start", "end"))
    if end <= start:
        raise AvailabilityError("Une disponibilité finit après son début.")
    rule = _rule(parts["rrule"][0], zone) if "rrule" in parts else ""
    return Opening(kind, start, end, rule)


def _moment(parts: Mapping[str, Any], name: str, zone: ZoneInfo, ends: bool) -> datetime:
    text = parts[name][0].get("valueDateTime", "") if name in parts else ""
    return _wall(text, zone, ends=ends)


def _wall(text: Any, zone: ZoneInfo, *, ends: bool) -> datetime:
    """Wall-clock time of a FHIR dateTime; a date alone begins at midnight, and ends at the next one."""
    try:
        moment = datetime.fromisoformat(text if len(text) != 7 else f"{text}-01")
    except (ValueError, TypeError):
        raise AvailabilityError(f"« {text} » n'est pas une date que le banc sache lire.") from None
    if len(text) <= 10:
        return moment + timedelta(days=1) if ends else moment
    return (moment if moment.tzinfo is None else moment.astimezone(zone)).replace(tzinfo=None)


def _rule(extension: Mapping[str, Any], zone: ZoneInfo) -> str:
    values: dict[str, list[str]] = {}
    for part in extension.get("extension", ()):
        name, value = part.get("url", ""), next((v for k, v in part.items() if k.startswith("value")), None)
        if name == "freq":
            values["FREQ"] = [str(value.get("code", "")) if isinstance(value, dict) else ""]
        elif name == "until":
            moment = _wall(value, zone, ends=len(str(value)) <= 10)
            values["UNTIL"] = [moment.strftime("%Y%m%dT%H%M%S")]
        elif name in _PARTS:
            values.setdefault(_PARTS[name], []).append(_code(name, str(value)))
    if any(int(text) < 1 for name in ("COUNT", "INTERVAL") for text in values.get(name, ()) if _is_whole(text)):
        raise AvailabilityError("« count » et « interval » d'une récurrence valent au moins 1.")
    if values.get("FREQ", [""])[0] not in _FREQUENCIES:
        raise AvailabilityError(f"Fréquence de récurrence prise en charge : {', '.join(_FREQUENCIES)}.")
    return ";".join(f"{name}={','.join(texts)}" for name, texts in values.items())


def _is_whole(text: str) -> bool:
    return text.lstrip("-").isdecimal()


def _code(name: str, text: str) -> str:
    """Days of the week are written `mon` in FHIR and `MO` in iCalendar; the guide's byDay is a text."""
    return text[:-1].upper() if name in ("wkst", "byDay") and len(text) == 3 and text.isalpha() else text.upper()


def _walls(opening: Opening, zone: ZoneInfo, low: datetime, high: datetime) -> Iterator[Period]:
    """The occurrences that touch [low, high[, in wall-clock time."""
    first, last = (moment.astimezone(zone).replace(tzinfo=None) for moment in (low, high))
    length = opening.end - opening.start
    if not opening.rule:
        starts: Iterator[datetime] | list[datetime] = [opening.start]
    else:
        starts = _starts(opening, last)
    for rank, start in enumerate(starts):
        if start >= last:
            return
        if rank > 20 * MOST:
            raise AvailabilityError("La récurrence a trop d'occurrences avant le présent.")
        if start + length > first:
            yield start, start + length


def _starts(opening: Opening, last: datetime) -> Iterator[datetime]:
    bounded = "COUNT=" in opening.rule or "UNTIL=" in opening.rule
    # Without an end, a rule that nothing meets would be tried up to the year 9999.
    text = opening.rule if bounded else f"{opening.rule};UNTIL={last:%Y%m%dT%H%M%S}"
    try:
        yield from rrulestr(text, dtstart=opening.start)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError, OverflowError):
        raise AvailabilityError(f"La récurrence « {opening.rule} » ne se lit pas.") from None


def _periods(opening: Opening, zone: ZoneInfo, low: datetime, high: datetime) -> Iterator[Period]:
    for start, end in _walls(opening, zone, low - timedelta(days=1), high + timedelta(days=1)):
        yield start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC)


def _cut(start: datetime, end: datetime, service: Service, zone: ZoneInfo, within: Period) -> Iterator[Due]:
    """The slots of one occurrence, in wall-clock time; those out of `within` are not gone through one by one."""
    first, last = (moment.astimezone(zone).replace(tzinfo=None) for moment in within)
    if start < first:
        start += (first - start) // service.length * service.length
    while start + service.length <= end and start <= last:
        instant = start.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == start:  # otherwise the clock jumps over that hour
            yield Due(instant, instant + service.length, service)
        start += service.length


def _meets(slot: Due, closed: Sequence[Period]) -> bool:
    return any(slot.start < end and start < slot.end for start, end in closed)


def _within(horizon: Any, zone: ZoneInfo, low: datetime, high: datetime) -> Period:
    if not isinstance(horizon, dict):
        return low, high
    if "start" in horizon:
        low = max(low, _wall(horizon["start"], zone, ends=False).replace(tzinfo=zone).astimezone(UTC))
    if "end" in horizon:
        high = min(high, _wall(horizon["end"], zone, ends=True).replace(tzinfo=zone).astimezone(UTC))
    return low, high
