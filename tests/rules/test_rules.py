"""Each rule against its table (tests/rules/cases), and what holds of all rules together."""

import ast
import inspect
import textwrap
from collections import Counter

import pytest

import rules
from rules import Finding, Rule
from tests.rules.cases import Case, Entries, all_cases
from tests.rules.journal import journal

RULES = rules.load_all()
CASES = all_cases()
LONGEST = 35


def _said(rule: Rule, finding: Finding) -> str:
    level = "" if finding.level == rule.level else f" ({finding.level})"
    authority = "" if finding.authority == rule.authority else f" ({finding.authority})"
    return f"{finding.exchange} {finding.at}{level}{authority}"


@pytest.mark.parametrize(
    ("case", "entries"),
    [pytest.param(case, e, id=f"{case.rule}-{n}") for case in CASES for n, e in enumerate(case.accepted)],
)
def test_accepted(case: Case, entries: Entries) -> None:
    result = RULES[case.rule].run(journal(*entries))
    assert [_said(result.rule, finding) for finding in result.findings] == []
    assert result.examined > 0


@pytest.mark.parametrize(
    ("case", "entries", "expected"),
    [pytest.param(case, e, f, id=f"{case.rule}-{n}") for case in CASES for n, (e, f) in enumerate(case.refused)],
)
def test_refused_at_the_exact_place(case: Case, entries: Entries, expected: list[str]) -> None:
    result = RULES[case.rule].run(journal(*entries))
    assert sorted(_said(result.rule, finding) for finding in result.findings) == sorted(expected)
    for finding in result.findings:
        assert finding.expected
        assert finding.seen
        assert finding.message.endswith(".")


@pytest.mark.parametrize(
    ("case", "entries"),
    [pytest.param(case, e, id=f"{case.rule}-{n}") for case in CASES for n, e in enumerate(case.silent)],
)
def test_nothing_to_examine(case: Case, entries: Entries) -> None:
    result = RULES[case.rule].run(journal(*entries))
    assert (result.examined, result.findings) == (0, ())


def test_every_rule_has_its_table() -> None:
    assert Counter(case.rule for case in CASES) == Counter(dict.fromkeys(RULES, 1))
    assert [case.rule for case in CASES if not (case.accepted and case.refused and case.silent)] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_agrees_with_the_fact_sheet(rule: Rule) -> None:
    row = rules.checks()[rule.id]
    assert rule.authority == row["authority"]
    assert rule.level == row["level"].split()[0]
    assert rule.source
    assert rule.title.endswith(".")


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_is_short(rule: Rule) -> None:
    node = ast.parse(textwrap.dedent(inspect.getsource(rule.function))).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert (node.end_lineno or 0) - node.lineno + 1 <= LONGEST


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_journal_order_is_by_id(case: Case) -> None:
    entries, expected = case.refused[0]
    exchanges = journal(*entries)
    shuffled = rules.judge(reversed(exchanges), [RULES[case.rule]])
    assert sorted(_said(RULES[case.rule], f) for f in shuffled.findings) == sorted(expected)
