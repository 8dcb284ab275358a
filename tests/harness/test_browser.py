"""The usager's browser and its pages, in front of a toy product and a real sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import flask
import httpx
import pytest

from harness.actors.browser import Browser
from harness.actors.pages import Page
from harness.errors import ProductUnreachable
from harness.sandbox_client import TenantClient
from mocks.sandbox import EMBEDDED_URL, Sandbox

PORTAL, OTHER = "https://portail.test", "https://autre.test"
FORM = """
<form method="post" action="/recu?x=1"><input type="hidden" name="csrf" value="é-1">
<input type="radio" name="profil" value="a" checked><input type="radio" name="profil" value="b">
<input type="checkbox" name="finalite" value="LIRE" checked><input type="checkbox" name="finalite" value="ECRIRE">
<button name="decision" value="autoriser">Oui</button></form>
"""


def portal() -> flask.Flask:
    app = flask.Flask("portail")

    @app.get("/")
    def home() -> Any:
        answer = flask.make_response(f"<h1>Bonjour</h1> {flask.request.cookies.get('session', 'inconnu')}")
        answer.set_cookie("vu", "oui")
        return answer

    @app.get("/loin")
    def far() -> Any:
        return flask.redirect(OTHER + "/arrivee")

    @app.get("/boucle")
    def loop() -> Any:
        return flask.redirect("/boucle")

    @app.get("/vers-le-banc")
    def to_bench() -> Any:
        return flask.redirect(EMBEDDED_URL + "/_banc/etat")

    @app.post("/recu")
    def received() -> Any:
        return flask.jsonify(args=flask.request.args, form=flask.request.form.to_dict(flat=False))

    @app.post("/garde")
    def kept() -> Any:
        return flask.redirect("/recu", 307)

    @app.get("/image")
    def image() -> Any:
        return flask.Response(b"\x89PNG\xff", mimetype="text/html")

    @app.get("/arrivee")
    def arrival() -> Any:
        return f"arrivé {sorted(flask.request.cookies)} {flask.request.headers.get('X-Session', '')}"

    return app


@pytest.fixture
def transport(sandbox: Sandbox) -> httpx.BaseTransport:
    product = httpx.WSGITransport(app=portal())
    doors = {"portail.test": product, "autre.test": product, "banc.test": httpx.WSGITransport(app=sandbox.wsgi)}

    class Doors(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.host not in doors:
                raise httpx.ConnectError("refusée")
            return doors[request.url.host].handle_request(request)

    return Doors()


@pytest.fixture
def browser(tenant: TenantClient, transport: httpx.BaseTransport) -> Iterator[Browser]:
    opened = Browser("p1", tenant, products=[PORTAL + "/retour"], transport=transport)
    yield opened
    opened.close()


def test_the_session_is_carried_on_pages_of_the_product_only(browser: Browser) -> None:
    browser.open_session({"cookies": {"session": "s-42"}, "entetes": {"X-Session": "h-42"}})
    assert "s-42" in browser.get(PORTAL + "/").text
    assert "['session', 'vu'] h-42" in browser.get(PORTAL + "/arrivee").text
    assert browser.get(PORTAL + "/loin").text == "arrivé []"
    assert browser.session() == {"cookies": {"session": "s-42", "vu": "oui"}, "entetes": {"X-Session": "h-42"}}
    browser.forget_session()
    assert browser.session() == {"cookies": {}, "entetes": {}}
    assert "inconnu" in browser.get(PORTAL + "/").text


def test_each_page_of_the_product_is_journaled_and_none_of_the_sandbox(browser: Browser, tenant: TenantClient) -> None:
    page = browser.get(PORTAL + "/vers-le-banc?a=1&a=%C3%A9")
    assert page.url == EMBEDDED_URL + "/_banc/etat"
    assert page.visited == (PORTAL + "/vers-le-banc?a=1&a=%C3%A9", EMBEDDED_URL + "/_banc/etat")
    (entry,) = [exchange.entry for exchange in tenant.read_all()]
    assert (entry["service"], entry["operation"], entry["person"]) == ("navigateur", "navigateur.page", "p1")
    assert entry["request"]["target"] == "/vers-le-banc?a=1&a=%C3%A9"
    assert entry["request"]["query"] == [["a", "1"], ["a", "é"]]
    assert entry["answer"]["status"] == 302
    assert ["location", EMBEDDED_URL + "/_banc/etat"] in entry["answer"]["headers"]


def test_bytes_that_are_not_text_are_journaled_as_base64(browser: Browser, tenant: TenantClient) -> None:
    browser.get(PORTAL + "/image")
    assert tenant.read_all()[0].answer["body_base64"] == "iVBOR/8="


def test_a_stranger_is_nobody(tenant: TenantClient, transport: httpx.BaseTransport) -> None:
    stranger = Browser("", tenant, products=[PORTAL], transport=transport)
    stranger.get(PORTAL + "/")
    stranger.close()
    assert tenant.read_all()[0].person is None


def test_held_before_the_product(browser: Browser) -> None:
    with browser.held_before_the_product():
        page = browser.get(PORTAL + "/")
    assert (page.status, page.visited) == (0, (PORTAL + "/",))


def test_redirects_that_never_end(browser: Browser) -> None:
    with pytest.raises(AssertionError, match="Les redirections ne finissent pas"):
        browser.get(PORTAL + "/boucle")


def test_a_product_that_does_not_answer(browser: Browser) -> None:
    with pytest.raises(ProductUnreachable, match=r"https://absent\.test/ : ConnectError"):
        browser.get("https://absent.test/")


@pytest.mark.parametrize("path", ["/recu?x=1", "/garde"])
def test_a_form_keeps_what_the_page_put_in_it(browser: Browser, path: str) -> None:
    page = Page(PORTAL + "/formulaire", 200, FORM.replace("/recu?x=1", path))
    ready = page.fill("decision", {"decision": "autoriser", "finalite": ["ECRIRE"], "profil": "b"})
    assert (ready.method, ready.url) == ("POST", PORTAL + path)
    body = browser.submit(ready).body
    assert flask.json.loads(body)["form"] == {
        "csrf": ["é-1"],
        "decision": ["autoriser"],
        "finalite": ["ECRIRE"],
        "profil": ["b"],
    }


def test_a_page_without_the_form_says_what_it_shows() -> None:
    page = Page("https://portail.test/x", 403, "<p>Compte   bloqué</p>")
    assert not page.has_field("decision")
    with pytest.raises(AssertionError, match=r"/x \(403\) n'a pas de formulaire .* « decision ».*« Compte bloqué »"):
        page.fill("decision", {})


@pytest.mark.parametrize("body", ["", "  \n"])
def test_an_empty_page_has_no_text(body: str) -> None:
    assert Page("https://portail.test/", 204, body).text == ""
