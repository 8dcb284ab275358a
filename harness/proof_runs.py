"""The runs of the proof: one session of the suite per defect, in a few processes that import once.

The correct product is run first, and tells in which scenarios the place of each defect is reached. Anywhere else the
defective product does, call for call, what the correct one does: those scenarios need not be played again.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

import pytest

import rules
from harness import scenarios
from harness.drivers.python import PythonDriver
from harness.feature_run import Session, play_here
from harness.plugin import SCENE
from harness.prove import Defect, Proof, compare, conclude
from harness.reference_product import TARGET, defects
from harness.results import ScenarioResult

Tell = Callable[[str], None]
Reached = Mapping[str, frozenset[str]]
"""Ids of the scenarios where the place of each defect is reached."""


class ProofError(Exception):
    """A run of the proof did not take place: an error of the bench."""


def prove(
    target: Path = TARGET, *, only: Sequence[str] = (), workers: int = 2, whole: bool = False, tell: Tell = print
) -> Proof:
    """Run the correct product, then each defect.

    only: ids of the defects to run (all by default). workers: number of processes. whole: play every scenario for
    every defect, also where its place is not reached. tell: gets a line as each run ends.
    Raises ProofError, and KeyError for an unknown defect.
    """
    started = time.monotonic()
    known = {defect.id: defect for defect in defects(target)}
    chosen = [known[name] for name in only] if only else list(known.values())
    results: dict[str, list[ScenarioResult]] = {}
    for name, played in _runs(str(target), [defect.id for defect in chosen], workers, whole=whole):
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


def _runs(
    target: str, names: Sequence[str], workers: int, *, whole: bool
) -> Iterator[tuple[str, list[ScenarioResult]]]:
    # A forked child would inherit locks of threads; a spawned one imports the bench once and serves many runs.
    context = multiprocessing.get_context("spawn")
    size = max(1, min(workers, len(names)))
    with ProcessPoolExecutor(size, mp_context=context, initializer=_prepare) as pool:
        try:
            surveyed = pool.submit(_survey, target)
            for _ in range(1, size):
                pool.submit(_prepare)  # the other processes import meanwhile
            session, reached = surveyed.result()
            correct = _results("", session)
            yield "", correct
            yield from _spoilt_runs(pool, target, names, None if whole else reached)
        finally:
            pool.shutdown(cancel_futures=True)


def _spoilt_runs(
    pool: ProcessPoolExecutor, target: str, names: Sequence[str], reached: Reached | None
) -> Iterator[tuple[str, list[ScenarioResult]]]:
    waiting: dict[Future[Session], str] = {}
    places = {name: None if reached is None else reached.get(name, frozenset()) for name in names}
    # The longest first, so that the processes end together.
    for name in sorted(names, key=lambda name: -len(places[name] or ())):
        chosen = places[name]
        if chosen is None or chosen:
            waiting[pool.submit(_play, target, name, chosen)] = name
        else:
            yield name, []
    for done in as_completed(waiting):
        yield waiting[done], _results(waiting[done], done.result())


def _prepare() -> None:
    """Import the bench, then keep the collector off its hundreds of thousands of lasting objects: a fifth less time."""
    rules.load_all()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _survey(target: str) -> tuple[Session, Reached]:
    survey = _Survey()
    session = play_here(target, "", survey)
    return session, {defect: frozenset(found) for defect, found in survey.reached.items()}


def _play(target: str, defect: str, chosen: frozenset[str] | None) -> Session:
    return play_here(target, defect, *([] if chosen is None else [_Choice(chosen)]))


class _Survey:
    """A pytest plugin that notes, after each scenario, the defects whose place was reached."""

    def __init__(self) -> None:
        self.reached: dict[str, set[str]] = {}

    def pytest_banc_scenario_judged(self, item: pytest.Item, result: ScenarioResult) -> None:
        driver = item.stash[SCENE].product.driver
        for defect in driver.defects_met() if isinstance(driver, PythonDriver) else ():
            self.reached.setdefault(defect, set()).add(result.id)


class _Choice:
    """A pytest plugin that plays these scenarios only."""

    def __init__(self, chosen: frozenset[str]) -> None:
        self._chosen = chosen

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if (found := scenarios.of_item(item)) and found.id in self._chosen]


def _results(name: str, session: Session) -> list[ScenarioResult]:
    if session.result is None or not session.result.scenarios:
        raise ProofError(f"le passage « {name or 'produit correct'} » n'a rien joué :\n{session.output[-3000:]}")
    return session.result.scenarios
