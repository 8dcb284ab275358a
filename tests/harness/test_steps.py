"""Which modules of steps pytest is told to load."""

from __future__ import annotations

from harness.steps import step_modules


def test_every_module_of_steps_is_named() -> None:
    names = step_modules()
    assert "steps.common" in names
    assert names == sorted(set(names))


def test_a_package_that_is_not_there_has_none() -> None:
    assert step_modules("pas_de_tels_pas") == []
