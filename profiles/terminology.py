"""Which codes a value set allows, as far as the loaded definitions tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from profiles.guides import Guide
from profiles.library import Definition
from profiles.model import Json

Cited = Callable[[str, str, Guide], Definition | None]
"""Gives the definition (kind, canonical) that a guide means: `Library.cited`."""

# Text without a code is only a warning here: the guide on the right asks for it, against the required binding.
TEXT_ALLOWED = {
    "https://hl7.fr/ig/fhir/core/ValueSet/fr-core-vs-practitioner-specialty": "SAS 1.2.0, faq (specialty.text)",
    "http://interopsante.org/fhir/ValueSet/fr-practitioner-specialty": "SAS 1.2.0, faq (specialty.text)",
}

# The "jeux de valeurs" of the ANS nomenclatures are republished several times a year under the same canonical: a code
# that our copy lacks may be in a later one.
REPUBLISHED = ("https://mos.esante.gouv.fr/NOS/JDV_", "https://smt.esante.gouv.fr/fhir/ValueSet/jdv-")


@dataclass(slots=True)
class Codes:
    """The codes of a value set, by system. None as a set: any code of that system, we do not have the list.

    `fragments` are systems whose list may have grown since it was written: an unknown code is a doubt.
    """

    systems: dict[str, frozenset[str] | None] = field(default_factory=dict)
    fragments: set[str] = field(default_factory=set)

    def add(self, system: str, codes: frozenset[str] | None) -> None:
        """Add codes of a system; "any code" wins over a list."""
        known = self.systems.get(system, frozenset())
        self.systems[system] = None if codes is None or known is None else known | codes

    def merge(self, other: Codes) -> None:
        """Add all the codes of another value set."""
        for system, codes in other.systems.items():
            self.add(system, codes)
        self.fragments |= other.fragments

    def all_codes(self) -> frozenset[str] | None:
        """Return the codes whatever the system (for a `code` element), None when one list is missing."""
        lists = list(self.systems.values())
        if any(c is None for c in lists):
            return None
        return frozenset().union(*(c for c in lists if c is not None))


def expand(value_set: Definition, cited: Cited, seen: frozenset[str] = frozenset()) -> Codes | None:
    """Return the codes of a value set, or None when they cannot be told (what it imports is not loaded)."""
    if value_set.canonical in seen:
        return None
    if contains := value_set.content.get("expansion", {}).get("contains"):
        return from_expansion(contains)
    includes = value_set.content.get("compose", {}).get("include", [])
    result = Codes()
    for include in includes:
        part = from_include(include, value_set.guide, cited, seen | {value_set.canonical})
        if part is None:
            return None
        result.merge(part)
    if value_set.url.startswith(REPUBLISHED):
        result.fragments |= set(result.systems)
    return result if includes else None


def from_expansion(contains: list[Json]) -> Codes:
    """Return the codes of an expansion, nested ones included."""
    result = Codes()
    for row in contains:
        if "code" in row and not row.get("abstract"):
            result.add(str(row.get("system", "")), frozenset({str(row["code"])}))
        result.merge(from_expansion(row.get("contains", [])))
    return result


def from_include(include: Json, guide: Guide, cited: Cited, seen: frozenset[str]) -> Codes | None:
    """Return the codes of one include: imported value sets, a list, a whole system, or a filter (any code)."""
    result = Codes()
    for imported in include.get("valueSet", []):
        found = cited("ValueSet", imported, guide)
        part = expand(found, cited, seen) if found else None
        if part is None:
            return None
        result.merge(part)
    system = str(include.get("system", ""))
    if not system:
        return result
    if "concept" in include:
        result.add(system, frozenset(str(c["code"]) for c in include["concept"]))
    elif "filter" in include:
        result.add(system, None)
    else:
        definition = cited("CodeSystem", system, guide)
        add_system(result, system, definition.content if definition else None)
    return result


def add_system(result: Codes, system: str, definition: Json | None) -> None:
    """Add a whole code system: its list when we have it, else any code."""
    content = definition.get("content") if definition else None
    if definition is None or content not in ("complete", "fragment"):
        result.add(system, None)
        return
    result.add(system, frozenset(concept_codes(definition.get("concept", []))))
    if content == "fragment":
        result.fragments.add(system)


def concept_codes(concepts: list[Json]) -> list[str]:
    """Return the codes of a concept tree."""
    codes = [str(c["code"]) for c in concepts]
    return codes + [code for c in concepts for code in concept_codes(c.get("concept", []))]
