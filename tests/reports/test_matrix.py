import csv
from pathlib import Path

import pytest
from lxml import html

from harness.catalogue import load
from harness.verdict import Verdict
from reports import matrix
from rules.core import Authority
from tests.reports.samples import finding, run_result, scenario

CATALOGUE = load()
NAME = "DE1-AGENDA-UC1"


def row_of(*scenarios: object, identifier: str = NAME, **changes: object) -> matrix.Row:
    result = run_result(*scenarios, **changes)  # type: ignore[arg-type]
    return next(row for row in matrix.rows(result, CATALOGUE) if row.requirement.id == identifier)


def test_every_row_of_the_catalogue_is_there_once_and_in_order() -> None:
    shown = [row.requirement.id for row in matrix.rows(run_result(), CATALOGUE)]
    assert shown == [row.id for row in CATALOGUE]
    assert len(shown) == 215


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.CONFORME),
        ({"outcome": "echoue", "reason": "Rien dans l'agenda."}, Verdict.NON_CONFORME),
        ({"findings": [finding()]}, Verdict.NON_CONFORME),
        ({"findings": [finding(authority=Authority.BANC)]}, Verdict.CONFORME),
        ({"outcome": "non_applicable", "reason": "action non offerte"}, Verdict.NON_APPLICABLE),
    ],
)
def test_a_row_takes_the_verdict_of_its_scenarios(changes: dict[str, object], verdict: Verdict) -> None:
    row = row_of(scenario(**changes))
    assert row.verdict is verdict
    assert row.reason == changes.get("reason", "")
    assert list(row.findings) == changes.get("findings", [])


def test_the_worst_scenario_makes_the_row() -> None:
    row = row_of(scenario(), scenario(id="autre", outcome="echoue"))
    assert row.verdict is Verdict.NON_CONFORME
    assert len(row.scenarios) == 2


def test_a_row_without_scenario_says_why() -> None:
    assert row_of().verdict is Verdict.NON_TESTE
    assert "Aucun scénario" in row_of().reason
    informative = next(row for row in CATALOGUE if row.reason)
    assert row_of(identifier=informative.id).reason == informative.reason


def test_a_block_that_is_not_claimed_is_not_applicable() -> None:
    outside = next(row for row in CATALOGUE if "mssante" in row.blocks and row.testable)
    row = row_of(identifier=outside.id)
    assert row.verdict is Verdict.NON_APPLICABLE
    assert row.reason == f"Bloc non revendiqué : {', '.join(sorted(outside.blocks))}."


def test_the_page_holds_every_row_and_fetches_nothing(tmp_path: Path) -> None:
    page, _ = matrix.write(run_result(scenario(findings=[finding()])), CATALOGUE, tmp_path)
    document = html.fromstring(page.read_text(encoding="utf-8"))
    assert document.get("lang") == "fr"
    assert "Passage du 21/11/2026 à 09:00 (UTC)" in document.text_content()
    assert {row.id for row in CATALOGUE} <= set(document.xpath("//tr/@id"))
    assert not document.xpath("//script | //link | //img | //iframe")
    assert "non conforme" in document.get_element_by_id(NAME).text_content()
    assert "attendu : un instant avec décalage horaire" in document.get_element_by_id(NAME).text_content()


def test_the_page_is_built_as_an_accessible_table(tmp_path: Path) -> None:
    page, _ = matrix.write(run_result(scenario()), CATALOGUE, tmp_path)
    document = html.fromstring(page.read_text(encoding="utf-8"))
    tables = document.xpath("//table")
    assert all(table.xpath("./caption") for table in tables)
    assert all(head.get("scope") in ("col", "row") for head in document.xpath("//th"))
    assert len(document.xpath("//h1")) == 1
    assert document.xpath("//a[@href='#contenu']")


def test_what_the_product_says_is_escaped(tmp_path: Path) -> None:
    page, _ = matrix.write(run_result(scenario(outcome="echoue", reason="<script>x</script>")), CATALOGUE, tmp_path)
    assert "<script>" not in page.read_text(encoding="utf-8")


def test_the_sheet_holds_every_row_and_no_formula(tmp_path: Path) -> None:
    failed = scenario(outcome="echoue", reason="=CMD()", findings=[finding()])
    _, sheet = matrix.write(run_result(failed), CATALOGUE, tmp_path)
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["id"]: row for row in csv.DictReader(stream, delimiter=";")}
    assert len(rows) == 215
    assert rows[NAME]["verdict"] == "non conforme"
    assert rows[NAME]["constats"] == "AGD-009 Appointment.start"
    assert rows[NAME]["raison"] == "'=CMD()"
