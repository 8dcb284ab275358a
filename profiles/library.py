"""The definitions of a registry: several versions of one canonical, each in its guide.

A canonical cited without version means, in this order: the one of the guide that cites it, that of the guides
it rests on (in the versions its manifest names, transitively), the latest of all. A canonical cited in a version
that is not loaded is read the same way, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from profiles.guides import Guide, satisfies, version_order
from profiles.model import Json, split_canonical

Extensions = Mapping[str, "tuple[Definition, ...]"]
KINDS = ("StructureDefinition", "ValueSet", "CodeSystem")
ANONYMOUS = Guide("")


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition and the guide that brings it."""

    kind: str
    url: str
    version: str
    guide: Guide
    content: Json = field(repr=False)

    @property
    def canonical(self) -> str:
        """`url|version`, or the url alone when nothing says a version: the name of this very definition."""
        return f"{self.url}|{self.version}" if self.version else self.url


def definition_of(content: Json, guide: Guide) -> Definition:
    """Return a definition; its version is its own, or else that of its guide."""
    version = content.get("version")
    own = version if isinstance(version, str) else ""
    return Definition(content["resourceType"], content["url"], own or guide.version, guide, content)


class Library:
    """Definitions by canonical and by guide. Built once, never changed: `with_definitions` gives another one."""

    def __init__(self, definitions: Iterable[Definition] = (), guides: Iterable[Guide] = ()) -> None:
        """Of two definitions with one canonical and version, the last one counts."""
        self._given = tuple(definitions)
        self._all: dict[tuple[str, str, str], Definition] = {}
        for each in self._given:
            self._all.pop((each.kind, each.url, each.version), None)
            self._all[each.kind, each.url, each.version] = each
        self._guides = {guide.key: guide for guide in (*guides, *(d.guide for d in self._given))}
        self._latest: dict[tuple[str, str], Definition] = {}
        self._in_guide: dict[tuple[str, str, str], Definition] = {}
        for each in sorted(self._given, key=lambda d: version_order(d.version)):
            self._latest[each.kind, each.url] = each
            self._in_guide[each.guide.key, each.kind, each.url] = each
        self._order: dict[str, tuple[Guide, ...]] = {}

    def with_definitions(self, definitions: Iterable[Definition], guides: Iterable[Guide] = ()) -> Library:
        """Return a library with these added."""
        return Library((*self._given, *definitions), (*self._guides.values(), *guides))

    def __iter__(self) -> Iterator[Definition]:
        return iter(self._all.values())

    @property
    def guides(self) -> tuple[Guide, ...]:
        """The guides of the definitions, anonymous folders left out."""
        return tuple(g for g in self._guides.values() if g.id)

    def of_kind(self, kind: str) -> list[Definition]:
        """Return all the definitions of a kind, every version."""
        return [d for d in self._all.values() if d.kind == kind]

    def exact(self, kind: str, canonical: str) -> Definition | None:
        """Return the definition of `url|version`, the latest one for an url alone; None when it is not loaded."""
        url, version = split_canonical(canonical)
        latest = self._latest.get((kind, url))
        if version is None:
            return latest
        if latest is not None and not latest.version:
            return latest  # a definition that states no version answers for any
        return self._all.get((kind, url, version))

    def cited(self, kind: str, canonical: str, guide: Guide = ANONYMOUS) -> Definition | None:
        """Return what a canonical means where a guide cites it; None when no version of it is loaded."""
        url, version = split_canonical(canonical)
        if version and (found := self.exact(kind, canonical)):
            return found
        for each in self.reach(guide):
            if found := self._in_guide.get((each.key, kind, url)):
                return found
        return self._latest.get((kind, url))

    def reach(self, guide: Guide) -> tuple[Guide, ...]:
        """Return a guide and those it rests on, nearest first."""
        if guide.key not in self._order:
            start = self._guides.get(guide.key, guide)
            found = {guide.key: start}
            queue = [start]
            while queue:
                for name, version in queue.pop(0).dependencies.items():
                    known = self.guide(name, version)
                    if known and known.key not in found:
                        found[known.key] = known
                        queue.append(known)
            self._order[guide.key] = tuple(found.values())
        return self._order[guide.key]

    def guide(self, name: str, version: str) -> Guide | None:
        """Return a guide in the version asked (`2.0.x` and the like: the latest that fits), or None."""
        fits = [g for g in self._guides.values() if g.id == name and satisfies(g.version, version)]
        return max(fits, key=lambda g: version_order(g.version), default=None)

    def extensions(self, guide: Guide = ANONYMOUS) -> dict[str, tuple[Definition, ...]]:
        """Return url -> extension definition, in the version that a guide means.

        Where no guide is followed, every version, the latest first: nobody says which one a resource means.
        """
        found: dict[str, list[Definition]] = {}
        for each in self.of_kind("StructureDefinition"):
            if each.content.get("type") == "Extension":
                found.setdefault(each.url, []).append(each)
        if guide is ANONYMOUS:
            by_age = {u: sorted(d, key=lambda e: version_order(e.version), reverse=True) for u, d in found.items()}
            return {url: tuple(rows) for url, rows in by_age.items()}
        meant = {url: self.cited("StructureDefinition", url, guide) for url in found}
        return {url: (each,) for url, each in meant.items() if each is not None}
