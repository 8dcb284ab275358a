"""The statuses of each event, write after write, by its identifier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rules.exchange import Exchange
from rules.gap import APPOINTMENTS
from rules.reading import text
from rules.selectors import DONE, UNCERTAIN
from rules.visits import Key, identifiers

# agenda-sas.md §1.7; noshow and fulfilled may correct each other; staying as one is is always allowed.
NEXT: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"pending", "booked", "cancelled", "entered-in-error", "waitlist"}),
    "waitlist": frozenset({"proposed", "pending", "booked", "cancelled", "entered-in-error"}),
    "pending": frozenset({"booked", "proposed", "cancelled", "entered-in-error"}),
    "booked": frozenset({"arrived", "checked-in", "fulfilled", "noshow", "cancelled", "entered-in-error"}),
    "arrived": frozenset({"fulfilled", "cancelled", "entered-in-error"}),
    "checked-in": frozenset({"fulfilled", "cancelled", "entered-in-error"}),
    "fulfilled": frozenset({"entered-in-error", "noshow"}),
    "noshow": frozenset({"entered-in-error", "fulfilled"}),
    "cancelled": frozenset({"entered-in-error"}),
    "entered-in-error": frozenset(),
}
FINAL = frozenset({"fulfilled", "noshow", "cancelled", "entered-in-error"})


def transitions(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, str, str]]:
    """(write, status before, status wanted) of each write on an event whose status is known.

    A refused write changes nothing. After a write without a clear answer the status is not known any more.
    """
    standing: dict[Key, str] = {}
    for write in filter(APPOINTMENTS, exchanges):
        wanted = text(write.resource.get("status"))
        keys = identifiers(write.json)
        before = next((standing[key] for key in keys if key in standing), "")
        if before in NEXT and wanted:
            yield write, before, wanted
        for key in keys:
            if DONE(write):
                standing[key] = wanted
            elif UNCERTAIN(write):
                standing.pop(key, None)
