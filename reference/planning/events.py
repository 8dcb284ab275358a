"""Events of other systems in the agendas of the professionals, and how every event is found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reference.records import Record


@dataclass
class Event(Record, key="id"):
    """An event received from another system (third-party agenda, appointment block), kept as it came.

    resource: the Appointment, without id nor meta; version: grows at each write; updated: instant of the last one.
    """

    id: str
    resource: dict[str, Any]
    version: int
    updated: str


@dataclass
class Mention(Record, key="event name", owner="name"):
    """An event names somebody or bears an identifier: how it is found again, and what time it takes.

    name: `pro <national identifier>`, `usager <system>|<value>` or `id <system>|<value>`. start, end: epoch seconds.
    """

    event: str
    name: str
    start: float
    end: float
    status: str

    @property
    def value(self) -> str:
        """What follows the system."""
        return self.name.partition("|")[2]
