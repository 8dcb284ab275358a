"""What the product keeps of when a professional receives."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.records import Record


@dataclass
class Planning(Record, key="professional"):
    """The agenda of a professional (id of the account). minutes: length of an appointment; zone: of the place."""

    professional: str
    minutes: int
    zone: str


@dataclass
class Availability(Record, key="id", owner="professional"):
    """A time when a professional receives (`free`), or is away (`busy-unavailable`).

    start, end: wall-clock times of the place, `AAAA-MM-JJTHH:MM`, of the first occurrence. frequency: DAILY, WEEKLY,
    MONTHLY or YEARLY, "" when it happens once. days: MO to SU, of a weekly one. until: its last day, "" for none.
    """

    id: str
    professional: str
    start: str
    end: str
    kind: str = "free"
    frequency: str = ""
    days: list[str] = field(default_factory=list)
    until: str = ""
