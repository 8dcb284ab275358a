"""Pages of the portal and of the DUI, login, way in from the catalogue, and the driver of the bench."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reference.login.sessions import COOKIE as PRO_COOKIE
from reference.people import COOKIE
from reference.product import Refusal
from reference.records import Usager
from reference.web.driver import ACTIONS
from tests.reference.bench import Bench
from tests.reference.fake_mes import SETTINGS, event

BASE = "https://portail.banc.test"
VOCABULARY = Path(__file__).parents[2] / "harness" / "vocabulary.json"
HEALTH_PAGES = ("/espace/synthese", "/espace/contrat", "/espace/calendrier", "/appariement-mes", "/synchronisation-mes")
PAGES = ("/", "/espace/synthese", "/espace/contrat", "/espace/calendrier", "/appariement-mes")


class Shape(HTMLParser):
    """What accessibility needs of a page: its language, titles, fields and their labels."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang = ""
        self.titles: list[str] = []
        self.fields: list[str] = []
        self.labels: list[str] = []
        self.hidden: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = values.get("lang", "")
        if tag in ("h1", "title"):
            self.titles.append(tag)
        if tag == "label":
            self.labels.append(values["for"])
        if tag == "input" and values.get("type") == "hidden":
            self.hidden[values["name"]] = values.get("value", "")
        elif tag == "input":
            self.fields.append(values.get("id", ""))


def password_and_code(bench: Bench, usager: str) -> tuple[str, list[str]]:
    found = bench.product.people.usager(usager)
    return found.courriers[0], found.courriers[1:]


def test_two_factors_open_the_portal_and_lead_to_the_page_asked_for(bench: Bench) -> None:
    marie = bench.declare()
    password, _ = password_and_code(bench, marie)
    client = bench.product.application.test_client()
    asked = client.get("/espace/calendrier?du=2026-07-01", base_url=BASE)
    assert asked.status_code == 302
    form = {"identifiant": "usager00001", "mot_de_passe": password, "suite": "/espace/calendrier?du=2026-07-01"}
    assert client.post("/connexion", data={**form, "mot_de_passe": "faux"}, base_url=BASE).status_code == 401
    assert client.post("/connexion", data=form, base_url=BASE).status_code == 200
    assert client.get("/espace/calendrier", base_url=BASE).status_code == 302
    _, (code,) = password_and_code(bench, marie)
    wrong = "000000" if code != "000000" else "000001"
    assert client.post("/connexion/code", data={"code": wrong}, base_url=BASE).status_code == 401
    opened = client.post("/connexion/code", data={"code": code}, base_url=BASE)
    assert opened.headers["Location"] == "/espace/calendrier?du=2026-07-01"
    cookie = next(h for h in opened.headers.getlist("Set-Cookie") if h.startswith(COOKIE))
    assert "HttpOnly" in cookie
    assert "Secure" in cookie
    assert client.get("/espace/calendrier?du=2026-07-01", base_url=BASE).status_code == 200


def test_a_code_is_lost_after_five_tries(bench: Bench) -> None:
    marie = bench.declare()
    password, _ = password_and_code(bench, marie)
    client = bench.product.application.test_client()
    client.post("/connexion", data={"identifiant": "usager00001", "mot_de_passe": password}, base_url=BASE)
    _, (code,) = password_and_code(bench, marie)
    for _ in range(5):
        client.post("/connexion/code", data={"code": "faux"}, base_url=BASE)
    assert client.post("/connexion/code", data={"code": code}, base_url=BASE).status_code == 401


@pytest.mark.parametrize("path", HEALTH_PAGES)
def test_pages_with_health_data_need_a_session(bench: Bench, path: str) -> None:
    bench.declare()
    answer = bench.product.application.test_client().get(path, base_url=BASE)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/connexion?suite=")
    assert "TESTINE" not in answer.text


def test_a_closed_session_opens_nothing(bench: Bench) -> None:
    marie = bench.declare()
    assert bench.get(marie, "/espace/synthese").status_code == 200
    bench.product.fermer_session(marie)
    assert bench.get(marie, "/espace/synthese").status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible(bench: Bench, path: str) -> None:
    marie = bench.declare()
    bench.pair(marie)
    bench.book(marie)
    answer: TestResponse = bench.get(marie, path, du="2026-07-01", au="2026-07-31")
    page = Shape(answer.text)
    assert (page.lang, page.titles) == ("fr", ["title", "h1"])
    assert set(page.fields) == set(page.labels)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_login_page_is_accessible(bench: Bench) -> None:
    page = Shape(bench.product.application.test_client().get("/connexion", base_url=BASE).text)
    assert (page.lang, page.titles) == ("fr", ["title", "h1"])
    assert page.fields == page.labels == ["identifiant", "mot_de_passe"]


def test_the_buttons_of_the_pairing_page_start_renew_and_break_the_pairing(bench: Bench) -> None:
    marie = bench.declare()
    hidden = Shape(bench.get(marie, "/appariement-mes").text).hidden
    client = bench.browser(marie)
    assert client.post("/appariement-mes", base_url=BASE).status_code == 403
    started = client.post("/appariement-mes", data=hidden, base_url=BASE)
    assert started.headers["Location"].startswith("https://mes.test/")
    back = bench.get(marie, "/appariement-mes/retour", **bench.mes.accept(started.headers["Location"]))
    assert back.headers["Location"] == "/appariement-mes"
    assert 'data-etat="apparie"' in bench.get(marie, "/appariement-mes").text
    bench.mes.scope = "openid AGENDA_LECTURE"
    client.post("/appariement-mes/actualiser", data=hidden, base_url=BASE)
    assert bench.product.lire_appariement(marie)["finalites"] == ["AGENDA_LECTURE"]
    client.post("/appariement-mes/rompre", data=hidden, base_url=BASE)
    assert bench.product.lire_appariement(marie)["etat"] == "non_apparie"


def test_the_catalogue_leads_to_the_pairing_with_its_parameters(bench: Bench) -> None:
    marie = bench.declare()
    client = bench.product.application.test_client()
    path = "/synchronisation-mes?origine=catalogue&profil=OD"
    login = client.get(path, base_url=BASE).headers["Location"]
    assert login == "/connexion?suite=/synchronisation-mes?origine%3Dcatalogue%26profil%3DOD"
    resumed = bench.browser(marie).get(login, base_url=BASE)
    assert resumed.headers["Location"] == path
    assert bench.browser(marie).get(path, base_url=BASE).headers["Location"].startswith("https://mes.test/")


@pytest.mark.parametrize("suite", ["https://ailleurs.test/", "//ailleurs.test", "/\\ailleurs.test", "javascript:x"])
def test_the_login_never_leads_to_another_site(bench: Bench, suite: str) -> None:
    marie = bench.declare()
    assert bench.get(marie, "/connexion", suite=suite).headers["Location"] == "/"


def test_the_return_address_may_be_another_path(bench: Bench) -> None:
    marie = bench.declare()
    bench.product.configurer(mes={**SETTINGS, "redirect_uri": f"{BASE}/retour/mes"})
    bench.browser(marie)
    back = bench.mes.accept(bench.product.apparier_mes(marie)["url"])
    assert bench.get(marie, "/retour/mes", **back).status_code == 302
    assert bench.product.lire_appariement(marie)["etat"] == "apparie"
    assert bench.get(marie, "/ailleurs").status_code == 404


def test_the_calendar_shows_all_events_and_can_read_mes(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie)
    bench.book(marie)
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z")]]
    hidden = Shape(bench.get(marie, "/espace/calendrier", du="2026-07-01", au="2026-07-31").text).hidden
    bench.browser(marie).post("/espace/calendrier/actualiser", data=hidden, base_url=BASE)
    page = bench.get(marie, "/espace/calendrier", du="2026-07-01", au="2026-07-31").text
    assert "02/07/2026 14:00" in page
    assert "10/07/2026 14:30" in page
    assert "Kinésithérapie" in page


def test_the_dui_opens_with_the_session_of_a_professional_only(bench: Bench) -> None:
    marie = bench.declare()
    bench.book(marie)
    client = bench.product.application.test_client()
    outside = client.get("/dui/personnes", base_url=BASE)
    assert (outside.status_code, outside.headers["Location"]) == (302, "/professionnel/connexion?suite=/dui/personnes")
    account = bench.product.declarer_professionnel("DUSOIN", "Claude")["professionnel"]
    cookies = bench.product.connecter_professionnel("local", professionnel=account)["session"]["cookies"]
    client.set_cookie(PRO_COOKIE, cookies[PRO_COOKIE], domain="portail.banc.test")
    assert "TESTINE" in client.get("/dui/personnes", base_url=BASE).text
    page = client.get(f"/dui/personnes/{marie}?du=2026-07-01&au=2026-07-31", base_url=BASE).text
    assert "10/07/2026 14:30" in page


def test_the_space_of_the_usager_has_its_three_contents(bench: Bench) -> None:
    marie = bench.declare()
    space = bench.product.lire_espace_usager(marie)
    assert set(space) == {"synthese", "contrat", "agenda_url", "synthese_url", "contrat_url"}
    for name in ("synthese", "contrat"):
        assert space[name] in bench.get(marie, space[f"{name}_url"].removeprefix(BASE)).text


def test_the_representative_reads_the_file_of_the_child_and_nobody_else_does(bench: Bench) -> None:
    marie, paul = bench.declare(), bench.declare(nom="AUTRE")
    child = bench.declare(nom="PETIT", prenoms=["Léo"], representant=marie)
    sessions = {one: bench.product.ouvrir_session(one)["session"] for one in (marie, paul)}
    space = bench.product.lire_espace_usager(child, session=sessions[marie])
    assert "PETIT" in space["synthese"]
    path = space["synthese_url"].removeprefix(BASE)
    assert "PETIT" in bench.browser(marie).get(path, base_url=BASE).text
    assert bench.browser(paul).get(path, base_url=BASE).status_code == 403
    with pytest.raises(Refusal):
        bench.product.lire_espace_usager(child, session=sessions[paul])


def call(bench: Bench, name: str, body: Any = None, **environ: Any) -> TestResponse:
    client = bench.product.application.test_client()
    data = None if body is None else json.dumps(body)
    return client.post(f"/_pilote/actions/{name}", data=data, environ_overrides=environ)


def test_the_driver_offers_every_action_of_the_vocabulary(bench: Bench) -> None:
    offered = bench.product.application.test_client().get("/_pilote/actions").get_json()["actions"]
    assert sorted(offered) == sorted(json.loads(VOCABULARY.read_text(encoding="utf-8"))["actions"])
    assert tuple(offered) == ACTIONS


def test_the_driver_acts_refuses_and_says_what_is_wrong(bench: Bench) -> None:
    marie = bench.declare()
    made = call(bench, "creer_rendez_vous", {"usager": marie, "debut": "2026-07-10T10:00", "intitule": "Visite"})
    assert (made.status_code, made.get_json()["envoi"]["etat"]) == (200, "sans_objet")
    refusal = call(bench, "apparier_mes", {"usager": marie})
    assert (refusal.status_code, refusal.get_json()["erreur"]) == (422, "session_absente")
    assert call(bench, "lire_journal_technique").status_code == 200
    assert call(bench, "voler").status_code == 501
    assert call(bench, "lire_appariement", {"inconnu": 1}).status_code == 400
    assert call(bench, "lire_appariement", {"usager": marie}, REMOTE_ADDR="192.0.2.1").status_code == 403


def test_the_results_are_those_of_the_vocabulary(bench: Bench) -> None:
    from jsonschema import Draft202012Validator

    actions = json.loads(VOCABULARY.read_text(encoding="utf-8"))["actions"]
    marie = bench.declare()
    bench.pair(marie)
    rendez_vous = bench.book(marie)["rendez_vous"]
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z")]]
    asked: dict[str, dict[str, Any]] = {
        "ouvrir_session": {"usager": marie},
        "apparier_mes": {"usager": marie},
        "lire_appariement": {"usager": marie},
        "creer_rendez_vous": {"usager": marie, "debut": "2026-07-11T10:00", "intitule": "Visite"},
        "deplacer_rendez_vous": {"rendez_vous": rendez_vous, "debut": "2026-07-12T10:00"},
        "renvoyer_rendez_vous": {"rendez_vous": rendez_vous},
        "reprendre_envois": {},
        "synchroniser_agenda": {"usager": marie, "du": "2026-07-01", "au": "2026-07-31"},
        "lire_agenda": {"usager": marie, "vue": "dui", "du": "2026-07-01", "au": "2026-07-31"},
        "lire_mesures": {"usager": marie, "code": "29463-7", "mode": "derniere"},
        "lire_espace_usager": {"usager": marie},
        "desapparier_mes": {"usager": marie},
    }
    for name, parameters in asked.items():
        Draft202012Validator(actions[name]["parametres"]).validate(parameters)
        answer = call(bench, name, parameters)
        assert answer.status_code == 200, (name, answer.text)
        Draft202012Validator(actions[name]["resultat"]).validate(answer.get_json())


def test_what_is_kept_of_a_person_is_in_her_file(bench: Bench) -> None:
    found = bench.product.store.get(Usager, bench.declare())
    assert found is not None
    assert found.idpe.startswith("pe-")
    assert "255069999999934" not in found.idpe
