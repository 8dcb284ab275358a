"""Fixed values and patterns as JSON Schema, and what they say below an element."""

from __future__ import annotations

import re
from typing import Any

from profiles.elements import Canonical, Element
from profiles.model import Json

EXTENSIONS = ("extension", "modifierExtension")


def imposed_by(element: Element) -> Any:
    """Return the fixed value or pattern of an element."""
    return element.fixed if element.fixed is not None else element.pattern


def part_of(value: Any, names: list[str]) -> Any:
    """Return what a pattern says at a path, the rest of it left out; None when it says nothing there."""
    if not names:
        return value
    if isinstance(value, list):
        parts = [p for each in value if (p := part_of(each, names)) is not None]
        return parts or None
    if not isinstance(value, dict) or names[0] not in value:
        return None
    part = part_of(value[names[0]], names[1:])
    return None if part is None else {names[0]: part}


def inner_values(element: Element) -> Json | None:
    """Return the pattern written below an element (`type.coding.code = …`) when it has none of its own."""
    wanted: dict[str, list[Json]] = {}
    many: dict[str, bool] = {}
    for child in (element.children or {}).values():
        sources = (child, *(s for s in child.slices.values() if s.min and child.name not in EXTENSIONS))
        schemas = [s for each in sources if (s := value_of(each)) is not None]
        if schemas and not child.name.endswith("[x]"):
            wanted[child.name], many[child.name] = schemas, child.many
    if not wanted:
        return None
    properties = {n: {"allOf": [{"contains": s} for s in w]} if many[n] else w[0] for n, w in wanted.items()}
    return {"type": "object", "properties": properties, "required": list(properties)}


def value_of(element: Element) -> Json | None:
    """Return the schema of what is imposed on an element or below it."""
    value = imposed_by(element)
    return pattern_schema(value) if value is not None else inner_values(element)


def pattern_schema(pattern: Any) -> Json:
    """Return the schema of a FHIR pattern: everything it says must be there, more may be."""
    if isinstance(pattern, dict):
        properties = {k: pattern_schema(v) for k, v in pattern.items()}
        return {"type": "object", "properties": properties, "required": list(pattern)}
    if isinstance(pattern, list):
        return {"type": "array", "allOf": [{"contains": pattern_schema(v)} for v in pattern]}
    if isinstance(pattern, Canonical):
        return {"type": "string", "pattern": rf"^{SPECIAL.sub(escaped, pattern)}(?:\|.+)?$"}
    return {"const": pattern}


SPECIAL = re.compile(r"[.+?*()\[\]{}|^$\\]")


def escaped(found: re.Match[str]) -> str:
    """Return a special character of regular expressions, escaped (JSON Schema knows fewer escapes than Python)."""
    return f"\\{found[0]}"
