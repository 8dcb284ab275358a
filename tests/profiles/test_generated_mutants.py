"""Each single-fault mutant of a valid example is rejected at its place, or `mutants-valides.csv` says why it is not."""

from __future__ import annotations

import pytest

from profiles import validate
from tests.profiles import official
from tests.profiles.cases import Case, cases, profiles
from tests.profiles.judged import excused, judged, missed, still_valid

LEAST = 1500


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.profile.rpartition('/')[2]}-{case.name}")
def test_the_example_is_valid(case: Case) -> None:
    errors = [i for i in validate(case.resource, case.profile) if i.severity in ("fatal", "error")]
    assert [f"{i.expression} {i.rule} : {i.message}" for i in errors] == []


@pytest.mark.parametrize("profile", profiles())
def test_every_mutant_is_rejected_at_its_place(profile: str) -> None:
    rows = judged(profile)
    assert rows, "aucun exemple valide de ce profil"
    assert missed(rows) == []


def test_there_are_enough_mutants() -> None:
    assert sum(len(judged(profile)) for profile in profiles()) >= LEAST


@pytest.mark.skipif(not official.packages(), reason=official.ABSENT)
def test_every_excuse_is_of_use() -> None:
    valid = [row.mutant for profile in profiles() for row in judged(profile) if not row.found]
    used = {excuse for mutant in valid if (excuse := excused(mutant))}
    assert [row for row in still_valid() if row not in used] == []
    assert all(row.reason.strip() for row in still_valid())
