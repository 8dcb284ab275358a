"""Login of usagers by FranceConnect, whose file it is, logout."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from reference.login.reconciliation import reconciled, words
from reference.login.sessions import COOKIE as PRO_COOKIE
from reference.people import COOKIE
from reference.product import Refusal
from reference.records import Usager
from tests.reference.bench import Bench
from tests.reference.fake_identity import FC_PERSON
from tests.reference.visitors import Visitor, settled


def test_an_usager_logs_in_and_finds_her_file(bench: Bench) -> None:
    marie = bench.declare()
    visitor = Visitor(bench)
    end = visitor.log_in_with(bench.fc, "/espace/synthese")
    assert (end.status_code, end.headers["Location"]) == (302, "/espace/synthese")
    shown = visitor.usager()
    assert (shown["etat"], shown["usager"], shown["rapprochement"]) == ("ouverte", marie, "automatique")
    assert shown["identite"]["nom"] == "TESTINE"
    assert "TESTINE" in visitor.get("/espace/synthese").text


@pytest.mark.parametrize("name", ["franceconnect", "franceconnect_plus"])
def test_the_request_is_whole(bench: Bench, name: str) -> None:
    provider = bench.providers[name]
    visitor = Visitor(bench)
    for _ in range(2):
        visitor.leave_for(provider)
    first, second = provider.asked
    assert first["acr_values"] == provider.level
    assert "identite_pivot" in first["scope"].split()
    for part in ("state", "nonce"):
        assert len(first[part]) >= 32
        assert first[part] != second[part]


@pytest.mark.parametrize(
    "claims", [{"nonce": "autre"}, {"aud": "autre"}, {"iss": "autre"}, {"exp": 1}, {"acr": "eidas1"}, {"sub": "autre"}]
)
def test_an_id_token_that_is_wrong_opens_nothing(bench: Bench, claims: dict[str, Any]) -> None:
    bench.declare()
    plus = bench.providers["franceconnect_plus"]
    plus.claims = claims
    visitor = Visitor(bench)
    assert visitor.log_in_with(plus).status_code == 403
    assert visitor.usager()["etat"] == "refusee"
    assert visitor.get("/espace/synthese").status_code == 302


def test_a_higher_level_than_asked_is_accepted(bench: Bench) -> None:
    bench.declare()
    bench.fc.claims = {"acr": "eidas2"}
    visitor = Visitor(bench)
    visitor.log_in_with(bench.fc)
    assert visitor.usager()["etat"] == "ouverte"


def test_userinfo_of_somebody_else_or_signed_by_another_opens_nothing(bench: Bench) -> None:
    bench.declare()
    said = {**FC_PERSON, "iss": bench.fc.issuer, "aud": "produit"}
    headers = {"Content-Type": "application/jwt"}
    other = httpx.Response(200, text=bench.fc.jwt({**said, "sub": "autre"}), headers=headers)
    bench.fc.sign = "wrong"
    forged = httpx.Response(200, text=bench.fc.jwt(said), headers=headers)
    bench.fc.sign = "right"
    for reply in (other, forged, httpx.Response(200, text="rien"), httpx.Response(401)):
        bench.fc.next("/userinfo", reply)
        visitor = Visitor(bench)
        assert visitor.log_in_with(bench.fc).status_code == 403
        assert visitor.usager()["etat"] == "refusee"


def test_who_gives_up_is_back_on_the_login_page(bench: Bench) -> None:
    visitor = Visitor(bench)
    back = visitor.leave_for(bench.fc)
    end = visitor.get("/retour-franceconnect", state=back["state"], error="access_denied")
    assert end.headers["Location"] == "/connexion?motif=abandon"
    assert "renoncé" in visitor.get(end.headers["Location"]).text
    assert not bench.fc.calls("/token")


def test_a_return_of_another_browser_is_refused(bench: Bench) -> None:
    bench.declare()
    back = Visitor(bench).leave_for(bench.fc)
    thief = Visitor(bench)
    assert thief.get("/retour-franceconnect", **back).status_code == 403
    assert thief.get("/retour-franceconnect", **{**back, "state": ""}).status_code == 403
    assert not bench.fc.calls("/token")


def test_the_account_is_its_sub_whatever_the_address_or_the_name(bench: Bench) -> None:
    marie = bench.declare()
    Visitor(bench).log_in_with(bench.fc)
    bench.declare(nom="AUTRE", prenoms=["Paul"], sexe="M", courriel="nouvelle@exemple.test")
    bench.fc.person = {**FC_PERSON, "family_name": "MARIÉE", "email": "nouvelle@exemple.test"}
    visitor = Visitor(bench)
    visitor.log_in_with(bench.fc)
    assert visitor.usager()["usager"] == marie


def test_an_unknown_person_gets_a_file_without_matricule(bench: Bench) -> None:
    bench.fc.person = {**FC_PERSON, "birthplace": "", "birthcountry": "99352"}
    visitor = Visitor(bench)
    visitor.log_in_with(bench.fc)
    shown = visitor.usager()
    made = bench.product.people.usager(shown["usager"])
    assert shown["rapprochement"] == "nouveau"
    assert (made.nom, made.prenoms, made.sexe, made.ins) == ("TESTINE", ["Marie", "Anne"], "F", None)
    assert made.lieu_naissance == "99352"


def test_a_doubt_is_settled_by_a_person_of_the_establishment(bench: Bench) -> None:
    marie = bench.declare(date_naissance="1955-06-10")
    visitor = Visitor(bench)
    end = visitor.log_in_with(bench.fc)
    assert (end.status_code, "établissement doit encore" in end.text) == (200, True)
    shown = visitor.usager()
    assert (shown["rapprochement"], "usager" in shown) == ("a_confirmer", False)
    assert visitor.get("/espace/synthese").status_code == 302
    agent = settled(bench)
    page = agent.get("/dui/rapprochements").text
    assert "TESTINE Marie Anne" in page
    (waiting,) = bench.product.desk.france_connect.waiting()
    session = bench.product.desk.sessions.find(agent.cookie(PRO_COOKIE))
    assert session is not None
    form = {"demande": waiting.empreinte, "usager": marie}
    assert agent.post("/dui/rapprochements", **form).status_code == 403
    assert agent.post("/dui/rapprochements", **form, anti_csrf=session.csrf).status_code == 302
    assert visitor.usager()["usager"] == marie
    assert "TESTINE" in visitor.get("/espace/synthese").text
    again = Visitor(bench)
    again.log_in_with(bench.fc)
    assert again.usager()["usager"] == marie
    with pytest.raises(Refusal):
        bench.product.desk.france_connect.confirm(waiting.empreinte, None)


def test_logout_ends_both_sessions_and_checks_its_return(bench: Bench) -> None:
    bench.declare()
    visitor = Visitor(bench)
    visitor.log_in_with(bench.fc)
    before = visitor.session
    session = bench.product.people.session(visitor.cookie(COOKIE))
    assert session is not None
    url = visitor.post("/deconnexion", anti_csrf=session.csrf).headers["Location"]
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{bench.fc.issuer}/logout?")
    assert {"id_token_hint", "state", "post_logout_redirect_uri"} <= query.keys()
    assert bench.product.lire_session_usager(before)["etat"] == "fermee"
    assert visitor.get("/sortie-franceconnect", state="inventé").status_code == 400
    assert visitor.get("/sortie-franceconnect", state=query["state"][0]).headers["Location"] == "/connexion"
    assert bench.product.deconnecter_usager(before) == {}


def test_an_outage_is_told(bench: Bench) -> None:
    bench.fc.next("/openid-configuration", httpx.Response(503), httpx.Response(503))
    with pytest.raises(Refusal, match="FranceConnect ne répond pas"):
        bench.product.connecter_usager("franceconnect")
    page = Visitor(bench).get("/connexion/franceconnect")
    assert (page.status_code, "FranceConnect ne répond pas" in page.text) == (200, True)


def test_the_login_page_shows_the_ways_in(bench: Bench) -> None:
    page = Visitor(bench).get("/connexion", suite="/espace/synthese").text
    for path in ("/connexion/franceconnect?", "/connexion/franceconnect-plus?"):
        assert f'href="{path}suite=/espace/synthese"' in page


def test_one_login_goes_on_to_the_pairing_with_mes(bench: Bench) -> None:
    bench.declare()
    visitor = Visitor(bench)
    end = visitor.log_in_with(bench.providers["franceconnect_plus"], "/synchronisation-mes")
    assert visitor.get(end.headers["Location"]).headers["Location"].startswith("https://mes.test/")


FILE: dict[str, Any] = {
    "nom": "DE L'ÉTANG-DUVAL",
    "prenoms": ["Marie-Hélène", "Anne"],
    "sexe": "F",
    "date_naissance": "1955-06-09",
    "lieu_naissance": "99999",
}
SAID = {
    "family_name": "DE L ETANG DUVAL",
    "given_name": "Anne Marie Hélène",
    "birthdate": "1955-06-09",
    "gender": "female",
    "birthplace": "2A004",
    "birthcountry": "99100",
}


def usager(name: str = "u", **traits: Any) -> Usager:
    return Usager(id=name, idpe="", login="", courriel="", **{**FILE, **traits})


@pytest.mark.parametrize(
    ("said", "file", "verdict"),
    [
        ({}, {}, "automatique"),
        ({}, {"lieu_naissance": "2A004"}, "automatique"),
        ({"birthplace": "", "birthcountry": "99352"}, {"lieu_naissance": "99352"}, "automatique"),
        ({"birthplace": "", "birthcountry": "99352"}, {"lieu_naissance": "99109"}, "a_confirmer"),
        ({}, {"lieu_naissance": "2B004"}, "a_confirmer"),
        ({}, {"date_naissance": "1955-09-06"}, "a_confirmer"),
        ({}, {"nom": "AUTREMENT"}, "nouveau"),
        ({"preferred_username": "Autrement"}, {"nom": "AUTREMENT"}, "a_confirmer"),
        ({}, {"nom": "AUTREMENT", "nom_utilise": "De l'Étang-Duval"}, "a_confirmer"),
        ({}, {"sexe": "M"}, "a_confirmer"),
        ({"given_name": "Marie Anne"}, {"prenoms": ["Marie"]}, "a_confirmer"),
        ({}, {"prenoms": ["Zoé"]}, "a_confirmer"),
        ({}, {"prenoms": ["Zoé"], "date_naissance": "1980-01-01"}, "nouveau"),
        ({}, {"nom": "AUTREMENT", "date_naissance": "1980-01-01"}, "nouveau"),
    ],
)
def test_files_that_are_like_an_identity(said: dict[str, str], file: dict[str, Any], verdict: str) -> None:
    assert reconciled({**SAID, **said}, [usager(**file)]).verdict == verdict


def test_two_files_alike_or_one_that_is_taken_need_a_person() -> None:
    assert reconciled(SAID, [usager("a"), usager("b")]).usagers == ("a", "b")
    assert reconciled(SAID, [usager("a"), usager("b")]).verdict == "a_confirmer"
    assert reconciled(SAID, [usager("a")], taken=["a"]).verdict == "a_confirmer"
    assert reconciled(SAID, [usager("a"), usager("twin", prenoms=["Zoé"])]).verdict == "automatique"
    assert reconciled(SAID, []).verdict == "nouveau"


def test_words_of_names() -> None:
    assert words("D'Œuvre-Çağ  é") == ("D", "OEUVRE", "CAG", "E")
