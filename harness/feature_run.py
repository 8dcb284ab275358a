"""One pytest session over the features, in this process; several may follow one another."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.plugin import RUN
from harness.results import RunResult
from harness.steps import step_modules

FEATURES = Path(__file__).resolve().parents[1] / "features"
REPORT_PLUGIN = "reports.allure_plugin"


@dataclass(frozen=True)
class Session:
    """What a session left. result is None when it did not start; output: what pytest printed, when kept."""

    exit_code: int
    result: RunResult | None
    output: str = ""


class _Config:
    """A pytest plugin that keeps the configuration, where the run left its result."""

    def __init__(self) -> None:
        self.config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        self.config = config


def play(arguments: Sequence[str], *, features: Path = FEATURES, quiet: bool = False) -> Session:
    """Run pytest over `features` with the plugins of the bench.

    arguments: more options of pytest (`--cible`, `-m`, `-n`...). quiet: keep what pytest prints instead of showing it.
    """
    plugins = ["harness.plugin", REPORT_PLUGIN, *step_modules()]
    loaded = [option for plugin in plugins for option in ("-p", plugin)]
    keeper, output = _Config(), io.StringIO()
    with contextlib.redirect_stdout(output) if quiet else contextlib.nullcontext():
        code = pytest.main([str(features), *loaded, "-p", "no:cacheprovider", *arguments], plugins=[keeper])
    run = keeper.config.stash.get(RUN, None) if keeper.config else None
    return Session(int(code), run.result if run else None, output.getvalue())


def play_quietly(target: str, defect: str = "") -> Session:
    """The whole suite on a Python product in this process (mode `embarque`), as `banc prove` runs it.

    Assertions are left as they are written: rewriting them costs time, and cannot be done twice in one process.
    """
    spoiled = ["--defaut", defect] if defect else []
    return play(["--cible", target, "--mode", "embarque", "--assert=plain", "-q", *spoiled], quiet=True)
