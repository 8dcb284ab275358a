"""What is kept of the exchanges with the BSP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reference.records import Record


@dataclass
class ProToken(Record, key="session"):
    """The token of the API for one session of the DUI. expires: epoch seconds."""

    session: str
    token: str
    expires: float


@dataclass
class ProWaiting(Record, key="rendez_vous", owner="usager"):
    """An appointment whose present state must still reach the BSP. not_before: epoch seconds, from Retry-After."""

    rendez_vous: str
    usager: str
    not_before: float = 0.0


@dataclass
class ProRead(Record, key="usager id", owner="usager"):
    """An event of elsewhere that the usager let the structure read: shown in the DUI alone, never changed."""

    id: str
    usager: str
    resource: dict[str, Any]
