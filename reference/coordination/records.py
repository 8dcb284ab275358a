"""What the product keeps of appointments between professionals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reference.records import Record


@dataclass
class Published(Record, key="professional"):
    """The agenda of one of our professionals at the block: ids of what was stored there."""

    professional: str
    practitioner: str = ""
    role: str = ""
    schedule: str = ""


@dataclass
class Meeting(Record, key="id"):
    """An appointment between professionals, as the block last told it.

    accounts: of ours who take part. asked_here: by one of ours. booked: it is in their agenda.
    """

    id: str
    system: str
    value: str
    resource: dict[str, Any]
    accounts: list[str]
    asked_here: bool = False
    booked: bool = False
    usager: str = ""


@dataclass
class Notice(Record, key="id", owner="account"):
    """Something that a professional must be told."""

    id: str
    account: str
    text: str
    meeting: str


@dataclass
class Wish(Record, key="account"):
    """What a professional wants to be told."""

    account: str
    meetings: bool = True
