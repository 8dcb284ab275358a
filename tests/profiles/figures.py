"""The page `docs/profils.md`: what stands between our profiles and the official ones, in figures.

    python -m tests.profiles.figures --ecrire

writes it; a test holds it. Needs the official packages.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable
from pathlib import Path

from profiles import default_registry
from profiles.guides import Guide
from tests.profiles.cases import cases
from tests.profiles.judged import excused, judged, selected, still_valid
from tests.profiles.parity import Parity, compare, exceptions, scope, versions_replaced
from tests.profiles.verdicts import table

PAGE = Path(__file__).parents[2] / "docs" / "profils.md"
INTRO = """# Profils

Page écrite par `python -m tests.profiles.figures --ecrire` ; un test échoue quand elle n'est plus à jour. Chaque profil
rédigé pour le banc est comparé, élément par élément, au profil publié quand son paquet officiel est là. Un mutant
est un exemple valide auquel une seule faute a été ajoutée : il doit être refusé à l'endroit de la faute.
"""
COLUMNS = (
    "Guide", "Version", "Profils", "dont comparés", "Éléments comparés", "en accord", "Écarts expliqués",
    "Exemples valides",
    "Mutants", "refusés au bon endroit", "dont par un seul message", "encore valides, expliqués",
)  # fmt: skip


@functools.cache
def parity_of(package: str, canonical: str) -> Parity:
    """Return the comparison of an official profile, made once."""
    return compare(package, canonical)


def page() -> str:
    """Return the text of the page."""
    rows = [row(guide) for guide in sorted(default_registry().library.guides, key=lambda g: g.key)]
    shown = [each for each in rows if each[2]]
    total = ["Total", "", *(sum(column) for column in zip(*(each[2:] for each in shown), strict=True))]
    known = [[e.profile, e.element, e.aspect, e.reason] for e in exceptions()]
    valid = [[e.profile, e.operation, e.element, e.reason] for e in still_valid()]
    replaced: list[list[str | int]] = [list(each) for each in versions_replaced()]
    broken = [[e.file, e.profile.rpartition("/")[2] or "R4", e.reason] for e in table() if e.broken]
    return "\n".join(
        (
            INTRO,
            markdown(COLUMNS, [*shown, total]),
            "\n## Écarts avec les paquets officiels\n\n`*` vaut pour tout profil, ou pour toute suite de caractères.\n",
            markdown(("Profil", "Élément", "Aspect", "Raison"), known),
            "\n## Versions citées que le banc remplace\n\n"
            "Versions de profils et de jeux de valeurs que les guides citent, et dont le banc n'a qu'une autre.\n",
            markdown(("Paquet", "Canonique citée", "Version du banc", "Fois"), replaced),
            "\n## Mutants encore valides\n",
            markdown(("Profil", "Faute", "Élément", "Raison"), valid),
            "\n## Exemples officiels qui enfreignent leur profil\n",
            markdown(("Exemple", "Profil", "Raison"), broken),
            "",
        )
    )


def row(guide: Guide) -> list[str | int]:
    """Return the figures of a guide."""
    library = default_registry().library
    own = {d.canonical: d for d in library.of_kind("StructureDefinition") if d.guide == guide}
    official = {f"{compared.url}|{compared.version}": compared for compared in parities()}
    found = [official[canonical] for canonical in own if canonical in official]
    judged_ones = [one for canonical in own if canonical in selected() for one in judged(canonical)]
    placed = [one for one in judged_ones if one.found]
    return [
        f"`{guide.id}`",
        guide.version,
        len(own),
        len(found),
        sum(each.elements for each in found),
        sum(each.agreeing for each in found),
        sum(len(each.excepted) for each in found),
        len({(case.profile, case.name) for case in cases() if case.profile in own}),
        len(judged_ones),
        len(placed),
        sum(len(one.errors) == 1 for one in placed),
        sum(not one.found and excused(one.mutant) is not None for one in judged_ones),
    ]


@functools.cache
def parities() -> tuple[Parity, ...]:
    """Return the comparison of every official profile."""
    return tuple(parity_of(package, canonical) for package, canonical in scope())


def markdown(columns: Iterable[str], rows: list[list[str]] | list[list[str | int]]) -> str:
    """Return a table; numbers stand on the right."""
    names = list(columns)
    right = [any(isinstance(each[i], int) for each in rows) for i in range(len(names))]
    lines = [names, ["---:" if r else "---" for r in right], *([str(cell) for cell in each] for each in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in each) + " |" for each in lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["--ecrire"]:
        PAGE.write_text(page(), "utf-8")
    else:
        print(page())
