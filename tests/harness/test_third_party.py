"""The bench as the agenda that a professional chose: what it sends, what it sees in an answer, what it says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.actors import third_party_agenda as actor
from harness.actors import third_party_checks as checks
from harness.actors import third_party_practice as practice
from harness.actors.professional import Professional
from harness.actors.third_party_agenda import Event
from harness.errors import NotTestableHere, SetUpError
from harness.registrations import agenda_tiers
from harness.registrations.site import Site
from harness.scene import Scene
from harness.target_sections import ThirdPartySettings
from rules import Exchange
from tests.rules.cases.third_party import OURS, OUTCOME, STATEMENT, events, found, kept, metadata, owners, slot, slots
from tests.rules.cases.third_party_writes import LATER, LATER_END, START, closed, posted, pushed
from tests.rules.journal import Entry, journal

NINE, HALF_PAST = datetime.fromisoformat(START), datetime.fromisoformat(LATER)
WHO = Professional("p", "DUSOIN", "Claude", OURS, "10", "claude", "secret", [])


def one(entry: Entry) -> Exchange:
    return journal(entry)[0]


def reading(*resources: Any, **elements: Any) -> Exchange:
    return one(events(found(*resources, **elements)))


def finding(*resources: Any, status: int = 200) -> Exchange:
    return one(slots(found(*resources), status=status))


Check = Callable[[], None]
TWO = [(NINE, "booked"), (HALF_PAST, "booked")]
SECOND = slot("s2", LATER, LATER_END)
BOOKED = [one(posted()), one(posted(status=409, answer=OUTCOME))]
PAGES = [reading(kept()), reading(kept("2", value="e2"))]


@pytest.mark.parametrize(
    "holds",
    [
        lambda: checks.reads(reading(kept(), kept("2", start=LATER, end=LATER_END)), TWO),
        lambda: checks.reads(reading(), []),
        lambda: checks.slots_begin(finding(SECOND, slot()), [NINE, HALF_PAST]),
        lambda: checks.same_set(finding(slot()), finding(slot())),
        lambda: checks.same_set_or_refused(finding(slot()), one(slots(OUTCOME, status=400))),
        lambda: checks.same_set_or_refused(finding(slot()), finding(slot())),
        lambda: checks.includes_once(finding(slot(), *owners())),
        lambda: checks.includes_once(finding(slot(), *owners(), {"resourceType": "Location", "id": "l"})),
        lambda: checks.refused(one(posted(status=422, answer=OUTCOME)), 400, 422),
        lambda: checks.refused_by_size(one(posted(status=413, answer=""))),
        lambda: checks.refused_by_size(one(posted(status=None, silence="coupure"))),
        lambda: checks.written(one(pushed())),
        lambda: checks.written(one(pushed(status=200)), 200),
        lambda: checks.condition_held(1, one(pushed(status=200))),
        lambda: checks.condition_held(2, one(pushed(status=412))),
        lambda: checks.one_winner(BOOKED),
        lambda: checks.whole_once(PAGES, [Event(WHO, NINE, value="e2")]),
        lambda: checks.describes_itself(one(metadata(STATEMENT))),
        lambda: checks.same_hours([NINE], [NINE.replace(day=29)]),
        lambda: checks.each_once(["01:00", "02:00"]),
    ],
)
def test_what_is_right_is_seen_right(holds: Check) -> None:
    holds()


@pytest.mark.parametrize(
    ("fails", "message"),
    [
        (lambda: checks.reads(reading(kept()), TWO), "les événements lus"),
        (lambda: checks.reads(reading(kept(status="cancelled")), TWO[:1]), "les événements lus"),
        (lambda: checks.reads(reading(kept(start="demain")), TWO[:1]), "un début avec décalage horaire"),
        (lambda: checks.reads(one(events(OUTCOME, status=500)), []), "un Bundle"),
        (lambda: checks.reads(one(events(None, status=None, silence="delai")), []), "delai"),
        (lambda: checks.slots_begin(finding(slot(), SECOND), [NINE]), "les créneaux lus"),
        (lambda: checks.same_set(finding(slot()), finding(SECOND)), "les créneaux"),
        (lambda: checks.same_set_or_refused(finding(slot()), one(slots(OUTCOME, status=500))), "un Bundle"),
        (lambda: checks.includes_once(finding(slot(), *owners()[:2])), "aux ressources incluses"),
        (lambda: checks.includes_once(finding(slot(), *owners(), owners()[0])), "chaque ressource incluse une fois"),
        (lambda: checks.refused(one(posted()), 400, 422), "HTTP 400 ou 422"),
        (lambda: checks.refused(one(posted(status=422, answer={})), 422), "la ressource du refus"),
        (lambda: checks.refused_by_size(one(posted(status=500, answer=""))), "un refus"),
        (lambda: checks.refused_by_size(one(posted())), "un refus"),
        (lambda: checks.written(one(pushed(status=409))), "HTTP 200 ou 201"),
        (lambda: checks.written(one(pushed(status=200)), 201), "HTTP 201"),
        (lambda: checks.condition_held(2, one(pushed(status=200))), "pour 2 événement"),
        (lambda: checks.one_winner([BOOKED[0], BOOKED[0]]), "une seule réservation"),
        (lambda: checks.one_winner([BOOKED[0], one(posted(status=500))]), "un refus"),
        (lambda: checks.whole_once([PAGES[0], PAGES[0]], []), "chaque événement une fois"),
        (lambda: checks.whole_once(PAGES, [Event(WHO, NINE, value="e3")]), "qui manquent"),
        (lambda: checks.describes_itself(one(metadata(OUTCOME, 404))), "la description"),
        (lambda: checks.same_hours([], []), "des créneaux la veille"),
        (lambda: checks.same_hours([NINE], [HALF_PAST]), "les heures du lendemain"),
        (lambda: checks.each_once(["02:00", "02:00"]), "les créneaux de la nuit"),
    ],
)
def test_what_is_wrong_is_said(fails: Check, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        fails()


def test_an_event_is_an_appointment_on_the_clock_of_paris() -> None:
    event = Event(WHO, datetime(2024, 7, 1, 7, tzinfo=UTC), elements={"end": None, "comment": "Au cabinet"})
    made = event.resource()
    assert made["start"] == "2024-07-01T09:00:00+02:00"
    assert "end" not in made
    assert made["comment"] == "Au cabinet"
    assert made["participant"][0]["actor"]["identifier"]["value"] == OURS


@pytest.mark.parametrize(
    ("writing", "bound"),
    [
        ("decalage", "ge2024-10-28T09:00:00%2B01:00"),
        ("brut", "ge2024-10-28T09:00:00+01:00"),
        ("universel", "ge2024-10-28T08:00:00Z"),
    ],
)
def test_a_window_is_written_in_three_ways(writing: str, bound: str) -> None:
    assert actor.window(NINE, HALF_PAST, writing)[0] == bound


@pytest.mark.parametrize(
    ("today", "night"),
    [
        (datetime(2026, 11, 29, tzinfo=UTC), datetime(2027, 10, 31)),
        (datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 10, 25)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2027, 10, 31)),
    ],
)
def test_the_next_autumn_night_is_at_least_in_two_days(today: datetime, night: datetime) -> None:
    assert practice.next_autumn(cast(Scene, SimpleNamespace(now=lambda: today))) == night


def test_an_agenda_that_does_not_reach_so_far_is_not_accused() -> None:
    practice.require_slots([NINE])
    with pytest.raises(NotTestableHere):
        practice.require_slots([])


def site(*, configurable: bool, token: str = "") -> Site:
    settings = ThirdPartySettings("/agenda/fhir", token)
    told = SimpleNamespace(target=SimpleNamespace(third_party=settings), configurable=configurable)
    told.absolute = lambda address, _key: f"https://produit.test{address}"
    return cast(Site, told)


def test_a_token_is_chosen_for_the_third_party_agenda_and_told_to_the_product() -> None:
    made = agenda_tiers.register(site(configurable=True))
    assert made is not None
    assert made.api == "https://produit.test/agenda/fhir"
    assert made.configuration == made.facts
    assert made.configuration["jeton"].startswith("banc-at-")


def test_a_product_that_its_vendor_configured_needs_the_token_of_its_vendor() -> None:
    with pytest.raises(SetUpError, match="agenda_tiers"):
        agenda_tiers.register(site(configurable=False))
    made = agenda_tiers.register(site(configurable=False, token="jeton-de-l-editeur"))
    assert made is not None
    assert made.facts == {"jeton": "jeton-de-l-editeur"}


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://produit.test/agenda/fhir/Appointment?p=2", "https://produit.test/agenda/fhir/Appointment?p=2"),
        ("https://produit.test/pages/2", "https://produit.test/pages/2"),
        ("Appointment?p=2", "https://produit.test/agenda/fhir/Appointment?p=2"),
        ("/pages/2", "https://produit.test/pages/2"),
        ("https://ailleurs.test/agenda/fhir/Appointment?p=2", ""),
        ("http://[", ""),
    ],
)
def test_a_link_is_followed_wherever_it_leads_in_the_product(link: str, address: str) -> None:
    assert actor._joined("https://produit.test/agenda/fhir", link) == address


def test_a_deleted_agenda_is_no_search() -> None:
    with pytest.raises(AssertionError, match="un Bundle"):
        actor.resources(one(closed()))
