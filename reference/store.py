"""The product's own database: SQLite, one table of typed records, one lock."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import defaultdict
from pathlib import Path
from typing import TypeVar

from reference.records import Record

R = TypeVar("R", bound=Record)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, body TEXT NOT NULL,
  UNIQUE (kind, key));
CREATE INDEX IF NOT EXISTS record_by_owner ON record (kind, owner, seq)
"""


class Store:
    """Records by class and key, in the order of their first saving; safe between threads."""

    def __init__(self, data_dir: Path | None = None) -> None:
        if data_dir is not None:
            data_dir.mkdir(parents=True, exist_ok=True)
        path = ":memory:" if data_dir is None else str(data_dir / "produit.sqlite3")
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.executescript(_SCHEMA)
        self._turns: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    def save(self, record: Record) -> None:
        """Insert the record, or replace the one of the same class and key."""
        row = (type(record).__name__, record.key, record.owner, json.dumps(vars(record)))
        statement = (
            "INSERT INTO record (kind, key, owner, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET owner = excluded.owner, body = excluded.body"
        )
        with self._lock:
            self._connection.execute(statement, row)

    def get(self, kind: type[R], key: str) -> R | None:
        """The record of that class and key, or None."""
        with self._lock:
            row = self._connection.execute(
                "SELECT body FROM record WHERE kind = ? AND key = ?", (kind.__name__, key)
            ).fetchone()
        return None if row is None else kind(**json.loads(row[0]))

    def all(self, kind: type[R], owner: str | None = None) -> list[R]:
        """Records of that class (of that owner), oldest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT body FROM record WHERE kind = ?1 AND (?2 IS NULL OR owner = ?2) ORDER BY seq",
                (kind.__name__, owner),
            ).fetchall()
        return [kind(**json.loads(row[0])) for row in rows]

    def delete(self, record: Record) -> bool:
        """Take the record away; True when it was there (so that only one thread consumes it)."""
        with self._lock:
            cursor = self._connection.execute(
                "DELETE FROM record WHERE kind = ? AND key = ?", (type(record).__name__, record.key)
            )
        return cursor.rowcount > 0

    def turn(self, usager: str) -> threading.RLock:
        """Lock held while MES is called for one usager: one refresh at a time, messages in order."""
        with self._lock:
            return self._turns[usager]

    def close(self) -> None:
        with self._lock:
            self._connection.close()
