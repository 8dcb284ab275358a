"""What the SAS platform asked of the product: INT_R01 and INT_R04 (Slot), SOS (Schedule), SAS 1.2.0."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.selectors import On
from rules.served import ANSWERED, served

SAS = "ANS, SAS 1.2.0"
PRACTITIONERS = "urn:oid:1.2.250.1.71.4.2.1"
STRUCTURES = "urn:oid:1.2.250.1.71.4.2.2"
MOST = 25
Variant = Literal["ps", "cpts", "sos"]

# Who is not the platform must be refused (AGD-078): nothing else is said of those calls.
_PLATFORM = On(lambda e: e.context.get("certificat") in (None, "sas-plateforme") and "tls" not in e.context)
SLOT_SEARCHES = served("sas.slot.search") & _PLATFORM
SITE_SEARCHES = served("sas.schedule.search") & _PLATFORM
SEARCHES = SLOT_SEARCHES | SITE_SEARCHES
FOUND = On(lambda e: e.status == 200 and e.answer_resource.get("resourceType") == "Bundle")
SLOTS_FOUND, SITES_FOUND = SLOT_SEARCHES & FOUND, SITE_SEARCHES & FOUND
ANSWERS = SEARCHES & FOUND
ASKED = SEARCHES & ANSWERED

_START = {True: "start", False: "_has:Slot:schedule:start"}
_STATUS = {True: "status", False: "_has:Slot:schedule:status"}
_NUMBERS = {True: "schedule.actor:Practitioner.identifier", False: "actor:Location.organization.identifier"}
# Clocks of the bench and of the product may differ a little.
CLOCKS = timedelta(seconds=60)


@dataclass(frozen=True)
class Window:
    """Bounds of a search, both included (R4, `ge` and `le`)."""

    start: datetime
    end: datetime

    def holds(self, instant: datetime) -> bool:
        """Whether a slot that begins then was asked for."""
        return self.start <= instant <= self.end


def variant(search: Exchange) -> Variant:
    """Which of the three searches: that of communities asks for their references."""
    if SITE_SEARCHES(search):
        return "sos"
    return "cpts" if "Slot:service-type-reference" in search.values("_include") else "ps"


def window(search: Exchange) -> Window | None:
    """What was asked for; None when the query can be read in more than one way (raw `+`, no offset) or not at all."""
    values = search.values(_START[SLOT_SEARCHES(search)])
    bounds = {value[:2]: parse_instant(value[2:]) for value in values}
    start, end = bounds.get("ge"), bounds.get("le")
    if len(values) != 2 or start is None or end is None:
        return None
    return Window(start, end)


def numbers(search: Exchange) -> tuple[str, ...]:
    """National identifiers asked for, prefixed, in order; those of another system left out."""
    slots = SLOT_SEARCHES(search)
    system = PRACTITIONERS if slots else STRUCTURES
    tokens = [token for value in search.values(_NUMBERS[slots]) for token in value.split(",") if token]
    found = (token.partition("|")[2] for token in tokens if token.startswith(f"{system}|"))
    return tuple(map(prefixed, found)) if slots else tuple(found)


def well_formed(search: Exchange) -> bool:
    """Whether a product has no reason to refuse this search: all that is mandatory is there, and in order."""
    asked = numbers(search)
    free = search.values(_STATUS[SLOT_SEARCHES(search)]) == ("free",)
    return free and window(search) is not None and 1 <= len(asked) <= MOST


def earliest(search: Exchange) -> datetime:
    """Before this instant a slot had begun when the search was made, for any clock."""
    # The tenant's clock may have been moved: the product's was not.
    sent = parse_instant(search.context.get("envoye_a"))
    spent = timedelta(milliseconds=float(search.entry.get("duration_ms") or 0))
    return (sent or search.instant - spent) - CLOCKS


@cache
def prefixed(number: str) -> str:
    """National identifier of a practitioner with its prefix, which the search may leave out (SAS 1.2.0, FAQ)."""
    if re.fullmatch(r"\d{11}", number):
        return f"8{number}"
    return f"0{number}" if re.fullmatch(r"\d[0-9AB]\d{7}", number) else number
