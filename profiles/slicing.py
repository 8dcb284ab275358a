"""Slices of a repeated element as JSON Schema: what the items of each must be, how many, in which order.

A slice whose discriminator says nothing that can be tested is left out and named in the limits: it is not judged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from profiles.discriminators import Finder, Match, all_of
from profiles.elements import Canonical, Element, TypeRef
from profiles.model import Json
from profiles.patterns import EXTENSIONS, pattern_schema

Value = Callable[[Element], Json]
DEFAULT = "@default"


def rules(element: Element, value: Value, finder: Finder) -> tuple[list[Json], list[str]]:
    """Return the `allOf` rules of the slices of an element, and what could not be handled."""
    return rules_within(element, value, finder, None, "")


def rules_within(
    element: Element, value: Value, finder: Finder, outer: Match | None, prefix: str
) -> tuple[list[Json], list[str]]:
    """Return the rules of slices; with `outer`, those of a slice cut again (`a/b`), among its items only."""
    result: list[Json] = []
    limits: list[str] = []
    found: list[tuple[str, Element, Match]] = []
    for name, slice_ in element.slices.items():
        if name == DEFAULT:
            continue
        match = finder.match(slice_, discriminators_of(element))
        if match is None:
            limits.append(f"découpe non jugée : {element.path}:{prefix}{name}")
            continue
        match = all_of([outer, match]) if outer else match
        found.append((prefix + name, slice_, match))
        if slice_.slices:
            again, unknown = rules_within(slice_, value, finder, match, f"{prefix}{name}/")
            result += again
            limits += unknown
    told = [first_step(path) for _, path in discriminators_of(element)]
    if not limits and DEFAULT in element.slices:
        found.append((prefix + DEFAULT, element.slices[DEFAULT], others([m for _, _, m in found], outer)))
    for name, slice_, match in found:
        siblings = [m.maybe for other, _, m in found if other != name]
        rules = slice_rules(name, slice_, match, siblings, value)
        result += [{**r, "x": {**r["x"], "told": told}} if "contains" in r else r for r in rules]
    if found and not limits:
        result += layout(element, found, outer)
    return result, limits


def first_step(path: str) -> str:
    """Return the element by which items are told apart, empty for the item itself."""
    name = path.partition(".")[0].partition("(")[0]
    return "" if name in ("$this", "resolve") else name


def discriminators_of(element: Element) -> tuple[tuple[str, str], ...]:
    """Return the discriminators of a slicing; extensions are told apart by url even where nothing says so."""
    if not element.discriminators and element.name in EXTENSIONS:
        return (("value", "url"),)
    return element.discriminators


def others(matches: list[Match], outer: Match | None) -> Match:
    """Return the match of the `@default` slice: the items of no other slice."""
    none = Match(
        {"not": {"anyOf": [m.maybe for m in matches]}} if matches else {},
        {"not": {"anyOf": [m.sure for m in matches]}} if matches else {},
    )
    return all_of([outer, none]) if outer else none


def layout(element: Element, found: list[tuple[str, Element, Match]], outer: Match | None) -> list[Json]:
    """Return the rules on the list as a whole: closed, ordered, items of no slice at the end."""
    result: list[Json] = []
    note = {"profile": element.source, "slices": [name for name, _, _ in found]}
    told = [first_step(path) for _, path in discriminators_of(element)]
    if element.slicing_rules == "closed":
        profiles = [p for _, slice_, _ in found for p in profiles_of(slice_)]
        inside: Json = {
            "anyOf": [m.maybe for _, _, m in found],
            "x": {**note, "rule": "slicing=closed", "profiles": profiles, "siblings": [], "told": told},
        }
        result.append({"items": {"if": outer.sure, "then": inside} if outer else inside})
    at_end = element.slicing_rules == "openAtEnd"
    if (element.ordered or at_end) and outer is None:
        slices = [(name, match.maybe) for name, _, match in found if not name.endswith(DEFAULT)]
        result.append({"x-order": {**note, "slices": slices, "ordered": element.ordered, "atEnd": at_end}})
    return result


def slice_rules(name: str, slice_: Element, match: Match, siblings: list[Json], value: Value) -> list[Json]:
    """Return the content and cardinality rules of one slice; `siblings` are the tests of the others.

    Where an entry is told by its profile, the report of a missing one looks for an entry that should have been it.
    """
    note = {"profile": slice_.source, "slice": name}
    result: list[Json] = []
    if slice_.max == "0":
        return [{"not": {"contains": match.sure}, "x": {**note, "rule": "max=0"}}]
    by_url = slice_.name in EXTENSIONS and slice_.children is None
    if slice_.types and not by_url:  # a known extension is judged by its url wherever it stands
        result.append({"items": {"if": match.sure, "then": value(slice_), "x": {"inside": name}}})
    if slice_.min:
        low = {"contains": match.maybe, "minContains": slice_.min}
        asked = {"profiles": profiles_of(slice_), "siblings": siblings} if profiles_of(slice_) else {}
        result.append({**low, "x": {**note, **asked, "rule": f"min={slice_.min}"}})
    if slice_.max not in ("*", "0"):
        limit = {"contains": match.sure, "minContains": 0, "maxContains": int(slice_.max)}
        result.append({**limit, "x": {**note, "rule": f"max={slice_.max}"}})
    return result


def profiles_of(slice_: Element) -> list[str]:
    """Return the profiles asked of the resource of an entry, to tell why no entry is in the slice."""
    resource = (slice_.children or {}).get("resource")
    return [p for t in resource.types for p in t.profiles] if resource else []


def of_type(element: Element, name: str, type_ref: TypeRef | None) -> Element:
    """Return the slice of a choice element for one type (`valueCoding`), the element itself when there is none."""
    if name in element.slices:
        return completed(element.slices[name], element)
    code = type_ref.code if type_ref else ""
    own = [s for s in element.slices.values() if [t.code for t in s.types] == [code]]
    return completed(own[0], element) if len(own) == 1 and len(element.types) > 1 else element


def completed(slice_: Element, element: Element) -> Element:
    """Return the slice of a choice element with what a later profile says of the element itself: it holds there too."""
    lacking = [name for name in ("binding", "fixed", "pattern") if getattr(slice_, name) is None]
    later: dict[str, Any] = {n: value for n in lacking if (value := getattr(element, n)) is not None}
    return replace(slice_, source=element.source, **later) if later else slice_


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
