"""Reading JSON that a product wrote: nothing is taken for granted, nothing raises."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def dig(value: Any, *path: str) -> Any:
    """Value at the end of a path of object keys; None as soon as one step is missing."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def text(value: Any) -> str:
    """The value when it is a string, else an empty string."""
    return value if isinstance(value, str) else ""


def objects(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Position and content of each object of a JSON array (other things in the array are passed over)."""
    if isinstance(value, list):
        yield from ((index, item) for index, item in enumerate(value) if isinstance(item, Mapping))


def strings(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a JSON tree, with its path: ("participant[0].actor.display", "Dr Test")."""
    pending = [(at, value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, str):
            yield path, item
        elif isinstance(item, Mapping):
            pending += [(f"{path}.{key}" if path else str(key), child) for key, child in item.items()]
        elif isinstance(item, list):
            pending += [(f"{path}[{index}]", child) for index, child in enumerate(item)]


def shown(value: Any) -> str:
    """What a finding quotes of a value: short, readable, never more than 120 characters."""
    if value is None or value == "":
        return "rien"
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= 120 else f"{said[:117]}..."
