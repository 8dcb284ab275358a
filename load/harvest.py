"""What all the processes of the generator saw, put together: calls, appointments, and how they kept their own time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import HarnessError
from load.ledger import Entry


class HarvestError(HarnessError):
    """The generator did not hand over all that it saw: an error of the bench."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. ended_s: seconds after the start. latency_s: since the instant it was due. status: 0 without answer.

    expected: whether the action may end with that status.
    """

    action: str
    ended_s: float
    latency_s: float
    status: int
    expected: bool = True


@dataclass(frozen=True)
class Harvest:
    """A whole run. slips_s: how late each arrival began. lags_s: how late each process was on itself."""

    calls: Sequence[Call]
    entries: Sequence[Entry]
    slips_s: Sequence[float]
    lags_s: Sequence[float]
    cpu: float
    seconds: float

    @property
    def actions(self) -> Mapping[str, list[Call]]:
        """Calls by action."""
        found: dict[str, list[Call]] = defaultdict(list)
        for call in self.calls:
            found[call.action].append(call)
        return dict(sorted(found.items()))


def read(path: Path) -> Harvest:
    """The harvest that the generator wrote. Raises HarvestError when there is none, or when a process is missing."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HarvestError(f"Le générateur de charge n'a rien rendu ({error}).") from error
    if not document["complete"]:
        raise HarvestError("Un processus du générateur n'a pas rendu ce qu'il a vu : le passage ne compte pas.")
    processes = document["processes"]
    return Harvest(
        calls=[Call(*sample) for one in processes for sample in one["samples"]],
        # An appointment belongs to one process; what it said last is last.
        entries=list({row[0]: Entry(*row) for one in processes for row in one["entries"]}.values()),
        slips_s=[slip for one in processes for slip in one["slips"]],
        lags_s=[lag for one in processes for lag in one["lags"]],
        cpu=max((one["cpu_s"] / max(one["seconds"], 1e-9) for one in processes), default=0.0),
        seconds=max((one["seconds"] for one in processes), default=0.0),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Value that this share of an ordered sequence does not exceed (nearest rank); 0 when it is empty."""
    if not ordered:
        return 0.0
    rank = -(-share * len(ordered) // 1)  # rounded up
    return ordered[max(0, int(rank) - 1)]
