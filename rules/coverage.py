"""How much of the fact sheets is held: by a rule, by a test of a mock, or by nothing yet."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from rules.core import Authority, all_rules, checks

State = Literal["rule", "mock_test", "not_observable", "open"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of checks in each state, and of rules; `states` gives the state of each check by id."""

    checks: int
    checks_as_rules: int
    checks_as_mock_tests: int
    checks_not_observable: int
    checks_open: int
    rules: int
    rules_official: int
    states: Mapping[str, State]


def coverage(tests: Path | None = None) -> Coverage:
    """Count the checks of `rules/checks.csv` by what holds them; each counts once, in the order of `State`.

    tests: folder of the bench's own tests, where functions marked `@pytest.mark.check("MES-79")` hold MOCK rows;
    None (an installed bench has no tests) counts none. Load the rules first (`rules.load_all()`).
    Raises ValueError when a test or `not_observable.csv` names an unknown check.
    """
    tested = frozenset(checks_tested(tests)) if tests is not None else frozenset()
    unknown = (tested | not_observable().keys()) - checks().keys()
    if unknown:
        raise ValueError(f"unknown checks: {', '.join(sorted(unknown))}")
    states = {check: _state(check, tested) for check in checks()}
    counted = Counter(states.values())
    official = sum(rule.authority is Authority.OFFICIELLE for rule in all_rules().values())
    return Coverage(
        checks=len(states),
        checks_as_rules=counted["rule"],
        checks_as_mock_tests=counted["mock_test"],
        checks_not_observable=counted["not_observable"],
        checks_open=counted["open"],
        rules=len(all_rules()),
        rules_official=official,
        states=states,
    )


@cache
def not_observable() -> Mapping[str, str]:
    """Checks that no exchange can show, by id, with the reason in French."""
    content = resources.files("rules").joinpath("not_observable.csv").read_text(encoding="utf-8")
    return {row["id"]: row["reason"] for row in csv.DictReader(content.splitlines())}


def checks_tested(tests: Path) -> Iterator[str]:
    """Ids named by `@pytest.mark.check(...)` in the Python files of a folder, read without importing them."""
    for path in sorted(tests.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for decorator in node.decorator_list:
                    yield from _named(decorator)


def _named(decorator: ast.expr) -> Iterator[str]:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("mark.check"):
        for argument in decorator.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def _state(check: str, tested: frozenset[str]) -> State:
    if check in all_rules():
        return "rule"
    if check in tested:
        return "mock_test"
    return "not_observable" if check in not_observable() else "open"
