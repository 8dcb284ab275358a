"""Availabilities as slots, without a server: recurrences, seasons, exceptions, lengths."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.agendas.availability import AvailabilityError, Due, due_slots
from tests.mocks.gap.manager import availability, duration, freq, schedule

PARIS = ZoneInfo("Europe/Paris")
WEEKLY = [freq("WEEKLY")]


def due(*extensions: Any, since: str = "2026-03-15", days: int = 20, zone: ZoneInfo = PARIS, **more: Any) -> list[Due]:
    low = datetime.fromisoformat(since).replace(tzinfo=UTC)
    return due_slots(schedule(*extensions, **more), zone, low, low + timedelta(days=days), timedelta(minutes=30))


def starts(slots: list[Due]) -> list[str]:
    return [slot.start.strftime("%m-%dT%H:%MZ") for slot in slots]


def at(day: str, start: str, end: str, zone: str = "+01:00", **more: Any) -> dict[str, Any]:
    return availability(f"2026-{day}T{start}:00{zone}", f"2026-{day}T{end}:00{zone}", **more)


def test_a_period_is_cut_in_slots_and_what_is_left_is_lost() -> None:
    assert starts(due(at("03-16", "09:00", "10:15"))) == ["03-16T08:00Z", "03-16T08:30Z"]


def test_nine_o_clock_stays_nine_o_clock_when_the_season_changes() -> None:
    """The probe of the fact sheet (§9): 08:00Z on 23 March, 07:00Z on 30 March."""
    found = due(at("03-16", "09:00", "09:30", rule=WEEKLY))
    assert starts(found) == ["03-16T08:00Z", "03-23T08:00Z", "03-30T07:00Z"]


def test_an_availability_written_in_utc_is_read_in_the_zone_of_the_agenda() -> None:
    found = due(availability("2026-03-16T08:00:00Z", "2026-03-16T08:30:00Z", rule=WEEKLY))
    assert starts(found) == ["03-16T08:00Z", "03-23T08:00Z", "03-30T07:00Z"]


@pytest.mark.parametrize("zone", ["America/Guadeloupe", "Indian/Reunion"])
def test_overseas_no_season_changes(zone: str) -> None:
    found = due(availability("2026-03-16T12:00:00Z", "2026-03-16T12:30:00Z", rule=WEEKLY), zone=ZoneInfo(zone))
    assert starts(found) == ["03-16T12:00Z", "03-23T12:00Z", "03-30T12:00Z"]


def test_an_hour_that_does_not_exist_gives_no_slot() -> None:
    found = due(at("03-29", "01:30", "04:00", "+01:00"), days=20)
    # Written +01:00, the end is 05:00 in summer time; 02:00 and 02:30 do not exist.
    assert starts(found) == ["03-29T00:30Z", "03-29T01:00Z", "03-29T01:30Z", "03-29T02:00Z", "03-29T02:30Z"]
    assert [slot.start.astimezone(PARIS).strftime("%H:%M") for slot in found][:2] == ["01:30", "03:00"]


def test_an_hour_that_exists_twice_gives_its_slots_once() -> None:
    found = due(availability("2026-10-25T01:30:00+02:00", "2026-10-25T04:00:00+01:00"), since="2026-10-20")
    walls = [slot.start.astimezone(PARIS).strftime("%H:%M") for slot in found]
    assert walls == ["01:30", "02:00", "02:30", "03:00", "03:30"]
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_slots_that_touch_a_closed_period_are_not_offered() -> None:
    closed = at("03-16", "09:45", "10:30", kind="busy-unavailable", key="2")
    found = due(at("03-16", "09:00", "11:30"), closed)
    assert starts(found) == ["03-16T08:00Z", "03-16T09:30Z", "03-16T10:00Z"]


def test_holidays_are_whole_days() -> None:
    closed = availability("2026-03-23", "2026-03-29", kind="busy-unavailable", key="2")
    found = due(at("03-16", "09:00", "09:30", rule=WEEKLY), closed)
    assert starts(found) == ["03-16T08:00Z", "03-30T07:00Z"]


def test_a_closed_period_may_come_back() -> None:
    daily = [freq("DAILY"), ("until", "valueDateTime", "2026-03-18T23:00:00+01:00")]
    lunch = at("03-16", "09:30", "10:00", kind="busy-unavailable", key="2", rule=daily)
    found = due(at("03-16", "09:00", "10:00", rule=daily), lunch)
    assert starts(found) == ["03-16T08:00Z", "03-17T08:00Z", "03-18T08:00Z"]


def test_each_service_has_its_slots() -> None:
    found = due(at("03-16", "09:00", "10:00"), duration(20, "Court"), duration(1, "Long", "h"))
    assert [(slot.service.type or {})["text"] for slot in found].count("Court") == 3
    assert {slot.end - slot.start for slot in found} == {timedelta(minutes=20), timedelta(hours=1)}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ([freq("WEEKLY"), ("byDay", "valueString", "MO"), ("byDay", "valueString", "WE")], ["16", "18", "23", "25"]),
        ([freq("WEEKLY"), ("byDay", "valueString", "wed"), ("wkst", "valueCode", "mon")], ["18", "25"]),
        ([freq("DAILY"), ("count", "valueInteger", 3)], ["16", "17", "18"]),
        ([freq("DAILY"), ("interval", "valueInteger", 5)], ["16", "21", "26"]),
        ([freq("WEEKLY"), ("until", "valueDateTime", "2026-03-23")], ["16", "23"]),
        ([freq("MONTHLY"), ("byMonthDay", "valueInteger", 20)], ["20"]),
    ],
)
def test_recurrences(rule: Any, expected: list[str]) -> None:
    found = due(at("03-16", "09:00", "09:30", rule=rule), days=14)
    assert [slot.start.strftime("%d") for slot in found] == expected


def test_overlapping_availabilities_do_not_give_a_slot_twice() -> None:
    found = due(at("03-16", "09:00", "10:00"), at("03-16", "09:30", "10:30", key="2"))
    assert starts(found) == ["03-16T08:00Z", "03-16T08:30Z", "03-16T09:00Z"]


def test_an_inactive_agenda_and_the_time_out_of_its_horizon_give_nothing() -> None:
    weekly = at("03-16", "09:00", "09:30", rule=WEEKLY)
    assert due(weekly, active=False) == []
    assert starts(due(weekly, planningHorizon={"start": "2026-03-20", "end": "2026-03-25"})) == ["03-23T08:00Z"]


@pytest.mark.parametrize(
    "extension",
    [
        at("03-16", "10:00", "09:00"),
        at("03-16", "09:00", "10:00", rule=[freq("SECONDLY")]),
        at("03-16", "09:00", "10:00", rule=[freq("DAILY"), ("interval", "valueInteger", 0)]),
        at("03-16", "09:00", "10:00", rule=[freq("WEEKLY"), ("byDay", "valueString", "lundi")]),
        at("03-16", "09:00", "10:00", rule=[freq("DAILY"), ("byHour", "valuePositiveInt", 99)]),
        availability("demain", "2026-03-16T10:00:00Z"),
        duration(0.1, unit="s"),
        duration(3, unit="mo"),
    ],
)
def test_what_cannot_be_read_is_refused(extension: dict[str, Any]) -> None:
    with pytest.raises(AvailabilityError):
        due(at("03-16", "09:00", "10:00"), extension)


def test_too_many_slots_are_refused() -> None:
    with pytest.raises(AvailabilityError, match="5000"):
        due(at("03-16", "00:00", "23:59", rule=[freq("DAILY")]), duration(1), days=60)


def test_a_period_of_a_century_gives_the_slots_asked_for() -> None:
    found = due(availability("2000-01-01T00:00:00+01:00", "2099-12-31T23:00:00+01:00"), days=1)
    assert (len(found), starts(found)[0], starts(found)[-1]) == (48, "03-15T00:00Z", "03-15T23:30Z")
    with pytest.raises(AvailabilityError):
        due(availability("0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"))


def test_a_rule_that_nothing_meets_ends() -> None:
    never = [freq("DAILY"), ("byMonth", "valuePositiveInt", 2), ("byMonthDay", "valueInteger", 30)]
    assert due(at("03-16", "09:00", "10:00", rule=never)) == []


@given(
    start=st.integers(0, 23 * 4),
    length=st.integers(1, 40),
    minutes=st.sampled_from([15, 20, 30, 45, 60, 90]),
    day=st.sampled_from(["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-07-01"]),
)
def test_slots_never_overlap_nor_leave_the_hours_of_opening(start: int, length: int, minutes: int, day: str) -> None:
    opens = datetime.fromisoformat(f"{day}T00:00:00") + timedelta(minutes=15 * start)
    closes = opens + timedelta(minutes=15 * length)
    texts = [moment.replace(tzinfo=PARIS).isoformat() for moment in (opens, closes)]
    low = datetime.fromisoformat(f"{day}T00:00:00+00:00") - timedelta(days=2)
    try:
        found = due_slots(
            schedule(availability(*texts), duration(minutes)), PARIS, low, low + timedelta(days=9), timedelta()
        )
    except AvailabilityError:
        assert _jumps(opens, closes)
        return
    for slot in found:
        wall = slot.start.astimezone(PARIS).replace(tzinfo=None)
        assert _real(opens) <= wall < _real(closes)
        assert slot.end - slot.start == timedelta(minutes=minutes)
    assert all(one.end <= other.start for one, other in pairwise(found))


def _real(wall: datetime) -> datetime:
    return wall.replace(tzinfo=PARIS).astimezone(UTC).astimezone(PARIS).replace(tzinfo=None)


def _jumps(opens: datetime, closes: datetime) -> bool:
    return _real(closes) <= _real(opens)
