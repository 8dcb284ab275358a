"""The bench as the SAS platform: what it sees in an answer, what it says of what it does not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pytest

from harness.actors import sas_aggregator as platform
from harness.actors.product_api import Caller, ProductApi
from harness.actors.sas_aggregator import SasAggregator
from harness.actors.sas_practice import Holder, Offer
from harness.errors import UseNotServed
from harness.sandbox_client import TenantClient
from harness.scene import Scene
from rules import Exchange
from tests.rules.cases.sas import EMPTY, ONE, OTHER, community, found, of, practice, search, slot, to
from tests.rules.journal import journal

NINE = Offer(datetime(2024, 10, 28, 9), publics=("PUBLIC",))
TEN = Offer(datetime(2024, 10, 28, 10))
PLACE = {"structure": {"type": "finess", "numero": "990000010"}}
HOLDER = Holder(ONE, {"nom": "Essai"}, [PLACE], (NINE,))
LATER = slot("2", start="2024-10-28T10:00:00.000+01:00", end="2024-10-28T10:20:00.000+01:00")
PHONED = practice(telecom=[{"system": "phone", "value": "+33199001234"}])


def seen(*resources: Any, status: int = 200, **elements: Any) -> Exchange:
    (exchange,) = journal(search(found(*resources, **elements), status))
    return exchange


RIGHT = seen(slot(), *practice())
Check = Callable[[Exchange], None]


def check(function: Callable[..., None], *more: Any, **named: Any) -> Check:
    return lambda exchange: function(exchange, *more, **named)


SHOWS = check(platform.shows, [HOLDER])
ONE_PHONE = check(platform.gives_telephones, ["+33199001234"])
COUNTS = check(platform.counts, Slot=1, Schedule=1)
ROUTINE = {"coding": [{"code": "ROUTINE"}]}
REFUSAL = {"resourceType": "OperationOutcome"}
DESCRIBED = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "rest": [{"resource": [{"type": "Slot"}]}],
}


def raw(answer: Any, status: int = 200) -> Exchange:
    (exchange,) = journal(search(answer, status))
    return exchange


@pytest.mark.parametrize(
    ("holds", "exchange"),
    [
        (SHOWS, RIGHT),
        (SHOWS, seen(slot(start="2024-10-28T08:00:00Z", end="2024-10-28T08:20:00Z"), *practice(ONE[1:]))),
        (
            check(platform.shows, [HOLDER, Holder(OTHER, {}, [], (TEN,))]),
            seen(slot(), *practice(), {**LATER, "schedule": {"reference": "Schedule/2"}}, *practice(OTHER, "2")),
        ),
        (platform.shows_nothing, raw(EMPTY)),
        (COUNTS, RIGHT),
        (check(platform.names_the_practitioner, HOLDER), RIGHT),
        (check(platform.names_the_structure, HOLDER), RIGHT),
        (check(platform.is_of_type, "ROUTINE"), seen(slot(appointmentType=ROUTINE))),
        (ONE_PHONE, seen(slot(), *PHONED)),
        (platform.refuses_with_a_reason, raw(REFUSAL, 400)),
        (platform.describes_itself, raw(DESCRIBED)),
    ],
)
def test_what_is_right_is_seen_right(holds: Check, exchange: Exchange) -> None:
    holds(exchange)


@pytest.mark.parametrize(
    ("holds", "exchange", "message"),
    [
        (SHOWS, raw(REFUSAL, 500), "HTTP 500"),
        (SHOWS, seen(slot(), LATER, *practice()), "les créneaux rendus"),
        (SHOWS, seen(), "les créneaux rendus"),
        (SHOWS, seen(slot(), slot(), *practice()), "chaque créneau une fois"),
        (SHOWS, seen(slot(end=None), *practice()), "sans début ou sans fin"),
        (SHOWS, seen(slot(), *practice(OTHER)), "les créneaux rendus"),
        (platform.shows_nothing, RIGHT, "le total"),
        (platform.shows_nothing, seen(*practice()), "entrées de la réponse"),
        (COUNTS, seen(slot(), *practice(), *practice(at="2")), "les ressources rendues"),
        (
            check(platform.names_the_practitioner, HOLDER),
            seen(slot(), *practice(ONE[1:])),
            "l'identifiant du praticien",
        ),
        (check(platform.names_the_structure, HOLDER), seen(*practice(structure="990000010")), "de la structure"),
        (check(platform.is_of_type, "WALKIN"), seen(slot(appointmentType=ROUTINE)), "le type de rendez-vous"),
        (check(platform.gives_telephones, []), seen(slot(), *PHONED), "les téléphones"),
        (ONE_PHONE, RIGHT, "les téléphones"),
        (platform.refuses_with_a_reason, raw(REFUSAL, 500), "un refus"),
        (platform.refuses_with_a_reason, raw({}, 400), "la ressource du refus"),
        (platform.describes_itself, raw({**DESCRIBED, "rest": []}), "la recherche de Slot"),
        (platform.describes_itself, raw(DESCRIBED, 404), "la description"),
        (platform.follows_the_profiles, RIGHT, "écarts aux profils"),
    ],
)
def test_what_is_wrong_is_said(holds: Check, exchange: Exchange, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        holds(exchange)


def test_each_slot_refers_to_its_communities() -> None:
    shared = Offer(datetime(2024, 10, 28, 9), communities=("1990000010",))
    holder = Holder(ONE, {}, [], (shared,))
    told = slot(meta=of("CPTS"), serviceType=to("HealthcareService/a"))
    platform.names_the_communities(seen(told, *community("1990000010", "a")), holder)
    with pytest.raises(AssertionError, match="les CPTS"):
        platform.names_the_communities(seen(told, *community("1990000028", "a")), holder)


def test_a_stranger_is_refused_in_the_handshake_or_by_a_status() -> None:
    cut = journal(search(None, None, silence="tls"))[0]
    for refused in (cut, raw(REFUSAL, 403)):
        platform.refuses(refused)
    for served in (RIGHT, raw(REFUSAL, 500), journal(search(None, None, silence="delai"))[0]):
        with pytest.raises(AssertionError):
            platform.refuses(served)


def test_the_platform_that_is_cut_off_sees_nothing_and_that_is_said() -> None:
    cut = journal(search(None, None, silence="tls"))[0]
    with pytest.raises(AssertionError, match="une poignée de main TLS rompue"):
        platform.shows(cut, [HOLDER])


def test_what_is_kept_apart_is_not_expected() -> None:
    kept = Offer(NINE.wall, reserved=True)
    of_communities = Offer(TEN.wall, publics=("CPTS",), communities=("1990000010",))
    holder = Holder(ONE, {}, [], (kept, of_communities))
    assert holder.expected("ps") == set()
    assert holder.expected("cpts") == {(ONE, TEN.start, TEN.start + timedelta(minutes=20))}


class Stage:
    """What the actor asks of a scene, with a product of one answer."""

    def __init__(self, tenant: TenantClient, answer: Mapping[str, Any]) -> None:
        self._facts = {"variantes": ("ps", "cpts"), "delai_s": 7}
        self._tenant, self._answer = tenant, answer
        self.opened: list[ProductApi] = []

    def facts(self, _: str) -> Mapping[str, Any]:
        return self._facts

    def identity(self, *_: str, most: str = "") -> None:
        return None

    def now(self) -> datetime:
        return datetime(2027, 7, 6, 12, tzinfo=UTC)

    def api(self, section: str, caller: Caller) -> ProductApi:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json=self._answer))
        self.opened.append(ProductApi(self._tenant, section, "https://produit.test/sas", caller, transport=transport))
        return self.opened[-1]


@pytest.fixture
def empty_handed(tenant: TenantClient) -> Iterator[SasAggregator]:
    stage = Stage(tenant, EMPTY)
    yield SasAggregator(cast(Scene, stage))
    for api in stage.opened:
        api.close()


@pytest.mark.check("AGD-095")
def test_an_empty_answer_is_not_judged_on_its_profile_and_the_journal_says_why(
    empty_handed: SasAggregator, tenant: TenantClient
) -> None:
    exchange = empty_handed.slots([ONE], variant="cpts")
    platform.follows_the_profiles(exchange)
    (written,) = tenant.read_all(service="serveur")
    (note,) = written.entry["notes"]
    assert note["code"] == "guide-contradictoire"
    assert "FAQ" in note["text"]


def test_an_empty_answer_about_practitioners_has_nothing_to_note(
    empty_handed: SasAggregator, tenant: TenantClient
) -> None:
    empty_handed.slots([ONE])
    (written,) = tenant.read_all(service="serveur")
    assert written.entry["notes"] == []


def test_a_search_that_the_product_does_not_serve_is_not_made(empty_handed: SasAggregator) -> None:
    with pytest.raises(UseNotServed):
        empty_handed.sites(["399900000000017"])


def test_unknown_practitioners_come_before_the_known_one(empty_handed: SasAggregator, tenant: TenantClient) -> None:
    empty_handed.among_unknown(ONE, 24)
    alone, among = tenant.read_all(service="serveur")
    assert alone.target.count("%7C") == 1
    assert among.target.count("%7C") == 25
    assert among.target.endswith(ONE)
