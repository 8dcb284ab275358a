"""What the bench covers of the catalogue and of the fact sheets, computed from its own code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from harness.catalogue import Catalogue, Requirement, State
from harness.feature_tags import TaggedScenario
from harness.prove import Defect
from rules import Authority, Rule

CHECK_ID = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+[a-z]?")


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

    mock_tests: checks that a test of the mocks holds. not_observable: checks that no exchange can show, with why.
    """

    catalogue: Catalogue
    checks: Mapping[str, Mapping[str, str]]
    rules: Mapping[str, Rule]
    scenarios: Iterable[TaggedScenario]
    defects: Iterable[Defect]
    mock_tests: frozenset[str]
    not_observable: Mapping[str, str]

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

    def open_checks(self) -> list[str]:
        """Checks that are neither a rule, nor held by a test of the mocks, nor out of reach."""
        closed = set(self.rules) | self.mock_tests | set(self.not_observable)
        return [check for check in self.checks if check not in closed]


def figures(inventory: Inventory) -> Figures:
    """The figures, counted."""
    rules, checks = inventory.rules, inventory.checks
    return Figures(
        rows=len(inventory.catalogue),
        rows_testable=sum(row.testable for row in inventory.catalogue),
        rows_covered=len(inventory.covered()),
        checks=len(checks),
        checks_as_rules=sum(check in rules for check in checks),
        checks_as_mock_tests=sum(check in inventory.mock_tests for check in checks),
        checks_not_observable=sum(check in inventory.not_observable for check in checks),
        checks_open=len(inventory.open_checks()),
        rules=len(rules),
        rules_official=sum(rule.authority is Authority.OFFICIELLE for rule in rules.values()),
        rules_with_defect=len(inventory.tripped()),
        scenarios=len(list(inventory.scenarios)),
        defects=len(list(inventory.defects)),
    )


def marked_checks(folder: Path) -> frozenset[str]:
    """Checks named by `@pytest.mark.check("AGD-001", ...)` in the tests under `folder`."""
    calls = (node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return frozenset(check for node in calls for check in _marked(node))


def _marked(node: ast.AST) -> Iterator[str]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "check"):
        return
    if isinstance(node.func.value, ast.Attribute) and node.func.value.attr == "mark":
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield from CHECK_ID.findall(inner.value)


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
    """By fact sheet: how many are open, and the reasons of those out of reach."""
    opened = set(inventory.open_checks())
    yield "| Fiche | Contrôles | Règles | Tests des services | Hors de portée | Ouverts |"
    yield "|---|---:|---:|---:|---:|---:|"
    by_sheet: dict[str, list[str]] = {}
    for check, row in inventory.checks.items():
        by_sheet.setdefault(str(row["sheet"]).removesuffix(".md"), []).append(check)
    for sheet, ids in sorted(by_sheet.items()):
        groups = (inventory.rules, inventory.mock_tests, inventory.not_observable, opened)
        counts = [str(sum(check in group for check in ids)) for group in groups]
        yield f"| {sheet} | {len(ids)} | {' | '.join(counts)} |"
    if inventory.not_observable:
        yield from ("", "Contrôles hors de portée :", "")
        yield from (f"- {check} : {_cell(reason)}" for check, reason in sorted(inventory.not_observable.items()))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
