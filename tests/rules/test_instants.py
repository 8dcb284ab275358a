from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.instants import is_trap_day, local_text, parse_instant, wall_clock


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        ("2024-10-28T09:00:00+01:00", 8),
        ("2024-10-28T09:00:00Z", 9),
        ("2024-10-28T09:00:00.1234567-04:00", 13),
        ("2016-12-31T23:59:60Z", 23),
    ],
)
def test_instant(value: str, hour: int) -> None:
    parsed = parse_instant(value)
    assert parsed is not None
    assert (parsed.hour, parsed.tzinfo) == (hour, UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-10-28T09:00:00",
        "2024-10-28T09:00+01:00",
        "2024-10-28",
        "2023-02-29T09:00:00Z",
        "2024-10-28T24:00:00Z",
        "",
        None,
        12,
    ],
)
def test_not_an_instant(value: object) -> None:
    assert parse_instant(value) is None


@pytest.mark.parametrize(
    ("local", "zone", "hours"),
    [
        ("2024-01-15T09:00", "Europe/Paris", [8]),
        ("2024-07-15T09:00", "Europe/Paris", [7]),
        ("2024-07-15T09:00", "Indian/Reunion", [5]),
        ("2024-10-27T02:30", "Europe/Paris", [0, 1]),  # shown twice
        ("2024-03-31T02:30", "Europe/Paris", [0, 1]),  # never shown: either side is right
    ],
)
def test_wall_clock(local: str, zone: str, hours: list[int]) -> None:
    assert [instant.hour for instant in wall_clock(local, zone)] == hours


@pytest.mark.parametrize(
    ("local", "zone"),
    [
        ("demain", "Europe/Paris"),
        ("2024-01-01T09:00", "Europe/Nulle"),
        ("2024-01-01T09:00+01:00", "Europe/Paris"),
        (None, ""),
    ],
)
def test_unknown_wall_clock(local: object, zone: str) -> None:
    assert wall_clock(local, zone) == ()


@pytest.mark.parametrize(
    ("local", "trap"),
    [
        ("2024-02-29T09:00", True),
        ("2024-10-27T23:00", True),
        ("2024-03-31T00:00", True),
        ("2024-10-26T09:00", False),
        ("2024-10-28T09:00", False),
        ("x", False),
    ],
)
def test_trap_day(local: str, trap: bool) -> None:
    assert is_trap_day(local) is trap


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_a_shown_instant_is_one_that_the_clock_means(moment: datetime) -> None:
    instant = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    day, month, rest = local_text(instant).split("/")
    year, clock = rest.split(" ")
    assert instant in wall_clock(f"{year}-{month}-{day}T{clock}")
