"""Who takes part: whom a reference names, which Schedules are theirs, which fictitious person a Patient is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from mocks import world
from mocks.agendas.state import State
from mocks.agendas.tables import ACTORS, PERSONS
from mocks.fhir import Resource, Scope, Stored
from mocks.store import Statement

# Who cannot be in two places; a place or a service may take many (agenda-sas §5.2, banc).
EXCLUSIVE = ("Practitioner", "PractitionerRole", "Device")
_OF = Statement(
    select(ACTORS.c.schedule).where(ACTORS.c.space == bindparam("space"), ACTORS.c.key == bindparam("wanted"))
)
_NAMES = Statement(
    select(ACTORS.c.key).where(ACTORS.c.space == bindparam("space"), ACTORS.c.schedule == bindparam("wanted"))
)
_FORGET = Statement(delete(ACTORS).where(ACTORS.c.space == bindparam("where"), ACTORS.c.schedule == bindparam("which")))
_FORGET_KEY = Statement(
    delete(ACTORS).where(
        ACTORS.c.space == bindparam("where"),
        ACTORS.c.schedule == bindparam("which"),
        ACTORS.c.key == bindparam("key_gone"),
    )
)
_INSERT = Statement(insert(ACTORS))
_PERSON = Statement(
    select(PERSONS.c.person).where(PERSONS.c.space == bindparam("space"), PERSONS.c.key == bindparam("wanted"))
)
_FORGET_PERSON = Statement(
    delete(PERSONS).where(PERSONS.c.space == bindparam("where"), PERSONS.c.key == bindparam("which"))
)
_INSERT_PERSON = Statement(insert(PERSONS))
_LONGEST = 300  # characters of a key
_EVERYTHING = Scope()


def identifiers(resource: Mapping[str, Any]) -> Iterator[str]:
    """`system|value` of each identifier of a resource."""
    found = resource.get("identifier")
    for identifier in found if isinstance(found, list) else ():
        yield from _key(identifier)


def keys(state: State, reference: Any, types: Sequence[str]) -> set[str]:
    """By what a reference names its target, when it is of these types: `Type/id` and `system|value`."""
    if not isinstance(reference, dict):
        return set()
    type_, id_ = state.local(reference.get("reference"))
    if (type_ or reference.get("type")) not in types:
        return set()
    return {*((f"{type_}/{id_}",) if type_ else ()), *_key(reference.get("identifier"))}


def schedules_known_by(state: State, key: str) -> list[str]:
    """Ids of the Schedules of whoever has this name (`Type/id` or `system|value`)."""
    return [str(row.schedule) for row in state.session.all(_OF, space=state.space, wanted=key)]


def schedules_of(state: State, appointment: Resource) -> list[str]:
    """Ids of the Schedules of those who cannot be elsewhere during an appointment."""
    wanted: set[str] = set()
    for participant in appointment.get("participant", ()):
        if participant.get("status") != "declined":
            wanted |= keys(state, participant.get("actor"), EXCLUSIVE)
    rows = [row for key in wanted for row in state.session.all(_OF, space=state.space, wanted=key)]
    return sorted({row.schedule for row in rows})


def know_schedule(state: State, id_: str, schedule: Resource) -> None:
    """Remember whose a Schedule is: actors by address, by identifier, and by those of the resources they are."""
    wanted: set[str] = set()
    for actor in schedule.get("actor", ()):
        for key in keys(state, actor, EXCLUSIVE):
            wanted |= {key, *_same(state, key)}
    space = state.space
    state.session.write(_FORGET, where=space, which=id_)
    state.session.write_many(_INSERT, [{"space": space, "key": key, "schedule": id_} for key in sorted(wanted)])


def names_of(state: State, id_: str) -> list[str]:
    """`system|value` of those whose Schedule this is."""
    return [row.key for row in state.session.all(_NAMES, space=state.space, wanted=id_) if "|" in row.key]


def appointments_of(state: State, id_: str) -> list[Stored]:
    """Appointments, from the day before now, of those whose Schedule this is."""
    since = ("date", f"ge{(state.now - timedelta(days=1)).isoformat()}")
    found: dict[str, Stored] = {}
    for row in state.session.all(_NAMES, space=state.space, wanted=id_):
        names = [f"actor:{type_}.identifier" for type_ in EXCLUSIVE] if "|" in row.key else ["actor"]
        for name in names:
            query = [(name, escaped(row.key)), since]
            stored = state.repository.find(state.session, state.tenant.name, "Appointment", query, _EVERYTHING)
            found |= {one.id: one for one in stored}
    return list(found.values())


def escaped(value: str) -> str:
    """A value of a search parameter, in which a comma or a backslash would be read as more than itself."""
    return value.replace("\\", "\\\\").replace(",", "\\,")


def rename(state: State, address: str, old: Resource, new: Resource) -> None:
    """An actor has other identifiers: the Schedules that have them are found by the new ones."""
    space, before, after = state.space, set(identifiers(old)), set(identifiers(new))
    for row in state.session.all(_OF, space=space, wanted=address) if before != after else ():
        for key in before | after:
            state.session.write(_FORGET_KEY, where=space, which=row.schedule, key_gone=key)
        rows = [{"space": space, "key": key, "schedule": row.schedule} for key in sorted(after)]
        state.session.write_many(_INSERT, rows)


def forget_schedule(state: State, id_: str) -> None:
    """A Schedule is nobody's any more."""
    state.session.write(_FORGET, where=state.space, which=id_)


def schedules_naming(state: State, type_: str, id_: str) -> list[str]:
    """Ids of the Schedules that have this resource among their actors."""
    wanted = [("actor", f"{type_}/{id_}")]
    found = state.repository.find(state.session, state.tenant.name, "Schedule", wanted, _EVERYTHING)
    return [stored.id for stored in found]


def know_patient(state: State, id_: str, patient: Resource | None) -> None:
    """Remember whom a Patient is, or that it is no more (None)."""
    space, address = state.space, f"Patient/{id_}"
    state.session.write(_FORGET_PERSON, where=space, which=address)
    named = [] if patient is None else list(identifiers(patient))
    person = _person_of(state, named)
    for key in [address, *named] if person is not None else ():
        state.session.write(_FORGET_PERSON, where=space, which=key)
        state.session.write(_INSERT_PERSON, space=space, key=key, person=person)


def person_named(state: State, wanted: Iterable[str]) -> str | None:
    """Id of the first fictitious person whom these keys name."""
    named = [key for key in wanted if "\x00" not in key]
    for key in named:
        row = state.session.first(_PERSON, space=state.space, wanted=key)
        if row is not None:
            return str(row.person)
    return _person_of(state, named)


def persons_of(state: State, appointment: Resource) -> list[str]:
    """The fictitious persons who take part."""
    found: list[str] = []
    for participant in appointment.get("participant", ()):
        named = keys(state, participant.get("actor"), ("Patient",))
        person = person_named(state, sorted(named)) if named else None
        found += [] if person is None or person in found else [person]
    return found


def _person_of(state: State, named: Sequence[str]) -> str | None:
    values = {key.rpartition("|")[2] for key in named if "|" in key and len(key.rpartition("|")[2]) == 15}
    if not values:
        return None
    people = world.persons(state.session, state.tenant.name)
    return next((person.id for person in people if person.ins in values), None)


def _same(state: State, key: str) -> Iterator[str]:
    """The other names of an actor: identifiers of the resource of that address, address of that identifier."""
    type_, id_ = state.local(key)
    if type_:
        found = state.get(type_, id_)
        yield from () if found is None else identifiers(found.resource)
        return
    system, _, value = key.rpartition("|")
    for type_ in EXCLUSIVE:
        for stored in state.repository.with_identifier(
            state.session, state.tenant.name, type_, system, value, _EVERYTHING
        ):
            yield f"{type_}/{stored.id}"


def _key(identifier: Any) -> Iterator[str]:
    if isinstance(identifier, dict) and isinstance(identifier.get("value"), str):
        key = f"{identifier.get('system', '')}|{identifier['value']}"
        if len(key) <= _LONGEST:
            yield key
