"""What the generator knows of each appointment that it asked for: the client's side of the reconciliation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

# accepte: an answer said that it is made. attente: the product keeps it, and says that it will send it.
# incertain: no answer came, it may be there once or not. refuse: an answer said no.
Outcome = Literal["accepte", "attente", "incertain", "refuse"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment.

    key: `system|value`. end: service that must hold it. owner: person (or agenda) in whose agenda it is.
    start: instant in UTC, "" when a change of it got no answer. status: code of FHIR, "" in the same way.
    slot: slot fought for (race), with its round.
    """

    key: str
    end: str
    owner: str
    start: str
    status: str
    outcome: Outcome
    slot: str = ""
    local_id: str = ""

    def unsure(self) -> Entry:
        """The same after a change without an answer: it must still be there, before or after that change."""
        return replace(self, start="", status="")


def instant(value: datetime) -> str:
    """How instants are written in the ledger: UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def same_instant(text: str) -> str:
    """An ISO 8601 instant of somebody else, as the ledger writes it; "" when it is none."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return ""
    return instant(found) if found.tzinfo else ""
