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
    Prepared statements (`Statement`) raise the driver's own errors; they give rows as named tuples.
    """

    def __init__(self, store: Store, connection: Connection, lock: Lock, lock_key: str) -> None:
        self.store = store
        self._connection = connection
        self._driver: Any = connection.connection.driver_connection
        self._dialect = connection.dialect
        self._lock = lock
        self._lock_key = lock_key
        self.writing = False
        self.wrote = False  # whether the open transaction has changed anything yet

    def begin(self) -> None:
        """Open the write transaction; does nothing when it is open."""
        if self.writing:
            return
        if self._dialect.name == "sqlite":
            self._lock.acquire()
            try:
                self._driver.execute("BEGIN IMMEDIATE")
            except BaseException:
                self._lock.release()
                raise
        else:
            self._driver.execute("BEGIN")
            self._driver.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (self._lock_key,))
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
            self._driver.execute(word)
        finally:
            self.writing = self.wrote = False
            if self._dialect.name == "sqlite":
                self._lock.release()

    def all(self, statement: Statement, **params: Any) -> list[Any]:
        """All rows of a prepared select."""
        prepared = statement.on(self._dialect)
        make_row = prepared.make_row
        return [make_row(row) for row in self._driver.execute(prepared.text, prepared.arguments(params)).fetchall()]

    def first(self, statement: Statement, **params: Any) -> Any | None:
        """First row of a prepared select, or None."""
        prepared = statement.on(self._dialect)
        row = self._driver.execute(prepared.text, prepared.arguments(params)).fetchone()
        return None if row is None else prepared.make_row(row)

    def write(self, statement: Statement, **params: Any) -> int:
        """Run a prepared insert, update or delete in the transaction; returns the number of rows touched."""
        self._begin_change()
        prepared = statement.on(self._dialect)
        return int(self._driver.execute(prepared.text, prepared.arguments(params)).rowcount)

    def write_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a prepared insert, update or delete once per row in the transaction."""
        if not rows:
            return
        self._begin_change()
        prepared = statement.on(self._dialect)
        self._driver.cursor().executemany(prepared.text, [prepared.arguments(row) for row in rows])

    def inserted_id(self, statement: Statement, **params: Any) -> int:
        """Run a prepared `insert(...).returning(id)`; returns the id."""
        self._begin_change()
        prepared = statement.on(self._dialect)
        return int(self._driver.execute(prepared.text, prepared.arguments(params)).fetchone()[0])

    def query(self, expression: Executable) -> Sequence[Row[Any]]:
        """All rows of an expression built for the occasion (searches, cold paths)."""
        return self._connection.execute(expression).all()

    def execute(self, expression: Executable) -> int:
        """Run an insert, update or delete built for the occasion, in the transaction; rows touched."""
        self._begin_change()
        return self._connection.execute(expression).rowcount

    def _begin_change(self) -> None:
        self.begin()
        self.wrote = True
