import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table, bindparam, insert, select, text, update

from mocks import journal
from mocks.store import METADATA, Statement, Store

COUNTERS = Table("test_counters", METADATA, Column("name", String(20), primary_key=True), Column("value", Integer))
ADD = Statement(insert(COUNTERS))
READ = Statement(select(COUNTERS.c.value).where(COUNTERS.c.name == bindparam("wanted")))
SET = Statement(update(COUNTERS).where(COUNTERS.c.name == bindparam("wanted")).values(value=bindparam("new")))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    made = Store(store_url)
    yield made
    made.close()


def test_what_is_not_committed_is_undone(store: Store) -> None:
    with store.session() as session:
        session.write(ADD, name="a", value=1)
    with store.session() as session:
        assert session.first(READ, wanted="a") is None
        session.write(ADD, name="a", value=2)
        session.commit()
    with store.session() as session:
        assert session.first(READ, wanted="a").value == 2  # type: ignore[union-attr]


def test_an_error_inside_leaves_the_store_usable(store: Store) -> None:
    def broken() -> None:
        with store.session() as session:
            session.write(ADD, name="a", value=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with store.session() as session:
        session.write(ADD, name="a", value=3)
        session.commit()


def test_read_then_write_in_a_transaction_loses_no_update(store: Store) -> None:
    with store.session() as session:
        session.write(ADD, name="n", value=0)
        session.commit()

    def count() -> None:
        for _ in range(25):
            with store.session("t") as session:
                session.begin()
                row = session.first(READ, wanted="n")
                assert row is not None
                session.write(SET, wanted="n", new=row.value + 1)
                session.commit()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.session() as session:
        assert session.first(READ, wanted="n").value == 200  # type: ignore[union-attr]


def test_many_rows_in_one_call(store: Store) -> None:
    with store.session() as session:
        session.write_many(ADD, [{"name": f"r{n}", "value": n} for n in range(50)])
        session.write_many(ADD, [])
        session.commit()
        assert len(session.query(select(COUNTERS))) == 50


def test_temporary_store_leaves_no_file() -> None:
    store = Store()
    path = Path(store.url.removeprefix("sqlite:///"))
    assert path.exists()
    store.close()
    assert not path.parent.exists()


def test_several_processes_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    code = f"from mocks.sandbox import Sandbox; Sandbox({url!r}).close()"
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4


def test_exchanges_are_asked_for_beyond_any_of_them(store: Store) -> None:
    with store.session("t") as session:
        assert journal.read(session, "t", after=2**53, limit=1) == []


def test_postgresql_waits_for_no_disk_either(new_database: Callable[[], str]) -> None:
    made = Store(new_database())
    with made.session() as session:
        session.begin()
        assert session.query(text("SHOW synchronous_commit"))[0][0] == "off"
    made.close()
