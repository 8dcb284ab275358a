"""The instants of each shape: in order, at the rate asked for, and bounded."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from harness.errors import SetUpError
from load.arrivals import Arrivals
from load.book import Book
from load.plan import Plan
from load.profile import load_table

STEADY = Arrivals("constante", rate=2)


def instants(arrivals: Arrivals, seconds: float) -> list[float]:
    return list(arrivals.instants(seconds))


def test_a_steady_rate_is_steady() -> None:
    assert instants(STEADY, 2) == [0, 0.5, 1.0, 1.5]


@pytest.mark.parametrize("profile", load_table().profiles.values(), ids=lambda one: one.id)
def test_the_shipped_profiles_come_in_order_and_in_the_number_announced(profile: object) -> None:
    found = instants(profile.arrivals, profile.duration_s)  # type: ignore[attr-defined]
    assert all(one <= other for one, other in pairwise(found))
    assert len(found) == pytest.approx(profile.arrivals.count(profile.duration_s), abs=2)  # type: ignore[attr-defined]
    assert found[-1] < profile.duration_s  # type: ignore[attr-defined]


def test_bursts_come_within_a_second_and_keep_the_mean() -> None:
    found = instants(Arrivals("rafales", rate=2.5, burst=10, every_s=20), 200)
    per_second = Counter(int(due) for due in found)
    assert len(found) == 500
    assert all(per_second[second] >= 10 for second in range(0, 200, 20))
    assert max(per_second[second] for second in range(200) if second % 20) <= 3


def test_a_ramp_reaches_its_factor_and_stays() -> None:
    found = instants(Arrivals("montee", rate=2, factor=4, rise_s=100), 300)
    per_tenth = Counter(int(due // 10) for due in found)
    assert per_tenth[0] < 30
    assert [per_tenth[rank] for rank in (11, 20, 29)] == pytest.approx([80, 80, 80], abs=1)


def test_rounds_come_all_at_once() -> None:
    assert instants(Arrivals("vagues", rounds=2, clients=3, every_s=5), 60) == [0, 0, 0, 5, 5, 5]


def test_another_rate_keeps_the_shape() -> None:
    assert Arrivals("rafales", rate=2.5, burst=10, every_s=20).at(5).every_s == 10
    with pytest.raises(SetUpError, match="vagues"):
        Arrivals("vagues", rounds=1, clients=1).at(3)


@pytest.mark.parametrize(
    "table",
    [
        {"forme": "constante"},
        {"forme": "montee", "debit": 1},
        {"forme": "rafales", "debit": 1, "rafale": 30, "toutes_les_s": 20},
    ],
)
def test_a_shape_without_its_numbers_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(SetUpError, match="L9"):
        Arrivals.from_table("L9", table)


def test_processes_share_the_arrivals_without_losing_or_repeating_any() -> None:
    plan = Plan("L", "", 5.0, 1, 1.0, STEADY, {"mes.lire": 1}, (1, 1, 1), 0.0, {}, processes=3)
    books = [Book(plan, index) for index in range(3)]
    ranks = [found[0] for book in books for found in iter(book.next_arrival, None)]
    assert sorted(ranks) == list(range(10))
    starts = [book.new_start("p1") for book in books for _ in range(40)]
    assert len(set(starts)) == len(starts)
