"""A wall clock of a scenario and the instant it stands for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from harness import dates


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("27/10/2024 à 01:30", dates.PARIS, "2024-10-26T23:30:00+00:00"),
        ("27/10/2024 à 03:30", dates.PARIS, "2024-10-27T02:30:00+00:00"),
        ("31/03/2024 à 03:30", dates.PARIS, "2024-03-31T01:30:00+00:00"),
        ("29/02/2024 à 09:00", dates.PARIS, "2024-02-29T08:00:00+00:00"),
        ("10/07/2024 à 08:00", "Indian/Reunion", "2024-07-10T04:00:00+00:00"),
        ("10/07/2024 à 08:00", "America/Guadeloupe", "2024-07-10T12:00:00+00:00"),
    ],
)
def test_a_wall_clock_stands_for_one_instant(text: str, zone: str, expected: str) -> None:
    assert dates.instant(dates.moment(text), zone) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["29/02/2023 à 09:00", "27/10/2024", "27/10/2024 09:00", "2024-10-27 à 09:00"])
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not match|day is out of range"):
        dates.moment(text)


def test_what_is_asked_and_said_of_a_moment() -> None:
    wall = dates.moment("10/07/2024 à 08:15")
    assert dates.asked(wall) == "2024-07-10T08:15"
    assert dates.said(dates.instant(wall)) == "10/07/2024 à 08:15 (+02:00)"
    assert dates.said(dates.universal(wall)) == "10/07/2024 à 10:15 (+02:00)"
    assert dates.universal(wall).tzinfo is UTC


def test_a_day_and_a_year() -> None:
    assert dates.day("29/02/2024") == date(2024, 2, 29)
    assert dates.whole_year(2024) == ("2024-01-01", "2024-12-31")
