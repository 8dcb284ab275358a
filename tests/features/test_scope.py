"""The scenarios answer for every row of the catalogue that is in the scope of the first blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalogue import load
from harness.feature_tags import scenarios

FEATURES = Path(__file__).parents[2] / "features"
SCOPE = (
    "DE1-AGENDA-UC1", "DE1-AGENDA-UC1-AJOUT", "DE1-AGENDA-UC1-DOUBLON", "DE1-AGENDA-UC1P", "DE1-AGENDA-FA",
    "DE1-AGENDA-FA-SEGUR1", "DE1-AGENDA-FAP", "REC-1.1.9", "REC-1.1.10", "DE4-41-UC1", "DE4-41-UC1-DIRECT",
    "DE4-41-UC2", "DE4-41-FA", "REC-4.1.2", "REC-4.1.3", "REC-4.1.4", "REC-4.1.6", "DE4-42-UC1", "DE4-42-FA",
    "REC-4.2.1",
)  # fmt: skip


def written() -> set[str]:
    return {tag for scenario in scenarios(FEATURES) for tag in scenario.tags}


@pytest.mark.parametrize("requirement", SCOPE)
def test_every_row_of_the_scope_has_a_scenario(requirement: str) -> None:
    assert load()[requirement].testable
    assert requirement in written()


def test_no_scenario_answers_for_a_row_that_only_informs() -> None:
    assert [row.id for row in load().of(written()) if not row.testable] == []


def test_every_block_of_the_scope_is_claimable() -> None:
    blocks = {block for row in load().of(SCOPE) for block in row.blocks}
    assert blocks == {"mes-agenda", "mes-appariement", "portail"}
