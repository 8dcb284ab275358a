from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocks.fhir.dates import PREFIXES, has_zone, interval, micros, split_prefix, widened
from mocks.fhir.search.matching import DATE_TESTS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def instant(text: str) -> int:
    return micros(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2026", "2025-12-31T23:00:00+00:00", "2026-12-31T23:00:00+00:00"),
        ("2026-02", "2026-01-31T23:00:00+00:00", "2026-02-28T23:00:00+00:00"),
        ("2026-07-06", "2026-07-05T22:00:00+00:00", "2026-07-06T22:00:00+00:00"),
        ("2026-03-29", "2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00"),  # 23 hours
        ("2026-10-25", "2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00"),  # 25 hours
        ("2026-07-06T14:00", "2026-07-06T12:00:00+00:00", "2026-07-06T12:01:00+00:00"),
        ("2026-07-06T14:00:00+02:00", "2026-07-06T12:00:00+00:00", "2026-07-06T12:00:01+00:00"),
        ("2026-07-06T12:00:00.5Z", "2026-07-06T12:00:00.500+00:00", "2026-07-06T12:00:00.600+00:00"),
        ("2026-07-06T12:00:00.1234567Z", "2026-07-06T12:00:00.123456+00:00", "2026-07-06T12:00:00.123457+00:00"),
    ],
)
def test_interval(text: str, low: str, high: str) -> None:
    assert interval(text) == (instant(low), instant(high))


@pytest.mark.parametrize("text", ["0001", "9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_interval_at_the_ends_of_time(text: str) -> None:
    low, high = interval(text)
    assert low < high


@pytest.mark.parametrize(
    "text", ["", "26", "2026-7-6", "2026-02-30", "2026-07-06T", "2026-07-06T25:00:00Z", "0000", "٢٠٢٦", "2026-07-06Z"]
)
def test_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        interval(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("2026", False), ("2026-01-01T00:00:00", False), ("2026-01-01T00:00Z", True)]
)
def test_has_zone(text: str, expected: bool) -> None:
    assert has_zone(text) is expected


def test_prefix() -> None:
    assert [split_prefix(text) for text in ("ge2026", "2026", "xx2026")] == [
        ("ge", "2026"),
        ("eq", "2026"),
        ("eq", "xx2026"),
    ]


def test_approximately_is_a_tenth_of_the_distance() -> None:
    wanted = (micros(NOW) - 1000, micros(NOW) - 900)
    assert widened(wanted, NOW) == (wanted[0] - 100, wanted[1] + 100)


def naive(prefix: str, seen: set[int], wanted: set[int]) -> bool:
    """The wording of R4 on sets of points: search.html#prefix."""
    above, below = (lambda point: point > max(wanted)), (lambda point: point < min(wanted))
    contained, overlaps_above, overlaps_below = seen <= wanted, any(map(above, seen)), any(map(below, seen))
    return {
        "eq": contained,
        "ne": not contained,
        "gt": overlaps_above,
        "lt": overlaps_below,
        "ge": overlaps_above or contained,
        "le": overlaps_below or contained,
        "sa": all(map(above, seen)),
        "eb": all(map(below, seen)),
        "ap": bool(seen & wanted),
    }[prefix]


COMPARE = {"lt": int.__lt__, "le": int.__le__, "gt": int.__gt__, "ge": int.__ge__}
small = st.tuples(st.integers(0, 9), st.integers(1, 9)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.sampled_from(PREFIXES), small, small)
@settings(deadline=None)
def test_prefixes_mean_what_r4_says(prefix: str, seen: tuple[int, int], wanted: tuple[int, int]) -> None:
    row = {"low": seen[0], "high": seen[1]}
    by_index = any(
        all(COMPARE[operator](row[column], wanted[end]) for column, operator, end in clauses)
        for clauses in DATE_TESTS[prefix]
    )
    assert by_index is naive(prefix, set(range(*seen)), set(range(*wanted)))


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
@settings(deadline=None)
def test_equal_instants_have_equal_intervals(moment: datetime, minutes: int) -> None:
    utc = moment.replace(microsecond=0, tzinfo=UTC)
    sign, rest = "-" if minutes < 0 else "+", abs(minutes)
    local = (utc + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S") + f"{sign}{rest // 60:02d}:{rest % 60:02d}"
    assert interval(local) == interval(utc.strftime("%Y-%m-%dT%H:%M:%SZ"))
