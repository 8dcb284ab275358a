"""From a StructureDefinition to its snapshot: apply the rows of a differential on the elements of the base.

The snapshot of an official package is read by the same code: it is a differential that says everything,
applied on the R4 type. So a package can be used even when the package it derives from is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from profiles.elements import Binding, Canonical, Constraint, Element, TypeRef, base, capital
from profiles.model import Json, UnusableDefinition

Resolve = Callable[[str], Element | None]
"""Gives the root of the snapshot of a canonical, or None when it is not known."""

Pin = Callable[[str, str], str]
"""Gives, from a kind (`StructureDefinition`, `ValueSet`) and a canonical, that canonical in the version meant."""

SYSTEM_TYPE = "http://hl7.org/fhirpath/System."
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"


def root_of_type(name: str, source: str) -> Element:
    """Return the root element of a base type, without children yet."""
    return Element(name=name, path=name, min=0, max="*", types=(TypeRef(name),), source=source)


def apply(root: Element, source: str, rows: list[Json], resolve: Resolve, pin: Pin) -> Element:
    """Apply the element rows of a definition, named by `source`, on a root (changed in place, and returned).

    Raises UnusableDefinition when a row names an element that the type does not have.
    """
    for row in rows:
        element = locate(root, str(row.get("id") or row.get("path", "")), resolve, source)
        constrain(element, row, source, pin)
    return root


def locate(root: Element, element_id: str, resolve: Resolve, url: str) -> Element:
    """Return the element of an id such as `Patient.identifier:INS-NIR.system`, opening types on the way."""
    current = root
    for segment in split_id(element_id)[1:]:
        name, _, slice_name = segment.partition(":")
        current = child(current, name, resolve, url, element_id)
        for part in filter(None, slice_name.split("/")):
            current = slice_of(current, part)
    return current


def split_id(element_id: str) -> list[str]:
    """Return the segments of an id; a slice name may itself hold dots (`extension:a.b` does not occur in R4 ids)."""
    return element_id.split(".")


def child(parent: Element, name: str, resolve: Resolve, url: str, element_id: str) -> Element:
    """Return the child of that name; `valueCoding` means `value[x]` narrowed to one type.

    What a package says of the `value` of a primitive (a length, a regular expression) is read and left aside.
    """
    children = open_children(parent, resolve)
    if name in children:
        return children[name]
    if name == "value" and parent.types and not base_has_elements(parent.types[0].code):
        return Element("value", f"{parent.path}.value", 0, "1", (), url)
    for each in children.values():
        if each.name.endswith("[x]") and name.startswith(stem := each.name.removesuffix("[x]")):
            for type_ref in each.types:
                if name == stem + capital(type_ref.code):
                    each.types = (type_ref,)
                    return each
    raise UnusableDefinition(f"{url} : élément inconnu {element_id}")


def open_children(parent: Element, resolve: Resolve) -> dict[str, Element]:
    """Return the children of an element, copied from its type (or the profile of it) at the first visit."""
    if parent.children is None:
        type_ref = parent.types[0] if parent.types else TypeRef("Element")
        profile = resolve(type_ref.profiles[0]) if len(type_ref.profiles) == 1 else None
        if profile is not None and (profile.children or profile.constraints):
            copied = profile.copy()
            parent.children = copied.children or {}
            parent.constraints = (*parent.constraints, *copied.constraints)
        else:
            parent.children = {k: v.copy() for k, v in type_children(type_ref.code).items()}
    return parent.children


def type_children(code: str) -> dict[str, Element]:
    """Return the elements of a type; those of Element for a primitive (`id`, `extension`)."""
    return base().elements(code) if code in base() and base_has_elements(code) else base().elements("Element")


def base_has_elements(code: str) -> bool:
    """Tell whether a type has elements of its own (a primitive has not)."""
    return code[0].isupper()


def slice_of(parent: Element, name: str) -> Element:
    """Return a slice, made from the element it slices when it is new."""
    if name not in parent.slices:
        fresh = parent.copy()
        fresh.slices, fresh.discriminators, fresh.min = {}, (), 0
        fresh.slicing_rules, fresh.ordered = "open", False
        parent.slices[name] = fresh
    return parent.slices[name]


def constrain(element: Element, row: Json, url: str, pin: Pin) -> None:
    """Write what a row says onto an element."""
    before = replace(element)
    element.min = int(row.get("min", element.min))
    element.max = str(row.get("max", element.max))
    if row.get("type"):
        element.types = types_of(row["type"], element.types, pin)
    if "binding" in row:
        element.binding = merged_binding(element.binding, row["binding"], pin)
    for key, value in row.items():
        if key.startswith("fixed"):
            element.fixed = unversioned(key, value)
        elif key.startswith("pattern"):
            element.pattern = unversioned(key, value)
        elif key.startswith("minValue"):
            element.lowest = value
        elif key.startswith("maxValue"):
            element.highest = value
    element.max_length = row.get("maxLength", element.max_length)
    if "constraint" in row:
        element.constraints = constraints_of(row["constraint"], element.constraints, url)
    if "slicing" in row:
        slicing = row["slicing"]
        element.discriminators = tuple((d["type"], d["path"]) for d in slicing.get("discriminator", ()))
        element.slicing_rules = slicing.get("rules", "open")
        element.ordered = slicing.get("ordered", False)
    if replace(element, source=before.source) != before or "sliceName" in row:
        element.source = url


def unversioned(key: str, value: Any) -> Any:
    """Return an imposed value; a canonical loses its version, which publishing tools add and products do not write."""
    return Canonical(value.partition("|")[0]) if key.endswith("Canonical") and isinstance(value, str) else value


def merged_binding(known: Binding | None, row: Json, pin: Pin) -> Binding | None:
    """Return the binding of a row; a list known from the base is kept when the row names the same base value set."""
    value_set = pin("ValueSet", str(row.get("valueSet", "")))
    if known and known.codes and row["strength"] == known.strength and value_set.startswith("http://hl7.org/fhir/"):
        return replace(known, value_set=value_set)
    return Binding(row["strength"], value_set)


def constraints_of(rows: list[Json], known: tuple[Constraint, ...], url: str) -> tuple[Constraint, ...]:
    """Return the invariants of an element, each key once; one that does not say its source comes from `url`."""
    fresh = (constraint_of(row, url) for row in rows)
    return tuple({**{each.key: each for each in known}, **{each.key: each for each in fresh}}.values())


def constraint_of(row: Json, url: str) -> Constraint:
    """Return one invariant as a definition writes it."""
    said = {name: str(row.get(name, "")) for name in ("key", "expression", "human")}
    return Constraint(**said, severity=str(row.get("severity", "error")), source=str(row.get("source", url)))


def types_of(rows: list[Json], known: tuple[TypeRef, ...], pin: Pin) -> tuple[TypeRef, ...]:
    """Return the allowed types of a row; the type name of a backbone element stays that of the base."""
    result = []
    for row in rows:
        code = type_code(row)
        if code in ("BackboneElement", "Element") and known:
            code = known[0].code
        profiles, targets = pinned(row.get("profile", ()), pin), pinned(row.get("targetProfile", ()), pin)
        result.append(TypeRef(code, profiles, targets, tuple(row.get("aggregation", ()))))
    return tuple(result) or known


def pinned(canonicals: Iterable[str], pin: Pin) -> tuple[str, ...]:
    """Return profile canonicals with the version that is meant."""
    return tuple(pin("StructureDefinition", each) for each in canonicals)


def type_code(row: Json) -> str:
    """Return the FHIR type of a type row (R4 writes ids as `System.String` with the true type in an extension)."""
    code = str(row.get("code", ""))
    if not code.startswith(SYSTEM_TYPE):
        return code
    extensions: list[dict[str, Any]] = row.get("extension", [])
    named = [str(e.get("valueUrl") or e.get("valueUri")) for e in extensions if e.get("url") == FHIR_TYPE]
    return named[0] if named else code.removeprefix(SYSTEM_TYPE).lower()
