"""The runs of the proof: one session of the whole suite per defect, in a few processes that import once."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import rules
from harness.feature_run import Session, play_here
from harness.prove import Defect, Proof, compare, conclude
from harness.reference_product import TARGET, defects
from harness.results import ScenarioResult

Tell = Callable[[str], None]


class ProofError(Exception):
    """A run of the proof did not take place: an error of the bench."""


def prove(target: Path = TARGET, *, only: Sequence[str] = (), workers: int = 2, tell: Tell = print) -> Proof:
    """Run the correct product, then each defect.

    only: ids of the defects to run (all by default). workers: number of processes. tell: gets a line as each run ends.
    Raises ProofError, and KeyError for an unknown defect.
    """
    started = time.monotonic()
    known = {defect.id: defect for defect in defects(target)}
    chosen = [known[name] for name in only] if only else list(known.values())
    results: dict[str, list[ScenarioResult]] = {}
    for name, played in _runs(str(target), ["", *(defect.id for defect in chosen)], workers):
        results[name] = played
        tell(f"{compare(known[name], played).catch} : {name}" if name else "produit correct")
    pairs: list[tuple[Defect, Sequence[ScenarioResult]]] = [(defect, results[defect.id]) for defect in chosen]
    return conclude(
        results[""],
        pairs,
        rules.load_all(),
        partial=bool(only),
        duration_s=time.monotonic() - started,
    )


def _runs(target: str, names: Sequence[str], workers: int) -> Iterator[tuple[str, list[ScenarioResult]]]:
    # A forked child would inherit locks of threads; a spawned one imports the bench once and serves many runs.
    context = multiprocessing.get_context("spawn")
    size = max(1, min(workers, len(names)))
    with ProcessPoolExecutor(size, mp_context=context, initializer=_prepare) as pool:
        waiting = {pool.submit(play_here, target, name): name for name in names}
        try:
            for done in as_completed(waiting):
                name = waiting[done]
                yield name, _results(name, done.result())
        finally:
            pool.shutdown(cancel_futures=True)


def _prepare() -> None:
    """Import the bench, then keep the collector off its hundreds of thousands of lasting objects: a fifth less time."""
    rules.load_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _results(name: str, session: Session) -> list[ScenarioResult]:
    if session.result is None or not session.result.scenarios:
        raise ProofError(f"le passage « {name or 'produit correct'} » n'a rien joué :\n{session.output[-3000:]}")
    return session.result.scenarios
