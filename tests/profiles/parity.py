"""Our snapshots against the official ones, element by element.

    python -m tests.profiles.parity [PACKAGE [PROFILE]]

prints one difference per line (profile | element | aspect | official | ours), then the figures. A package or a profile
is named by any part of its name. A difference that `exceptions.csv` explains is not printed; an exception that explains
nothing any more is.
"""

from __future__ import annotations

import csv
import functools
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from profiles import Registry, default_registry
from profiles.elements import Element
from profiles.model import split_canonical
from tests.profiles import official
from tests.profiles.facts import Facts, agree, cited_by, cited_in, inherited, ours_at, said_by, seen_in, walk

EXCEPTIONS = Path(__file__).parent / "exceptions.csv"
ABSENT = "profil"
OUT_OF_SCOPE = {"ans.fhir.fr.pdsm4dmp-0.1.0", "ans.fhir.fr.tddui-1.1.0-ballot"}
"""Drafts that no service of the bench speaks: judged once a user adds their package."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect of one element on which we and the official guide disagree."""

    profile: str
    element: str
    aspect: str
    official: str
    ours: str

    def __str__(self) -> str:
        return f"{self.profile} | {self.element} | {self.aspect} | {self.official} | {self.ours}"


@dataclass(frozen=True, slots=True)
class Excepted:
    """A row of `exceptions.csv`; in each column but the reason `*` stands for anything."""

    profile: str
    element: str
    aspect: str
    official: str
    reason: str

    def covers(self, difference: Difference) -> bool:
        """Tell whether this row explains a difference."""
        names = ("profile", "element", "aspect", "official")
        return all(fits(getattr(difference, name), getattr(self, name)) for name in names)


@dataclass(slots=True)
class Parity:
    """The comparison of one profile: elements of the official snapshot, facts compared, what differs."""

    package: str
    profile: str
    url: str = ""
    version: str = ""
    elements: int = 0
    compared: int = 0
    different: list[Difference] = field(default_factory=list)
    excepted: list[tuple[Difference, Excepted]] = field(default_factory=list)

    @property
    def agreeing(self) -> int:
        """How many elements have no difference at all (none when we do not have the profile)."""
        if any(d.aspect == ABSENT for d in self.different):
            return 0
        return self.elements - len({d.element for d in (*self.different, *(d for d, _ in self.excepted))})


def fits(text: str, pattern: str) -> bool:
    """Tell whether a text is the one of a pattern in which only `*` is special (ids hold `[x]`)."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


@functools.cache
def exceptions() -> tuple[Excepted, ...]:
    """Return the rows of the written list of exceptions."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        return tuple(Excepted(**row) for row in csv.DictReader(file, delimiter=";"))


def compare(package: str, canonical: str, registry: Registry | None = None) -> Parity:
    """Compare an official StructureDefinition with ours of the same canonical and version."""
    known = registry or default_registry()
    definition = official.definitions(package)[canonical]
    result = Parity(package, str(definition["id"]), canonical, str(definition["version"]))
    root = snapshot(known, definition)
    rows = definition["snapshot"]["element"]
    result.elements = len(rows) - 1
    if root is None:
        result.different.append(Difference(result.profile, "", ABSENT, str(definition.get("version")), "absent"))
        return result
    found = [
        *snapshot_differences(result, rows, root, known),
        *differential_differences(result, definition, root, known),
    ]
    for each in dict.fromkeys((e, a, t, o) for e, a, t, o in found):
        difference = Difference(result.profile, *each)
        covering = [row for row in exceptions() if row.covers(difference)]
        if covering:
            result.excepted.append((difference, covering[0]))
        else:
            result.different.append(difference)
    return result


def snapshot(registry: Registry, definition: dict[str, Any]) -> Element | None:
    """Return our snapshot of an official definition in its version, None when we do not have it."""
    canonical = f"{definition['url']}|{definition['version']}"
    found = registry.snapshot(canonical) if registry.knows(canonical) else None
    return found.copy() if found else None


Row = tuple[str, str, str, str]


def snapshot_differences(
    result: Parity, rows: list[dict[str, Any]], root: Element, registry: Registry
) -> Iterator[Row]:
    """Yield what differs: on the elements of the official snapshot, then on those that only ours details."""
    theirs = {str(row["id"]): row for row in rows}
    ours = dict(walk(root))
    first = rows[0]  # of the resource itself only the invariants say something
    yield from facts_differences(result, first["id"], {"constraint": said_by(first)["constraint"]}, root)
    for element_id, row in list(theirs.items())[1:]:
        yield from facts_differences(result, element_id, said_by(row), ours_at(root, element_id, registry))
    yield from slice_differences(result, theirs, root, registry)
    for element_id, element in ours.items():
        if element_id not in theirs and (expected := inherited(element_id, theirs, registry)) is not None:
            mine = seen_in(element)
            for aspect, value in expected.items():
                result.compared += 1
                if not agree(aspect, value, mine.get(aspect, "")):
                    yield element_id, aspect, f"{value or '-'} (hérité)", mine.get(aspect, "") or "-"


def differential_differences(
    result: Parity, definition: dict[str, Any], root: Element, registry: Registry
) -> Iterator[Row]:
    """Yield what the official differential states and ours does not (the snapshot may contradict it)."""
    for row in definition["differential"]["element"]:
        if "." in row["id"]:
            stated = {aspect: value for aspect, value in said_by(row).items() if value}
            yield from facts_differences(result, row["id"], stated, ours_at(root, row["id"], registry))


def facts_differences(result: Parity, element_id: str, theirs: Facts, ours: Element | None) -> Iterator[Row]:
    """Yield the aspects of one element on which the official facts and ours differ."""
    result.compared += len(theirs)
    if ours is None:
        yield element_id, "élément", "présent", "absent"
        return
    mine = seen_in(ours)
    for aspect, value in theirs.items():
        if not agree(aspect, value, mine.get(aspect, "")):
            yield element_id, aspect, value or "-", mine.get(aspect, "") or "-"


def slice_differences(
    result: Parity, theirs: dict[str, dict[str, Any]], root: Element, registry: Registry
) -> Iterator[Row]:
    """Yield the elements whose slices are not the same ones."""
    names: dict[str, set[str]] = {element_id: set() for element_id in theirs}
    for element_id in theirs:
        parent, dot, last = element_id.rpartition(".")
        name, colon, slice_name = last.partition(":")
        if colon:
            names.setdefault(f"{parent}{dot}{name}", set()).add(slice_name)
    for element_id, expected in names.items():
        ours = ours_at(root, element_id, registry) if ":" not in element_id.rpartition(".")[2] else None
        if ours is None:
            continue
        result.compared += 1
        mine = set(ours.slices)
        for name in sorted(expected ^ mine):
            yield element_id, "slices", name if name in expected else "-", name if name in mine else "-"


def versions_replaced() -> list[tuple[str, str, str, int]]:
    """Return the canonicals that an official guide cites in a version that ours replaces: package, both, how often.

    Only profiles, extensions, targets and value sets of which we have another version; those of R4 are left out.
    """
    count: Counter[tuple[str, str, str]] = Counter()
    registry = default_registry()
    for package, canonical in scope():
        definition = official.definitions(package)[canonical]
        root = snapshot(registry, definition)
        for row in definition["snapshot"]["element"][1:] if root else []:
            ours = ours_at(root, row["id"], registry) if root else None
            mine = {split_canonical(each)[0]: each for each in cited_by(ours)} if ours else {}
            for said in cited_in(row):
                url, version = split_canonical(said)
                kept = mine.get(url, said)
                if version and kept != said and "|" in kept and not url.startswith("http://hl7.org/fhir/"):
                    count[package, said, kept.partition("|")[2]] += 1
    return [(*key, number) for key, number in sorted(count.items())]


def scope(package: str = "", profile: str = "") -> list[tuple[str, str]]:
    """Return the packages and canonicals to compare, those whose names hold the given parts."""
    asked = [p for p in official.packages() if package in p and (package or p not in OUT_OF_SCOPE)]
    return [
        (p, url) for p in asked for url, d in official.profiles(p).items() if profile in (d["id"], "") or profile in url
    ]


def main(arguments: list[str]) -> int:
    """Print the differences and the figures; return 0 when there is no difference."""
    results = [compare(package, canonical) for package, canonical in scope(*arguments)]
    for result in results:
        for difference in result.different:
            print(difference)
    used = {row for result in results for _, row in result.excepted}
    stale = [row for row in exceptions() if row not in used] if not arguments else []
    for row in stale:
        print(f"exception sans objet : {row.profile} | {row.element} | {row.aspect}")
    print(figures(results))
    return 1 if stale or any(result.different for result in results) else 0


def figures(results: list[Parity]) -> str:
    """Return one line of figures."""
    elements, compared = sum(r.elements for r in results), sum(r.compared for r in results)
    excepted, different = sum(len(r.excepted) for r in results), sum(len(r.different) for r in results)
    absent = sum(any(d.aspect == ABSENT for d in r.different) for r in results)
    return (
        f"{len(results)} profils officiels (dont {absent} absents), {elements} éléments, {compared} faits comparés, "
        f"{sum(r.agreeing for r in results)} éléments en accord, {excepted} exceptions, {different} écarts"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
