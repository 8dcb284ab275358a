"""What a definition says, for whoever walks a resource beside it: official definitions where we have them, else ours.

Shares no code with the schema compiler: the items of a slice are recognised here by reading values, not schemas.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from profiles import Registry, default_registry
from profiles.differential import open_children
from profiles.elements import Binding, Element, base
from profiles.guides import Guide
from profiles.library import definition_of
from profiles.model import FHIR, split_canonical
from tests.profiles import official

EXTENSION = re.compile(r"^extension\('(.+)'\)$")


class Oracle:
    """Snapshots, opened as far as the walk goes, and what can be read in them."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._roots: dict[str, Element | None] = {}

    def root(self, canonical: str) -> Element | None:
        """Return the snapshot of a canonical, to be opened by this oracle alone; None when it is unknown."""
        if canonical not in self._roots:
            found = self._registry.snapshot(canonical)
            self._roots[canonical] = found.copy() if found else None
        return self._roots[canonical]

    def children(self, element: Element) -> dict[str, Element]:
        """Return the children of an element, those of its type (or of the profile of it) included."""
        return open_children(element, self._registry.snapshot)

    def codes(self, binding: Binding) -> frozenset[str] | None:
        """Return the codes of a binding when the list is known to be complete, else None."""
        if binding.codes:
            return frozenset(binding.codes)
        found = self._registry.codes(binding.value_set) if binding.value_set else None
        return found.all_codes() if found else None

    def closed_systems(self, binding: Binding) -> bool:
        """Tell whether a binding is to systems that are all known, whatever is known of their codes."""
        found = self._registry.codes(binding.value_set) if binding.value_set and not binding.codes else None
        return found is not None and not found.open and bool(found.systems)

    def resource_type(self, canonical: str) -> str:
        """Return the resource type that a canonical is about, `Resource` when it is not known."""
        found = self.root(canonical)
        if found is not None:
            return found.types[0].code
        tail = split_canonical(canonical)[0].removeprefix(FHIR)
        return tail if base().is_resource(tail) else "Resource"

    def slice_of(self, element: Element, item: Any) -> Element | None:
        """Return the slice that an item of a sliced element is in, None when it is in none."""
        return next((slice_ for slice_ in element.slices.values() if self.holds(element, slice_, item)), None)

    def holds(self, element: Element, slice_: Element, item: Any) -> bool:
        """Tell whether an item is in a slice, by each discriminator."""
        discriminators = discriminators_of(element)
        return bool(discriminators) and all(self.meets(slice_, kind, path, item) for kind, path in discriminators)

    def meets(self, slice_: Element, kind: str, path: str, item: Any) -> bool:
        """Tell whether an item meets one discriminator of a slice."""
        if found := EXTENSION.match(path):
            there = any(e.get("url") == found[1] for e in item.get("extension", []))
            wanted = [s for s in self.children(slice_)["extension"].slices.values() if self.url_of(s) == found[1]]
            return there == bool(wanted and wanted[0].max != "0" and wanted[0].min)
        if "(" in path:
            return False
        steps = [] if path == "$this" else path.split(".")
        target = self.descend(slice_, steps)
        if target is None:
            return False
        values = values_at(item, steps)
        if kind == "exists":
            return bool(values) == (target.max != "0")
        if kind in ("type", "profile"):
            return any(self.is_of(target, value) for value in values)
        if steps == ["url"]:
            return self.url_of(slice_) in values
        return any(self.fits(target, value) for value in values)

    def url_of(self, slice_: Element) -> str:
        """Return the url of the extensions of a slice."""
        fixed = self.children(slice_)["url"].fixed
        return (
            str(fixed) if fixed else split_canonical(slice_.types[0].profiles[0])[0] if slice_.types[0].profiles else ""
        )

    def is_of(self, target: Element, value: Any) -> bool:
        """Tell whether a resource is of one of the types, and claims none but the profiles, of an element."""
        if not isinstance(value, dict):
            return False
        claimed = {split_canonical(str(c))[0] for c in value.get("meta", {}).get("profile", [])}
        for each in target.types:
            wanted = {split_canonical(p)[0] for p in each.profiles}
            types = {each.code, *(self.resource_type(p) for p in each.profiles)}
            if value.get("resourceType") in types and (not wanted or not claimed or wanted & claimed):
                return True
        return False

    def descend(self, element: Element, steps: list[str]) -> Element | None:
        """Return the element at a path below another one."""
        current = element
        for step in steps:
            children = self.children(current)
            if step not in children:
                return None
            current = children[step]
        return current

    def fits(self, element: Element, value: Any) -> bool:
        """Tell whether a value is the one that an element imposes: by itself, below itself, or by a required list."""
        wanted = element.fixed if element.fixed is not None else element.pattern
        if wanted is not None:
            return holds_pattern(value, wanted)
        below = {n: c for n, c in (element.children or {}).items() if imposes(c)}
        if below and isinstance(value, dict):
            return all(any(self.fits(c, v) for v in values_at(value, [n])) for n, c in below.items())
        if element.binding and element.binding.strength == "required":
            codes = self.codes(element.binding)
            return codes is not None and (value.get("code") if isinstance(value, dict) else value) in codes
        return False


def discriminators_of(element: Element) -> tuple[tuple[str, str], ...]:
    """Return the discriminators of an element; extensions are told apart by url, said or not."""
    by_url = element.name in ("extension", "modifierExtension")
    return element.discriminators or ((("value", "url"),) if by_url else ())


def imposes(element: Element) -> bool:
    """Tell whether an element or one below it has a fixed or pattern value."""
    own = element.fixed is not None or element.pattern is not None
    return own or any(imposes(c) for c in (element.children or {}).values())


def values_at(value: Any, steps: list[str]) -> list[Any]:
    """Return the values at a path of names, through lists."""
    found = [value]
    for step in steps:
        inner = [v[step] for v in found if isinstance(v, dict) and step in v]
        found = [item for v in inner for item in (v if isinstance(v, list) else [v])]
    return found


def holds_pattern(value: Any, pattern: Any) -> bool:
    """Tell whether a value holds all that a FHIR pattern says."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(k in value and holds_pattern(value[k], v) for k, v in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(holds_pattern(v, p) for v in value) for p in pattern)
    return split_canonical(str(value))[0] == pattern if isinstance(pattern, str) else bool(value == pattern)


@functools.cache
def oracle_of(canonical: str) -> Oracle:
    """Return the oracle of a profile (`url|version`): that of the official package that has it, else ours."""
    url, version = split_canonical(canonical)
    for package in official.packages():
        found = official.profiles(package).get(url)
        if found is not None and found.get("version") == version:
            return _of_package(package)
    return _ours()


@functools.cache
def _of_package(package: str) -> Oracle:
    """Definitions of a package among ours, which cite what our manifest of the guide cites."""
    library = default_registry().library
    name, _, version = package.partition("-")
    guide = next((g for g in library.guides if (g.id, g.version) == (name, version)), Guide(name, version))
    definitions = [definition_of(content, guide) for content in official.profiles(package).values()]
    return Oracle(Registry(library.with_definitions(definitions)))


@functools.cache
def _ours() -> Oracle:
    return Oracle(default_registry())
