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
from dataclasses import dataclass
from pathlib import Path

import pytest

import rules
from harness import scenarios
from harness.drivers.python import PythonDriver
from harness.feature_run import Session, play_here
from harness.plugin import SCENE
from harness.prove import Defect, Proof, compare, conclude, left_to_load
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
    wanted = [known[name] for name in only] if only else list(known.values())
    chosen = [defect for defect in wanted if not left_to_load(defect)]
    results: dict[str, list[ScenarioResult]] = {}
    for name, played in _runs(str(target), chosen, workers, whole=whole):
        results[name] = played
        tell(f"{compare(known[name], played).catch} : {name}" if name else "produit correct")
    pairs: list[tuple[Defect, Sequence[ScenarioResult]]] = [(defect, results[defect.id]) for defect in chosen]
    return conclude(
        results[""],
        pairs,
        rules.load_all(),
        partial=bool(only),
        load_defects=[defect.id for defect in wanted if left_to_load(defect)],
        duration_s=time.monotonic() - started,
    )


def _runs(
    target: str, chosen: Sequence[Defect], workers: int, *, whole: bool
) -> Iterator[tuple[str, list[ScenarioResult]]]:
    # A forked child would inherit locks of threads; a spawned one imports the bench once and serves many runs.
    context = multiprocessing.get_context("spawn")
    size = max(1, min(workers, len(chosen)))
    with ProcessPoolExecutor(size, mp_context=context, initializer=_prepare) as pool:
        try:
            surveyed = pool.submit(_survey, target)
            for _ in range(1, size):
                pool.submit(_prepare)  # the other processes import meanwhile
            session, reached = surveyed.result()
            correct = _results("", session)
            over_sockets = frozenset(result.id for result in correct if result.cause == "mode")
            places: dict[str, Place] = {
                one.id: Place("embarque", None if whole else reached.get(one.id, frozenset()))
                for one in chosen
                if not one.sockets
            }
            secured = [one for one in chosen if one.sockets]
            if secured and over_sockets:
                session, reached = pool.submit(_survey, target, "local", over_sockets).result()
                again = {result.id: result for result in _results("", session)}
                correct = [again.get(result.id, result) for result in correct]
                for one in secured:
                    places[one.id] = Place("local", over_sockets if whole else reached.get(one.id, frozenset()))
            yield "", correct
            yield from _spoilt_runs(pool, target, places)
            yield from ((one.id, []) for one in secured if one.id not in places)
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a defect is played: the mode, and the scenarios (None: all of them)."""

    mode: str
    scenarios: frozenset[str] | None


def _spoilt_runs(
    pool: ProcessPoolExecutor, target: str, places: Mapping[str, Place]
) -> Iterator[tuple[str, list[ScenarioResult]]]:
    waiting: dict[Future[Session], str] = {}
    # The longest first, so that the processes end together.
    for name, place in sorted(places.items(), key=lambda item: -len(item[1].scenarios or ())):
        if place.scenarios is None or place.scenarios:
            waiting[pool.submit(_play, target, name, place)] = name
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


def _survey(target: str, mode: str = "embarque", chosen: frozenset[str] | None = None) -> tuple[Session, Reached]:
    survey = _Survey()
    session = play_here(target, "", survey, *_choices(chosen), mode=mode)
    return session, {defect: frozenset(found) for defect, found in survey.reached.items()}


def _play(target: str, defect: str, place: Place) -> Session:
    return play_here(target, defect, *_choices(place.scenarios), mode=place.mode)


def _choices(chosen: frozenset[str] | None) -> list[object]:
    return [] if chosen is None else [_Choice(chosen)]


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
