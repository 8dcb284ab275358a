"""Our predicates say what the FHIRPath of the invariants says, on hand-written values, on examples and on mutants."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from profiles.expressions import expression
from profiles.invariants import TABLE, safely
from tests.profiles.cases import cases
from tests.profiles.fhirpaths import Written, values_of, written
from tests.profiles.judged import selected
from tests.profiles.mutants import OF_THE_PROFILE
from tests.profiles.truths import TRUTHS

# Where the predicate departs from the FHIRPath on purpose, and why.
DEPARTURES = {
    "app-4": "l'expression R4 écrit « no-show », code qui n'existe pas : app-4-noshow en fait un avertissement",
    "app-4-noshow": "n'est pas dans R4 : c'est la part de app-4 que son texte et son expression jugent différemment",
}
# What the library cannot execute, and why.
NOT_EXECUTED: dict[str, str] = {
    "ctm-1": "suit la référence (resolve) : sans la ressource citée, le FHIRPath ne dit rien",
}


@functools.cache
def of_type() -> dict[str, list[Written]]:
    found: dict[str, list[Written]] = {}
    for each in written():
        found.setdefault(each.type, []).append(each)
    return found


@pytest.mark.parametrize("key", sorted(TABLE))
def test_predicate_says_what_the_rule_says(key: str) -> None:
    right, wrong = TRUTHS[key]
    assert [safely(TABLE[key].holds, value) for value in right] == [True] * len(right)
    assert [safely(TABLE[key].holds, value) for value in wrong] == [False] * len(wrong)
    assert right
    assert wrong


@pytest.mark.parametrize("row", [row for row in written() if row.key not in DEPARTURES], ids=lambda row: row.key)
def test_fhirpath_says_what_the_rule_says(row: Written) -> None:
    right, wrong = TRUTHS[row.key]
    if row.key in NOT_EXECUTED:
        assert expression(row.expression).problem or row.holds(wrong[0]) is None
        return
    assert [row.holds(value) for value in right] == [True] * len(right)
    assert [row.holds(value) for value in wrong] == [False] * len(wrong)


def test_every_invariant_of_the_table_is_written_somewhere() -> None:
    assert {row.key for row in written()} | DEPARTURES.keys() == TABLE.keys()


def compared(resource: Any) -> tuple[int, list[str]]:
    count, different = 0, []
    for type_name, value, around in values_of(resource):
        for row in of_type().get(type_name, []):
            if row.key in DEPARTURES or row.key in NOT_EXECUTED:
                continue
            ours, theirs = safely(TABLE[row.key].holds, value), row.holds(value, *around)
            count += 1
            if theirs is not None and ours != theirs:
                different.append(f"{row.key} sur {str(value)[:200]} : {ours}, {theirs}")
    return count, different


def test_predicates_and_fhirpath_agree_on_examples() -> None:
    results = [compared(case.resource) for case in cases()]
    assert [line for _, lines in results for line in lines] == []
    assert sum(count for count, _ in results) > 1000


def test_predicates_and_fhirpath_agree_on_mutants() -> None:
    """Only the faults after which a resource still has the shape of FHIR: on another shape FHIRPath has no meaning."""
    results = [
        compared(mutant.resource)
        for found in selected().values()
        for mutant in found
        if mutant.operation in OF_THE_PROFILE
    ]
    assert {line for _, lines in results for line in lines} == set()
    assert sum(count for count, _ in results) > 10_000
