"""What the product keeps of the manager of shared agendas: what it published, found, and booked there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from reference.records import Record


@dataclass
class Known(Record, key="base name"):
    """A resource that the product created at a manager. base: its FHIR base; name: `Practitioner/p-1`, of ours."""

    base: str
    name: str
    id: str


@dataclass
class SharedPlanning(Record, key="professional"):
    """The Schedule of a professional, as the manager last gave it. waiting: it could not be sent yet."""

    professional: str
    id: str = ""
    etag: str = ""
    resource: dict[str, Any] = field(default_factory=dict)
    waiting: bool = False


@dataclass
class FoundSlot(Record, key="reference"):
    """A free slot, as it was found. start, end: instants as received; actors: references of its Schedule."""

    reference: str
    start: str
    end: str
    national_id: str
    actors: list[str]


@dataclass
class SharedRendezVous(Record, key="id", owner="usager"):
    """An appointment that the product asked of the manager for an usager.

    start, end: instants; actors: references of those asked; accepted: they have; known: the manager may have it;
    etag, server_id: as the manager last gave them; waiting: its present state could not be sent yet.
    """

    id: str
    usager: str
    system: str
    value: str
    start: str
    end: str
    zone: str
    title: str
    status: str
    created: str
    actors: list[str]
    slot: str = ""
    reason: str = ""
    accepted: bool = False
    known: bool = False
    waiting: bool = False
    not_before: float = 0.0
    server_id: str = ""
    etag: str = ""


@dataclass
class SharedEvent(Record, key="professional id", owner="professional"):
    """An appointment of a professional, as it was read at the manager."""

    professional: str
    id: str
    resource: dict[str, Any]
