"""The measures of the profiles: they measure what they say, on a resource that is right. No figure is asserted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from load import profiles_bench
from profiles import default_registry, validate


def test_the_judged_visit_is_right_and_of_the_said_size() -> None:
    visit = profiles_bench.visit()
    assert len(json.dumps(visit, ensure_ascii=False).encode()) == profiles_bench.SIZE
    assert validate(visit, visit["meta"]["profile"][0]) == []


def test_a_candidate_that_refuses_is_no_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles_bench, "ROUNDS", 2)
    monkeypatch.setattr(profiles_bench, "ROUND_SECONDS", 0.001)
    assert profiles_bench.per_second(right=lambda: True)["right"] > 0
    with pytest.raises(AssertionError, match="wrong"):
        profiles_bench.per_second(wrong=lambda: False)


def test_the_start_of_a_service_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    assert profiles_bench.part("service", str(tmp_path))["seconds"] > 0
    assert list(tmp_path.iterdir())  # the cache was filled there


def test_every_profile_is_counted(tmp_path: Path) -> None:
    found = profiles_bench.part("every_profile", str(tmp_path))
    assert found["profiles"] == len(default_registry().versions())
    assert found["process_mb"] > found["beyond_python_mb"] > 0
