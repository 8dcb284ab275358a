"""What professionals write and read in the agenda of Mon espace santé, by the API of the BSP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reference.product import Refusal
from tests.reference.bench import Bench
from tests.reference.fake_bsp import BASE
from tests.reference.fake_identity import PSC_PERSON
from tests.reference.fake_mes import SETTINGS, event, refused
from tests.reference.visitors import Visitor, declared, settled

JULY = ("2026-07-01", "2026-07-31")
CUT = httpx.ReadTimeout("coupé")
INS = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "255069999999934"}
HOSPITAL = {
    "source": "urn:oid:1.2.250.1.888",
    "tag": [{"system": "https://banc.test/bsp/structure", "code": "990000035", "display": "Hôpital fictif"}],
}


@pytest.fixture
def marie(bench: Bench) -> str:
    return bench.declare()


@pytest.fixture
def claude(bench: Bench) -> Visitor:
    return settled(bench)


def book(claude: Visitor, usager: str, debut: str = "2026-07-10T14:30", **details: Any) -> dict[str, Any]:
    return claude.bench.book(usager, debut, session=claude.session, **details)


def read(claude: Visitor, usager: str) -> dict[str, Any]:
    return claude.bench.product.synchroniser_agenda(usager, *JULY, session=claude.session)


def shown(bench: Bench, usager: str, vue: str = "dui") -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = bench.product.lire_agenda(usager, vue, *JULY)["evenements"]
    return events


def elsewhere(name: str = "radio", **elements: Any) -> dict[str, Any]:
    made = event(name, "2026-07-06T08:30:00Z", **elements)
    made["resource"]["meta"] = HOSPITAL
    return made


# -- writing


def test_an_appointment_goes_by_the_professional_and_names_the_person_by_her_ins(
    bench: Bench, marie: str, claude: Visitor
) -> None:
    made = book(claude, marie)
    assert made["envoi"]["etat"] == "envoye"
    (exchange,), (call,) = bench.bsp.exchanges, bench.bsp.calls
    assert exchange.form["subject_token"] == "psc-at-1"
    assert (exchange.form["client_id"], exchange.form["scope"]) == ("dui", "agenda.write agenda.read")
    assert (call.method, call.path, call.headers["authorization"]) == (
        "POST",
        "/bsp/fhir/Appointment",
        "Bearer bsp-at-1",
    )
    person = next(p for p in call.json["participant"] if p["actor"].get("type") == "Patient")
    assert person["actor"]["identifier"] == INS
    assert call.json["identifier"] == [made["identifiant"]]
    assert bench.mes.business() == []


def test_the_portal_writes_the_same_event(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.pair(marie)
    made = book(claude, marie)
    bench.product.renvoyer_rendez_vous(made["rendez_vous"])
    (ours,), (portal,) = bench.bsp.calls, bench.mes.business()
    assert ours.json["identifier"] == portal.json["identifier"]
    assert portal.method == "PUT"


def test_one_event_through_all_its_life(bench: Bench, marie: str, claude: Visitor) -> None:
    made, session = book(claude, marie), claude.session
    bench.product.deplacer_rendez_vous(made["rendez_vous"], "2026-07-11T09:00", session=session)
    bench.product.annuler_rendez_vous(made["rendez_vous"], "absence", session=session)
    assert [(c.method, c.json["status"], c.json["start"]) for c in bench.bsp.calls] == [
        ("POST", "booked", "2026-07-10T14:30:00+02:00"),
        ("PUT", "booked", "2026-07-11T09:00:00+02:00"),
        ("PUT", "cancelled", "2026-07-11T09:00:00+02:00"),
    ]
    assert {str(c.json["identifier"]) for c in bench.bsp.calls} == {str([made["identifiant"]])}
    assert bench.bsp.calls[1].query == f"identifier={made['identifiant']['system']}%7C{made['identifiant']['value']}"


@pytest.mark.parametrize(("attends", "required"), [(True, "required"), (False, "information-only")])
def test_whether_she_attends_is_said(bench: Bench, marie: str, claude: Visitor, attends: bool, required: str) -> None:
    book(claude, marie, usager_participe=attends)
    said = {p["required"] for p in bench.bsp.calls[0].json["participant"] if p["actor"].get("type") == "Patient"}
    assert said == {required}


@pytest.mark.parametrize("retrieved", [False, True])
def test_nothing_leaves_for_an_identity_that_is_not_qualified(bench: Bench, claude: Visitor, retrieved: bool) -> None:
    usager = bench.declare_without_ins()
    if retrieved:
        assert bench.product.recuperer_ins(usager)["statut"] == "recuperee"
    assert book(claude, usager)["envoi"]["etat"] == "sans_objet"
    assert "qualifiée" in read(claude, usager)["message"]
    assert bench.bsp.seen == []


def test_nothing_leaves_a_product_without_exchange(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.product.configurer(mes=SETTINGS, avec_echange=False)
    assert book(claude, marie)["envoi"]["etat"] == "sans_objet"
    assert bench.bsp.seen == []


def test_a_product_that_was_told_nothing_of_this_api_says_so(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.product.configurer(mes=SETTINGS)
    with pytest.raises(Refusal) as caught:
        read(claude, marie)
    assert caught.value.code == "non_configure"


@pytest.mark.parametrize(("local", "code"), [(True, "sans_psc"), (False, "session_absente")])
def test_a_session_of_pro_sante_connect_is_needed(bench: Bench, marie: str, local: bool, code: str) -> None:
    session: dict[str, Any] = {"cookies": {}}
    if local:
        account = declared(bench)
        session = bench.product.connecter_professionnel("local", professionnel=account)["session"]
    with pytest.raises(Refusal) as caught:
        bench.book(marie, session=session)
    assert caught.value.code == code
    assert bench.bsp.seen == []


# -- what goes wrong


def test_a_lost_answer_is_followed_by_the_same_event(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.next("POST", CUT)
    assert book(claude, marie)["envoi"]["etat"] == "envoye"
    assert [call.method for call in bench.bsp.calls] == ["POST", "PUT"]
    assert bench.bsp.calls[0].json["identifier"] == bench.bsp.calls[1].json["identifier"]


def test_after_an_outage_the_present_state_leaves_once(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.next("POST", httpx.Response(503))
    made = book(claude, marie)
    assert made["envoi"]["etat"] == "en_attente"
    bench.bsp.next("PUT", httpx.Response(503))
    bench.product.deplacer_rendez_vous(made["rendez_vous"], "2026-07-11T09:00", session=claude.session)
    sent = len(bench.bsp.calls)
    assert bench.product.reprendre_envois(session=claude.session) == {"envoyes": 1, "en_attente": 0}
    (last,) = bench.bsp.calls[sent:]
    assert (last.method, last.json["start"]) == ("PUT", "2026-07-11T09:00:00+02:00")
    assert bench.product.reprendre_envois(session=claude.session) == {"envoyes": 0, "en_attente": 0}


def test_retry_after_is_waited_for(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.next("POST", httpx.Response(429, headers={"Retry-After": "60"}))
    book(claude, marie)
    assert bench.product.reprendre_envois(marie, session=claude.session) == {"envoyes": 0, "en_attente": 1}
    assert len(bench.bsp.calls) == 1
    bench.clock.advance(seconds=61)
    assert bench.product.reprendre_envois(marie, session=claude.session) == {"envoyes": 1, "en_attente": 0}
    assert bench.bsp.calls[-1].method == "POST"  # a 429 made nothing


@pytest.mark.parametrize(("status", "code"), [(403, "OPPOSITION"), (404, "PERSON_UNKNOWN"), (422, "")])
def test_a_refusal_is_said_and_not_insisted_on(
    bench: Bench, marie: str, claude: Visitor, status: int, code: str
) -> None:
    bench.bsp.next("POST", refused(status, code))
    sent = book(claude, marie)["envoi"]
    assert (sent["etat"], sent["message"]) == ("refuse", f"refus {code}")
    assert bench.product.reprendre_envois(session=claude.session) == {"envoyes": 0, "en_attente": 0}
    assert len(bench.bsp.calls) == 1


def test_what_waited_at_the_portal_does_not_undo_what_the_professional_sent(
    bench: Bench, marie: str, claude: Visitor
) -> None:
    bench.pair(marie)
    bench.mes.next("POST", "/Appointment", httpx.Response(503))
    made = bench.book(marie)
    assert made["envoi"]["etat"] == "en_attente"
    before = len(bench.mes.business())
    bench.product.deplacer_rendez_vous(made["rendez_vous"], "2026-07-11T09:00", session=claude.session)
    bench.clock.advance(hours=1)
    bench.product.reprendre_envois(marie)
    assert len(bench.mes.business()) == before
    assert bench.bsp.calls[-1].json["start"] == "2026-07-11T09:00:00+02:00"


# -- tokens


def test_a_token_serves_until_it_expires(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.lifetime = 60
    for _ in range(2):
        book(claude, marie)
    assert len(bench.bsp.exchanges) == 1
    bench.clock.advance(seconds=61)
    book(claude, marie)
    assert [c.headers["authorization"] for c in bench.bsp.calls] == ["Bearer bsp-at-1"] * 2 + ["Bearer bsp-at-2"]


def test_a_401_is_followed_by_one_new_token_and_one_replay(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.dead = {"bsp-at-1"}
    assert book(claude, marie)["envoi"]["etat"] == "envoye"
    assert [c.headers["authorization"] for c in bench.bsp.calls] == ["Bearer bsp-at-1", "Bearer bsp-at-2"]
    bench.bsp.dead = {"bsp-at-2", "bsp-at-3"}
    assert book(claude, marie)["envoi"]["etat"] == "refuse"
    assert len(bench.bsp.calls) == 4
    assert len({call.headers["x-request-id"] for call in bench.bsp.calls}) == 4


def test_a_psc_token_that_is_refused_is_renewed_once(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.dead = {"psc-at-1"}
    assert book(claude, marie)["envoi"]["etat"] == "envoye"
    assert [one.form["subject_token"] for one in bench.bsp.exchanges] == ["psc-at-1", "psc-at-2"]


def test_without_a_token_the_appointment_waits(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.dead = {"psc-at-1", "psc-at-2"}
    assert book(claude, marie)["envoi"]["etat"] == "en_attente"
    assert (len(bench.bsp.exchanges), bench.bsp.calls) == (2, [])
    bench.bsp.dead = set()
    assert bench.product.reprendre_envois(session=claude.session) == {"envoyes": 1, "en_attente": 0}


def test_two_professionals_never_share_a_token(bench: Bench, marie: str, claude: Visitor) -> None:
    declared(bench, identifiant_national="899900000022")
    bench.psc.person = {**PSC_PERSON, "SubjectNameID": "899900000022"}
    other = Visitor(bench)
    other.log_in_with_psc()
    for visitor in (claude, other, claude):
        book(visitor, marie)
    assert [c.headers["authorization"] for c in bench.bsp.calls] == [f"Bearer bsp-at-{n}" for n in (1, 2, 1)]


# -- reading


def test_the_search_names_the_ins_and_two_encoded_bounds(bench: Bench, marie: str, claude: Visitor) -> None:
    read(claude, marie)
    assert bench.bsp.calls[0].query == (
        f"patient.identifier={INS['system']}%7C{INS['value']}"
        "&date=ge2026-07-01T00:00:00%2B02:00&date=lt2026-08-01T00:00:00%2B02:00"
    )


def test_the_dui_alone_shows_what_was_read_and_from_whom(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.pages = [[elsewhere()], [event("dentiste", "2026-07-08T09:00:00Z")]]
    assert read(claude, marie) == {"recus": 2}
    assert [(e["origine"], e["origine_libelle"]) for e in shown(bench, marie)] == [
        ("autre", "Mon espace santé, Hôpital fictif"),
        ("usager", "Ajouté par l'usager dans Mon espace santé"),
    ]
    assert shown(bench, marie, "portail") == []


def test_an_event_that_the_portal_read_too_is_shown_once(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.pair(marie)
    bench.mes.pages = bench.bsp.pages = [[elsewhere()]]
    bench.product.synchroniser_agenda(marie, *JULY)
    read(claude, marie)
    assert len(shown(bench, marie)) == 1


def test_our_own_events_come_back_unseen(bench: Bench, marie: str, claude: Visitor) -> None:
    made = book(claude, marie)
    bench.bsp.pages = [[elsewhere(identifier=[made["identifiant"]])]]
    assert read(claude, marie) == {"recus": 1}
    assert [e["origine"] for e in shown(bench, marie)] == ["produit"]
    assert [c.method for c in bench.bsp.calls] == ["POST", "GET"]


@pytest.mark.parametrize("gone", ["refused", "empty"])
def test_what_was_read_is_forgotten_when_it_may_be_read_no_more(
    bench: Bench, marie: str, claude: Visitor, gone: str
) -> None:
    bench.bsp.pages = [[elsewhere()]]
    read(claude, marie)
    bench.bsp.pages = [[]]
    if gone == "refused":
        bench.bsp.next("GET", refused(403, "CONSENT_REQUIRED"))
    read(claude, marie)
    assert shown(bench, marie) == []
    assert len(bench.bsp.calls) == 2
    bench.bsp.pages = [[elsewhere()]]
    assert read(claude, marie) == {"recus": 1}
    assert len(shown(bench, marie)) == 1


def test_an_outage_forgets_nothing(bench: Bench, marie: str, claude: Visitor) -> None:
    bench.bsp.pages = [[elsewhere()]]
    read(claude, marie)
    bench.bsp.next("GET", httpx.Response(503))
    assert "attendre" in read(claude, marie)["message"]
    assert len(shown(bench, marie)) == 1


@pytest.mark.parametrize("url", [f"{BASE}/fhir/Appointment?page=0", "https://ailleurs.test/fhir/Appointment?page=1"])
def test_tokens_go_to_no_other_server_and_round_no_loop(bench: Bench, marie: str, claude: Visitor, url: str) -> None:
    bundle = {"resourceType": "Bundle", "link": [{"relation": "next", "url": url}], "entry": [elsewhere()]}
    bench.bsp.next("GET", *(httpx.Response(200, json=bundle) for _ in range(3)))
    assert "s'est arrêtée" in read(claude, marie)["message"]
    assert len(bench.bsp.calls) <= 2
    assert bench.api.seen == []
