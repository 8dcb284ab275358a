"""The catalogue and the list of use cases it comes from are one list."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from harness.catalogue import CatalogueError, State, Testability, load

SHARED = Path(__file__).parents[3] / "shared" / "specs" / "use-cases.csv"
HEADER = "id,chapitre,reference,intitule,etat,test,blocs,services,source,raison\n"
GOOD = "X-1,Chapitre,§1,Un intitulé,actuel,F,portail,portail,DE1,\n"
STATES = {
    "C": State.ACTUEL, "C/T": State.ACTUEL, "C (doit)": State.ACTUEL, "C (law)": State.ACTUEL, "": State.ACTUEL,
    "T": State.CIBLE, "C (manual) / T (DUI)": State.CIBLE, "S": State.ETUDE, "S/T": State.ETUDE, "-": State.SANS_OBJET,
}  # fmt: skip


@pytest.fixture(scope="module")
def use_cases() -> list[dict[str, str]]:
    if not SHARED.exists():
        pytest.skip("liste de référence des cas d'usage absente de cette machine")
    with SHARED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_identifiers_are_those_of_the_list_in_its_order(use_cases: list[dict[str, str]]) -> None:
    assert [row.id for row in load()] == [row["id"] for row in use_cases]


def test_testability_and_state_are_those_of_the_list(use_cases: list[dict[str, str]]) -> None:
    expected = [(row["id"], Testability(row["test"]), STATES[row["state"]]) for row in use_cases]
    assert [(row.id, row.test, row.state) for row in load()] == expected


def test_every_row_is_worded_in_one_line_of_french() -> None:
    for row in load():
        assert row.title, row.id
        assert "\n" not in row.title, row.id
        assert not row.title.endswith("."), row.id
        assert "’" not in row.title + row.reason, row.id


def test_a_row_is_found_by_its_identifier_with_its_citation() -> None:
    row = load()["DE1-AGENDA-UC1"]
    assert row.testable
    assert row.blocks == ("mes-agenda",)
    assert row.citation.endswith("§1.2.4 cas 1")


def test_rows_of_a_scenario_come_in_the_order_of_the_catalogue() -> None:
    found = load().of({"MES", "REC-4.1.6", "banc", "DE1-AGENDA-UC1"})
    assert [row.id for row in found] == ["DE1-AGENDA-UC1", "REC-4.1.6"]


def test_blocks_are_known() -> None:
    assert {"mes-agenda", "mes-appariement", "mes-mesures", "portail"} <= set(load().blocks)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (GOOD + GOOD, "présent deux fois"),
        (GOOD.replace("actuel", "futur"), "illisible"),
        (GOOD.replace(",F,", ",Z,"), "illisible"),
        (GOOD.replace("DE1", "DE9"), "source « DE9 » inconnue"),
        (GOOD.replace("portail,portail", ",portail"), "nomme le bloc"),
        (GOOD.replace(",F,", ",I,"), "informatives"),
        (GOOD.replace("DE1,\n", "DE1,pourquoi\n"), "informatives"),
    ],
)
def test_a_bad_row_is_refused(tmp_path: Path, rows: str, message: str) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load(path)
