"""Pytest sessions over the features: in a process of their own, or in this one for the many runs of the proof."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.plugin import RUN
from harness.results import RESULTS_DIRECTORY, RunResult
from harness.steps import step_modules

FEATURES = Path(__file__).resolve().parents[1] / "features"
REPORT_PLUGIN = "reports.allure_plugin"


@dataclass(frozen=True)
class Session:
    """What a session left. result is None when it did not start; output: what pytest printed, when kept."""

    exit_code: int
    result: RunResult | None
    output: str = ""


def play(arguments: Sequence[str], *, quiet: bool = False) -> Session:
    """Run the suite as `pytest features` would, from the current folder.

    arguments: more options of pytest (`--cible`, `-m`, `-n`...). quiet: keep what pytest prints instead of showing it.
    """
    path = RESULTS_DIRECTORY / f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.json"
    command = [sys.executable, "-m", "pytest", str(FEATURES), *_plugins(), "-p", "no:cacheprovider", "-p", "no:locust"]
    output = subprocess.PIPE if quiet else None
    done = subprocess.run(
        [*command, "--resultats", str(path), *arguments],
        check=False,
        stdout=output,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return Session(done.returncode, RunResult.read(path) if path.exists() else None, done.stdout or "")


def play_here(target: str, defect: str = "", *plugins: object, mode: str = "embarque") -> Session:
    """The suite on a Python product in this process, as `banc prove` runs it many times.

    mode: `embarque`, or `local` for what needs sockets. plugins: of pytest, which choose scenarios or look at them.
    Assertions are left as they are written: rewriting them costs time, and cannot be done twice in one process.
    """
    spoiled = ["--defaut", defect] if defect else []
    options = ["--cible", target, "--mode", mode, "--assert=plain", "-p", "no:cacheprovider", "-p", "no:locust", "-q"]
    keeper, output = _Config(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = pytest.main([str(FEATURES), *_plugins(), *options, *spoiled], plugins=[keeper, *plugins])
    run = keeper.config.stash.get(RUN, None) if keeper.config else None
    return Session(int(code), run.result if run else None, output.getvalue())


class _Config:
    """A pytest plugin that keeps the configuration, where the run left its result."""

    def __init__(self) -> None:
        self.config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        self.config = config


def _plugins() -> list[str]:
    """Options that load the bench into pytest where no `conftest.py` of ours does: a bench that is installed."""
    if (FEATURES.parent / "conftest.py").exists():
        return []
    return [option for name in ("harness.plugin", REPORT_PLUGIN, *step_modules()) for option in ("-p", name)]
