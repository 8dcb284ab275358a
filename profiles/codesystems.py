"""The concepts of a CodeSystem, and the filters of a ValueSet that can be computed on them.

Source: HL7 FHIR R4 (4.0.1), ValueSet.compose.include.filter and CodeSystem, "Filters" (`concept`, `code`, properties).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from profiles.model import Json

COMPLETE = "complete"
PARENTS = ("parent", "subsumedBy")


class Concepts:
    """The concepts of a CodeSystem: their properties, and what stands above each."""

    def __init__(self, content: Json) -> None:
        self._concepts: dict[str, Json] = {}
        self._parents: dict[str, set[str]] = {}
        self._read(content.get("concept", []), None)

    def _read(self, concepts: list[Json], parent: str | None) -> None:
        queue = [(each, parent) for each in concepts]
        while queue:
            concept, above = queue.pop()
            code = str(concept["code"])
            self._concepts[code] = concept
            self._parents.setdefault(code, set()).update({above} if above else set())
            self._parents[code] |= {str(v) for name in PARENTS for v in values(concept, name)}
            for child in values(concept, "child"):
                self._parents.setdefault(str(child), set()).add(code)
            queue += [(each, code) for each in concept.get("concept", [])]

    def codes(self) -> frozenset[str]:
        """Return all the codes."""
        return frozenset(self._concepts)

    def above(self, code: str) -> set[str]:
        """Return the ancestors of a code."""
        found: set[str] = set()
        queue = [code]
        while queue:
            fresh = self._parents.get(queue.pop(), set()) - found
            found |= fresh
            queue += fresh
        return found

    def property(self, code: str, name: str) -> list[str]:
        """Return the values of a property of a concept, as texts (`true` and `false` for a boolean)."""
        if name in ("code", "concept"):
            return [code]
        if name == "display":
            return [str(self._concepts[code].get("display", ""))]
        if name in PARENTS:
            return sorted(self._parents[code])
        return [text(value) for value in values(self._concepts[code], name)]


def values(concept: Json, name: str) -> list[Any]:
    """Return the values of a property of a concept."""
    rows = [row for row in concept.get("property", []) if row.get("code") == name]
    return [value for row in rows for key, value in row.items() if key.startswith("value")]


def text(value: Any) -> str:
    """Return the text by which a filter names a property value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.get("code", "")) if isinstance(value, dict) else str(value)


Keeps = Callable[[Concepts, str, str, str], bool]

OPERATORS: dict[str, Keeps] = {
    "=": lambda c, code, name, value: value in c.property(code, name),
    "in": lambda c, code, name, value: bool(set(c.property(code, name)) & set(value.split(","))),
    "not-in": lambda c, code, name, value: not set(c.property(code, name)) & set(value.split(",")),
    "is-a": lambda c, code, name, value: code == value or value in c.above(code),
    "descendent-of": lambda c, code, name, value: value in c.above(code),
    "is-not-a": lambda c, code, name, value: code != value and value not in c.above(code),
    "generalizes": lambda c, code, name, value: code == value or code in c.above(value),
    "exists": lambda c, code, name, value: bool(c.property(code, name)) == (value == "true"),
    "regex": lambda c, code, name, value: any(re.fullmatch(value, v) for v in c.property(code, name)),
}


def filtered(concepts: Concepts, filters: list[Json]) -> frozenset[str] | None:
    """Return the codes that all the filters keep, None when one of them cannot be computed."""
    kept = concepts.codes()
    for each in filters:
        keeps = OPERATORS.get(str(each.get("op")))
        name, value = str(each.get("property", "")), str(each.get("value", ""))
        if keeps is None:
            return None
        try:
            kept = frozenset(code for code in kept if keeps(concepts, code, name, value))
        except re.error:
            return None
    return kept
