"""Which codes a value set allows, as far as the loaded definitions tell.

A list may be an excerpt: a CodeSystem of another content than `complete`, a ValueSet marked with the HL7 extension
`valueset-unclosed` (on it, its `compose` or its `expansion`). A code that such a list does not hold is a doubt,
never a fault.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from profiles.codesystems import COMPLETE, Concepts, filtered
from profiles.guides import Guide
from profiles.library import Definition
from profiles.model import FHIR, Json

Cited = Callable[[str, str, Guide], Definition | None]
"""Gives the definition (kind, canonical) that a guide means: `Library.cited`."""

UNCLOSED = FHIR + "valueset-unclosed"

# Text without a code is only a warning here: the guide on the right asks for it, against the required binding.
TEXT_ALLOWED = {
    "https://hl7.fr/ig/fhir/core/ValueSet/fr-core-vs-practitioner-specialty": "SAS 1.2.0, faq (specialty.text)",
    "http://interopsante.org/fhir/ValueSet/fr-practitioner-specialty": "SAS 1.2.0, faq (specialty.text)",
}

# The "jeux de valeurs" of the ANS nomenclatures are republished several times a year under the same canonical: a code
# that our copy lacks may be in a later one.
REPUBLISHED = ("https://mos.esante.gouv.fr/NOS/JDV_", "https://smt.esante.gouv.fr/fhir/ValueSet/jdv-")


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of the codes of one system: those allowed, those refused, and whether there may be others."""

    allowed: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    open: bool = False

    def holds(self, code: str) -> bool | None:
        """Tell whether a code is allowed, None when it cannot be told."""
        if code in self.allowed:
            return True
        return None if self.open and code not in self.refused else False

    def plus(self, other: Listing) -> Listing:
        """Return the codes of either."""
        allowed = self.allowed | other.allowed
        refused = (self.refused - other.allowed) | (other.refused - self.allowed)
        kept = frozenset(c for c in refused if not (self.unsure(c) or other.unsure(c)))
        return Listing(allowed, kept, self.open or other.open)

    def unsure(self, code: str) -> bool:
        """Tell whether nothing is known of a code."""
        return self.holds(code) is None

    def both(self, other: Listing) -> Listing:
        """Return the codes of both."""
        allowed = frozenset(c for c in self.allowed | other.allowed if self.holds(c) and other.holds(c))
        either = self.allowed | other.allowed | self.refused | other.refused
        refused = frozenset(c for c in either if self.holds(c) is False or other.holds(c) is False)
        doubtful = any(self.holds(c) is None or other.holds(c) is None for c in either - allowed - refused)
        return Listing(allowed, refused, (self.open and other.open) or doubtful)

    def minus(self, other: Listing) -> Listing:
        """Return the codes of the first without those of the second; a doubt on the second is a doubt."""
        if not other.open:
            return Listing(self.allowed - other.allowed, self.refused | other.allowed, self.open)
        kept = frozenset(c for c in self.allowed if other.holds(c) is False)
        return Listing(kept, self.refused | other.allowed, True)


# Value sets whose codes follow a grammar (BCP 13, BCP 47) that nobody lists: never judged.
GRAMMARS = ("http://hl7.org/fhir/ValueSet/mimetypes", "http://hl7.org/fhir/ValueSet/all-languages")

NOTHING = Listing()
ANY = Listing(open=True)


@dataclass(slots=True)
class Codes:
    """The codes of a value set, by system. With `open` there may be other systems too."""

    systems: dict[str, Listing] = field(default_factory=dict)
    open: bool = False

    def holds(self, system: str, code: str) -> bool | None:
        """Tell whether a code of a system is in the value set, None when it cannot be told."""
        listing = self.systems.get(system)
        found = listing.holds(code) if listing else False
        return None if found is False and self.open and listing is None else found

    def holds_code(self, code: str) -> bool | None:
        """Tell whether a code without a system (a `code` element) is in the value set."""
        answers = {listing.holds(code) for listing in self.systems.values()} | ({None} if self.open else set())
        return True if True in answers else None if None in answers else False

    def all_codes(self) -> frozenset[str] | None:
        """Return the codes of all systems, None when there may be others."""
        if self.open or any(listing.open for listing in self.systems.values()):
            return None
        return frozenset().union(*(listing.allowed for listing in self.systems.values()))

    def add(self, system: str, listing: Listing) -> None:
        """Add codes of a system."""
        self.systems[system] = self.systems.get(system, NOTHING).plus(listing)

    def merge(self, other: Codes) -> None:
        """Add all the codes of another value set."""
        for system, listing in other.systems.items():
            self.add(system, listing)
        self.open = self.open or other.open

    def meet(self, other: Codes) -> Codes:
        """Return the codes of both."""
        result = Codes(open=self.open and other.open)
        for system in {*self.systems, *other.systems}:
            mine, theirs = self.of(system), other.of(system)
            if mine != NOTHING and theirs != NOTHING:
                result.systems[system] = mine.both(theirs)
        return result

    def remove(self, other: Codes) -> None:
        """Take away the codes of another value set."""
        for system, listing in self.systems.items():
            self.systems[system] = listing.minus(other.of(system))

    def of(self, system: str) -> Listing:
        """Return what is known of a system."""
        return self.systems.get(system, ANY if self.open else NOTHING)


def expand(value_set: Definition, cited: Cited, seen: frozenset[str] = frozenset()) -> Codes | None:
    """Return the codes of a value set, None when it says nothing (neither composition nor expansion)."""
    content = value_set.content
    compose, expansion = content.get("compose", {}), content.get("expansion", {})
    if contains := expansion.get("contains"):
        result = from_expansion(contains)
        whole = int(expansion.get("total", 0)) <= len(contains)
    elif compose.get("include") and value_set.canonical not in seen:
        result, whole = Codes(), True
        inner = seen | {value_set.canonical}
        for include in compose["include"]:
            result.merge(from_include(include, value_set.guide, cited, inner))
        for exclude in compose.get("exclude", []):
            result.remove(from_include(exclude, value_set.guide, cited, inner))
    else:
        return None
    if (
        not whole
        or value_set.url.startswith(REPUBLISHED)
        or any(unclosed(part) for part in (content, compose, expansion))
    ):
        result.systems = {system: listing.plus(ANY) for system, listing in result.systems.items()}
    return result


def unclosed(part: Json) -> bool:
    """Tell whether a part of a value set says that there are other codes than those it lists."""
    return any(e.get("url") == UNCLOSED and e.get("valueBoolean") is True for e in part.get("extension", []))


def from_expansion(contains: list[Json]) -> Codes:
    """Return the codes of an expansion, nested ones included."""
    result = Codes()
    for row in contains:
        if "code" in row and not row.get("abstract"):
            result.add(str(row.get("system", "")), Listing(frozenset({str(row["code"])})))
        result.merge(from_expansion(row.get("contains", [])))
    return result


def from_include(include: Json, guide: Guide, cited: Cited, seen: frozenset[str]) -> Codes:
    """Return the codes of one include (or exclude): those of its system that are in all its value sets."""
    parts: list[Codes] = []
    if system := str(include.get("system", "")):
        parts.append(Codes({system: from_system(include, system, guide, cited)}))
    for imported in include.get("valueSet", []):
        found = cited("ValueSet", imported, guide)
        parts.append((expand(found, cited, seen) if found else None) or Codes(open=True))
    result = parts[0] if parts else Codes()
    for part in parts[1:]:
        result = result.meet(part)
    return result


def from_system(include: Json, system: str, guide: Guide, cited: Cited) -> Listing:
    """Return the codes that an include takes from a system: a list, those of its filters, or all."""
    if "concept" in include:
        return Listing(frozenset(str(c["code"]) for c in include["concept"]))
    version = include.get("version")
    definition = cited("CodeSystem", f"{system}|{version}" if version else system, guide)
    content = definition.content if definition else {}
    if not content.get("concept"):
        return ANY
    concepts = Concepts(content)
    kept = filtered(concepts, include.get("filter", []))
    if kept is None:
        return Listing(refused=frozenset(), open=True)
    others = concepts.codes() - kept
    return Listing(kept, others, content.get("content") != COMPLETE)
