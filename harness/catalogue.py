"""The master list: every use case, flow and recommendation that the bench answers for.

`features/catalogue.csv` holds one row per requirement, in the order of the source documents; identifiers are
stable, new rows are appended. A Gherkin tag such as `@DE1-AGENDA-UC1` names a row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

SOURCES = {
    "DE1": "ANS, Cadre d'urbanisation du secteur médico-social, coordination du parcours, v1.0, février 2024",
    "DE4": "ANS, Cadre d'urbanisation du secteur médico-social, domaine d'étude 4, portails usagers, V1, février 2024",
    "DOC": "ANS, Doctrine du numérique en santé V2022, webinaire du 16 novembre 2022",
}


class CatalogueError(ValueError):
    """A row of the catalogue does not follow its own rules; the message names the row."""


class State(StrEnum):
    """How binding a row is.

    The source sheet writes C (also C/T), T, S: described today, aimed at, still being studied; `sans-objet`
    stands for rows that only inform.
    """

    ACTUEL = "actuel"
    CIBLE = "cible"
    ETUDE = "etude"
    SANS_OBJET = "sans-objet"


class Testability(StrEnum):
    """`F`: wholly against the mocks; `P`: partly, with a hook or a person; `I`: informative, with its reason."""

    __test__ = False  # the name starts with "Test": pytest must not collect it
    FULL = "F"
    PARTIAL = "P"
    INFORMATIVE = "I"


@dataclass(frozen=True)
class Requirement:
    """One row of the catalogue.

    `blocks` are those a vendor must all claim in `cible.toml` for the row to count; `reason` says why a row is
    informative only.
    """

    id: str
    chapter: str
    reference: str
    title: str
    state: State
    test: Testability
    blocks: tuple[str, ...]
    services: tuple[str, ...]
    source: str
    reason: str

    @property
    def testable(self) -> bool:
        return self.test is not Testability.INFORMATIVE

    @property
    def citation(self) -> str:
        """The document and the place in it, as a report quotes them."""
        return f"{SOURCES[self.source]}, {self.reference}"


class Catalogue:
    """The requirements in the order of the file, found by identifier."""

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self._rows: dict[str, Requirement] = {}
        for requirement in requirements:
            if requirement.id in self._rows:
                raise CatalogueError(f"{requirement.id} : identifiant présent deux fois au catalogue")
            self._rows[requirement.id] = requirement

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._rows

    def __getitem__(self, identifier: str) -> Requirement:
        """The requirement of that identifier; `KeyError` when the catalogue does not hold it."""
        return self._rows[identifier]

    @property
    def blocks(self) -> tuple[str, ...]:
        """Every block that a vendor can claim, sorted."""
        return tuple(sorted({block for row in self for block in row.blocks}))

    def of(self, identifiers: Iterable[str]) -> tuple[Requirement, ...]:
        """The requirements among `identifiers` (a scenario's tags, say), in the order of the catalogue."""
        wanted = set(identifiers)
        return tuple(row for row in self if row.id in wanted)


def load(source: Traversable | None = None) -> Catalogue:
    """Read the catalogue.

    `source`: a CSV file with the columns of `features/catalogue.csv`, which is the default.
    Raises `CatalogueError` when a row is malformed or an identifier comes twice.
    """
    return _own() if source is None else _read(source)


@cache
def _own() -> Catalogue:
    """Kept in memory: every scenario asks for its rows, and the catalogue never changes during a run."""
    return _read(files("features").joinpath("catalogue.csv"))


def _read(source: Traversable) -> Catalogue:
    lines = source.read_text(encoding="utf-8").splitlines()
    return Catalogue(_requirement(row) for row in csv.DictReader(lines))


def _requirement(row: dict[str, str]) -> Requirement:
    try:
        requirement = Requirement(
            id=row["id"],
            chapter=row["chapitre"],
            reference=row["reference"],
            title=row["intitule"],
            state=State(row["etat"]),
            test=Testability(row["test"]),
            blocks=_several(row["blocs"]),
            services=_several(row["services"]),
            source=row["source"],
            reason=row["raison"],
        )
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"{row.get('id')} : ligne du catalogue illisible, {error}") from error
    _check(requirement)
    return requirement


def _check(row: Requirement) -> None:
    if row.source not in SOURCES:
        raise CatalogueError(f"{row.id} : source « {row.source} » inconnue")
    if row.testable and not row.blocks:
        raise CatalogueError(f"{row.id} : une ligne à essayer nomme le bloc que l'éditeur revendique")
    if row.testable == bool(row.reason):
        raise CatalogueError(f"{row.id} : une raison est donnée pour les lignes informatives, et pour elles seules")


def _several(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))
