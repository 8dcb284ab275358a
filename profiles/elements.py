"""What a definition says of an element, and the base R4 types it starts from."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from profiles.model import FHIR, UnknownProfile

PRIMITIVES = frozenset(
    ("boolean", "string", "code", "id", "uri", "url", "canonical", "oid", "uuid", "markdown", "integer", "decimal",
     "date", "dateTime", "instant", "time", "base64Binary", "positiveInt", "unsignedInt", "xhtml")
)  # fmt: skip


class Canonical(str):
    """A canonical that a definition imposes, without version: it is compared without version too."""


@dataclass(frozen=True, slots=True)
class TypeRef:
    """An allowed type: its code, the profiles one of which must hold, the targets of a reference and where they are."""

    code: str
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    aggregation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """A value set an element is bound to; `codes` when the list is given in place (base code elements)."""

    strength: str
    value_set: str = ""
    codes: tuple[str, ...] = ()


class Constraint(NamedTuple):
    """An invariant that a definition states: FHIRPath, text for humans, canonical of the definition it comes from."""

    key: str
    severity: str
    expression: str
    human: str
    source: str


@dataclass(slots=True)
class Element:
    """An element of a snapshot. `children` is None as long as nothing is said below its type.

    `source` is the canonical of the definition that last constrained it, the one that speaks in an issue.
    Elements are built by `profiles.differential` and never changed afterwards.
    """

    name: str
    path: str
    min: int
    max: str
    types: tuple[TypeRef, ...]
    source: str
    base_max: str = "*"
    binding: Binding | None = None
    fixed: Any = None
    pattern: Any = None
    constraints: tuple[Constraint, ...] = ()
    discriminators: tuple[tuple[str, str], ...] = ()
    slicing_rules: str = "open"
    ordered: bool = False
    max_length: int | None = None
    lowest: Any = None
    highest: Any = None
    slices: dict[str, Element] = field(default_factory=dict)
    children: dict[str, Element] | None = None

    @property
    def many(self) -> bool:
        """Tell whether the element is a JSON array (decided by the base type, not by the profile)."""
        return self.base_max not in ("0", "1")

    def copy(self) -> Element:
        """Return a deep copy, so that a profile never changes the definition it derives from."""
        children = None if self.children is None else {k: v.copy() for k, v in self.children.items()}
        return replace(self, slices={k: v.copy() for k, v in self.slices.items()}, children=children)


class Base:
    """The R4 types of `base/r4.json`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._types: Mapping[str, Any] = data["types"]
        self._expanded: dict[str, dict[str, Element]] = {}
        self._reviewed = frozenset(data["reviewed"])
        self.resources: frozenset[str] = frozenset(data["resources"])
        self.unsupported: frozenset[str] = frozenset(data["unsupported"])

    def __contains__(self, name: str) -> bool:
        return name in self._types or name in PRIMITIVES

    def is_resource(self, name: str) -> bool:
        """Tell whether a type is a concrete resource."""
        return name in self.resources

    def elements(self, name: str) -> dict[str, Element]:
        """Return the elements of a type, inherited ones first.

        Raises UnknownProfile for a type that R4 does not have.
        """
        if name not in self._expanded:
            if name not in self._types:
                raise UnknownProfile(f"type FHIR R4 inconnu : {name}")
            row = self._types[name]
            inherited = self.elements(row["parent"]) if row["parent"] in self._types else {}
            own = {n: self._element(name, n, e) for n, e in row["elements"].items()}
            self._expanded[name] = {**inherited, **own}
        return self._expanded[name]

    def _element(self, owner: str, name: str, row: Mapping[str, Any]) -> Element:
        targets = tuple(FHIR + t for t in row.get("targets", ()))
        root = owner.split(".")[0]
        trusted = root in self._reviewed or root not in self.resources
        strength = "required" if trusted else "extensible"
        binding = Binding(strength, codes=tuple(row["codes"])) if "codes" in row else None
        return Element(
            name=name,
            path=f"{owner}.{name}",
            min=row["min"],
            max=row["max"],
            base_max=row["max"],
            types=tuple(TypeRef(t, (), targets if t in ("Reference", "canonical") else ()) for t in row["types"]),
            source=FHIR + root,
            binding=binding,
        )


@functools.cache
def base() -> Base:
    """Return the R4 base types (read once, never changed)."""
    text = importlib.resources.files("profiles.base").joinpath("r4.json").read_text("utf-8")
    return Base(json.loads(text))


def capital(name: str) -> str:
    """Return a type name as it ends a choice property: `dateTime` gives `DateTime`."""
    return name[0].upper() + name[1:]


def properties_of(element: Element) -> list[tuple[str, TypeRef | None]]:
    """Return the JSON property names of an element; one per type for a choice."""
    if not element.name.endswith("[x]"):
        return [(element.name, element.types[0] if element.types else None)]
    stem = element.name.removesuffix("[x]")
    return [(stem + capital(t.code), t) for t in element.types]
