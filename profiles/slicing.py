"""Slices of a repeated element as JSON Schema: which items belong to a slice, what they must be, how many.

Handled: discriminators `value`, `pattern`, `exists` and `type` (of a resource), on a path inside the element.
A slice whose discriminator says nothing that can be tested (`profile`, `resolve()`, a value left to a value
set that is not known) is left out and named in the limits: it is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from profiles.elements import Canonical, Element, TypeRef
from profiles.model import Json

Value = Callable[[Element, TypeRef], Json]
Resolve = Callable[[str], Element | None]


def rules(element: Element, value: Value, resolve: Resolve) -> tuple[list[Json], list[str]]:
    """Return the `allOf` rules of the slices of an element, and what could not be handled."""
    result: list[Json] = []
    limits: list[str] = []
    matches: list[Json] = []
    for name, slice_ in element.slices.items():
        match = match_schema(element, slice_, resolve)
        if match is None:
            limits.append(f"découpe non jugée : {element.path}:{name}")
            continue
        matches.append(match)
        result += slice_rules(name, slice_, match, value)
    if element.slicing_rules == "closed" and matches and not limits:
        note = {"profile": element.source, "rule": "slicing=closed"}
        result.append({"items": {"anyOf": matches, "x": note}})
    return result, limits


def slice_rules(name: str, slice_: Element, match: Json, value: Value) -> list[Json]:
    """Return the content and cardinality rules of one slice."""
    note = {"profile": slice_.source, "slice": name}
    result: list[Json] = []
    if slice_.max == "0":
        return [{"not": {"contains": match}, "x": {**note, "rule": "max=0"}}]
    by_url = slice_.name in ("extension", "modifierExtension") and slice_.children is None
    if slice_.types and not by_url:  # a known extension is judged by its url wherever it stands
        result.append({"items": {"if": match, "then": value(slice_, slice_.types[0])}})
    if slice_.min:
        result.append({"contains": match, "minContains": slice_.min, "x": {**note, "rule": f"min={slice_.min}"}})
    if slice_.max not in ("*", "0"):
        limit = {"contains": match, "minContains": 0, "maxContains": int(slice_.max)}
        result.append({**limit, "x": {**note, "rule": f"max={slice_.max}"}})
    return result


def match_schema(element: Element, slice_: Element, resolve: Resolve) -> Json | None:
    """Return the schema that tells whether an item is in the slice, or None when it cannot be told."""
    discriminators = element.discriminators
    if not discriminators and element.name in ("extension", "modifierExtension"):
        discriminators = (("value", "url"),)
    tests = [test(slice_, kind, path, resolve) for kind, path in discriminators]
    known = [t for t in tests if t is not None]
    if not known or len(known) != len(tests):
        return None
    return known[0] if len(known) == 1 else {"allOf": known}


def test(slice_: Element, kind: str, path: str, resolve: Resolve) -> Json | None:
    """Return the test of one discriminator on a slice."""
    if "(" in path or kind == "profile":
        return None
    steps = [] if path == "$this" else path.split(".")
    if kind == "type":
        return type_test(slice_, steps)
    if steps == ["url"] and slice_.types and slice_.types[0].profiles:
        return {"properties": {"url": {"const": slice_.types[0].profiles[0].partition("|")[0]}}, "required": ["url"]}
    found = descend(slice_, steps, resolve)
    if found is None:
        return None
    if kind == "exists":
        inner: Json | None = {} if found.max != "0" else None
        return nest(steps, found, inner, slice_) if inner is not None else {"not": nest(steps, found, {}, slice_)}
    wanted = found.fixed if found.fixed is not None else found.pattern
    wanted_schema = pattern_schema(wanted) if wanted is not None else inner_values(found)
    return None if wanted_schema is None else nest(steps, found, wanted_schema, slice_)


def inner_values(element: Element) -> Json | None:
    """Return the pattern written below an element (`type.coding.code = …`) when it has none of its own."""
    wanted: dict[str, Json] = {}
    for child in (element.children or {}).values():
        value = child.fixed if child.fixed is not None else child.pattern
        schema = pattern_schema(value) if value is not None else inner_values(child)
        if schema is not None:
            wanted[child.name] = {"contains": schema} if child.many else schema
    return {"properties": wanted, "required": list(wanted)} if wanted else None


def type_test(slice_: Element, steps: list[str]) -> Json | None:
    """Return the test of a `type` discriminator: only a resource says its type."""
    found = descend(slice_, steps, lambda _: None)
    code = found.types[0].code if found and found.types else ""
    if not found or not code[:1].isupper() or code == "Resource":
        return None
    inner: Json = {"properties": {"resourceType": {"const": code}}, "required": ["resourceType"]}
    return nest(steps, found, inner, slice_)


def descend(slice_: Element, steps: list[str], resolve: Resolve) -> Element | None:
    """Return the element at a path inside a slice; None when the definition says nothing there."""
    current = slice_
    for step in steps:
        children = current.children
        if children is None and current.types and len(current.types[0].profiles) == 1:
            root = resolve(current.types[0].profiles[0])
            children = root.children if root else None
        if not children or step not in children:
            return None
        current = children[step]
    return current


def nest(steps: list[str], found: Element, inner: Json, slice_: Element) -> Json:
    """Return a schema that applies `inner` at a path (some item of it, where the path crosses an array)."""
    if not steps:
        return inner
    child = (slice_.children or {}).get(steps[0], found)
    below = nest(steps[1:], found, inner, child)
    if child.many:
        below = {"type": "array", "contains": below}
    return {"type": "object", "properties": {steps[0]: below}, "required": [steps[0]]}


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


def imposed(value: Any, note: Json) -> Json:
    """Return the schema of a fixed value: exactly this, a canonical being free to carry a version."""
    return annotated(value, note) if isinstance(value, Canonical) else {"const": value, "x": note}


def annotated(pattern: Any, note: Json) -> Json:
    """Return the schema of a pattern with its note at each level, so that an error inside it finds one."""
    wanted = str(pattern) if isinstance(pattern, Canonical) else pattern
    return mark(pattern_schema(pattern), {**note, "pattern": wanted})


def mark(schema: Json, note: Json) -> Json:
    """Return a schema with a note on it and on its properties."""
    marked = {**schema, "x": note}
    if "properties" in schema:
        marked["properties"] = {k: mark(v, note) for k, v in schema["properties"].items()}
    return marked
