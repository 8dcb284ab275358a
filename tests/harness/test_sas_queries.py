"""How the searches of the SAS platform are written on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest

from harness.actors import sas_queries
from harness.actors.sas_queries import Span, Writing, written
from rules.sas_searches import Variant

SUMMER = datetime(2027, 7, 6, 12, tzinfo=UTC)
SPAN = Span(SUMMER, datetime(2027, 7, 8, 21, 59, 59, tzinfo=UTC))
NUMBERS = ["899990000001", "0990000017"]


@pytest.mark.parametrize(
    ("writing", "expected"),
    [
        ("decalage", "2027-07-06T14:00:00.000%2B02:00"),
        ("brut", "2027-07-06T14:00:00.000+02:00"),
        ("universel", "2027-07-06T12:00:00.000Z"),
        ("sans_millisecondes", "2027-07-06T14:00:00%2B02:00"),
    ],
)
def test_one_instant_is_written_in_several_ways(writing: Writing, expected: str) -> None:
    assert written(SUMMER, SPAN, writing) == expected


def test_bounds_are_on_the_clock_of_the_place_across_the_change_of_hour() -> None:
    """27 March 2027 is winter, 28 March summer."""
    span = Span.from_now(datetime(2027, 3, 26, 12, 0, 0, 999, tzinfo=UTC), days=2)
    assert [written(one, span, "brut") for one in (span.start, span.end)] == [
        "2027-03-26T13:00:00.000+01:00",
        "2027-03-28T23:59:59.000+02:00",
    ]


@pytest.mark.parametrize(
    ("variant", "includes"),
    [
        ("ps", {"Slot:schedule", "Schedule:actor"}),
        (
            "cpts",
            {"Slot:schedule", "Slot:service-type-reference", "Schedule:actor", "HealthcareService:organization"},
        ),
    ],
)
def test_a_search_of_slots_says_all_that_the_guide_wants(variant: Variant, includes: set[str]) -> None:
    path, _, query = sas_queries.slots(NUMBERS, SPAN, variant, more=["_count=1000"]).partition("?")
    pairs = parse_qsl(query)
    assert path == "/Slot"
    assert {value for name, value in pairs if name.startswith("_include")} == includes
    assert [value for name, value in pairs if name == "start"] == [
        "ge2027-07-06T14:00:00.000+02:00",
        "le2027-07-08T23:59:59.000+02:00",
    ]
    found = dict(pairs)
    assert (found["status"], found["_count"]) == ("free", "1000")
    assert found["schedule.actor:Practitioner.identifier"] == (
        "urn:oid:1.2.250.1.71.4.2.1|899990000001,urn:oid:1.2.250.1.71.4.2.1|0990000017"
    )


def test_a_search_of_sites_is_made_on_schedules() -> None:
    path, _, query = sas_queries.sites(["399900000000017"], SPAN).partition("?")
    found = dict(parse_qsl(query))
    assert path == "/Schedule"
    assert found["_has:Slot:schedule:status"] == "free"
    assert found["actor:Location.organization.identifier"] == "urn:oid:1.2.250.1.71.4.2.2|399900000000017"
    assert {found["_revinclude"], found["_include"], found["_include:iterate"]} == {
        "Slot:schedule",
        "Schedule:actor:Location",
        "Location:organization",
    }
