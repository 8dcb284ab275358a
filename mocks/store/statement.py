"""A SQLAlchemy Core expression compiled once per dialect, for statements of the hot path.

SQLAlchemy's own execution of a cached expression costs more than the write itself in SQLite; executing
the compiled text on the driver keeps Core as the one place where SQL is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement


class Statement:
    """One expression; its bind parameters are given by name at each run."""

    def __init__(self, expression: ClauseElement) -> None:
        self._expression = expression
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def run(self, connection: Connection, params: Mapping[str, Any]) -> CursorResult[Any]:
        """Execute once with these parameters."""
        text, order, fixed = self._for(connection.dialect)
        values = {**fixed, **params}
        return connection.exec_driver_sql(text, tuple(values[name] for name in order) if order is not None else values)

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once per row, in one driver call; nothing for no row."""
        if not rows:
            return
        text, order, fixed = self._for(connection.dialect)
        if order is None:
            connection.exec_driver_sql(text, [{**fixed, **row} for row in rows])
        else:
            connection.exec_driver_sql(text, [tuple({**fixed, **row}[name] for name in order) for row in rows])

    def _for(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
        found = self._compiled.get(dialect.name)
        if found is None:
            compiled = self._expression.compile(dialect=dialect)
            order = getattr(compiled, "positiontup", None)
            found = (str(compiled), None if order is None else tuple(order), dict(compiled.params))
            self._compiled[dialect.name] = found
        return found
