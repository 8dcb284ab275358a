"""The mutants judged: each must be rejected at the right place, or stand in `mutants-valides.csv`.

    python -m tests.profiles.judged [PROFILE]

prints the mutants that are accepted, or rejected elsewhere, then the figures.
"""

from __future__ import annotations

import csv
import functools
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from profiles import Issue, validate
from tests.profiles.cases import cases_of, profiles
from tests.profiles.mutants import OF_THE_PROFILE, Mutant, mutants
from tests.profiles.oracle import oracle_of
from tests.profiles.parity import fits

STILL_VALID = Path(__file__).parent / "mutants-valides.csv"


@dataclass(frozen=True, slots=True)
class StillValid:
    """A row of `mutants-valides.csv`: in each column but the reason `*` stands for anything."""

    profile: str
    operation: str
    element: str
    reason: str

    def covers(self, mutant: Mutant) -> bool:
        """Tell whether this row is about a mutant."""
        profile = mutant.profile.rpartition("/")[2]
        return (
            fits(profile, self.profile)
            and fits(mutant.operation, self.operation)
            and fits(mutant.element, self.element)
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant and what was said of it, warnings left out."""

    mutant: Mutant
    errors: tuple[Issue, ...]

    @property
    def found(self) -> bool:
        """Tell whether an error names the right place."""
        return any(self.mutant.well_placed(issue.expression) for issue in self.errors)


@functools.cache
def still_valid() -> tuple[StillValid, ...]:
    """Return the rows of the list of mutants that are still valid."""
    with STILL_VALID.open(encoding="utf-8", newline="") as file:
        return tuple(StillValid(**row) for row in csv.DictReader(file, delimiter=";"))


@functools.cache
def selected() -> dict[str, list[Mutant]]:
    """Return the mutants of each profile: a fault against a profile once per element of it, one against R4 once."""
    against_r4: set[tuple[str, str]] = set()
    found: dict[str, list[Mutant]] = {}
    for profile in profiles():
        own: dict[tuple[str, str], Mutant] = {}
        for case in cases_of(profile):
            for mutant in mutants(profile, case.name, case.resource, oracle_of(profile)):
                if mutant.operation in OF_THE_PROFILE:
                    own.setdefault((mutant.operation, mutant.element), mutant)
                elif (mutant.operation, plain(mutant.element)) not in against_r4:
                    against_r4.add((mutant.operation, plain(mutant.element)))
                    own[mutant.operation, mutant.element] = mutant
        found[profile] = list(own.values())
    return found


def plain(element: str) -> str:
    """Return the id of an element without slices, from the innermost resource on."""
    return ".".join(segment.partition(":")[0] for segment in element.rpartition("/")[2].split("."))


@functools.cache
def judged(profile: str) -> list[Judged]:
    """Return the mutants of a profile (`url|version`), judged."""
    found = []
    for mutant in selected()[profile]:
        issues = validate(mutant.resource, profile)
        found.append(Judged(mutant, tuple(issue for issue in issues if issue.severity in ("fatal", "error"))))
    return found


def excused(mutant: Mutant) -> StillValid | None:
    """Return the row that says why a mutant is still valid, None when there is none."""
    return next((row for row in still_valid() if row.covers(mutant)), None)


def missed(rows: list[Judged]) -> list[str]:
    """Return the mutants that were accepted, or rejected at another place only, as one line each."""
    return [line(row) for row in rows if not row.found and excused(row.mutant) is None]


def line(row: Judged) -> str:
    """Return one mutant in one line."""
    said = ", ".join(f"{i.expression} {i.rule}" for i in row.errors) or "accepté"
    mutant = row.mutant
    return f"{mutant.profile.rpartition('/')[2]} | {mutant.example} | {mutant.operation} | {mutant.element} | {said}"


def main(arguments: list[str]) -> int:
    """Print what was missed and the figures; return 0 when nothing was."""
    asked = [profile for profile in profiles() if not arguments or arguments[0] in profile]
    results = {profile: judged(profile) for profile in asked}
    rows = [row for found in results.values() for row in found]
    lines = missed(rows)
    print("\n".join(lines))
    for profile, found in results.items():
        if not found:
            print(f"sans exemple valide : {profile}")
    for operation, count in Counter(row.mutant.operation for row in rows).most_common():
        print(f"{count:6} {operation}")
    print(figures(rows, len(asked), len(lines)))
    return 1 if lines else 0


def figures(rows: list[Judged], count: int, wrong: int) -> str:
    """Return one line of figures."""
    found = [row for row in rows if row.found]
    return (
        f"{count} profils, {len(rows)} mutants, {len(found)} rejetés au bon endroit "
        f"(dont {sum(len(row.errors) == 1 for row in found)} par un seul message), "
        f"{len(rows) - len(found) - wrong} encore valides et expliqués, {wrong} manqués"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
