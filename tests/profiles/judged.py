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
from tests.profiles.cases import Case, cases
from tests.profiles.mutants import Mutant, mutants
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


def judged(case: Case) -> list[Judged]:
    """Return the mutants of an example, judged."""
    found = []
    for mutant in mutants(case.profile, case.name, case.resource, oracle_of(case.profile)):
        issues = validate(mutant.resource, case.profile)
        found.append(Judged(mutant, tuple(i for i in issues if i.severity in ("fatal", "error"))))
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
    asked = [case for case in cases() if not arguments or arguments[0] in case.profile]
    rows = [row for case in asked for row in judged(case)]
    lines = missed(rows)
    print("\n".join(lines))
    alone = sum(len(row.errors) == 1 for row in rows if row.found)
    print(Counter(row.mutant.operation for row in rows))
    print(
        f"{len({case.profile for case in asked})} profils, {len(asked)} exemples, {len(rows)} mutants, "
        f"{sum(row.found for row in rows)} rejetés au bon endroit (dont {alone} par un seul message), "
        f"{len(rows) - sum(row.found for row in rows) - len(lines)} encore valides et expliqués, {len(lines)} manqués"
    )
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
