"""Which items of a list belong to a slice: the discriminators of FHIR as tests in JSON Schema.

Source: HL7 FHIR R4 (4.0.1), "Profiling FHIR", discriminator types and the restricted FHIRPath of their paths (child
elements, `$this`, `extension(url)`, `ofType(type)`, `resolve()`). What a reference out of reach leads to is not known,
so a test has two forms: items that are surely in the slice (its content is asked of them) and those that may be
(they count where the slice is required).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from profiles.differential import type_children
from profiles.elements import Element, TypeRef, base, properties_of
from profiles.model import FHIR, Json
from profiles.patterns import imposed_by, inner_values, part_of, pattern_schema

Resolve = Callable[[str], Element | None]
Step = tuple[str, str]
STEP = re.compile(
    r"(?P<this>\$this)|extension\(\s*['\"](?P<extension>[^'\"]+)['\"]\s*\)|(?P<resolve>resolve)\(\)"
    r"|(?:ofType|as)\(\s*(?:FHIR\.)?(?P<type>\w+)\s*\)|(?P<child>[A-Za-z]\w*)(?:\[x\])?"
)


@dataclass(frozen=True, slots=True)
class Match:
    """The schemas of the items that are surely in a slice, and of those that may be."""

    sure: Json
    maybe: Json

    def within(self, wrap: Callable[[Json], Json]) -> Match:
        """Return both schemas wrapped in the same way."""
        return Match(wrap(self.sure), wrap(self.maybe))


def certain(schema: Json) -> Match:
    """Return the match of a test that never leaves a doubt."""
    return Match(schema, schema)


def all_of(matches: list[Match]) -> Match:
    """Return the match of several tests together."""
    if len(matches) == 1:
        return matches[0]
    return Match({"allOf": [m.sure for m in matches]}, {"allOf": [m.maybe for m in matches]})


def any_of(matches: list[Match]) -> Match:
    """Return the match of any of several tests."""
    if len(matches) == 1:
        return matches[0]
    return Match({"anyOf": [m.sure for m in matches]}, {"anyOf": [m.maybe for m in matches]})


def steps_of(path: str) -> list[Step] | None:
    """Return the steps of a discriminator path, None when it holds more than discriminators may."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        found = STEP.match(path, position)
        if found is None or found.lastgroup is None:
            return None
        if found.lastgroup != "this":
            steps.append((found.lastgroup, found[found.lastgroup]))
        position = found.end() + 1
        if path[found.end() : position] not in ("", "."):
            return None
    return steps


@dataclass(frozen=True, slots=True)
class Finder:
    """Builds the test of a discriminator from what a slice says at its path; `resolve` gives snapshots."""

    resolve: Resolve

    def match(self, slice_: Element, discriminators: tuple[tuple[str, str], ...]) -> Match | None:
        """Return the test of a slice, None when the definition does not say enough to tell its items apart."""
        tests: list[Match] = []
        for kind, path in discriminators:
            steps = steps_of(path)
            test = self.at(slice_, steps, kind) if steps is not None else None
            if test is None:
                return None
            tests.append(test)
        return all_of(tests) if tests else None

    def at(self, element: Element, steps: list[Step], kind: str) -> Match | None:
        """Return the test of what stands at some steps below an element."""
        if not steps:
            return self.leaf(element, kind)
        (step, name), rest = steps[0], steps[1:]
        if step == "resolve":
            return self.resolved(element, rest, kind)
        if step == "type":
            return self.narrowed(element, name, rest, kind)
        if step == "extension":
            return self.extension(element, name, rest, kind)
        return self.child(element, name, rest, kind)

    def children(self, element: Element) -> dict[str, Element]:
        """Return the elements below one, from its profile or type where the slice says nothing."""
        if element.children is not None:
            return element.children
        if len(element.types) != 1:
            return {}
        code, profiles = element.types[0].code, element.types[0].profiles
        root = self.resolve(profiles[0]) if len(profiles) == 1 else None
        if root is not None and root.children is not None:
            return root.children
        return type_children(code) if code in base() else {}

    def child(self, element: Element, name: str, rest: list[Step], kind: str) -> Match | None:
        """Return the test below a child element; the value imposed on the element itself also tells."""
        wanted = imposed_by(element)
        if wanted is not None and kind in ("value", "pattern"):
            part = part_of(wanted, [name, *(n for _, n in rest)])
            if part is not None:
                return certain(pattern_schema(part))
        profiles = element.types[0].profiles if element.types else ()
        if name == "url" and not rest and len(profiles) == 1 and element.types[0].code == "Extension":
            return certain(at_url(profiles[0].partition("|")[0], None))
        children = self.children(element)
        if (found := children.get(name)) is not None:
            return self.single(found, rest, kind)
        if (found := children.get(f"{name}[x]")) is not None:
            return self.choice(found, rest, kind)
        return None

    def single(self, child: Element, rest: list[Step], kind: str) -> Match | None:
        """Return the test below a child that is one JSON property.

        Where the child itself says nothing, its required slices do: they are in every item of the slice (HL7 `bp`
        tells its components by `code.coding:SBPCode.code`). Else, where its slicing is closed, any of its slices tells:
        they say all that the slice may hold (FR Core tells qualifications by the lists of their codes).
        """
        ways = present(child)
        if not rest and kind == "exists":
            return presence(child, ways)
        below = self.at(child, rest, kind)
        required = [test for s in child.slices.values() if s.min and (test := self.at(s, rest, kind))]
        tests = required if below is None else [below]
        if not tests and child.slicing_rules == "closed":
            allowed = [test for s in child.slices.values() if (test := self.at(s, rest, kind))]
            tests = [any_of(allowed)] if allowed and len(allowed) == len(child.slices) else []
        if not tests:
            return None

        def wrap(schema: Json) -> Json:
            value = {"type": "array", "contains": schema} if child.many else schema
            return {"type": "object", "properties": {child.name: value}, "required": [child.name]}

        return all_of([test.within(wrap) for test in tests])

    def choice(self, child: Element, rest: list[Step], kind: str) -> Match | None:
        """Return the test below a choice element: one JSON property per type."""
        if not rest and kind == "exists":
            return presence(child, present(child))
        if not rest and kind == "type":
            return certain({"type": "object", "anyOf": present(child)})
        narrow = rest[0][1] if rest and rest[0][0] == "type" else ""
        tests: list[Match] = []
        for each in (child, *child.slices.values()):
            for name, type_ref in properties_of(each):
                if type_ref is None or narrow not in ("", type_ref.code):
                    continue
                below = self.at(replace(each, types=(type_ref,)), rest[1:] if narrow else rest, kind)
                if below is not None:
                    tests.append(below.within(under(name)))
        return any_of(tests) if tests else None

    def extension(self, element: Element, url: str, rest: list[Step], kind: str) -> Match | None:
        """Return the test of an extension of an element, or of what is below it."""
        child = self.children(element).get("extension")
        if child is None:
            return None
        known = [s for s in child.slices.values() if self.url_of(s) == url]
        found = known[0] if known else replace(child, types=(TypeRef("Extension"),), slices={}, min=0)
        if not rest and kind == "exists":
            if found.max != "0" and not found.min:
                return None
            there = {"required": ["extension"], "properties": {"extension": {"contains": at_url(url, None)}}}
            return certain({"not": there} if found.max == "0" else there)
        below = self.at(found, rest, kind)
        if below is None:
            return None
        return below.within(
            lambda s: {"required": ["extension"], "properties": {"extension": {"contains": at_url(url, s)}}}
        )

    def url_of(self, slice_: Element) -> str:
        """Return the url of an extension slice."""
        profiles = slice_.types[0].profiles if slice_.types else ()
        if profiles:
            return profiles[0].partition("|")[0]
        url = (slice_.children or {}).get("url")
        return str(url.fixed) if url and url.fixed is not None else slice_.name

    def narrowed(self, element: Element, type_name: str, rest: list[Step], kind: str) -> Match | None:
        """Return the test below `ofType(T)`: of a resource, its type is said by `resourceType`."""
        kept = tuple(t for t in element.types if t.code in (type_name, "Resource")) or (TypeRef(type_name),)
        below = self.at(replace(element, types=(replace(kept[0], code=type_name),)), rest, kind)
        if below is None or not base().is_resource(type_name):
            return below
        return all_of([certain(of_resource([type_name])), below])

    def resolved(self, element: Element, rest: list[Step], kind: str) -> Match | None:
        """Return the test of what a reference leads to."""
        targets = element.types[0].targets if element.types else ()
        types = sorted({self.target_type(t) for t in targets} - {"Resource"})
        asked: Json = {"types": types}
        if rest and rest[0][0] == "type":
            asked, rest = {"types": [rest[0][1]]}, rest[1:]
        if not rest and kind == "profile":
            if not targets:
                return None
            asked["profiles"] = list(targets)
        elif rest:
            return self.below_target(asked, targets, rest, kind)
        elif kind != "type" or not types:
            return None
        return leading(asked)

    def below_target(self, asked: Json, targets: tuple[str, ...], rest: list[Step], kind: str) -> Match | None:
        """Return the test of an element of the resource that a reference leads to."""
        root = self.resolve(targets[0]) if len(targets) == 1 else None
        inner = self.at(root, rest, kind) if root is not None else None
        return leading({**asked, "schema": inner.sure}) if inner is not None else None

    def target_type(self, canonical: str) -> str:
        """Return the resource type behind a target profile (`Resource` when it is not known)."""
        tail = canonical.partition("|")[0].removeprefix(FHIR)
        if base().is_resource(tail) or tail == "Resource":
            return tail
        known = self.resolve(canonical)
        return known.types[0].code if known else "Resource"

    def leaf(self, element: Element, kind: str) -> Match | None:
        """Return the test of an element itself."""
        if kind == "profile" and any(t.code == "Reference" for t in element.types):
            return self.resolved(element, [], kind)  # guides leave `resolve()` out
        profiles = [p for t in element.types for p in t.profiles]
        if kind == "profile" and profiles:
            return Match(*({"x-profile": {"profiles": profiles, "member": m}} for m in MEMBER))
        if kind in ("type", "profile"):  # a resource without a profile of its own is known by its type
            codes = [t.code for t in element.types]
            return certain(of_resource(codes)) if codes and all(base().is_resource(c) for c in codes) else None
        if kind == "exists":
            return None
        wanted, binding = imposed_by(element), element.binding
        if wanted is not None:
            return certain(pattern_schema(wanted))
        if binding is not None and binding.strength == "required":
            value = {"valueSet": binding.value_set, "codes": list(binding.codes), "strength": "required"}
            return Match(*({"x-binding": {**value, "member": m}} for m in MEMBER))
        schema = inner_values(element)
        return certain(schema) if schema is not None else None


MEMBER = ("sure", "maybe")


def leading(asked: Json) -> Match:
    """Return the test of a reference's target."""
    return Match(*({"x-target": {**asked, "member": m}} for m in MEMBER))


def under(name: str) -> Callable[[Json], Json]:
    """Return the wrapping of a schema as that of a property that is there."""
    return lambda schema: {"type": "object", "properties": {name: schema}, "required": [name]}


def at_url(url: str, schema: Json | None) -> Json:
    """Return the schema of an extension of some url (and what else is asked of it)."""
    test: Json = {"type": "object", "properties": {"url": {"const": url}}, "required": ["url"]}
    return test if schema is None else {"allOf": [test, schema]}


def of_resource(codes: list[str]) -> Json:
    """Return the schema of a resource of one of several types."""
    return {"type": "object", "properties": {"resourceType": {"enum": codes}}, "required": ["resourceType"]}


def present(element: Element) -> list[Json]:
    """Return the ways an element can be there, one per JSON property."""
    return [{"required": [name]} for name, _ in properties_of(element)]


def presence(element: Element, ways: list[Json]) -> Match | None:
    """Return the test of an `exists` discriminator: the slice requires or forbids the element."""
    if element.max == "0":
        return certain({"type": "object", "not": {"anyOf": ways}})
    return certain({"type": "object", "anyOf": ways}) if element.min else None
