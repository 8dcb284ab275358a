"""How the product reacts when MES refuses, is slow, or does not answer."""

from __future__ import annotations

import httpx
import pytest

from tests.reference.bench import Bench
from tests.reference.fake_mes import refused

POST, PUT, GET = ("POST", "/Appointment"), ("PUT", "/Appointment"), ("GET", "/Appointment")


@pytest.fixture
def marie(bench: Bench) -> str:
    usager = bench.declare()
    bench.pair(usager)
    return usager


def state(bench: Bench, usager: str) -> str:
    return str(bench.product.lire_appariement(usager)["etat"])


@pytest.mark.parametrize("answer", [refused(401), refused(400, "INVALID_ID_TOKEN")])
def test_an_expired_token_is_refreshed_once_and_the_call_replayed(
    bench: Bench, marie: str, answer: httpx.Response
) -> None:
    bench.mes.next(*POST, answer)
    assert bench.book(marie)["envoi"] == {"etat": "envoye"}
    assert [c.headers["authorization"] for c in bench.mes.business()] == ["Bearer at-1", "Bearer at-2"]
    assert bench.mes.calls("POST", "/token")[-1].form["refresh_token"] == "rt-1"


def test_the_rotated_refresh_token_is_the_next_one_used(bench: Bench, marie: str) -> None:
    for _ in range(2):
        bench.mes.next(*POST, refused(401))
        bench.book(marie)
    used = [c.form["refresh_token"] for c in bench.mes.calls("POST", "/token") if "refresh_token" in c.form]
    assert used == ["rt-1", "rt-2"]


def test_401_after_refresh_breaks_the_pairing_and_calls_stop(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(401), refused(401))
    assert bench.book(marie)["envoi"]["etat"] == "refuse"
    assert state(bench, marie) == "rompu"
    seen = len(bench.mes.seen)
    assert bench.book(marie)["envoi"]["etat"] == "sans_objet"
    assert bench.product.reprendre_envois(marie) == {"envoyes": 0, "en_attente": 0}
    assert len(bench.mes.seen) == seen
    assert bench.pair(marie) == "apparie"


def test_a_refused_refresh_breaks_the_pairing(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(401))
    bench.mes.next("POST", "/token", httpx.Response(400, json={"error": "invalid_grant"}))
    bench.book(marie)
    assert state(bench, marie) == "rompu"
    assert len(bench.mes.business()) == 1


def test_a_refresh_that_gets_no_answer_keeps_the_pairing_and_the_write(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(401))
    bench.mes.next("POST", "/token", httpx.ConnectError("coupé"))
    assert bench.book(marie)["envoi"]["etat"] == "en_attente"
    assert state(bench, marie) == "apparie"
    assert bench.product.reprendre_envois(marie) == {"envoyes": 1, "en_attente": 0}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("PAIRING_SUSPENDED", "suspendu"),
        ("REAPPROVAL_REQUIRED", "a_reapprouver"),
        ("ACKNOWLEDGEMENT_REQUIRED", "a_reconnaitre"),
        ("SERVICE_NOT_REFERENCED", "suspendu"),
    ],
)
def test_a_pause_keeps_what_waits_and_stops_calls(bench: Bench, marie: str, code: str, expected: str) -> None:
    bench.mes.next(*POST, refused(403, code))
    first = bench.book(marie)
    assert state(bench, marie) == expected
    seen = len(bench.mes.seen)
    bench.book(marie, "2026-07-12T10:00")
    assert len(bench.mes.seen) == seen
    if first["envoi"]["etat"] == "en_attente":
        assert bench.product.reprendre_envois(marie) == {"envoyes": 2, "en_attente": 0}
        assert state(bench, marie) == "apparie"
    else:
        assert bench.product.lire_appariement(marie)["alerte_configuration"]


def test_a_new_version_holds_only_the_new_exchange(bench: Bench, marie: str) -> None:
    bench.mes.next(*GET, refused(403, "ACKNOWLEDGEMENT_REQUIRED"))
    bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")
    assert state(bench, marie) == "a_reconnaitre"
    assert bench.book(marie)["envoi"] == {"etat": "envoye"}
    reads = len(bench.mes.calls(*GET))
    assert bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")["recus"] == 0
    assert len(bench.mes.calls(*GET)) == reads


def test_unpairing_on_the_side_of_mes_is_seen_at_the_next_call(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(403, "PAIRING_REVOKED"))
    bench.book(marie)
    shown = bench.product.lire_appariement(marie)
    assert shown["etat"] == "rompu"
    assert "rompue" in shown["message"]
    seen = len(bench.mes.seen)
    bench.book(marie)
    bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")
    assert len(bench.mes.seen) == seen


def test_a_missing_consent_stops_that_finality_only_and_is_said(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(403, "CONSENT_REQUIRED"))
    assert bench.book(marie)["envoi"]["etat"] == "refuse"
    shown = bench.product.lire_appariement(marie)
    assert shown["etat"] == "apparie"
    assert shown["consentements_manquants"][0] == "AGENDA_ECRITURE"
    assert "AGENDA_LECTURE" not in shown["consentements_manquants"]
    assert "ajouter vos rendez-vous" in shown["message"]
    assert bench.book(marie)["envoi"]["etat"] == "sans_objet"
    assert len(bench.mes.calls(*POST)) == 1
    assert "message" not in bench.product.synchroniser_agenda(marie, "2026-07-01", "2026-07-31")


def test_nothing_of_the_queue_leaves_after_a_withdrawal(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(503))
    for day in (10, 11, 12):
        assert bench.book(marie, f"2026-07-{day}T10:00")["envoi"]["etat"] in ("en_attente", "envoye")
    bench.mes.next(*POST, refused(503))
    bench.book(marie, "2026-07-13T10:00")
    bench.book(marie, "2026-07-14T10:00")
    bench.mes.next(*PUT, refused(403, "CONSENT_REQUIRED"))
    bench.mes.next(*POST, refused(403, "CONSENT_REQUIRED"))
    assert bench.book(marie, "2026-07-15T10:00")["envoi"]["etat"] == "refuse"
    seen = len(bench.mes.seen)
    assert bench.product.reprendre_envois(marie) == {"envoyes": 0, "en_attente": 0}
    assert len(bench.mes.seen) == seen


def test_a_resend_asked_by_somebody_learns_of_a_consent_given_again(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(403, "CONSENT_REQUIRED"))
    made = bench.book(marie)
    assert bench.product.renvoyer_rendez_vous(made["rendez_vous"])["envoi"] == {"etat": "envoye"}
    assert state(bench, marie) == "apparie"


def test_409_on_the_oid_is_an_alert_without_retry(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(409, "OID_MISMATCH"))
    assert bench.book(marie)["envoi"]["etat"] == "refuse"
    assert "OID" in bench.product.lire_appariement(marie)["alerte_configuration"]
    bench.book(marie)
    bench.product.reprendre_envois(marie)
    assert len(bench.mes.business()) == 1


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_content_is_not_sent_again(bench: Bench, marie: str, status: int) -> None:
    bench.mes.next(*POST, refused(status, "value"))
    envoi = bench.book(marie)["envoi"]
    assert envoi == {"etat": "refuse", "message": "refus value"}
    assert bench.product.reprendre_envois(marie) == {"envoyes": 0, "en_attente": 0}
    assert len(bench.mes.business()) == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("retry_after", ["30", "Mon, 02 Mar 2026 09:00:30 GMT"])
def test_retry_after_is_honoured(bench: Bench, marie: str, status: int, retry_after: str) -> None:
    bench.mes.next(*POST, refused(status, Retry_After=retry_after))
    assert bench.book(marie)["envoi"]["etat"] == "en_attente"
    bench.clock.advance(seconds=29)
    assert bench.product.reprendre_envois(marie) == {"envoyes": 0, "en_attente": 1}
    assert len(bench.mes.business()) == 1
    bench.clock.advance(seconds=1)
    assert bench.product.reprendre_envois() == {"envoyes": 1, "en_attente": 0}
    assert [c.method for c in bench.mes.business()] == ["POST", "POST"]


@pytest.mark.parametrize("cut", [httpx.ReadTimeout("lent"), httpx.RemoteProtocolError("coupé")])
def test_a_lost_answer_is_followed_by_a_conditional_put(bench: Bench, marie: str, cut: Exception) -> None:
    bench.mes.next(*POST, cut)
    made = bench.book(marie)
    assert made["envoi"] == {"etat": "envoye"}
    post, put = bench.mes.business()
    assert (post.method, put.method) == ("POST", "PUT")
    assert put.query.endswith(made["identifiant"]["value"])
    assert put.json == post.json


def test_a_long_outage_keeps_every_step_in_order(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, httpx.ConnectError("coupé"))
    bench.mes.next(*PUT, httpx.ConnectError("coupé"), httpx.ConnectError("coupé"), httpx.ConnectError("coupé"))
    made = bench.book(marie)
    assert made["envoi"]["etat"] == "en_attente"
    assert bench.product.annuler_rendez_vous(made["rendez_vous"])["envoi"]["etat"] == "en_attente"
    assert bench.product.reprendre_envois(marie) == {"envoyes": 2, "en_attente": 0}
    assert [(c.method, c.json["status"]) for c in bench.mes.business()[-2:]] == [
        ("PUT", "booked"),
        ("PUT", "cancelled"),
    ]
    assert [c.method for c in bench.mes.business()].count("POST") == 1


def test_412_reads_again_before_writing_once_more(bench: Bench, marie: str) -> None:
    made = bench.book(marie)
    bench.mes.next(*PUT, refused(412))
    assert bench.product.annuler_rendez_vous(made["rendez_vous"])["envoi"] == {"etat": "envoye"}
    _, first, read, second = bench.mes.business()
    assert first.headers["if-match"] == 'W/"1"'
    assert (read.method, read.path.rsplit("/", 1)[1]) == ("GET", "a-1")
    assert second.headers["if-match"] == 'W/"7"'


def test_without_the_right_to_read_no_version_is_asked_for(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie, "openid AGENDA_ECRITURE")
    made = bench.book(marie)
    bench.product.annuler_rendez_vous(made["rendez_vous"])
    assert "if-match" not in bench.mes.business()[-1].headers


def test_the_trouble_of_one_usager_is_not_that_of_another(bench: Bench, marie: str) -> None:
    paul = bench.declare(nom="AUTRE")
    bench.pair(paul)
    bench.mes.next(*POST, refused(403, "PAIRING_REVOKED"))
    bench.book(marie)
    assert bench.book(paul)["envoi"] == {"etat": "envoye"}
    assert (state(bench, marie), state(bench, paul)) == ("rompu", "apparie")
    assert bench.mes.business()[-1].headers["authorization"] == "Bearer at-2"
