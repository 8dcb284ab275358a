"""What the SAS platform asks: searches of Slot (INT_R01, INT_R04) and of Schedule (SOS), SAS 1.2.0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from reference.server.fhir import FhirError

PRACTITIONERS = "urn:oid:1.2.250.1.71.4.2.1"
STRUCTURES = "urn:oid:1.2.250.1.71.4.2.2"
MOST = 25
"""Identifiers in one search."""

_BOUND = re.compile(r"(ge|le)(\d{4}-\d{2}-\d{2}(?:T.+)?)")


@dataclass(frozen=True)
class Asked:
    """A search. numbers: national identifiers as they were written. includes: values of `_include` and its kin."""

    start: datetime
    end: datetime
    numbers: tuple[str, ...]
    includes: frozenset[str]


@dataclass(frozen=True)
class Names:
    """How the parameters of a search are called."""

    start: str
    status: str
    numbers: str
    system: str


SLOTS = Names("start", "status", "schedule.actor:Practitioner.identifier", PRACTITIONERS)
SITES = Names(
    "_has:Slot:schedule:start",
    "_has:Slot:schedule:status",
    "actor:Location.organization.identifier",
    STRUCTURES,
)
_INCLUDES = ("_include", "_include:iterate", "_revinclude")


def read(raw: str, names: Names, zone: ZoneInfo) -> Asked:
    """The search in this raw query; an instant without offset is in that zone. Raises FhirError 400."""
    pairs = parse_qsl(raw, keep_blank_values=True)
    start, end = _window([value for name, value in pairs if name == names.start], names.start, zone)
    if [value for name, value in pairs if name == names.status] != ["free"]:
        raise FhirError(400, "invalid", f"Le paramètre {names.status} vaut « free », une fois.", at=names.status)
    numbers = _numbers([value for name, value in pairs if name == names.numbers], names)
    return Asked(start, end, numbers, frozenset(value for name, value in pairs if name in _INCLUDES))


def _window(values: Sequence[str], name: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    bounds = dict(_bound(value, name, zone) for value in values)
    if len(values) != 2 or bounds.keys() != {"ge", "le"}:
        raise FhirError(400, "required", f"Le paramètre {name} est donné deux fois, avec ge puis avec le.", at=name)
    return bounds["ge"], bounds["le"]


def _bound(value: str, name: str, zone: ZoneInfo) -> tuple[str, datetime]:
    """Prefix and instant. A raw `+` of an offset reads as a space: nothing else can be meant there."""
    found = _BOUND.fullmatch(value.replace(" ", "+"))
    try:
        if found is None:
            raise ValueError
        read_ = datetime.fromisoformat(found[2])
    except ValueError:
        raise FhirError(400, "invalid", f"« {value} » n'est pas une borne de {name}.", at=name) from None
    if len(found[2]) == len("2026-07-06") and found[1] == "le":
        read_ = datetime.combine(read_.date(), time()) + timedelta(days=1, microseconds=-1)
    return found[1], read_ if read_.tzinfo else read_.replace(tzinfo=zone)


def _numbers(values: Sequence[str], names: Names) -> tuple[str, ...]:
    tokens = [token for value in values for token in value.split(",") if token]
    if not tokens:
        raise FhirError(400, "required", f"Le paramètre {names.numbers} est obligatoire.", at=names.numbers)
    if len(tokens) > MOST:
        raise FhirError(400, "too-costly", f"Au plus {MOST} identifiants par recherche.", at=names.numbers)
    return tuple(_of_system(tokens, names.system))


def _of_system(tokens: Iterable[str], system: str) -> Iterable[str]:
    """Values of that system; a value without any system is of ours."""
    for token in tokens:
        before, bar, value = token.rpartition("|")
        if not bar or before == system:
            yield value
