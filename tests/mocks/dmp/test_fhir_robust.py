"""Resources with one element turned into something else: refused or taken, never a failure of the bench."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.fhir import Mobile

OTHERS: tuple[Any, ...] = (None, 0, "x", [], {}, [None], {"a": 1}, True, "\u0001", "é" * 300, ["x"], [{}], -1.5)


def places(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a resource."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in inner:
        yield (*path, step)
        yield from places(child, (*path, step))


def spoiled(resource: Any, path: tuple[str | int, ...], value: Any) -> Any:
    made = copy.deepcopy(resource)
    node = made
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return made


@pytest.mark.parametrize("validation", ["refuser", "noter"])
def test_a_spoiled_bundle_or_publication(dui: Dui, bench: Bench, validation: str) -> None:
    mobile = Mobile(dui)
    old = dui.document()
    dui.provide(old)
    bench.set(fhir_validation=validation)
    bundle, simple = mobile.bundle(dui.document(), replaces=old.unique_id), mobile.simplified(dui.document())
    for resource, path in ((bundle, ""), (simple, "/DocumentReference")):
        for rank, place in enumerate(places(resource)):
            value = OTHERS[(rank + (validation == "noter")) % len(OTHERS)]
            answer = mobile.send("POST", path, spoiled(resource, place, value))
            assert answer.status_code < 500, (place, value, answer.text)
    whole = bench("GET", "dmp/bilan")
    assert (whole["doublons"], whole["sans_contenu"], whole["empreintes_fausses"]) == ([], [], [])


@pytest.mark.parametrize("kind", ["application/json-patch+json", "application/fhir+json"])
def test_a_spoiled_patch(dui: Dui, bench: Bench, kind: str) -> None:
    mobile, document = Mobile(dui), dui.document()
    dui.provide(document)
    for path in ("/status", "/securityLabel", "/securityLabel/0", "/securityLabel/-", "/extension/0", "/extension"):
        for value in OTHERS:
            for op in ("add", "replace", "remove", "test"):
                change: Any = {"op": op, "path": path, "value": value}
                if kind == "application/fhir+json":
                    part = [{"name": "type", "valueCode": op}, {"name": "path", "valueString": value}]
                    named = {"name": "value", "valueCode": value}
                    change = {
                        "resourceType": "Parameters",
                        "parameter": [{"name": "operation", "part": [*part, named]}],
                    }
                answer = mobile.patch(document.unique_id, change, kind=kind)
                assert answer.status_code < 500, (change, answer.text)
