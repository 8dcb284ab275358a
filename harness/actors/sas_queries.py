"""The searches of the SAS platform as they are written on the wire (SAS 1.2.0)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from harness.dates import PARIS
from rules.sas_searches import PRACTITIONERS, STRUCTURES, Variant

Writing = Literal["decalage", "brut", "universel", "sans_millisecondes"]
DAYS = 4  # of the guide's examples for practitioners
_INCLUDED: dict[Variant, tuple[str, ...]] = {
    "ps": ("_include=Slot:schedule", "_include:iterate=Schedule:actor"),
    "cpts": (
        "_include=Slot:schedule",
        "_include=Slot:service-type-reference",
        "_include:iterate=Schedule:actor",
        "_include:iterate=HealthcareService:organization",
    ),
    "sos": (
        "_revinclude=Slot:schedule",
        "_include=Schedule:actor:Location",
        "_include:iterate=Location:organization",
    ),
}


@dataclass(frozen=True)
class Span:
    """Bounds of a search (aware instants). zone: on whose clock they are written."""

    start: datetime
    end: datetime
    zone: str = PARIS

    @classmethod
    def from_now(cls, now: datetime, days: int = DAYS, zone: str = PARIS) -> Span:
        """From now to the end of the day so many days later."""
        local = now.astimezone(ZoneInfo(zone))
        last = datetime.combine(local.date() + timedelta(days=days), time(23, 59, 59), ZoneInfo(zone))
        return cls(local.replace(microsecond=0), last, zone)


def written(instant: datetime, span: Span, writing: Writing) -> str:
    """A bound in a query: with the offset encoded, or raw (`+` as it stands), in universal time, with less digits."""
    if writing == "universel":
        return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    precision = "seconds" if writing == "sans_millisecondes" else "milliseconds"
    local = instant.astimezone(ZoneInfo(span.zone)).isoformat(timespec=precision)
    return local if writing == "brut" else quote(local, safe=":")


def slots(
    numbers: Sequence[str], span: Span, variant: Variant, writing: Writing = "decalage", more: Sequence[str] = ()
) -> str:
    """Target of INT_R01 (`ps`) or INT_R04 (`cpts`): path and raw query."""
    tokens = ",".join(f"{PRACTITIONERS}%7C{number}" for number in numbers)
    asked = f"schedule.actor:Practitioner.identifier={tokens}"
    bounds = [f"start={prefix}{written(one, span, writing)}" for prefix, one in _bounds(span)]
    return "/Slot?" + "&".join([*_INCLUDED[variant], "status=free", *bounds, asked, *more])


def sites(numbers: Sequence[str], span: Span, writing: Writing = "decalage") -> str:
    """Target of the search of fixed sites (SOS Médecins). numbers: SIRET with its prefix."""
    tokens = ",".join(f"{STRUCTURES}%7C{number}" for number in numbers)
    bounds = [f"_has:Slot:schedule:start={prefix}{written(one, span, writing)}" for prefix, one in _bounds(span)]
    asked = f"actor:Location.organization.identifier={tokens}"
    return "/Schedule?" + "&".join([*_INCLUDED["sos"], *bounds, "_has:Slot:schedule:status=free", asked])


def _bounds(span: Span) -> tuple[tuple[str, datetime], tuple[str, datetime]]:
    return ("ge", span.start), ("le", span.end)
