"""Who opens slots to the SAS in a scenario: numbers as the product keeps them and as the platform must read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import cast

import pytest

from harness.actors import sas_practice
from harness.dates import Soon
from harness.sandbox_client import TenantClient
from harness.scene import Scene

REUNION = "Indian/Reunion"


def scene_at(instant: datetime, tenant: TenantClient | None = None) -> Scene:
    return cast(Scene, SimpleNamespace(tenant=tenant, now=lambda: instant))


@pytest.fixture
def scene(tenant: TenantClient) -> Scene:
    return scene_at(datetime(2027, 3, 20, 23, 30, tzinfo=UTC), tenant)


@pytest.mark.parametrize(
    ("form", "kept", "read"),
    [
        ("rpps", r"8\d{11}", r"8\d{11}"),
        ("rpps_nu", r"\d{11}", r"8\d{11}"),
        ("adeli", r"0\d{9}", r"0\d{9}"),
        ("adeli_nu", r"\d{9}", r"0\d{9}"),
    ],
)
def test_a_number_is_kept_in_one_form_and_read_prefixed(scene: Scene, form: str, kept: str, read: str) -> None:
    made = sas_practice.doctor(scene, form=form)
    told = made.told["identifiant"]
    assert made.number.endswith(told)
    assert re.fullmatch(kept, told)
    assert re.fullmatch(read, made.number)


def test_each_place_has_a_structure_of_its_own(scene: Scene) -> None:
    numbers = [place["structure"]["numero"] for place in sas_practice.doctor(scene, structure="siret", places=2).places]
    assert len(set(numbers)) == 2
    assert all(len(number) == 14 for number in numbers)


def test_an_association_and_communities_have_prefixed_numbers(scene: Scene) -> None:
    assert sas_practice.association(scene, sites=2).number.startswith("3")
    first, second = sas_practice.communities(scene, 2)
    assert first["finess"] != second["finess"]
    assert {len(first["finess"]), first["finess"][0]} == {10, "1"}


def test_tomorrow_is_that_of_the_place(scene: Scene) -> None:
    """At 23:30 UTC it is already the 21st in Paris, and in La Réunion."""
    assert sas_practice.soon(scene, Soon(1, time(9))) == datetime(2027, 3, 22, 9)
    evening = scene_at(datetime(2027, 3, 20, 21, 30, tzinfo=UTC))
    assert sas_practice.soon(evening, Soon(1, time(9))) == datetime(2027, 3, 21, 9)
    assert sas_practice.soon(evening, Soon(1, time(9)), REUNION) == datetime(2027, 3, 22, 9)


@pytest.mark.parametrize(
    ("today", "change"),
    [
        (datetime(2027, 3, 20, 12, tzinfo=UTC), datetime(2027, 3, 28)),
        (datetime(2027, 3, 26, 12, tzinfo=UTC), datetime(2027, 3, 28)),
        # the day before the change would be today: the next one, in autumn
        (datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 10, 31)),
    ],
)
def test_thenext_change_of_hour_leaves_a_day_before_it(today: datetime, change: datetime) -> None:
    assert sas_practice.next_change_of_hour(scene_at(today)) == change
