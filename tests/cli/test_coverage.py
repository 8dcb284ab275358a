import pytest

from harness import cli
from harness.catalogue import load
from harness.commands.coverage import fresh, take
from harness.coverage import Inventory, figures, page
from harness.feature_tags import scenarios
from harness.reference_product import ROOT, TARGET


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return take(ROOT, TARGET)


def test_the_committed_page_is_what_the_code_says(inventory: Inventory) -> None:
    assert fresh(inventory, ROOT / "docs" / "couverture.md"), "lancer « banc coverage --ecrire »"


def test_the_page_names_every_requirement_and_every_rule(inventory: Inventory) -> None:
    text = page(inventory)
    for name in [*(row.id for row in load()), *inventory.rules]:
        assert f"| {name} |" in text


def test_a_stale_page_is_told_by_the_command(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("harness.commands.coverage.page", lambda _: "autre chose")
    assert cli.main(["coverage", "--verifier"]) == 1
    assert "banc coverage --ecrire" in capsys.readouterr().err


def test_a_requirement_is_covered_by_the_scenarios_that_carry_it(inventory: Inventory) -> None:
    covered = inventory.covered()
    assert all(name in scenario.tags for name, found in covered.items() for scenario in found)
    assert figures(inventory).rows_covered == len(covered)


def test_defects_promise_rules_that_exist(inventory: Inventory) -> None:
    tripped = inventory.tripped()
    assert set(tripped) <= set(inventory.rules)
    assert all(found for found in tripped.values())


def test_scenarios_are_read_with_the_tags_they_inherit() -> None:
    found = {(one.path, one.name): one.tags for one in scenarios(ROOT / "features")}
    assert {"MES", "banc"} <= found["agenda/doublons.feature", "Une réponse perdue ne crée pas de doublon"]
