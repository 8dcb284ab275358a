"""The expected verdict of each official example: the table `exemples.csv`.

One row per example and profile judged; an empty profile is the R4 type. `issues` lists the errors of an invalid
example as `expression rule`, separated by ` , `; `reason` says in French why the example breaks its own profile.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from profiles import Issue, Registry, default_registry
from tests.profiles import official
from tests.profiles.parity import OUT_OF_SCOPE

TABLE = Path(__file__).parent / "exemples.csv"


@dataclass(frozen=True, slots=True)
class Expected:
    """One row of the table."""

    package: str
    file: str
    profile: str
    verdict: str
    issues: str
    reason: str

    @property
    def resource(self) -> official.Json:
        """The example itself."""
        return official.examples(self.package)[self.file]

    @property
    def registry(self) -> Registry:
        """What judges it: our guides, with the package itself when it is one that we do not write profiles for."""
        return loaded(self.package) if self.package in OUT_OF_SCOPE else default_registry()

    @property
    def broken(self) -> set[str]:
        """The errors expected."""
        return {issue.strip() for issue in self.issues.split(" , ") if issue.strip()}


@functools.cache
def loaded(package: str) -> Registry:
    """Return our guides and an official package."""
    return default_registry().load_package(official.path_of(package))


@functools.cache
def table() -> tuple[Expected, ...]:
    """Return the rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Expected(**row) for row in csv.DictReader(file, delimiter=";"))


def errors(issues: Iterable[Issue]) -> set[str]:
    """Return the issues that make a resource invalid, as the table writes them."""
    return {f"{issue.expression} {issue.rule}" for issue in issues if issue.severity in ("fatal", "error")}
