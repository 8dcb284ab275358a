"""The base R4 definitions: regenerated identically, R4 and not R4B, and equal to what official snapshots say of R4."""

from __future__ import annotations

import importlib.resources
import json
from typing import Any

import pytest

from profiles import validate
from profiles.base import generate
from profiles.elements import base


def committed() -> Any:
    return json.loads(importlib.resources.files("profiles.base").joinpath("r4.json").read_text("utf-8"))


def test_committed_file_is_the_generated_one() -> None:
    assert generate.definitions() == committed()


@pytest.mark.parametrize("name", sorted(generate.ADDED_BY_R4B))
def test_types_of_r4b_do_not_exist(name: str) -> None:
    assert name not in base()


@pytest.mark.parametrize("name", sorted([*generate.REMOVED_BY_R4B, *generate.REWRITTEN_BY_R4B]))
def test_types_that_we_cannot_judge_are_said(name: str) -> None:
    assert [(i.severity, i.code) for i in validate({"resourceType": name})] == [("warning", "not-supported")]


def test_r4b_choices_are_removed() -> None:
    codes = {t.code for t in base().elements("Extension")["value[x]"].types}
    assert codes & {"CodeableReference", "RatioRange"} == set()
    assert {"Meta", "Dosage", "Reference"} <= codes
    assert "canonical" not in {t.code for t in base().elements("ActivityDefinition")["subject[x]"].types}


def test_a_content_reference_keeps_its_type() -> None:
    assert base().elements("Bundle.entry")["link"].types[0].code == "Bundle.link"


def test_every_resource_has_the_elements_of_its_ancestors() -> None:
    for name in base().resources:
        assert {"id", "meta"} <= base().elements(name).keys()
    assert "contained" in base().elements("Slot")
    assert "contained" not in base().elements("Bundle")
