"""The technical log of the product: what was called and what came back, never a token, an INS or a body."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime


class TechnicalLog:
    """Lines kept until they are read."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._lines: deque[str] = deque(maxlen=10_000)

    def write(self, line: str) -> None:
        with self._lock:
            self._lines.append(f"{self._now().isoformat(timespec='seconds')} {line}")

    def read(self) -> str:
        """Text written since the last reading."""
        with self._lock:
            text = "\n".join(self._lines)
            self._lines.clear()
        return text
