"""The SAS platform as scenarios play it: what it sends, what it says of an answer, of accounts and of bookings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.actors import sas_booking, sas_platform
from harness.actors.sas_booking import Booking, Offer
from harness.actors.sas_platform import NATIONAL, TECHNICAL, Held, Regulator, SasPlatform
from harness.errors import UseNotServed
from harness.sandbox_client import TenantClient
from harness.scene import Scene
from rules import Exchange
from tests.rules.cases.sas_appointments import told
from tests.rules.cases.sas_regulators import OUTCOME, post, unlocated
from tests.rules.journal import journal

ZOE = Regulator("r1", "Martin", "Zoé", "zoe@regulation.test", (TECHNICAL, "uuid-1"))
RIGHT = {
    "identifiants": [{"system": TECHNICAL, "value": "uuid-1"}],
    "nom": "Martin",
    "prenom": "Zoé",
    "courriel": "zoe@regulation.test",
    "actif": True,
}
START = datetime(2024, 7, 6, 12, tzinfo=UTC)
PATIENT = {"nom": "Durand", "prenom": "Ada", "telephone": "+33199001234"}
BOOKING = Booking("rdv-1", ZOE, Offer("c1", START, "Europe/Paris", "899990000001"), START, PATIENT, "envoye")


def exchange(entry: Any) -> Exchange:
    (found,) = journal(entry)
    return found


def scene(accounts: Any = (), held: Any = (), exchanges: Any = ()) -> Scene:
    product = SimpleNamespace(act=lambda _: {"comptes": list(accounts)})
    platform = SimpleNamespace(held=lambda: list(held))
    return cast(
        Scene,
        SimpleNamespace(
            product=product,
            sas=platform,
            exchanges=lambda **_: list(exchanges),
            eventually=lambda check, **_: check(),
        ),
    )


def held(history: tuple[str, ...] = ("booked",), **elements: Any) -> Held:
    return Held(START, history[-1], ("s|1",), history, told(**elements))


# -- what it sends


@pytest.mark.parametrize(("identifier", "system"), [("technique", TECHNICAL), ("national", NATIONAL)])
def test_a_regulator_is_fresh_and_named_as_the_platform_names_her(
    tenant: TenantClient, identifier: str, system: str
) -> None:
    platform = SasPlatform(tenant, cast(Any, None))
    first, second = platform.regulator(identifier), platform.regulator(identifier)
    assert first.identifier != second.identifier
    assert first.identifier[0] == system
    assert ("/" in first.identifier[1]) == (identifier == "national")


def test_a_regulator_who_gets_a_national_identifier_keeps_the_rest(tenant: TenantClient) -> None:
    platform = SasPlatform(tenant, cast(Any, None))
    first = platform.regulator()
    assert platform.given_national_id(first) == replace(first, identifier=(NATIONAL, "3990000010/REG00001"))


def test_elements_are_replaced_or_left_out() -> None:
    made = ZOE.as_resource(name=None, active=False)
    assert "name" not in made
    assert made["active"] is False


@pytest.mark.parametrize(
    "name",
    [
        "sans_identifiant",
        "sans_nom",
        "sans_droit",
        "sans_courriel",
        "nom_vide",
        "courriel_vide",
        "telephone",
        "type_faux",
    ],
)
def test_each_fault_changes_one_element(name: str) -> None:
    right, wrong = ZOE.as_resource(), ZOE.as_resource(**sas_platform.fault(ZOE, name))
    assert sum(right.get(key) != wrong.get(key) for key in right) == 1


# -- what it says of an answer

CREATED, OK, REFUSED = post(), post(200), post(422, answer=OUTCOME, name=None)
ANSWERS: list[tuple[Callable[[Exchange], None], Any, Any]] = [
    (sas_platform.created, CREATED, OK),
    (sas_platform.created, CREATED, unlocated(CREATED)),
    (sas_platform.updated, OK, CREATED),
    (sas_platform.accepted, CREATED, post(404)),
    (sas_platform.accepted, OK, unlocated(OK)),
    (sas_platform.taken, unlocated(OK), post(500)),
    (sas_platform.refused, REFUSED, post(500, answer=OUTCOME)),
    (sas_platform.refused, REFUSED, post(422, answer={})),
    (sas_platform.refused, REFUSED, post(422, answer={"resourceType": "OperationOutcome"})),
]


@pytest.mark.parametrize(("check", "right", "wrong"), ANSWERS)
def test_answers(check: Callable[[Exchange], None], right: Any, wrong: Any) -> None:
    check(exchange(right))
    with pytest.raises(AssertionError, match="ttendu"):
        check(exchange(wrong))


# -- what it says of accounts


def test_only_account_wants_one() -> None:
    assert sas_platform.only_account(scene([RIGHT]), ZOE) == RIGHT
    for wrong in ([], [RIGHT, RIGHT], [{**RIGHT, "identifiants": [{"system": NATIONAL, "value": "uuid-1"}]}]):
        with pytest.raises(AssertionError, match="un seul compte"):
            sas_platform.only_account(scene(wrong), ZOE)


@pytest.mark.parametrize("change", [{"nom": "Autre"}, {"prenom": ""}, {"courriel": "x@y.test"}, {"actif": False}])
def test_an_account_says_what_the_platform_says(change: Mapping[str, Any]) -> None:
    sas_platform.account_says(scene([RIGHT]), ZOE)
    with pytest.raises(AssertionError):
        sas_platform.account_says(scene([{**RIGHT, **change}]), ZOE)


def test_no_account_and_the_account_of_somebody_else() -> None:
    sas_platform.no_account(scene(), ZOE)
    with pytest.raises(AssertionError):
        sas_platform.no_account(scene([RIGHT]), ZOE)
    without_right = {**RIGHT, "nom": "Ancien", "actif": False}
    sas_platform.now_names(scene([RIGHT, without_right]), ZOE.identifier, ZOE)
    for wrong in ([without_right], [RIGHT, {**without_right, "actif": True}]):
        with pytest.raises(AssertionError):
            sas_platform.now_names(scene(wrong), ZOE.identifier, ZOE)


# -- what it says of bookings


def test_one_booking_is_held_at_its_instant() -> None:
    assert sas_booking.only_one(scene(held=[held()]), BOOKING).status == "booked"
    for wrong in ([], [held(), held()], [held(start="2024-07-06T14:00:00+01:00")]):
        with pytest.raises(AssertionError):
            sas_booking.only_one(scene(held=wrong), BOOKING)


def test_it_is_held_with_its_status_and_its_end() -> None:
    sas_booking.holds(scene(held=[held(("booked", "cancelled"))]), BOOKING, "cancelled")
    for wrong in (held(("cancelled", "booked")), held(("cancelled",), end=None)):
        with pytest.raises(AssertionError):
            sas_booking.holds(scene(held=[wrong]), BOOKING, "cancelled")


def test_repeated_statuses_count_once_and_order_matters() -> None:
    sas_booking.went_through(held(("pending", "pending", "booked")), "pending", "booked")
    for wrong in (("booked", "pending"), ("booked",), ("pending", "booked", "pending")):
        with pytest.raises(AssertionError):
            sas_booking.went_through(held(wrong), "pending", "booked")


def test_whom_an_appointment_names() -> None:
    assert sas_booking.operator_of(held())[0] == TECHNICAL
    assert sas_booking.operator_of(held(extension=[{}])) == ("", "")
    assert sas_booking.effector_of(held()) == "899990000001"
    assert sas_booking.effector_of(held(participant=[{"status": "needs-action"}])) == ""


def test_slots_of_sos_medecins_are_for_whom_serves_them() -> None:
    asked = cast(Scene, SimpleNamespace(require=lambda _: None, facts=lambda _: {"variantes": ("ps",)}))
    with pytest.raises(UseNotServed):
        sas_booking.open_slot(asked, datetime(2027, 7, 6, 14), sos=True)


@pytest.mark.parametrize(
    ("now", "month", "expected"),
    [
        (datetime(2026, 11, 29, tzinfo=UTC), 7, datetime(2027, 7, 6, 14)),
        (datetime(2026, 7, 3, tzinfo=UTC), 7, datetime(2026, 7, 6, 14)),
        (datetime(2026, 7, 5, tzinfo=UTC), 7, datetime(2027, 7, 6, 14)),
        (datetime(2026, 12, 31, tzinfo=UTC), 1, datetime(2027, 1, 6, 14)),
    ],
)
def test_the_next_summer_or_winter_is_to_come(now: datetime, month: int, expected: datetime) -> None:
    assert sas_booking.next_in(cast(Scene, SimpleNamespace(now=lambda: now)), month) == expected
