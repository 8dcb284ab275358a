"""Single-fault mutants of a valid example, found by walking a snapshot beside the resource.

The walk reads the official snapshot where there is one, ours otherwise, and shares no code with the schema compiler.
`python -m tests.profiles.judged_mutants` judges them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from profiles.elements import PRIMITIVES, Element, TypeRef, base, capital
from profiles.model import FHIR
from tests.profiles.faults import ALIEN, altered, bad_primitives, of_no_system, other_json_type, sample, without_code
from tests.profiles.oracle import Oracle, discriminators_of

Step = str | int
Path = tuple[Step, ...]
DROP = object()
OF_THE_PROFILE = frozenset(
    ("code hors liste", "référence vers un autre type", "système hors liste", "texte trop long", "tranche absente",
     "tranche répétée", "trop d'occurrences", "valeur imposée changée", "élément absent", "élément interdit")
)  # fmt: skip
"""Faults against what a profile says; the others (JSON types, forms of primitives, unknown names) are against R4."""
STRANGERS = ("Binary", "Slot", "Medication")
"""Resource types of which at least one is not a target of any reference with targets."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: what was done, on which element of which profile and example, and where it may be said."""

    profile: str
    example: str
    operation: str
    element: str
    places: tuple[str, ...]
    original: Any = field(repr=False)
    path: Path
    value: Any

    @property
    def resource(self) -> Any:
        """The resource with the fault."""
        return spoiled(self.original, self.path, self.value)

    def well_placed(self, expression: str) -> bool:
        """Tell whether an issue names the element spoiled (or a part of it), or the one that holds it."""
        inside = expression.startswith((f"{self.places[0]}.", f"{self.places[0]}["))
        return inside or expression in self.places


@dataclass(frozen=True, slots=True)
class Mark:
    """Elements by which an item is known to be in a slice: spoiling one takes the item out of the slice.

    That is a fault only when the slice must be there (`needed`), said on the list then. Of what is at the `typed`
    paths only the type counts, not the content.
    """

    paths: tuple[str, ...]
    needed: bool
    places: tuple[str, ...]
    typed: tuple[str, ...] = ()
    by_profile: bool = False

    def touches(self, element: str) -> bool:
        """Tell whether spoiling an element (its names, without slices) changes what the slice looks at."""
        above = any(f"{path}.".startswith(f"{element}.") for path in (*self.paths, *self.typed))
        return above or any(f"{element}.".startswith(f"{path}.") for path in self.paths)


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the example: where it is in JSON and in FHIRPath, the id of its element, what holds it."""

    path: Path
    name: str
    element: str
    holders: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def plain(self) -> str:
        """The names of the element without its slices."""
        return ".".join(segment.partition(":")[0] for segment in self.element.replace("/", ".").split("."))

    def below(self, step: str, label: str, name: str) -> Spot:
        """Return the spot of a property."""
        return Spot((*self.path, step), f"{self.name}.{label}", f"{self.element}.{name}", (self.name,), self.marks)


@dataclass(frozen=True, slots=True)
class Fault:
    """A change at a JSON path: a new value, or `DROP`. `slips`: no fault if it only takes the item out of a slice."""

    operation: str
    spot: Spot
    path: Path
    value: Any
    slips: bool = False
    places: tuple[str, ...] = field(default=())


def mutants(profile: str, example: str, resource: Any, oracle: Oracle) -> Iterator[Mutant]:
    """Yield the mutants of a valid example of a profile (`url|version`).

    Raises LookupError when the oracle does not know the profile.
    """
    root = oracle.root(profile)
    if root is None:
        raise LookupError(profile)
    name = str(resource["resourceType"])
    for fault in of_object(root, resource, Spot((), name, name), oracle):
        touched = [mark for mark in fault.spot.marks if slips(fault, mark) and mark.touches(fault.spot.plain)]
        if all(mark.needed for mark in touched):
            moved = tuple(place for mark in touched for place in mark.places)
            places = (fault.spot.name, *fault.spot.holders, *fault.places, *moved)
            element = fault.spot.element
            yield Mutant(profile, example, fault.operation, element, places, resource, fault.path, fault.value)


def slips(fault: Fault, mark: Mark) -> bool:
    """Tell whether a fault on what makes a slice takes the item out of it; any fault does where a profile makes it."""
    return fault.slips or (mark.by_profile and fault.operation in OF_THE_PROFILE)


def spoiled(resource: Any, path: Path, value: Any) -> Any:
    """Return a copy of a resource with the value at a path replaced, added, or dropped with its twin `_name`."""
    result = copy.deepcopy(resource)
    target = result
    for step in path[:-1]:
        target = target[step]
    if value is DROP:
        del target[path[-1]]
        if isinstance(path[-1], str):
            target.pop(f"_{path[-1]}", None)
    else:
        target[path[-1]] = value
    return result


def of_object(element: Element, value: Any, spot: Spot, oracle: Oracle) -> Iterator[Fault]:
    """Yield the faults of an object and of what it holds."""
    alien = spot.below(ALIEN, ALIEN, ALIEN)
    yield Fault("propriété inconnue", alien, alien.path, "x")
    for child in oracle.children(element).values():
        if child.name.endswith("[x]"):
            yield from of_choice(child, value, spot, oracle)
        elif child.name in value:
            yield from of_element(
                child, child.types, value[child.name], spot.below(child.name, child.name, child.name), oracle
            )
        elif child.max == "0" and f"_{child.name}" not in value:
            made = sample(child.types[0].code) if child.types else None
            here = spot.below(child.name, child.name, child.name)
            if made is not None:
                yield Fault("élément interdit", here, here.path, [made] if child.many else made)


def of_choice(child: Element, value: Any, spot: Spot, oracle: Oracle) -> Iterator[Fault]:
    """Yield the faults of an element with a choice of types."""
    stem = child.name.removesuffix("[x]")
    present = [t for t in child.types if stem + capital(t.code) in value]
    for type_ref in present:
        name = stem + capital(type_ref.code)
        here = spot.below(name, f"{stem}.ofType({type_ref.code})", child.name)
        here = replace(here, holders=(spot.name, f"{spot.name}.{stem}"))
        chosen = child.slices.get(name, child)
        yield from of_element(chosen, (type_ref,), value[name], here, oracle)
    for code in ("string", "boolean", "dateTime"):
        known = {t.code for t in child.types}
        here = spot.below(stem + capital(code), f"{stem}.ofType({code})", child.name)
        here = replace(here, holders=(spot.name, f"{spot.name}.{stem}", f"{spot.name}.{stem}{capital(code)}"))
        if code not in known and not present and child.max == "0":
            yield Fault("élément interdit", here, here.path, sample(code))
            break


def of_element(element: Element, types: tuple[TypeRef, ...], value: Any, spot: Spot, oracle: Oracle) -> Iterator[Fault]:
    """Yield the faults of an element that is there: its absence, its number, its slices, its value."""
    if element.min:
        slips = not base_min(element)
        yield Fault("élément absent", spot, spot.path, DROP, slips)
    if not element.many:
        yield Fault("liste au lieu d'une valeur", spot, spot.path, [value])
        yield from of_value(element, types, value, spot, oracle)
        return
    if not isinstance(value, list):
        return
    yield Fault("valeur au lieu d'une liste", spot, spot.path, value[0])
    if element.max not in ("*", "0"):
        yield Fault("trop d'occurrences", spot, spot.path, repeated(value, value[-1], int(element.max)), slips=True)
    yield from of_slices(element, value, spot, oracle)
    for index, item in enumerate(value):
        if item is not None:
            yield from of_item(element, types, item, spot, index, oracle)


def of_slices(element: Element, value: list[Any], spot: Spot, oracle: Oracle) -> Iterator[Fault]:
    """Yield the faults of number in the slices of a list."""
    for name, slice_ in element.slices.items():
        here = replace(spot, element=f"{spot.element}:{name}")
        inside = [item for item in value if oracle.holds(element, slice_, item)]
        others = [item for item in value if item not in inside]
        if slice_.min and inside:
            yield Fault("tranche absente", here, here.path, others or DROP, slips=True)
        if slice_.max not in ("*", "0") and inside:
            extra = repeated(value, inside[0], int(slice_.max) + len(value) - len(inside))
            yield Fault("tranche répétée", here, here.path, extra)


def of_item(
    element: Element, types: tuple[TypeRef, ...], item: Any, spot: Spot, index: int, oracle: Oracle
) -> Iterator[Fault]:
    """Yield the faults of one item of a list, read as the slice it is in."""
    slice_ = oracle.slice_of(element, item)
    name = next((n for n, s in element.slices.items() if s is slice_), "")
    here = Spot(
        (*spot.path, index),
        f"{spot.name}[{index}]",
        f"{spot.element}:{name}" if name else spot.element,
        (spot.name, *spot.holders),
        spot.marks,
    )
    if slice_ is not None:
        by: dict[str, list[str]] = {"type": [], "": []}
        for kind, path in discriminators_of(element):
            name = path.partition("(")[0]  # `extension('url')` looks at the extensions
            by["type" if kind == "type" else ""].append(spot.plain if path == "$this" else f"{spot.plain}.{name}")
        needed = bool(slice_.min) or element.slicing_rules == "closed"
        places = (spot.name, here.name, *spot.holders)
        by_profile = any(kind == "profile" for kind, _ in discriminators_of(element))
        mark = Mark(tuple(by[""]), needed, places, tuple(by["type"]), by_profile)
        here = replace(here, marks=(*here.marks, mark))
    elif element.name in ("extension", "modifierExtension"):
        known = oracle.root(str(item.get("url", ""))) if isinstance(item, dict) else None
        if known is not None:
            unnamed = Mark((f"{spot.plain}.url",), False, ())
            yield from of_object(known, item, replace(here, marks=(*here.marks, unnamed)), oracle)
            return
    chosen = slice_ or element
    yield from of_value(chosen, chosen.types if slice_ else types, item, here, oracle)


def of_value(element: Element, types: tuple[TypeRef, ...], value: Any, spot: Spot, oracle: Oracle) -> Iterator[Fault]:
    """Yield the faults of one value: its JSON type, form, imposed content, code, target, and what it holds."""
    type_ref = chosen_type(types, value, oracle)
    if type_ref is None or value is None:
        return
    code = type_ref.code
    if not isinstance(value, list):
        yield Fault("mauvais type JSON", spot, spot.path, other_json_type(code, value))
    for operation, bad in bad_primitives(code, value):
        yield Fault(operation, spot, spot.path, bad)
    wanted = element.fixed if element.fixed is not None else element.pattern
    if wanted is not None:
        yield Fault("valeur imposée changée", spot, spot.path, altered(value, wanted), slips=True)
    elif element.binding and element.binding.strength == "required":
        if oracle.codes(element.binding) is not None:
            yield Fault("code hors liste", spot, spot.path, without_code(value), slips=True)
        if oracle.closed_systems(element.binding) and (stranger := of_no_system(value)) is not None:
            yield Fault("système hors liste", spot, spot.path, stranger, slips=True)
    longest = element.max_length
    if longest and isinstance(value, str):
        yield Fault("texte trop long", spot, spot.path, "x" * (longest + 1))
    if code == "Reference" and isinstance(value, dict):
        yield from of_reference(type_ref, value, spot, oracle)
    if isinstance(value, dict) and code not in PRIMITIVES:
        yield from of_content(element, type_ref, value, spot, oracle)


def of_content(element: Element, type_ref: TypeRef, value: Any, spot: Spot, oracle: Oracle) -> Iterator[Fault]:
    """Yield the faults below a value: of a resource by its profile or type, of an object by what its element says."""
    if not base().is_resource(type_ref.code) and type_ref.code != "Resource":
        yield from of_object(element, value, spot, oracle)
        return
    canonical = type_ref.profiles[0] if len(type_ref.profiles) == 1 else FHIR + type_ref.code
    inner = element if element.children else oracle.root(canonical)
    if inner is not None and type_ref.code != "Resource":
        yield from of_object(inner, value, replace(spot, element=f"{spot.element}/{type_ref.code}"), oracle)


def of_reference(type_ref: TypeRef, value: Any, spot: Spot, oracle: Oracle) -> Iterator[Fault]:
    """Yield a reference to a resource of a type that the element does not accept."""
    targets = {oracle.resource_type(t) for t in type_ref.targets}
    stranger = next((t for t in STRANGERS if t not in targets), None)
    if targets and "Resource" not in targets and stranger and "reference" in value:
        kept = {k: v for k, v in value.items() if k != "type"}
        yield Fault("référence vers un autre type", spot, spot.path, {**kept, "reference": f"{stranger}/x1"})


def chosen_type(types: tuple[TypeRef, ...], value: Any, oracle: Oracle) -> TypeRef | None:
    """Return the type that a value is of: the only one, or for a resource the one of its `resourceType`."""
    if len(types) == 1:
        return types[0]
    kind = value.get("resourceType") if isinstance(value, dict) else None
    return next((t for t in types if kind and t.code == kind), None)


def repeated(items: list[Any], item: Any, most: int) -> list[Any]:
    """Return a list with an item repeated until there is one too many."""
    return [*items, *(copy.deepcopy(item) for _ in range(most + 1 - len(items)))]


def base_min(element: Element) -> bool:
    """Tell whether R4 itself wants the element."""
    owner, _, name = element.path.rpartition(".")
    return bool(owner in base() and base_elements(owner).get(name, element).min)


def base_elements(owner: str) -> dict[str, Element]:
    """Return the elements of an R4 type."""
    return base().elements(owner) if owner[:1].isupper() else {}
