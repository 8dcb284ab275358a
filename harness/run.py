"""A run as the process with the terminal sees it: results come in, a file and an exit code go out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.results import RESULTS_DIRECTORY, RunResult, ScenarioResult, describe
from harness.target import Target
from harness.verdict import ExitCode, Verdict


class Run:
    """Registered as a plugin of pytest: with several test processes their reports all come here.

    path: file of the result; by default `.banc/resultats/<instant>.json`.
    """

    def __init__(self, target: Target | None, *, strict: bool, defect: str = "", path: Path | None = None) -> None:
        started = datetime.now(UTC)
        self._concerned = target is not None
        self._results: dict[str, ScenarioResult] = {}
        self._lost: list[str] = []
        self._path = path or RESULTS_DIRECTORY / f"{started:%Y%m%dT%H%M%S%fZ}.json"
        self.result = RunResult(
            describe(target) if target else {}, started.isoformat(timespec="seconds"), strict, defect=defect
        )

    @property
    def concerned(self) -> bool:
        """Whether this session of pytest is a run of the bench, and not only ordinary tests."""
        return self._concerned or bool(self._results)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = getattr(report, "banc_result", None)
        if data is not None:
            result = ScenarioResult.from_json(data)
            self._results[result.id] = result
        elif report.failed and report.when not in _PHASES:  # xdist: the test process died in this scenario
            self._lost.append(report.nodeid)

    def finish(self, exitstatus: int) -> ExitCode:
        """Write the result and give the exit code. exitstatus: what pytest would have exited with."""
        self.result.scenarios = [self._results[name] for name in sorted(self._results)]
        self.result.write(self._path)
        if self._lost or exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            return ExitCode.BENCH
        if exitstatus in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR):
            return ExitCode.SETUP
        code = self.result.exit_code
        if code is ExitCode.CONFORME and exitstatus == pytest.ExitCode.TESTS_FAILED:
            return ExitCode.BENCH  # something failed that no scenario explains
        return code

    def summary(self) -> Iterator[str]:
        """French lines for the end of the terminal: verdict, count of each verdict, place of the result."""
        if not self.concerned or not self._path.exists():
            return
        counted = Counter(self.result.verdicts().values())
        shares = ", ".join(f"{counted[verdict]} {verdict}" for verdict in Verdict if counted[verdict])
        yield f"Verdict : {self.result.verdict} ({shares or 'aucun scénario'})"
        for cause, sentence in _BROKEN.items():
            broken = [scenario for scenario in self.result.scenarios if scenario.cause == cause]
            if broken:
                yield f"{sentence} ({len(broken)} scénario(s)) : {broken[0].reason}"
        yield from (f"Processus d'essai perdu pendant {nodeid}" for nodeid in self._lost)
        yield f"Résultat : {self._path}"


_PHASES: tuple[str, ...] = ("setup", "call", "teardown")
_BROKEN = {
    "injoignable": "Produit injoignable",
    "pilote": "Pilote ou configuration en défaut, sans verdict",
    "banc": "Erreur du banc, sans verdict",
}
