"""Whatever JSON comes in, a judgment is issues, never an exception."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles import outcome, validate
from profiles.elements import base
from tests.profiles import examples as ex

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["#", "#a", "Slot/1"])
NAMES = st.sampled_from(
    ["resourceType", "status", "extension", "url", "valueString", "contained", "id", "participant", "_status", "start",
     "end", "coding", "reference", "period", "entry", "resource", "identifier", "meta", "profile"]
) | st.text(max_size=4)  # fmt: skip
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4))
TYPES = st.sampled_from(sorted(base().resources & {"Appointment", "Bundle", "Patient", "Parameters", "Observation"}))


@pytest.mark.parametrize("value", ["\ud800", float("nan"), 10**400, {1: 2}, object()])
def test_what_json_cannot_carry_is_an_issue(value: Any) -> None:
    issues = validate({**ex.SLOT, "comment": value})
    assert issues
    assert {i.severity for i in issues} <= {"fatal", "error"}


def test_depth_is_an_issue() -> None:
    deep: dict[str, Any] = {"resourceType": "Slot"}
    for _ in range(3000):
        deep = {"resourceType": "Slot", "contained": [deep]}
    assert [i.severity for i in validate(deep)] == ["fatal"]


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_anything(content: Any) -> None:
    assert isinstance(validate(content), list)


@settings(max_examples=150, deadline=None)
@given(TYPES, st.dictionaries(NAMES, JSON, max_size=5))
def test_any_content_of_a_resource(resource_type: str, content: dict[str, Any]) -> None:
    assert isinstance(validate({**content, "resourceType": resource_type}), list)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_element_replaced_by_anything(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(ex.APPOINTMENT)))
    spoiled = {**ex.APPOINTMENT, name: data.draw(JSON)}
    issues = validate(spoiled, ex.fr("fr-core-appointment"))
    assert all(i.rule and i.expression for i in issues)
    assert validate(outcome(issues)) == []
