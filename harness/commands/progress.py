"""A progress line on stderr: rewritten in place on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from typing import TextIO


class Progress:
    """Counts the steps of a long work and says where it stands. total: number of steps; stream: stderr by default."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = total
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self.done = 0

    def step(self, text: str) -> None:
        """One more step is done; text: what it was."""
        self.done += 1
        line = f"[{self.done}/{self._total}] {text}"
        self._stream.write(f"\r\x1b[K{line}" if self._live else f"{line}\n")
        if self._live and self.done >= self._total:
            self._stream.write("\n")
        self._stream.flush()
