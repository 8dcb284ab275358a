from pathlib import Path

import pytest

import rules
from rules.coverage import checks_tested, coverage, not_observable

MARKED = """
import pytest

@pytest.mark.check("MES-79", "MES-80")
def test_one() -> None: ...

@pytest.mark.check("MES-01")
class TestTwo: ...

@pytest.mark.parametrize("x", ["AGD-091"])
def test_three(x: str) -> None: ...
"""


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    (tmp_path / "test_marked.py").write_text(MARKED, encoding="utf-8")
    return tmp_path


def test_each_check_counts_once(marked: Path) -> None:
    rules.load_all()
    counted = coverage(marked)
    parts = (
        counted.checks_as_rules,
        counted.checks_as_mock_tests,
        counted.checks_not_observable,
        counted.checks_open,
    )
    assert counted.checks == len(rules.checks()) == sum(parts)
    assert counted.checks_as_rules == counted.rules == len(rules.all_rules())
    assert counted.checks_as_mock_tests == 2  # MES-01 has a rule, which comes first
    assert 0 < counted.rules_official < counted.rules
    assert counted.states["MES-79"] == "mock_test"
    assert counted.states["MES-01"] == "rule"
    assert counted.states["MES-54"] == "not_observable"
    assert counted.states["AGD-091"] == "open"


def test_marks_are_read_without_importing(marked: Path) -> None:
    assert sorted(checks_tested(marked)) == ["MES-01", "MES-79", "MES-80"]


def test_unknown_check_is_refused(marked: Path) -> None:
    (marked / "test_wrong.py").write_text('@pytest.mark.check("MES-999")\ndef test_it(): ...\n', encoding="utf-8")
    with pytest.raises(ValueError, match="MES-999"):
        coverage(marked)


def test_what_no_exchange_shows_has_a_reason_and_no_rule() -> None:
    assert set(not_observable()) <= set(rules.checks())
    assert set(not_observable()).isdisjoint(rules.load_all())
    assert all(len(reason) > 40 and reason.endswith(".") for reason in not_observable().values())
