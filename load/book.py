"""What one process of the generator keeps during a run: its share of the arrivals, its draws, what it saw."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from typing import Any

from load.ledger import Entry
from load.plan import Plan

FIRST_DAY = timedelta(days=2)
FROM_HOUR, PER_DAY = 6, 28  # half hours from 06:00 to 20:00 UTC: never in the hour that a change of season repeats
SIGHT = timedelta(days=30)
RECENT = 200  # own appointments that a change may be drawn from


class Book:
    """One process's record. index: rank of this process among those that share the arrivals."""

    def __init__(self, plan: Plan, index: int = 0) -> None:
        self.plan = plan
        self.random = random.Random(f"{plan.seed}-{index}")
        self.started = 0.0
        self.entries: dict[str, Entry] = {}
        self.own: dict[str, deque[Entry]] = defaultdict(lambda: deque(maxlen=RECENT))
        self.samples: list[tuple[str, float, float, int, bool]] = []
        self.slips: list[float] = []
        self.lags: list[float] = []
        self.arrived = 0
        self.began = (0.0, 0.0)  # wall clock and processor time of this process when the run began
        self.over = False
        self._index = index
        self._changed: set[str] = set()
        self._given: Counter[str] = Counter()
        self._arrivals = self._share()
        self.first_day = first_day()

    def _share(self) -> Iterator[tuple[int, float]]:
        every = enumerate(self.plan.arrivals.instants(self.plan.duration_s))
        return ((rank, due) for rank, due in every if rank % self.plan.processes == self._index)

    def next_arrival(self) -> tuple[int, float] | None:
        """Rank and instant (`time.perf_counter`) of the next arrival of this process; None when no more is due."""
        if not self.started:
            self.started = time.perf_counter()
        found = None if self.over else next(self._arrivals, None)
        if found is None:
            return None
        self.arrived += 1
        return found[0], self.started + found[1]

    def drawn_action(self) -> str:
        """An action of the mix, by its weight."""
        actions, weights = zip(*self.plan.mix.items(), strict=True)
        return str(self.random.choices(actions, weights)[0])

    def new_start(self, owner: str) -> datetime:
        """A half hour that nobody else was given in this agenda: two events at one instant are then one too many."""
        rank = self._given[owner] * self.plan.processes + self._index
        self._given[owner] += 1
        day, half = divmod(rank, PER_DAY)
        return self.first_day + timedelta(days=day, hours=FROM_HOUR, minutes=30 * half)

    def window(self) -> tuple[datetime, datetime]:
        """The thirty days that a reading asks for."""
        return self.first_day, self.first_day + SIGHT

    def note(self, entry: Entry) -> None:
        """Write or replace an appointment."""
        self.entries[entry.key] = entry
        self._changed.add(entry.key)

    def sample(self, action: str, latency_s: float, status: int, *, expected: bool) -> None:
        """One call. latency_s: from the instant it was due. status: of the answer, 0 when none came."""
        self.samples.append((action, time.perf_counter() - self.started, latency_s, status, expected))

    def take(self) -> dict[str, Any]:
        """What was seen since the last time, as plain data."""
        taken: dict[str, Any] = {
            "samples": self.samples,
            "slips": self.slips,
            "lags": self.lags,
            "entries": [astuple(self.entries[key]) for key in sorted(self._changed)],
            "arrived": self.arrived,
            "seconds": time.perf_counter() - self.began[0],
            "cpu_s": time.process_time() - self.began[1],
        }
        self.samples, self.slips, self.lags = [], [], []
        self._changed.clear()
        return taken


def first_day() -> datetime:
    """Midnight (UTC) of the first day of the appointments of a load."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + FIRST_DAY
