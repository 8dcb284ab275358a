"""Whatever JSON comes in, a judgment is issues, never an exception; each names a place of the resource, in French."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles import Issue, outcome, validate
from profiles.elements import base
from tests.profiles import examples as ex
from tests.profiles.cases import cases, profiles
from tests.profiles.mutants import DROP, spoiled

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["#", "#a", "Slot/1"])
NAMES = st.sampled_from(
    ["resourceType", "status", "extension", "url", "valueString", "contained", "id", "participant", "_status", "start",
     "end", "coding", "reference", "period", "entry", "resource", "identifier", "meta", "profile"]
) | st.text(max_size=4)  # fmt: skip
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4))
TYPES = st.sampled_from(sorted(base().resources & {"Appointment", "Bundle", "Patient", "Parameters", "Observation"}))
QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
STEP = re.compile(r"\.(?P<name>`(?:\\.|[^`\\])*`|\w+)(?:\.ofType\(\w+\))?(?P<index>(?:\[\d+\])*)", re.DOTALL | re.ASCII)
QUOTED = re.compile(r"«[^»]*»|\{.*\}|\S*://\S*")
ENGLISH = re.compile(r"\b(expected|missing|should|must|invalid|required property|is not|does not)\b")


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


@QUIET
@given(JSON)
def test_anything(content: Any) -> None:
    said(validate(content), content)


@QUIET
@given(TYPES, st.dictionaries(NAMES, JSON, max_size=5))
def test_any_content_of_a_resource(resource_type: str, content: dict[str, Any]) -> None:
    resource = {**content, "resourceType": resource_type}
    said(validate(resource), resource)


@QUIET
@given(st.data())
def test_any_content_against_any_profile(data: st.DataObject) -> None:
    profile = data.draw(st.sampled_from(profiles()))
    resource = data.draw(JSON | st.sampled_from([case.resource for case in cases()]))
    said(validate(resource, profile), resource)


@settings(QUIET, max_examples=400)
@given(st.data())
def test_any_place_of_any_example_spoiled_by_anything(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases()))
    path: list[str | int] = []
    current: Any = case.resource
    while isinstance(current, (dict, list)) and current and (not path or data.draw(st.booleans())):
        step = data.draw(st.sampled_from(sorted(current) if isinstance(current, dict) else range(len(current))))
        path.append(step)
        current = current[step]
    value = data.draw(JSON | st.just(DROP) | st.just([current, current]) | st.just([[current]]))
    resource = spoiled(case.resource, tuple(path), value)
    said(validate(resource, case.profile), resource)


def said(issues: list[Issue], resource: Any) -> None:
    """Check issues: complete, French, at a place of the resource, and fit for an OperationOutcome."""
    for issue in issues:
        assert issue.rule
        assert "attendu" in issue.message, issue
        assert issue.message.endswith("."), issue
        ours = QUOTED.sub("", issue.message.partition(", vu ")[0])
        assert not ENGLISH.search(ours), issue
        assert leads_somewhere(issue.expression, resource), issue
    assert validate(outcome(issues)) == []


def leads_somewhere(expression: str, resource: Any) -> bool:
    """Tell whether a FHIRPath names an element that is in the resource, or one that could be in an element that is."""
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return True
    rest = expression.removeprefix(resource["resourceType"])
    if rest == expression:
        return expression == "Resource"
    steps = list(STEP.finditer(rest))
    if "".join(step[0] for step in steps) != rest:
        return False
    current: Any = resource
    for step in steps:
        if not isinstance(current, dict):
            return False
        current = value_of(current, step["name"], step["index"])
    return True


def value_of(holder: dict[str, Any], name: str, indexes: str) -> Any:
    """Return what a step of a FHIRPath leads to (`_name` reads as `name`), None where there is nothing to go into."""
    plain = re.sub(r"\\(.)", r"\1", name[1:-1]) if name.startswith("`") else name
    near = [key for key in holder if isinstance(key, str) and key.lstrip("_").startswith(plain)]  # a choice of types
    values = [holder[key] for key in (plain, f"_{plain}", *near) if key in holder]
    for index in map(int, re.findall(r"\d+", indexes)):
        values = [value[index] for value in values if isinstance(value, list) and index < len(value)]
    objects = [value for value in values if isinstance(value, dict)]
    return (objects or values or [None])[0]
