"""What the bench covers of the catalogue and of the fact sheets, computed from its own code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from harness.catalogue import Catalogue, Requirement, State
from harness.feature_tags import TaggedScenario
from harness.prove import Defect
from rules import Rule
from rules.coverage import Coverage


@dataclass(frozen=True)
class Figures:
    """The figures of `banc coverage --json`."""

    rows: int
    rows_testable: int
    rows_covered: int
    checks: int
    checks_as_rules: int
    checks_as_mock_tests: int
    checks_not_observable: int
    checks_open: int
    rules: int
    rules_official: int
    rules_with_defect: int
    scenarios: int
    defects: int


@dataclass(frozen=True)
class Inventory:
    """Everything that coverage is computed from.

    checks: those of the fact sheets. held: what holds each of them. not_observable: those that no exchange can
    show, with the reason.
    """

    catalogue: Catalogue
    checks: Mapping[str, Mapping[str, str]]
    held: Coverage
    not_observable: Mapping[str, str]
    rules: Mapping[str, Rule]
    scenarios: Sequence[TaggedScenario]
    defects: Sequence[Defect]

    def covered(self) -> dict[str, list[TaggedScenario]]:
        """Scenarios of each requirement that has some, by its id."""
        found: dict[str, list[TaggedScenario]] = {}
        for scenario in self.scenarios:
            for requirement in self.catalogue.of(scenario.tags):
                found.setdefault(requirement.id, []).append(scenario)
        return found

    def tripped(self) -> dict[str, list[str]]:
        """Ids of the defects that promise to trip each rule, by rule."""
        found: dict[str, list[str]] = {}
        for defect in self.defects:
            for name in defect.trips:
                if name in self.rules:
                    found.setdefault(name, []).append(defect.id)
        return found


def figures(inventory: Inventory) -> Figures:
    """The figures, counted."""
    held = inventory.held
    return Figures(
        rows=len(inventory.catalogue),
        rows_testable=sum(row.testable for row in inventory.catalogue),
        rows_covered=len(inventory.covered()),
        checks=held.checks,
        checks_as_rules=held.checks_as_rules,
        checks_as_mock_tests=held.checks_as_mock_tests,
        checks_not_observable=held.checks_not_observable,
        checks_open=held.checks_open,
        rules=held.rules,
        rules_official=held.rules_official,
        rules_with_defect=len(inventory.tripped()),
        scenarios=len(inventory.scenarios),
        defects=len(inventory.defects),
    )


def page(inventory: Inventory) -> str:
    """The committed page `docs/couverture.md`."""
    counted = figures(inventory)
    lines = ["# Couverture", "", INTRODUCTION, "", "| Grandeur | Nombre |", "|---|---:|"]
    lines += [f"| {LABELS[name]} | {value} |" for name, value in asdict(counted).items()]
    lines += ["", "## Exigences du catalogue", "", *_chapters(inventory), "", "## Règles", "", *_rules(inventory)]
    lines += ["", "## Contrôles des fiches sans règle", "", *_checks(inventory)]
    return "\n".join(lines) + "\n"


INTRODUCTION = (
    "Page écrite par `banc coverage --ecrire` à partir du code ; un test échoue quand elle n'est plus à jour. "
    "Une exigence est couverte quand un scénario porte son identifiant ; une règle est prouvée quand un défaut semé "
    "du produit de référence la fait tomber (`banc prove`)."
)
LABELS = {
    "rows": "Exigences du catalogue",
    "rows_testable": "dont exigences à essayer",
    "rows_covered": "dont exigences couvertes par un scénario",
    "checks": "Contrôles des fiches",
    "checks_as_rules": "dont contrôles tenus par une règle",
    "checks_as_mock_tests": "dont contrôles tenus par un test des services fictifs",
    "checks_not_observable": "dont contrôles hors de portée, avec leur raison",
    "checks_open": "dont contrôles encore ouverts",
    "rules": "Règles",
    "rules_official": "dont règles de source officielle",
    "rules_with_defect": "dont règles qu'un défaut semé fait tomber",
    "scenarios": "Scénarios",
    "defects": "Défauts semés",
}
STATES = {State.ACTUEL: "actuel", State.CIBLE: "cible", State.ETUDE: "à l'étude", State.SANS_OBJET: "sans objet"}


def _chapters(inventory: Inventory) -> Iterator[str]:
    covered = inventory.covered()
    for chapter, rows in groupby(inventory.catalogue, key=lambda row: row.chapter):
        yield from (f"### {chapter}", "", "| Exigence | Intitulé | État | Scénarios |", "|---|---|---|---|")
        for row in rows:
            scenarios = "<br>".join(scenario.name for scenario in covered.get(row.id, ()))
            yield f"| {row.id} | {_cell(row.title)} | {STATES[row.state]} | {_cell(scenarios or _why(row))} |"
        yield ""


def _why(row: Requirement) -> str:
    return f"*non essayée : {row.reason}*" if row.reason else "*à venir*"


def _rules(inventory: Inventory) -> Iterator[str]:
    tripped = inventory.tripped()
    yield from ("| Règle | Niveau | Autorité | Énoncé | Source | Défauts |", "|---|---|---|---|---|---|")
    for rule in sorted(inventory.rules.values(), key=lambda rule: rule.id):
        defects = ", ".join(sorted(tripped.get(rule.id, ()))) or "*aucun*"
        cells = (rule.id, rule.level, rule.authority, rule.title, rule.source, defects)
        yield f"| {' | '.join(_cell(str(cell)) for cell in cells)} |"


def _checks(inventory: Inventory) -> Iterator[str]:
    """By fact sheet: how many are held by what, and the reasons of those out of reach."""
    yield "| Fiche | Contrôles | Règles | Tests des services | Hors de portée | Ouverts |"
    yield "|---|---:|---:|---:|---:|---:|"
    by_sheet: dict[str, Counter[str]] = {}
    for check, row in inventory.checks.items():
        by_sheet.setdefault(row["sheet"].removesuffix(".md"), Counter())[inventory.held.states[check]] += 1
    for sheet, counts in sorted(by_sheet.items()):
        states = (counts[state] for state in ("rule", "mock_test", "not_observable", "open"))
        yield f"| {sheet} | {counts.total()} | {' | '.join(map(str, states))} |"
    if inventory.not_observable:
        yield from ("", "Contrôles hors de portée :", "")
        yield from (f"- {check} : {_cell(reason)}" for check, reason in sorted(inventory.not_observable.items()))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
