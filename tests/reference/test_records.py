"""What names a record in the store: fields that its class has, told apart by all of them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

# Loads every room, with its records.
import reference.web.application  # noqa: F401
from reference.records import Record
from reference.store import Store


@dataclass
class Note(Record, key="usager id", owner="usager"):
    usager: str
    id: str
    text: str


@pytest.mark.parametrize("kind", Record.__subclasses__(), ids=lambda kind: kind.__name__)
def test_a_key_and_an_owner_are_fields(kind: type[Record]) -> None:
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]
    assert {*kind._key, *([kind._owner] if kind._owner else [])} <= names
    assert kind._key or "key" in vars(kind)


def test_a_record_is_found_by_its_key_and_among_those_of_its_owner() -> None:
    store = Store(None)
    for usager, id_ in (("u1", "a"), ("u1", "b"), ("u2", "a")):
        store.save(Note(usager, id_, f"{usager}{id_}"))
    store.save(Note("u1", "a", "changed"))
    found = store.get(Note, "u1 a")
    assert found is not None
    assert found.text == "changed"
    assert sorted(one.id for one in store.all(Note, "u1")) == ["a", "b"]
    assert len(store.all(Note)) == 3
    store.close()


def test_nobody_owns_what_names_no_owner() -> None:
    @dataclass
    class Setting(Record, key="name"):
        name: str

    assert Setting("delay").key == "delay"
    assert Setting("delay").owner == ""
