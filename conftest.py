"""Loads the bench into pytest: its plugin, and every module of steps."""

from __future__ import annotations

from harness.steps import step_modules

pytest_plugins = ["harness.plugin", *step_modules()]
