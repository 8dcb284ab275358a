"""Loads the bench into pytest: its plugin, the reports, and every module of steps."""

from __future__ import annotations

import pytest

from harness.steps import step_modules

# Step modules import each other: all must be marked before the first one is imported.
pytest.register_assert_rewrite("steps", "harness.plugin")
pytest_plugins = ["harness.plugin", "reports.allure_plugin", *step_modules()]
