"""The life of an appointment (agenda-sas §1.7, banc): which status may follow which, and what it takes of a slot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

SYSTEM = "http://hl7.org/fhir/appointmentstatus"
_FILE = Path(__file__).parent / "data" / "statuts.json"
STATUSES: dict[str, dict[str, Any]] = orjson.loads(_FILE.read_bytes())


def may_become(old: str, new: str) -> bool:
    """Whether an appointment of that status (empty: none yet) may take the other; staying is always legal."""
    return old == new or new in STATUSES.get(old, {}).get("suivants", ())


def takes(status: str) -> str:
    """Status of a slot under an appointment of that status: `busy`, `busy-tentative`, or empty when it stays free."""
    return str(STATUSES.get(status, {}).get("occupe", ""))


def unanswered(resource: Mapping[str, Any]) -> bool:
    """Whether it is `booked` while a participant who is required has not accepted."""
    return resource.get("status") == "booked" and any(
        participant.get("required", "required") == "required" and participant.get("status") != "accepted"
        for participant in resource.get("participant", ())
        if isinstance(participant, dict) and "required" in participant
    )
