"""The FHIRPath of each invariant of our table, evaluated by the library, for comparison with the predicates."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from profiles import default_registry
from profiles.elements import base, properties_of
from profiles.expressions import expression
from profiles.invariants import BY_TYPE, DOMAIN_RESOURCE, TABLE
from profiles.model import FHIR
from profiles.scope import CURRENT, Scope
from tests.profiles import official

# HL7 FHIR R4 (4.0.1): invariants of types that no official snapshot here repeats.
R4 = {
    "cmp-1": "text.exists() or entry.exists() or section.exists()",
    "cpb-1": "rest.exists() or messaging.exists() or document.exists()",
    "cpb-2": "(description.count() + software.count() + implementation.count()) > 0",
    "inv-1": "(part.exists() and value.empty() and resource.empty()) or "
    "(part.empty() and (value.exists() xor resource.exists()))",
    "pat-1": "name.exists() or telecom.exists() or address.exists() or organization.exists()",
    "qty-3": "code.empty() or system.exists()",
    "rng-2": "low.empty() or high.empty() or (low <= high)",
}
# Written on an element of the resource (`address`, `telecom`): said of the whole resource, as our predicates are.
ON_A_CHILD = {"org-2": "address", "org-3": "telecom"}


@dataclass(frozen=True, slots=True)
class Written:
    """An invariant as a definition writes it: key, type of the values it is about, FHIRPath, url of an extension."""

    key: str
    type: str
    expression: str
    url: str = ""

    def concerns(self, value: Any) -> bool:
        """Tell whether it is about a value of its type: that of an extension is about its own url only."""
        return self.url in ("", value.get("url"))

    def holds(self, value: Any, *around: Any) -> bool | None:
        """Evaluate it on a value, with the resources around it (outermost first); None when it cannot be told."""
        scope = Scope({})
        scope.stack += around or ((value,) if "resourceType" in value else ())
        token = CURRENT.set(scope)
        try:
            return expression(self.expression).holds(value, self.type)
        finally:
            CURRENT.reset(token)


@functools.cache
def written() -> tuple[Written, ...]:
    """Return every invariant of the table that a definition writes in FHIRPath."""
    return (*of_r4(), *of_our_profiles())


def of_r4() -> Iterator[Written]:
    """Yield the invariants of R4 types, from the official snapshots or from R4 itself."""
    found = {**R4, **official_expressions()}
    types = {key: name for name, keys in BY_TYPE.items() for key in keys if name not in ("Age", "Count", "Distance")}
    types |= dict.fromkeys(DOMAIN_RESOURCE, "DomainResource")
    for key, type_name in types.items():
        if key in found:
            said = f"{ON_A_CHILD[key]}.{found[key]}" if key in ON_A_CHILD else found[key]
            yield Written(key, type_name, said)


def official_expressions() -> dict[str, str]:
    """Return the FHIRPath of the R4 invariants that the official snapshots repeat, by key."""
    found: dict[str, str] = {}
    for package in official.packages():
        for definition in official.profiles(package).values():
            for row in definition["snapshot"]["element"]:
                for each in row.get("constraint", []):
                    if str(each.get("source", "")).startswith(FHIR) and each.get("expression"):
                        found[each["key"]] = each["expression"]
    return found


def of_our_profiles() -> Iterator[Written]:
    """Yield the invariants that our definitions add and that a predicate judges."""
    base_keys = {key for keys in (*BY_TYPE.values(), DOMAIN_RESOURCE) for key in keys}
    seen = set()
    for definition in default_registry().library.of_kind("StructureDefinition"):
        for row in definition.content.get("differential", {}).get("element", []):
            for each in row.get("constraint", []):
                url = definition.url if row["path"] == "Extension" else ""
                told = Written(each["key"], type_at(row["path"]), each.get("expression", ""), url)
                if told.key in TABLE and told.key not in base_keys and told not in seen:
                    seen.add(told)
                    yield told


def type_at(path: str) -> str:
    """Return the type of the element at a path of an R4 type (`Patient.identifier` gives `Identifier`)."""
    owner, *steps = path.split(".")
    for step in steps:
        element = base().elements(owner).get(step) or base().elements(owner)[f"{step}[x]"]
        owner = element.types[0].code
    return owner


def values_of(resource: Any, *holders: Any) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Yield the values of a resource that are objects, with their types and the resources around them."""
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if isinstance(name, str) and base().is_resource(name):
        around = (*holders, resource)
        yield "DomainResource", resource, around
        yield from values_below(name, resource, around)


def values_below(type_name: str, value: Any, around: tuple[Any, ...]) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Yield a value and the objects below it."""
    yield type_name, value, around
    for element in base().elements(type_name).values():
        for name, type_ref in properties_of(element):
            inner = value.get(name)
            for each in inner if isinstance(inner, list) else [inner]:
                if not isinstance(each, dict) or type_ref is None:
                    continue
                if type_ref.code == "Resource":
                    yield from values_of(each, *(around if name == "contained" else ()))
                elif type_ref.code[:1].isupper():
                    yield from values_below(type_ref.code, each, around)
