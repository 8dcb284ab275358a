"""One unit of work on the store: reads outside a transaction, then at most one write transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Executable, Row

from mocks.store.statement import Statement

if TYPE_CHECKING:
    from mocks.store import Store


class Session:
    """Reads and writes of one request.

    Before `begin` each statement stands alone; after it all belong to one transaction, in which reads see
    what nobody else can change meanwhile (one writer at a time per store in SQLite, per tenant in PostgreSQL).
    A check that a write depends on must therefore come after `begin`.
    """

    def __init__(self, store: Store, connection: Connection, lock: Lock, lock_key: str) -> None:
        self.store = store
        self._connection = connection
        self._lock = lock
        self._lock_key = lock_key
        self.writing = False

    def begin(self) -> None:
        """Open the write transaction; does nothing when it is open."""
        if self.writing:
            return
        if self._connection.dialect.name == "sqlite":
            self._lock.acquire()
            try:
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            except BaseException:
                self._lock.release()
                raise
        else:
            self._connection.exec_driver_sql("BEGIN")
            self._connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%(key)s))", {"key": self._lock_key})
        self.writing = True

    def commit(self) -> None:
        """Make the transaction durable; does nothing when none is open."""
        self._end("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction; does nothing when none is open."""
        self._end("ROLLBACK")

    def _end(self, word: str) -> None:
        if not self.writing:
            return
        try:
            self._connection.exec_driver_sql(word)
        finally:
            self.writing = False
            if self._connection.dialect.name == "sqlite":
                self._lock.release()

    def all(self, statement: Statement, **params: Any) -> Sequence[Row[Any]]:
        """All rows of a prepared select."""
        return statement.run(self._connection, params).all()

    def first(self, statement: Statement, **params: Any) -> Row[Any] | None:
        """First row of a prepared select, or None."""
        return statement.run(self._connection, params).first()

    def write(self, statement: Statement, **params: Any) -> int:
        """Run a prepared insert, update or delete in the transaction; returns the number of rows touched."""
        self.begin()
        return statement.run(self._connection, params).rowcount

    def write_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a prepared insert, update or delete once per row in the transaction."""
        self.begin()
        statement.run_many(self._connection, rows)

    def inserted_id(self, statement: Statement, **params: Any) -> int:
        """Run a prepared `insert(...).returning(id)`; returns the id."""
        self.begin()
        return int(statement.run(self._connection, params).scalar_one())

    def query(self, expression: Executable) -> Sequence[Row[Any]]:
        """All rows of an expression built for the occasion (searches, cold paths)."""
        return self._connection.execute(expression).all()

    def execute(self, expression: Executable) -> int:
        """Run an insert, update or delete built for the occasion, in the transaction; rows touched."""
        self.begin()
        return self._connection.execute(expression).rowcount
