"""Login of professionals by Pro Santé Connect in the browser, choice of situation, logout, local accounts."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from reference.login.psc import DOWN
from reference.login.sessions import COOKIE as PRO_COOKIE
from reference.product import Refusal
from reference.professionals import Professional
from tests.reference.bench import Bench
from tests.reference.fake_identity import PSC_PERSON
from tests.reference.visitors import CLAUDE, Visitor, declared, settled

TWO = {
    "exercices": [
        {"codeProfession": "60", "activities": [{"numeroFinessSite": "990000010"}, {"numeroSiretSite": "00001"}]}
    ]
}


def test_a_professional_logs_in_and_finds_the_page_she_wanted(bench: Bench) -> None:
    account = declared(bench)
    visitor = Visitor(bench)
    end = visitor.log_in_with_psc("/dui/rapprochements")
    assert (end.status_code, end.headers["Location"]) == (302, "/dui/rapprochements")
    cookie = next(h for h in end.headers.getlist("Set-Cookie") if h.startswith(PRO_COOKIE))
    assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=Lax"))
    shown = visitor.professional()
    assert (shown["etat"], shown["professionnel"]) == ("ouverte", account)
    assert (shown["identifiant_national"], shown["situation"], shown["structure"]) == (
        "899900000011",
        "1.1",
        "990000010",
    )
    assert visitor.get("/dui/rapprochements").status_code == 200


def test_the_request_is_whole_and_new_each_time(bench: Bench) -> None:
    visitor = Visitor(bench)
    for _ in range(2):
        visitor.leave_for_psc()
    first, second = bench.psc.asked
    assert (first["response_type"], first["scope"], first["acr_values"]) == ("code", "openid scope_all", "eidas1")
    assert (first["code_challenge_method"], first["redirect_uri"]) == ("S256", "https://portail.banc.test/retour-psc")
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 32
        assert first[name] != second[name]


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "autre"},
        {"aud": "autre"},
        {"aud": ["produit", "autre"]},
        {"iss": "https://autre.test"},
        {"exp": 1},
        {"acr": "eidas2"},
        {"acr": None},
        {"sub": "autre"},
    ],
)
def test_an_id_token_that_is_wrong_opens_nothing(bench: Bench, claims: dict[str, Any]) -> None:
    declared(bench)
    visitor = Visitor(bench)
    bench.psc.claims = claims
    end = visitor.log_in_with_psc()
    assert end.status_code == 403
    assert "n'a pas pu être vérifiée" in end.get_data(as_text=True).replace("&#39;", "'")
    assert visitor.professional()["etat"] == "refusee"
    assert visitor.get("/dui/personnes").status_code == 302


@pytest.mark.parametrize("sign", ["wrong", "unknown", "none"])
def test_an_id_token_that_psc_did_not_sign_opens_nothing(bench: Bench, sign: str) -> None:
    declared(bench)
    visitor = Visitor(bench)
    bench.psc.sign = sign
    assert visitor.log_in_with_psc().status_code == 403
    assert visitor.professional()["etat"] == "refusee"
    assert len(bench.psc.calls("/certs")) <= 2


def test_keys_are_read_again_once_for_a_new_kid(bench: Bench) -> None:
    settled(bench)
    assert len(bench.psc.calls("/certs")) == 1
    bench.psc.keys.append("b")
    other = Visitor(bench)
    assert other.log_in_with_psc().status_code == 302
    assert len(bench.psc.calls("/certs")) == 2


def test_a_return_is_good_in_its_browser_and_once(bench: Bench) -> None:
    declared(bench)
    victim, thief = Visitor(bench), Visitor(bench)
    back = victim.leave_for_psc()
    thief.leave_for_psc()
    assert thief.get("/retour-psc", **back).status_code == 403
    assert thief.professional()["etat"] == "refusee"
    assert victim.get("/retour-psc", **{**back, "state": "inventé"}).status_code == 403
    assert victim.get("/retour-psc", **back).status_code == 302
    assert victim.get("/retour-psc", **back).status_code == 403
    assert len(bench.psc.calls("/token")) == 1


def test_a_return_in_the_name_of_another_provider_is_refused(bench: Bench) -> None:
    declared(bench)
    visitor = Visitor(bench)
    assert visitor.get("/retour-psc", **visitor.leave_for_psc(), iss="https://autre.test").status_code == 403
    assert visitor.get("/retour-psc", **visitor.leave_for_psc(), iss=bench.psc.issuer).status_code == 302


def test_who_gives_up_is_back_on_the_login_page(bench: Bench) -> None:
    visitor = Visitor(bench)
    back = visitor.leave_for_psc()
    end = visitor.get("/retour-psc", state=back["state"], error="access_denied")
    assert end.headers["Location"] == "/professionnel/connexion?motif=abandon"
    assert "n'a pas été faite" in visitor.get(end.headers["Location"]).get_data(as_text=True).replace("&#39;", "'")


def test_the_account_is_found_by_its_number_and_never_by_its_name(bench: Bench) -> None:
    declared(bench, identifiant_national="899900000099")
    visitor = Visitor(bench)
    assert visitor.log_in_with_psc().status_code == 403
    assert "Aucun compte" in visitor.professional()["message"]
    account = declared(bench, nom="AUTREMENT")
    visitor.log_in_with_psc()
    assert visitor.professional()["professionnel"] == account
    local = bench.product.connecter_professionnel("local", professionnel=account)["session"]
    assert bench.product.lire_session_professionnel(session=local)["professionnel"] == account


def test_two_accounts_never_share_an_identifier(bench: Bench) -> None:
    declared(bench)
    with pytest.raises(Refusal, match="identifiant national"):
        declared(bench)


def test_who_has_several_situations_chooses_one(bench: Bench) -> None:
    bench.psc.person = {**PSC_PERSON, "SubjectRefPro": TWO}
    declared(bench)
    visitor = Visitor(bench)
    end = visitor.log_in_with_psc("/dui/personnes")
    assert end.headers["Location"] == "/professionnel/situation?suite=/dui/personnes"
    shown = visitor.professional()
    assert "situation" not in shown
    assert [one.get("structure") for one in shown["situations"]] == ["990000010", "00001"]
    assert visitor.get(end.headers["Location"]).status_code == 200
    with pytest.raises(Refusal, match="Choisissez"):
        bench.product.appeler_api_psc(visitor.session, "c-1")
    with pytest.raises(Refusal, match="pas une des vôtres"):
        bench.product.choisir_situation(visitor.session, "7.7")
    chosen = bench.product.choisir_situation(visitor.session, "1.2")
    assert chosen == {"situation": "1.2", "structure": "00001"}
    assert visitor.professional()["situation"] == "1.2"


@pytest.mark.parametrize(
    "reference",
    [
        None,
        {},
        {"exercices": []},
        {"exercices": [{"codeProfession": ""}]},
        {"exercices": [{"activities": [{"numeroFinessSite": "", "raisonSocialeSite": ""}]}]},
    ],
)
def test_empty_values_of_psc_do_no_harm(bench: Bench, reference: Any) -> None:
    bench.psc.person = {**PSC_PERSON, "SubjectRefPro": reference}
    visitor = settled(bench)
    assert visitor.professional()["etat"] == "ouverte"
    assert bench.product.appeler_api_psc(visitor.session, "c-1") == {"statut": 200}


@pytest.mark.parametrize("reply", [httpx.Response(503), httpx.ConnectError("coupé"), httpx.Response(429)])
def test_an_outage_is_told_and_the_rest_works(bench: Bench, reply: Any) -> None:
    account = declared(bench)
    bench.psc.next("/openid-configuration", reply)
    with pytest.raises(Refusal, match="ne répond pas"):
        bench.product.connecter_professionnel("psc")
    visitor = Visitor(bench)
    bench.psc.next("/token", reply)
    end = visitor.log_in_with_psc()
    assert (end.status_code, "ne répond pas" in end.text) == (200, True)
    assert visitor.professional() == {"etat": "refusee", "message": DOWN}
    assert bench.product.connecter_professionnel("local", professionnel=account)["session"]
    assert bench.declare()


def test_logout_ends_both_sessions_and_checks_its_return(bench: Bench) -> None:
    visitor = settled(bench)
    url = bench.product.deconnecter_professionnel(visitor.session)["url"]
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{bench.psc.issuer}/logout?")
    assert query["id_token_hint"][0].count(".") == 2
    assert query["post_logout_redirect_uri"] == ["https://portail.banc.test/sortie-psc"]
    assert visitor.professional()["etat"] == "fermee"
    assert visitor.get("/dui/personnes").status_code == 302
    assert visitor.get("/sortie-psc", state="inventé").status_code == 400
    assert visitor.get("/sortie-psc", state=query["state"][0]).headers["Location"] == "/professionnel/connexion"
    assert visitor.get("/sortie-psc", state=query["state"][0]).status_code == 400
    assert bench.product.deconnecter_professionnel(visitor.session) == {}


def test_a_session_cookie_planted_before_the_login_opens_nothing(bench: Bench) -> None:
    declared(bench)
    visitor = Visitor(bench)
    visitor.client.set_cookie(PRO_COOKIE, "imposé", domain="portail.banc.test")
    visitor.log_in_with_psc()
    assert visitor.cookie(PRO_COOKIE) != "imposé"
    assert bench.product.lire_session_professionnel({"cookies": {PRO_COOKIE: "imposé"}}) == {"etat": "fermee"}


@pytest.mark.parametrize("page", ["https://mal.test/", "//mal.test", "/\\mal.test", "\\\\mal.test", "javascript:a"])
def test_no_login_leads_to_another_site(bench: Bench, page: str) -> None:
    declared(bench)
    visitor = Visitor(bench)
    assert visitor.log_in_with_psc(page).headers["Location"] == "/dui/personnes"
    bench.declare()
    assert visitor.log_in_with(bench.fc, page).headers["Location"] == "/"


def test_sessions_end_after_the_idle_delay_and_after_four_hours(bench: Bench) -> None:
    visitor = settled(bench)
    for _ in range(9):
        bench.clock.advance(minutes=25)
        assert visitor.get("/dui/personnes").status_code == 200
    bench.clock.advance(minutes=20)
    assert visitor.get("/dui/personnes").status_code == 302
    assert visitor.professional()["etat"] == "expiree"
    other = Visitor(bench)
    other.log_in_with_psc()
    bench.clock.advance(minutes=31)
    assert other.professional()["etat"] == "expiree"


def test_the_administrator_sets_the_idle_delay_of_all(bench: Bench) -> None:
    account = declared(bench, droits=["administration"])
    visitor = Visitor(bench)
    visitor.log_in_with_psc()
    csrf = bench.product.desk.sessions.find(visitor.cookie(PRO_COOKIE))
    assert csrf is not None
    assert visitor.get("/dui/personnes").status_code == 403, "an administrator has no access to files"
    assert visitor.post("/dui/administration", minutes="5").status_code == 403
    assert visitor.post("/dui/administration", minutes="5", anti_csrf=csrf.csrf).status_code == 302
    assert visitor.post("/dui/administration", minutes="0", anti_csrf=csrf.csrf).status_code == 400
    marie = bench.declare()
    assert bench.get(marie, "/espace/synthese").status_code == 200
    bench.clock.advance(minutes=6)
    assert bench.get(marie, "/espace/synthese").status_code == 302
    assert visitor.professional()["etat"] == "expiree"
    assert account


def test_local_passwords_are_tried_five_times(bench: Bench) -> None:
    account = declared(bench, identifiant_local="cdusoin")
    found = bench.product.store.get(Professional, account)
    assert found is not None
    right = {"identifiant": "cdusoin", "mot_de_passe": found.courriers[0]}
    visitor = Visitor(bench)
    assert visitor.post("/professionnel/connexion", **right).headers["Location"] == "/dui/personnes"
    assert visitor.professional()["identifiant_national"] == CLAUDE["identifiant_national"]
    wrong = {**right, "mot_de_passe": "faux"}
    assert [visitor.post("/professionnel/connexion", **wrong).status_code for _ in range(6)] == [401] * 5 + [429]
    assert visitor.post("/professionnel/connexion", **right).status_code == 429
    bench.clock.advance(minutes=16)
    assert visitor.post("/professionnel/connexion", **right).status_code == 302


def test_the_password_of_an_usager_is_tried_five_times(bench: Bench) -> None:
    bench.declare()
    form = {"identifiant": "usager00001", "mot_de_passe": "faux"}
    visitor = Visitor(bench)
    assert [visitor.post("/connexion", **form).status_code for _ in range(6)] == [401] * 5 + [429]
