"""Pages of login, situation, reconciliation and settings: accessible, without cache, and in French."""

from __future__ import annotations

import pytest

from reference.people import COOKIE
from tests.reference.bench import Bench
from tests.reference.fake_identity import PSC_PERSON
from tests.reference.test_web import Shape
from tests.reference.visitors import Visitor, declared

RIGHTS = ["dossier", "administration"]
TWO = {"exercices": [{"activities": [{"numeroFinessSite": "990000010"}, {"numeroSiretSite": "00001"}]}]}
INSIDE = ("/professionnel/situation", "/dui/rapprochements", "/dui/administration", "/dui/personnes")


@pytest.mark.parametrize("path", ["/professionnel/connexion", "/connexion"])
def test_the_pages_of_login_are_accessible(bench: Bench, path: str) -> None:
    answer = Visitor(bench).get(path)
    page = Shape(answer.text)
    assert (page.lang, page.titles) == ("fr", ["title", "h1"])
    assert set(page.fields) <= set(page.labels)
    assert len(set(page.fields)) == len(page.fields)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", INSIDE)
def test_the_pages_of_professionals_are_accessible_and_closed_without_session(bench: Bench, path: str) -> None:
    bench.psc.person = {**PSC_PERSON, "SubjectRefPro": TWO}
    declared(bench, droits=RIGHTS)
    bench.declare(date_naissance="1955-06-10")
    Visitor(bench).log_in_with(bench.fc)
    visitor = Visitor(bench)
    assert visitor.get(path).status_code == 302
    visitor.log_in_with_psc()
    answer = visitor.get(path)
    page = Shape(answer.text)
    assert answer.status_code == 200
    assert (page.lang, page.titles) == ("fr", ["title", "h1"])
    assert set(page.fields) <= set(page.labels)
    assert "Se déconnecter" in answer.text


def test_the_navigation_of_the_portal_is_not_that_of_the_dui(bench: Bench) -> None:
    marie = bench.declare()
    visitor = Visitor(bench)
    cookie = bench.product.ouvrir_session(marie)["session"]["cookies"][COOKIE]
    visitor.client.set_cookie(COOKIE, cookie, domain="portail.banc.test")
    declared(bench)
    visitor.log_in_with_psc()
    assert "/dui/personnes" not in visitor.get("/espace/synthese").text
    page = visitor.get("/dui/personnes").text
    assert "/espace/calendrier" not in page
    assert "/professionnel/deconnexion" in page
