"""What the tests of several guides share: our examples, and the errors of a resource."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from profiles import validate
from tests.profiles.examples import Resource, spoiled

EXAMPLES = Path(__file__).parent.parent / "examples"
Keys = tuple[str | int, ...]
Row = tuple[str, Keys, Any, list[tuple[str, str]]]
"""Name of the example, path of the fault, value put there (or DROP), place and rule of each error expected."""


def names(folder: str) -> list[str]:
    """Return the names of our examples of a guide."""
    return [path.stem for path in sorted((EXAMPLES / folder).glob("*.json"))]


def example(folder: str, name: str) -> Resource:
    """Return one of our examples."""
    resource: Resource = json.loads((EXAMPLES / folder / f"{name}.json").read_text("utf-8"))
    return resource


def errors(resource: Resource, profile: str) -> list[tuple[str, str]]:
    """Return the place and rule of each error."""
    return [(i.expression, i.rule) for i in validate(resource, profile) if i.severity == "error"]


def broken(folder: str, name: str, path: Keys, value: Any) -> list[tuple[str, str]]:
    """Return the errors of an example with one fault, against the last profile that it claims."""
    resource = example(folder, name)
    return errors(spoiled(resource, path, value), resource["meta"]["profile"][-1])
