"""Deep, wide, cyclic and huge inputs end with an issue, in bounded time and memory; nothing crashes the judgment."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles import default_registry, validate
from profiles.bounds import MAX_DEPTH, MAX_DETAILED, MAX_ISSUES, MAX_VALUES
from profiles.elements import base
from tests.profiles import examples as ex

Json = dict[str, Any]


def nested_extensions(levels: int) -> Json:
    inner: Json = {"url": "urn:x", "valueString": "x"}
    for _ in range(levels):
        inner = {"url": "urn:x", "extension": [inner]}
    return {**ex.SLOT, "extension": [inner]}


def nested_items(levels: int) -> Json:
    inner: Json = {"linkId": "x", "type": "string"}
    for _ in range(levels):
        inner = {"linkId": "x", "type": "group", "item": [inner]}
    return {"resourceType": "Questionnaire", "status": "draft", "item": [inner]}


def nested_bundles(levels: int) -> Json:
    inner: Json = ex.SLOT
    for _ in range(levels):
        inner = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": inner}]}
    return inner


DEEP = [nested_extensions, nested_items, nested_bundles]


@pytest.mark.parametrize("make", DEEP)
@pytest.mark.parametrize("levels", [MAX_DEPTH, 5_000, 50_000])
def test_deep(make: Any, levels: int) -> None:
    (issue,) = validate(make(levels))
    assert (issue.severity, issue.code, issue.rule) == ("fatal", "too-costly", "taille")
    assert f"{MAX_DEPTH} niveaux" in issue.message


@pytest.mark.parametrize("make", DEEP)
def test_as_deep_as_allowed(make: Any) -> None:
    assert [i for i in validate(make(40)) if i.severity == "fatal"] == []


def test_nesting_does_not_multiply_the_judgments() -> None:
    """An extension known in several versions, nested in itself: each level is judged once by each."""
    url = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name"
    assert len([c for c in default_registry().versions() if c.startswith(url)]) > 1
    inner: Json = {"url": url, "valueInteger": 1}
    for _ in range(60):
        inner = {"url": url, "extension": [inner]}
    assert validate({**ex.SLOT, "extension": [inner]})


def test_cyclic() -> None:
    extension: Json = {"url": "urn:x"}
    extension["extension"] = [extension]
    assert [i.code for i in validate({**ex.SLOT, "extension": [extension]})] == ["too-costly"]
    both: list[Any] = []
    both += [both, both]
    assert [i.code for i in validate({**ex.SLOT, "extension": both})] == ["too-costly"]


@pytest.mark.parametrize("value", [1, "x", None, {}, []])
def test_wide(value: Any) -> None:
    """One element repeated: too many to be listed, the judgment says so instead of a million issues."""
    issues = validate({**ex.SLOT, "serviceType": [value] * (MAX_DETAILED + 1)})
    assert [(i.severity, i.code) for i in issues] == [("fatal", "too-costly")]


def test_huge() -> None:
    resource = {**ex.SLOT, "comment": "x" * 20_000_000}
    assert validate(resource) == []
    many = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": ex.SLOT}] * (MAX_VALUES // 5)}
    assert len(json.dumps(many)) > 20_000_000
    assert [(i.severity, i.code) for i in validate(many)] == [("fatal", "too-costly")]


def test_many_issues_of_one_resource_are_cut() -> None:
    issues = validate({**ex.SLOT, "serviceType": [1] * (MAX_ISSUES * 2)})
    assert len(issues) == MAX_ISSUES + 1
    assert issues[-1].rule == "anomalies"


def test_many_issues_are_cut() -> None:
    entries = [{"resource": {"resourceType": "Slot"}}] * (MAX_ISSUES + 1)
    issues = validate({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert len(issues) == MAX_ISSUES + 1
    assert issues[-1].rule == "anomalies"


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["#p", "#", "Patient/1", "urn:x"])
)
NAMES = st.sampled_from(
    ["resourceType", "id", "extension", "modifierExtension", "url", "valueReference", "contained", "entry", "resource",
     "fullUrl", "reference", "type", "actor", "participant", "identifier", "system", "coding", "code", "section"]
)  # fmt: skip
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4))
KINDS = {canonical: default_registry().profile(canonical)["type"] for canonical in default_registry().versions()}
PROFILES = st.sampled_from([canonical for canonical, kind in KINDS.items() if base().is_resource(kind)])


@settings(max_examples=300, deadline=None)
@given(PROFILES, st.dictionaries(NAMES, JSON, max_size=6))
def test_any_content_against_any_profile(canonical: str, content: Json) -> None:
    """Slices, references and extensions met in any shape: issues, never an exception."""
    assert isinstance(validate({**content, "resourceType": KINDS[canonical]}, canonical), list)
