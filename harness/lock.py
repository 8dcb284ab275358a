"""One scenario at a time on a product that several test processes share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from harness.errors import SetUpError

_PATIENCE_S = 600.0


@contextmanager
def exclusive(path: Path, *, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Hold the lock of that name while in the block; the system frees it if the process dies.

    An SQLite write lock, because it works alike on every system. patience_s: seconds to wait for the other holder.
    Raises SetUpError (French) when it stays busy.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=patience_s, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise SetUpError(
                f"Un autre passage du banc tient ce produit depuis plus de {patience_s:g} s (verrou {path})."
            ) from error
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
