"""Where state lives: SQLite (WAL) by default, PostgreSQL by URL, through SQLAlchemy Core."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from mocks.errands import Errands
from mocks.store.schema import METADATA
from mocks.store.session import Session
from mocks.store.statement import Statement

__all__ = ["METADATA", "Session", "Statement", "Store"]

BUSY_TIMEOUT_MS = 30_000


class Store:
    """The database of one sandbox.

    url: a SQLAlchemy URL (`sqlite:///file`, `postgresql+psycopg://…`); None makes a SQLite file in a
    temporary folder that goes with the store. Safe to share between threads: each thread has a connection.
    """

    def __init__(self, url: str | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="banc-") if url is None else None
        self.url = url or f"sqlite:///{Path(self._folder.name) / 'banc.sqlite'}"  # type: ignore[union-attr]
        self.engine = _engine(self.url)
        self.changed = threading.Condition()  # notified after each commit, for long polls
        self.errands = Errands()  # what is done after the answers
        self.constants: dict[str, Any] = {}  # what was read once and never changes, by name
        self._write_lock = threading.Lock()
        self._local = threading.local()
        self._connections: list[Connection] = []
        _make_tables(self.engine)

    @contextmanager
    def session(self, lock_key: str = "") -> Iterator[Session]:
        """A unit of work; what was not committed when it ends is undone.

        lock_key: what serialises writers in PostgreSQL, the tenant's name.
        """
        session = Session(self, self._connection(), self._write_lock, lock_key)
        try:
            yield session
        finally:
            session.rollback()

    def notify(self) -> None:
        """Wake the long polls of this process."""
        with self.changed:
            self.changed.notify_all()

    def close(self) -> None:
        """Close every connection and drop the temporary file, once the errands are done."""
        self.errands.close()
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()
        self.engine.dispose()
        if self._folder is not None:
            self._folder.cleanup()

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self.engine.connect()
            self._local.connection = connection
            self._connections.append(connection)
        return connection


def _make_tables(engine: Engine) -> None:
    """Make the tables that are missing; another process that makes them at the same time is waited for."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('banc tables'))")
        METADATA.create_all(connection)
        connection.exec_driver_sql("COMMIT")


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        _tuned(engine, ("SET synchronous_commit TO off",))
        return engine
    engine = create_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",  # Session says BEGIN and COMMIT itself
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    _tuned(engine, ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}"))
    return engine


def _tuned(engine: Engine, statements: Sequence[str]) -> None:
    """Run these on each new connection.

    What they choose keeps each committed transaction through the death of the sandbox, not through a power cut, which
    would cost a write to the disk for each exchange.
    """

    @event.listens_for(engine, "connect")
    def _tune(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
