"""The bench's own share of what is measured: processor of the generator and of the sandbox, and time it took itself.

A latency measured by a bench that is out of breath is the bench's: `judged` says so, and no latency is judged.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from load.profile import Saturation


@dataclass(frozen=True, slots=True)
class Share:
    """What the bench took of a run.

    generator_cpu: of the busiest process of the generator, share of one core. sandbox_cpu: mean over its processes,
    None when it is on another machine. loop_lag_s: 99th percentile of how late the generator was on itself.
    sandbox_s: 95th percentile of the sandbox's own time for one call, None when it answered none.
    rss_mb: memory of the sandbox at the start, in the middle and at the end, MB.
    """

    generator_cpu: float
    sandbox_cpu: float | None
    loop_lag_s: float
    sandbox_s: float | None
    rss_mb: Sequence[float] = ()

    def as_json(self) -> dict[str, Any]:
        def rounded(value: float | None) -> float | None:
            return None if value is None else round(value, 4)

        return {
            "cpu_generateur": rounded(self.generator_cpu),
            "cpu_bac_a_sable": rounded(self.sandbox_cpu),
            "retard_boucle_p99_s": rounded(self.loop_lag_s),
            "temps_bac_a_sable_p95_s": rounded(self.sandbox_s),
            "memoire_bac_a_sable_mo": [round(one, 1) for one in self.rss_mb],
        }


def excesses(share: Share, limits: Saturation, least_threshold_s: float | None) -> list[str]:
    """Why no latency can be judged, as French clauses; none when the bench was at ease.

    least_threshold_s: smallest latency threshold of the profile, None when it has none.
    """
    found = []
    if share.generator_cpu > limits.generator_cpu:
        found.append(f"le générateur occupe {share.generator_cpu:.0%} d'un cœur (limite {limits.generator_cpu:.0%})")
    if share.sandbox_cpu is not None and share.sandbox_cpu > limits.sandbox_cpu:
        found.append(f"le bac à sable occupe {share.sandbox_cpu:.0%} d'un cœur (limite {limits.sandbox_cpu:.0%})")
    if least_threshold_s is None:
        return found
    lag, own = limits.loop_lag * least_threshold_s, limits.sandbox_time * least_threshold_s
    if share.loop_lag_s > lag:
        found.append(f"le générateur a {share.loop_lag_s:.3f} s de retard sur lui-même (limite {lag:.3f} s)")
    if share.sandbox_s is not None and share.sandbox_s > own:
        found.append(f"le bac à sable prend à lui seul {share.sandbox_s:.3f} s par appel (limite {own:.3f} s)")
    return found


class Watch:
    """Processor time and memory of a program and of all that it started. pid: 0 for one that is elsewhere."""

    def __init__(self, pid: int, workers: int = 1) -> None:
        self._pid, self._workers = pid, workers
        self._began = (time.monotonic(), self._cpu_s())
        self.rss_mb: list[float] = []
        self.note_memory()

    def note_memory(self) -> None:
        """Keep the memory of now."""
        if self._pid:
            self.rss_mb.append(sum(one.memory_info().rss for one in self._processes()) / 1e6)

    def three_memories(self) -> list[float]:
        """Memory at the start, in the middle and at the end (MB); nothing for a program that is elsewhere."""
        return [self.rss_mb[at] for at in (0, len(self.rss_mb) // 2, -1)] if self.rss_mb else []

    def cpu(self) -> float | None:
        """Share of one core since the beginning, mean over the workers; None for a program that is elsewhere."""
        if not self._pid:
            return None
        seconds = time.monotonic() - self._began[0]
        return (self._cpu_s() - self._began[1]) / max(seconds, 1e-9) / self._workers

    def _cpu_s(self) -> float:
        times = [one.cpu_times() for one in self._processes()] if self._pid else []
        return float(sum(one.user + one.system for one in times))

    def _processes(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self._pid)
            return [first, *first.children(recursive=True)]
        return []
