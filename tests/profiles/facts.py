"""What an element says, as comparable texts: read in an official row on one side, in our snapshot on the other.

The two readings share no code with the compiler: `said_by` reads raw rows, `seen_in` only the fields of `Element`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from profiles import Registry
from profiles.differential import open_children
from profiles.elements import PRIMITIVES, Element, TypeRef, base, capital
from profiles.model import FHIR
from profiles.stated import BASE_KEYS, HANDLED

Facts = dict[str, str]
"""Aspect -> value as text; an empty text says "nothing is said"."""

SYSTEM = "http://hl7.org/fhirpath/System."
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
ANY = FHIR + "Resource"
OF_R4 = BASE_KEYS | HANDLED
NOT_INHERITED = ("slicing", "constraint")
R4_VALUE_SET = "http://hl7.org/fhir/ValueSet/"


def said_by(row: dict[str, Any]) -> Facts:
    """Return what an official row says; `min` and `max` only where they are written (a differential may not)."""
    facts: Facts = {name: str(row[name]) for name in ("min", "max") if name in row}
    if "contentReference" in row:
        facts["type"] = str(row["contentReference"]).partition("#")[2]
    elif "type" in row:
        facts |= types([(code_of(t), t.get("profile", []), t.get("targetProfile", [])) for t in row["type"]])
        facts["aggregation"] = " ".join(sorted({mode for t in row["type"] for mode in t.get("aggregation", [])}))
    binding = row.get("binding", {})
    facts["binding"] = bound(str(binding.get("strength", "")), str(binding.get("valueSet", "")))
    for kind in ("fixed", "pattern"):
        found = [value for key, value in row.items() if key.startswith(kind)]
        facts[kind] = written(found[0]) if found else ""
    facts["maxLength"] = str(row.get("maxLength", ""))
    rules = [(str(c["key"]), str(c.get("source", "")), str(c.get("expression", ""))) for c in row.get("constraint", [])]
    facts["constraint"] = invariants(rules)
    if "slicing" in row:
        slicing = row["slicing"]
        paths = [(str(d["type"]), str(d["path"])) for d in slicing.get("discriminator", [])]
        name = str(row["path"]).rpartition(".")[2]
        facts["slicing"] = sliced(name, paths, str(slicing.get("rules", "")), bool(slicing.get("ordered", False)))
    return facts


def seen_in(element: Element) -> Facts:
    """Return what our snapshot says of an element."""
    strength, value_set = (element.binding.strength, element.binding.value_set) if element.binding else ("", "")
    rules, ordered = element.slicing_rules, element.ordered
    return {
        "min": str(element.min),
        "max": element.max,
        **types([(generic(t.code, element.path), list(t.profiles), list(t.targets)) for t in element.types]),
        "aggregation": " ".join(sorted({mode for t in element.types for mode in t.aggregation})),
        "binding": bound(strength, value_set),
        "fixed": "" if element.fixed is None else written(element.fixed),
        "pattern": "" if element.pattern is None else written(element.pattern),
        "maxLength": str(element.max_length or ""),
        "constraint": invariants([(c.key, c.source, c.expression) for c in element.constraints]),
        "slicing": sliced(element.name, list(element.discriminators), rules, ordered) if element.discriminators else "",
    }


def cited_in(row: dict[str, Any]) -> list[str]:
    """Return the canonicals that an official row cites: profiles, targets, value set of a required binding."""
    binding = row.get("binding", {})
    bound_to = [str(binding["valueSet"])] if binding.get("strength") == "required" and "valueSet" in binding else []
    types = row.get("type", [])
    return bound_to + [str(c) for t in types for c in (*t.get("profile", []), *t.get("targetProfile", []))]


def cited_by(element: Element) -> list[str]:
    """Return the canonicals that an element of ours cites, in the versions that it means."""
    bound_to = [element.binding.value_set] if element.binding else []
    return bound_to + [canonical for t in element.types for canonical in (*t.profiles, *t.targets)]


def code_of(row: dict[str, Any]) -> str:
    """Return the FHIR type of a type row; R4 writes some primitives as `System.String`."""
    code = str(row.get("code", ""))
    if not code.startswith(SYSTEM):
        return code
    named = [str(e.get("valueUrl") or e.get("valueUri")) for e in row.get("extension", []) if e["url"] == FHIR_TYPE]
    return named[0] if named else code.removeprefix(SYSTEM).lower()


def types(rows: list[tuple[str, list[str], list[str]]]) -> Facts:
    """Return the facts on types: codes, profiles of these types, targets of references."""
    return {
        "type": " ".join(sorted({"BackboneElement" if code == "Element" else code for code, _, _ in rows})),
        "profile": " ".join(sorted({plain(p) for _, profiles, _ in rows for p in profiles})),
        "target": " ".join(sorted({plain(t) for _, _, targets in rows for t in targets} - {ANY})),
    }


def generic(code: str, path: str) -> str:
    """Return a type code as a snapshot writes it: our backbone types bear the name of their place."""
    return "BackboneElement" if code == path else code


def invariants(rows: list[tuple[str, str, str]]) -> str:
    """Return the invariants of a guide (key, source, FHIRPath); those of R4 go with the types, not with the guides.

    What has no FHIRPath is for people to read: nobody can execute it.
    """
    own = {f"{key} : {path}" for key, source, path in rows if path and not (key in OF_R4 and source.startswith(FHIR))}
    return " ; ".join(sorted(own))


def bound(strength: str, value_set: str) -> str:
    """Return a binding that has an effect: strength and value set, without version."""
    return f"{strength} {plain(value_set)}".strip() if strength in ("required", "extensible") else ""


def sliced(name: str, discriminators: list[tuple[str, str]], rules: str, ordered: bool) -> str:
    """Return the slicing of an element; every extension element is sliced by url, said or not."""
    paths = " ".join(f"{kind}:{path}" for kind, path in sorted(discriminators))
    text = f"{paths} {rules}{' ordered' if ordered else ''}"
    return "" if text == "value:url open" and name in ("extension", "modifierExtension") else text


def agree(aspect: str, theirs: str, ours: str) -> bool:
    """Tell whether two facts are the same; the code lists of R4 are in our base without the name of their value set."""
    in_base = aspect == "binding" and ours == "required"
    return theirs == ours or (in_base and theirs.startswith(f"required {R4_VALUE_SET}"))


def plain(canonical: str) -> str:
    """Return a canonical without its version, which publishing tools add."""
    return canonical.partition("|")[0]


def written(value: Any) -> str:
    """Return an imposed value; a canonical loses its version."""
    return plain(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def walk(root: Element, element_id: str = "") -> Iterator[tuple[str, Element]]:
    """Yield the elements that a snapshot of ours details, with their ids."""
    here = element_id or root.path
    for name, child in (root.children or {}).items():
        yield f"{here}.{name}", child
        yield from walk(child, f"{here}.{name}")
        for slice_name, slice_ in child.slices.items():
            yield f"{here}.{name}:{slice_name}", slice_
            yield from walk(slice_, f"{here}.{name}:{slice_name}")


def ours_at(root: Element, element_id: str, registry: Registry) -> Element | None:
    """Return our element of an id, types opened on the way; None where we have no such element or slice."""
    current = root
    for segment in element_id.split(".")[1:]:
        name, _, slice_name = segment.partition(":")
        found = child_of(current, name, registry)
        if found is None:
            return None
        current = found
        for part in filter(None, slice_name.split("/")):
            if part not in current.slices:
                return None
            current = current.slices[part]
    return current


def child_of(parent: Element, name: str, registry: Registry) -> Element | None:
    """Return the child of that name; `valueCoding` is a type of `value[x]`."""
    if name == "value" and parent.types and parent.types[0].code in PRIMITIVES:
        return Element("value", f"{parent.path}.value", 0, "1", (parent.types[0],), parent.source)
    children = open_children(parent, registry.snapshot)
    if name in children:
        return children[name]
    for each in children.values():
        stem = each.name.removesuffix("[x]")
        if stem != each.name and any(name == stem + capital(t.code) for t in each.types):
            return each.slices.get(name, each)
    return None


def inherited(element_id: str, theirs: dict[str, dict[str, Any]], registry: Registry) -> Facts | None:
    """Return what the official snapshot implies of an element it does not list; None when the slice is ours alone.

    A slice says what the element that it slices says; below a type that is not detailed, the type speaks.
    """
    row = official_row(element_id, theirs)
    if row is not None:
        return (
            None
            if ":" in element_id.rpartition(".")[2]
            else {k: v for k, v in said_by(row).items() if k not in NOT_INHERITED}
        )
    parent_id, _, name = element_id.rpartition(".")
    if ":" in name:
        return None
    parent = implied(parent_id, theirs, registry)
    found = child_of(parent.copy(), name, registry) if parent else None
    return {k: v for k, v in seen_in(found).items() if k not in NOT_INHERITED} if found else None


def implied(element_id: str, theirs: dict[str, dict[str, Any]], registry: Registry) -> Element | None:
    """Return an element that the official snapshot lists or implies, as far as its type is concerned."""
    row = official_row(element_id, theirs)
    if row is None:
        parent = implied(element_id.rpartition(".")[0], theirs, registry) if "." in element_id else None
        return child_of(parent.copy(), element_id.rpartition(".")[2].partition(":")[0], registry) if parent else None
    path = str(row["path"])
    owner, _, name = str(row.get("base", {}).get("path", path)).rpartition(".")
    if not owner:
        return registry.snapshot(FHIR + path)
    start = base().elements(owner)[name].copy()
    if len(stated := row.get("type", [])) == 1 and code_of(stated[0]) not in ("BackboneElement", "Element"):
        start.types = (TypeRef(code_of(stated[0]), tuple(stated[0].get("profile", ()))),)
    return start


def official_row(element_id: str, theirs: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Return the official row of an id, else that of the same element outside the slices it stands in."""
    segments = element_id.split(".")
    for cut in range(len(segments), -1, -1):
        plain_id = ".".join(s.partition(":")[0] if i >= cut else s for i, s in enumerate(segments))
        if plain_id in theirs:
            return theirs[plain_id]
    return None
