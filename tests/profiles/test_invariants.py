"""Our predicates say what the FHIRPath of the invariants says, on hand-written values, on examples and on mutants."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from profiles.expressions import expression
from profiles.invariants import TABLE, safely
from tests.profiles import official
from tests.profiles.cases import cases
from tests.profiles.fhirpaths import Written, values_of, written
from tests.profiles.judged import plain, selected
from tests.profiles.mutants import OF_THE_PROFILE
from tests.profiles.truths import TRUTHS

# Where the predicate departs from the FHIRPath on purpose, and why.
DEPARTURES = {
    "app-4": "l'expression R4 écrit « no-show », code qui n'existe pas : app-4-noshow en fait un avertissement",
    "app-4-noshow": "n'est pas dans R4 : c'est la part de app-4 que son texte et son expression jugent différemment",
}
# Without the element on the right the FHIRPath gives "false" (`all` of nothing known), our predicate holds: the absence
# is a fault of its own, said once.
UNDEFINED_WITHOUT = {"bdl-3": "type", "bdl-4": "type"}
# What the library cannot execute, and why.
NOT_EXECUTED: dict[str, str] = {
    "ctm-1": "suit la référence (resolve) : sans la ressource citée, le FHIRPath ne dit rien",
    "dom-3": "la bibliothèque refuse « as » sur plusieurs éléments, que l'expression R4 emploie comme un filtre",
    "rng-2": "la bibliothèque ne compare pas deux quantités",
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
        return  # the day when the library executes it, this list must be shortened
    assert [row.holds(value) for value in right] == [True] * len(right)
    assert [row.holds(value) for value in wrong] == [False] * len(wrong)


@pytest.mark.skipif(not official.packages(), reason=official.ABSENT)
def test_every_invariant_of_the_table_is_written_somewhere() -> None:
    assert {row.key for row in written()} | DEPARTURES.keys() == TABLE.keys()


@functools.cache
def said(row: Written, value: str, around: str) -> bool | None:
    """What the FHIRPath says of a value (JSON texts, so that the many equal values are evaluated once)."""
    return row.holds(json.loads(value), *json.loads(around))


def compared(resource: Any) -> tuple[int, list[str]]:
    """Return how many times an invariant was compared, and the disagreements."""
    count, different = 0, []
    for type_name, value, around in values_of(resource):
        for row in of_type().get(type_name, []):
            if row.key in DEPARTURES or row.key in NOT_EXECUTED or not row.concerns(value):
                continue
            if UNDEFINED_WITHOUT.get(row.key, "resourceType") not in value and "resourceType" in value:
                continue
            reads_around = "%" in row.expression or "resolve" in row.expression
            ours = safely(TABLE[row.key].holds, value)
            theirs = said(row, json.dumps(value), json.dumps(around if reads_around else []))
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
    seen: set[tuple[str, str]] = set()
    total, different = 0, set()
    for mutant in (each for found in selected().values() for each in found if each.operation in OF_THE_PROFILE):
        fault = (mutant.operation, plain(mutant.element))
        if fault not in seen:
            seen.add(fault)
            count, lines = compared(mutant.resource)
            total += count
            different |= set(lines)
    assert different == set()
    assert total > 10_000
