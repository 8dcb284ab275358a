"""Conformity matrix: every row of the catalogue with its verdict, its scenarios, findings and reason.

One HTML page that opens from the disk (no script, nothing fetched), and the same rows as CSV.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from harness.catalogue import Catalogue, Requirement, State
from harness.results import RunResult, ScenarioResult
from harness.target_sections import Claims
from harness.verdict import Verdict, is_negative, of_requirement, weighs
from reports.evidence import finding_text, masked
from rules.core import Finding

COLUMNS = ("id", "chapitre", "reference", "intitule", "etat", "verdict", "scenarios", "constats", "raison")
STATES = {State.ACTUEL: "actuel", State.CIBLE: "cible", State.ETUDE: "à l'étude", State.SANS_OBJET: "sans objet"}
OUTCOMES = {
    "reussi": "réussi",
    "echoue": "échoué",
    "non_applicable": "non applicable",
    "erreur": "erreur, non jugé",
    "non_teste": "non testé",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement after a run. reason: why it has no verdict of conformity, in French; empty otherwise."""

    requirement: Requirement
    verdict: Verdict
    scenarios: tuple[ScenarioResult, ...]
    findings: tuple[Finding, ...]
    reason: str

    @property
    def state(self) -> str:
        return STATES[self.requirement.state]


def rows(result: RunResult, catalogue: Catalogue) -> list[Row]:
    """Every requirement of the catalogue, in its order."""
    claims = _claims(result.target)
    return [_row(requirement, result, claims) for requirement in catalogue]


def write(result: RunResult, catalogue: Catalogue, folder: Path) -> tuple[Path, Path]:
    """Write `matrice.html` and `matrice.csv` into `folder`; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    table = rows(result, catalogue)
    page, sheet = folder / "matrice.html", folder / "matrice.csv"
    page.write_text(to_html(table, result), encoding="utf-8")
    # The byte order mark makes spreadsheets read the accents.
    sheet.write_text(to_csv(table), encoding="utf-8-sig", newline="")
    return page, sheet


def to_csv(table: Iterable[Row]) -> str:
    """The rows as CSV (separator « ; », as French spreadsheets expect), columns COLUMNS."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    for row in table:
        need = row.requirement
        scenarios = " | ".join(f"{s.name} ({OUTCOMES[s.outcome]})" for s in row.scenarios)
        findings = " | ".join(dict.fromkeys(masked(f"{f.rule} {f.at}".strip()) for f in row.findings))
        cells = (need.id, need.chapter, need.citation, need.title, row.state, row.verdict, scenarios, findings)
        writer.writerow([*map(_safe, cells), _safe(row.reason)])
    return out.getvalue()


def to_html(table: Sequence[Row], result: RunResult) -> str:
    """The rows as one HTML page."""
    environment = Environment(
        loader=PackageLoader("reports", "modeles"), autoescape=select_autoescape(("html",)), trim_blocks=True
    )
    environment.globals.update(outcomes=OUTCOMES, finding_text=finding_text, masked=masked)
    counts = Counter(row.verdict for row in table)
    chapters = [(name, list(group)) for name, group in groupby(table, key=lambda row: row.requirement.chapter)]
    return environment.get_template("matrice.html").render(
        result=result,
        started=_french_instant(result.started),
        target=result.target,
        run_verdict=result.verdict,
        counts=[(verdict, counts.get(verdict, 0)) for verdict in Verdict],
        chapters=chapters,
        total=len(table),
        classes=CLASSES,
    )


CLASSES: Mapping[Verdict, tuple[str, str]] = {
    Verdict.CONFORME: ("conforme", "✔"),
    Verdict.NON_CONFORME: ("non-conforme", "✘"),
    Verdict.A_VERIFIER: ("a-verifier", "?"),
    Verdict.NON_APPLICABLE: ("non-applicable", "–"),
    Verdict.NON_TESTE: ("non-teste", "○"),
}


def _row(requirement: Requirement, result: RunResult, claims: Claims) -> Row:
    scenarios = tuple(s for s in result.scenarios if requirement.id in s.requirements)
    verdict = of_requirement(s.verdict(strict=result.strict) for s in scenarios)
    if not scenarios and requirement.testable and not weighs([requirement], claims):
        verdict = Verdict.NON_APPLICABLE
    findings = tuple(f for s in scenarios for f in s.findings)
    negative = sorted(findings, key=lambda f: not is_negative(f, strict=result.strict))
    reason = _reason(requirement, scenarios, verdict, claims)
    return Row(requirement, verdict, scenarios, tuple(dict.fromkeys(negative)), reason)


def _reason(
    requirement: Requirement, scenarios: Sequence[ScenarioResult], verdict: Verdict, claims: Claims
) -> str:
    if requirement.reason:
        return requirement.reason
    said = [masked(s.reason) for s in scenarios if s.reason and s.outcome != "reussi"]
    if said:
        return " ; ".join(dict.fromkeys(said))
    missing = sorted(set(requirement.blocks) - claims.blocks)
    if verdict is Verdict.NON_APPLICABLE and missing:
        return f"Bloc non revendiqué : {', '.join(missing)}."
    if verdict is Verdict.NON_APPLICABLE:
        return f"Exigence en état {STATES[requirement.state]}, non revendiquée."
    return "" if scenarios else "Aucun scénario de cette version du banc n'essaie encore cette exigence."


def _french_instant(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(UTC):%d/%m/%Y à %H:%M} (UTC)"


def _claims(target: Mapping[str, object]) -> Claims:
    blocks, wanted = target.get("blocs", ()), target.get("cibles", ())
    return Claims(
        frozenset(map(str, blocks if isinstance(blocks, list) else ())),
        frozenset(map(str, wanted)) if isinstance(wanted, list | tuple) else None,
    )


def _safe(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else str(cell)
