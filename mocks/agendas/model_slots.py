"""Slots of a Schedule: made from its availabilities, followed by what occupies them (contract of agendas §2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from mocks.agendas.availability import Due, due_slots
from mocks.agendas.state import State
from mocks.agendas.tables import OCCUPATIONS, SLOTS
from mocks.fhir import Resource
from mocks.fhir.dates import micros
from mocks.fhir.store import new_id
from mocks.store import Statement

CANONICALS = (
    "https://interop.esante.gouv.fr/ig/fhir/gap/StructureDefinition/gap-fr-slot",
    "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-slot",
)
FREE, TENTATIVE, BUSY, CLOSED = "free", "busy-tentative", "busy", "busy-unavailable"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_S, _O = SLOTS.c, OCCUPATIONS.c
_ONE = Statement(select(SLOTS).where(_S.space == bindparam("space"), _S.id == bindparam("wanted")))
_WITHIN = Statement(
    select(SLOTS)
    .where(
        _S.space == bindparam("space"),
        _S.schedule == bindparam("wanted"),
        _S.low < bindparam("until"),
        _S.high > bindparam("since"),
    )
    .order_by(_S.low)
)
_TAKEN = Statement(
    select(OCCUPATIONS)
    .where(
        _O.space == bindparam("space"),
        _O.schedule == bindparam("wanted"),
        _O.low < bindparam("until"),
        _O.high > bindparam("since"),
    )
    .order_by(_O.low, _O.appointment)
)
_INSERT = Statement(insert(SLOTS))
_MARK = Statement(
    update(SLOTS)
    .where(_S.space == bindparam("where"), _S.id == bindparam("which"))
    .values(status=bindparam("new_status"))
)
_DROP = Statement(delete(SLOTS).where(_S.space == bindparam("where"), _S.id == bindparam("which")))
_DROP_TAKEN = Statement(delete(OCCUPATIONS).where(_O.space == bindparam("where"), _O.schedule == bindparam("which")))


@dataclass(frozen=True, slots=True)
class Made:
    """What writing a Schedule did to its slots."""

    created: int
    removed: int
    kept: int


def one(state: State, id_: str) -> Any | None:
    """The row of a slot, or None."""
    return None if "\x00" in id_ else state.session.first(_ONE, space=state.space, wanted=id_)


def taken(state: State, schedule: str, low: int, high: int) -> list[Any]:
    """Rows of what occupies a Schedule within [low, high[."""
    return state.session.all(_TAKEN, space=state.space, wanted=schedule, since=low, until=high)


def free(state: State, schedule: str, low: int, high: int) -> list[Any]:
    """Rows of the free slots of a Schedule that lie within [low, high[, in order."""
    rows = state.session.all(_WITHIN, space=state.space, wanted=schedule, since=low, until=high)
    return [row for row in rows if row.status == FREE and row.low >= low and row.high <= high]


def resources(state: State, schedule: str) -> list[Resource]:
    """All slots of a Schedule."""
    rows = state.session.all(_WITHIN, space=state.space, wanted=schedule, since=-(2**62), until=2**62)
    found = [state.get("Slot", row.id) for row in rows]
    return [stored.resource for stored in found if stored is not None]


def make(state: State, id_: str, schedule: Resource) -> Made:
    """Make the slots of a Schedule from now to the horizon. Raises AvailabilityError."""
    wanted = due_slots(schedule, state.zone, state.now, state.horizon, state.length)
    now, horizon = micros(state.now), micros(state.horizon)
    rows = state.session.all(_WITHIN, space=state.space, wanted=id_, since=now, until=horizon)
    known = {(row.low, row.high, row.service): row for row in rows if row.low >= now}
    due = {(micros(slot.start), micros(slot.end), slot.service.key): slot for slot in wanted}
    removed = [row for place, row in known.items() if place not in due and row.status == FREE]
    for row in removed:
        _remove(state, row.id)
    busy = taken(state, id_, now, micros(max((slot.end for slot in wanted), default=state.now)))
    fresh = [slot for place, slot in due.items() if place not in known]
    for slot in fresh:
        _add(state, id_, schedule, slot, _status(busy, micros(slot.start), micros(slot.end)))
    for row in (row for place, row in known.items() if place in due and row.status == CLOSED):
        _set(state, row, _status(busy, row.low, row.high))
    return Made(len(fresh), len(removed), len(known) - len(removed))


def follow(state: State, schedule: str, periods: Iterable[tuple[int, int]]) -> list[dict[str, str]]:
    """Give the slots of these periods the status that what occupies them asks for; says what has changed."""
    rows = {
        row.id: row
        for low, high in periods
        for row in state.session.all(_WITHIN, space=state.space, wanted=schedule, since=low, until=high)
    }
    changed = []
    for row in rows.values():
        status = _status(taken(state, schedule, row.low, row.high), row.low, row.high)
        if status == FREE and row.status != FREE and not _is_due(state, schedule, row):
            status = CLOSED
        if status != row.status:
            changed.append({"id": row.id, "from": row.status, "to": status})
            _set(state, row, status)
    return changed


def forget(state: State, schedule: str) -> None:
    """Delete all slots of a Schedule and what occupies it."""
    for row in state.session.all(_WITHIN, space=state.space, wanted=schedule, since=-(2**62), until=2**62):
        _remove(state, row.id)
    state.session.write(_DROP_TAKEN, where=state.space, which=schedule)


def _status(busy: Sequence[Any], low: int, high: int) -> str:
    met = {row.status for row in busy if row.low < high and row.high > low}
    return next((status for status in (BUSY, TENTATIVE) if status in met), FREE)


def _is_due(state: State, schedule: str, row: Any) -> bool:
    """Whether the Schedule, as it now is, still gives that slot."""
    stored = state.get("Schedule", schedule)
    start = _EPOCH + timedelta(microseconds=row.low)
    if stored is None:
        return False
    due = due_slots(stored.resource, state.zone, start, start + timedelta(seconds=1), state.length)
    return any((micros(slot.end), slot.service.key) == (row.high, row.service) for slot in due)


def _add(state: State, schedule: str, source: Resource, slot: Due, status: str) -> None:
    id_ = new_id()
    resource: Resource = {
        "resourceType": "Slot",
        "id": id_,
        "meta": {"profile": list(CANONICALS)},
        "identifier": [{"system": f"https://banc.test/{state.service}/creneau", "value": id_}],
        **{name: source[name] for name in ("serviceCategory", "specialty") if name in source},
        **({} if slot.service.type is None else {"serviceType": [slot.service.type]}),
        "schedule": {"reference": f"Schedule/{schedule}"},
        "status": status,
        "start": slot.start.astimezone(state.zone).isoformat(),
        "end": slot.end.astimezone(state.zone).isoformat(),
    }
    state.put(resource)
    state.session.write(
        _INSERT,
        space=state.space,
        id=id_,
        schedule=schedule,
        low=micros(slot.start),
        high=micros(slot.end),
        service=slot.service.key,
        status=status,
    )


def _set(state: State, row: Any, status: str) -> None:
    stored = state.get("Slot", row.id)
    if stored is not None and row.status != status:
        state.put({**stored.resource, "status": status}, stored)
        state.session.write(_MARK, where=state.space, which=row.id, new_status=status)


def _remove(state: State, id_: str) -> None:
    stored = state.get("Slot", id_)
    if stored is not None:
        state.remove(stored)
    state.session.write(_DROP, where=state.space, which=id_)
