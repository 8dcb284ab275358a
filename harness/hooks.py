"""Hooks that other plugins of pytest may implement (`reports/` attaches evidence by them)."""

from __future__ import annotations

import pytest

from harness.results import ScenarioResult
from rules import Exchange


@pytest.hookspec()
def pytest_banc_scenario_judged(item: pytest.Item, result: ScenarioResult, exchanges: list[Exchange]) -> None:
    """Called in the test process once a scenario is played and judged, before pytest reports it.

    exchanges: all those of the scenario, in order, for evidence. An error raised here is an error of the bench.
    """
