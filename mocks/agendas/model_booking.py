"""Booking: the time that an appointment takes, of which two appointments never have the same (contract of agendas §2).

Everything here runs in the write transaction, alone in its tenant: what is read is what will be written on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from mocks.agendas import model_actors, model_slots
from mocks.agendas.model_status import takes
from mocks.agendas.state import State
from mocks.agendas.tables import OCCUPATIONS
from mocks.fhir import Resource
from mocks.fhir.dates import interval
from mocks.store import Statement

_O = OCCUPATIONS.c
_OF = Statement(select(OCCUPATIONS).where(_O.space == bindparam("space"), _O.appointment == bindparam("wanted")))
_FORGET = Statement(delete(OCCUPATIONS).where(_O.space == bindparam("where"), _O.appointment == bindparam("which")))
_INSERT = Statement(insert(OCCUPATIONS))

Place = tuple[str, int, int]  # schedule, [low, high[ in microseconds


class TakenError(Exception):
    """The time is not free. by: id of the appointment that has it, empty when no appointment has. at: FHIRPath."""

    def __init__(self, by: str, at: str) -> None:
        super().__init__(by)
        self.by, self.at = by, at


class UnknownSlotError(Exception):
    """A slot that this manager never made; the text is its reference."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking did. slots: `{id, from, to}` of those whose status changed. conflict: other appointment met."""

    schedules: Sequence[str]
    slots: Sequence[Mapping[str, str]]
    conflict: str | None

    def as_json(self) -> dict[str, Any]:
        """As the journal's context shows it."""
        return {"schedules": list(self.schedules), "slots": list(self.slots), "conflict": self.conflict}


def book(
    state: State, id_: str, appointment: Resource, old: Resource | None = None, *, exclusive: bool = True
) -> Booked:
    """Give an appointment the time that it asks for, and its slots their new status.

    appointment: as it will be stored; one that takes no time gives back what it had. old: as it was, None for a new
    one. exclusive: whether time that another one has is refused. Raises TakenError, UnknownSlotError.
    """
    before = state.session.all(_OF, space=state.space, wanted=id_)
    had: set[Place] = {(row.schedule, row.low, row.high) for row in before}
    status = takes(str(appointment.get("status", "")))
    wanted = _asked(state, appointment, had, _slots(old)) if status else []
    conflict = None
    for place in wanted:
        met = None if place in had else _other(state, id_, place)
        if met is not None and exclusive:
            raise TakenError(met, "Appointment.slot" if appointment.get("slot") else "Appointment.participant")
        conflict = conflict or met
    if before:
        state.session.write(_FORGET, where=state.space, which=id_)
    state.session.write_many(_INSERT, list(_rows(state, id_, wanted, status)))
    touched: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for place in [*had, *wanted]:
        touched[place[0]].add(place[1:])
    changed = [slot for schedule in sorted(touched) for slot in model_slots.follow(state, schedule, touched[schedule])]
    return Booked(sorted({place[0] for place in wanted}), changed, conflict)


def adopt(state: State, schedule: str) -> None:
    """Give a Schedule the appointments that those whose it is already have."""
    for stored in model_actors.appointments_of(state, schedule):
        resource = stored.resource
        book(state, stored.id, resource, resource, exclusive=False)


def overlaps(state: State) -> list[tuple[str, str, str]]:
    """(Schedule, appointment, appointment) of each time that two appointments have, for the integrity report."""
    first, second = OCCUPATIONS.alias(), OCCUPATIONS.alias()
    query = (
        select(first.c.schedule, first.c.appointment, second.c.appointment.label("other"))
        .where(
            first.c.space == state.space,
            second.c.space == state.space,
            first.c.schedule == second.c.schedule,
            first.c.appointment < second.c.appointment,
            first.c.low < second.c.high,
            second.c.low < first.c.high,
        )
        .distinct()
    )
    return [(row.schedule, row.appointment, row.other) for row in state.session.query(query)]


def _slots(old: Resource | None) -> Sequence[Any]:
    """References to the slots that an appointment already has: it keeps them even when they are offered no more."""
    if old is None or not takes(str(old.get("status", ""))):
        return ()
    kept: Sequence[Any] = old.get("slot", ())
    return kept


def _asked(state: State, appointment: Resource, had: Iterable[Place], kept: Sequence[Any]) -> list[Place]:
    """The time that an appointment takes: that of its slots, and its own in the Schedules of who takes part."""
    found: list[Place] = []
    for reference in appointment.get("slot", ()):
        found += _slot(state, reference, had, kept=reference in kept)
    own = _own(appointment)
    if own is not None:
        found += [(schedule, *own) for schedule in model_actors.schedules_of(state, appointment)]
    return list(dict.fromkeys(found))


def _own(appointment: Resource) -> tuple[int, int] | None:
    """[start, end[ of an appointment, None without; the profile says what is wrong with a time that cannot be read."""
    try:
        low, high = interval(appointment["start"])[0], interval(appointment["end"])[0]
    except (KeyError, ValueError, TypeError):
        return None
    return (low, high) if low < high else None


def _slot(state: State, reference: Mapping[str, Any], had: Iterable[Place], *, kept: bool) -> list[Place]:
    type_, id_ = state.local(reference.get("reference"))
    if type_ != "Slot":
        return []  # a slot of another manager, or known by its identifier: nothing to hold here
    row = model_slots.one(state, id_)
    if row is None and kept:
        return []
    if row is None:
        if state.repository.get(state.session, state.tenant.name, "Slot", id_) is None:
            raise UnknownSlotError(str(reference.get("reference")))
        raise TakenError("", "Appointment.slot")  # it was there, and is offered no more
    place = (row.schedule, row.low, row.high)
    if row.status == model_slots.CLOSED and place not in had:
        raise TakenError("", "Appointment.slot")
    return [place]


def _other(state: State, id_: str, place: Place) -> str | None:
    met = (row.appointment for row in model_slots.taken(state, *place) if row.appointment != id_)
    return next(met, None)


def _rows(state: State, id_: str, wanted: Sequence[Place], status: str) -> Iterable[dict[str, Any]]:
    for rank, (schedule, low, high) in enumerate(wanted):
        yield {
            "space": state.space,
            "appointment": id_,
            "rank": rank,
            "schedule": schedule,
            "low": low,
            "high": high,
            "status": status,
        }
