"""One login for two services: at FranceConnect as usual, at FranceConnect+ by the bench's convention."""

from __future__ import annotations

from typing import Any

from tests.mocks.franceconnect.portal import Browser, Portal


def logins(portal: Portal) -> int:
    """How many times somebody filled in the login page."""
    return sum(page["request"]["method"] == "POST" for page in portal.journal("page.connexion"))


def from_mon_espace_sante(portal: Portal, person: dict[str, Any]) -> Browser:
    """A browser in which the person has signed in for another service."""
    elsewhere = portal.register("mon-espace-sante", nom="Mon espace santé")
    browser = Browser()
    browser.open(elsewhere)
    assert "Mon espace santé" in browser.page.text
    browser.sign_in(person)
    return browser


def test_france_connect_plus_asks_each_time(plus: Portal) -> None:
    browser = from_mon_espace_sante(plus, plus.admin("POST", "personnes"))
    assert "mot_de_passe" in browser.open(plus).text
    assert browser.open(plus, prompt="none").is_redirect
    assert browser.returned()["error"] == "login_required"


def test_france_connect_asks_once(low: Portal) -> None:
    person = low.admin("POST", "personnes")
    browser = from_mon_espace_sante(low, person)
    browser.open(low)
    tokens = low.redeem(browser.returned()["code"]).json()
    assert low.verified(low.userinfo(tokens["access_token"]).text)["email"] == person["courriel"]
    assert logins(low) == 1


def test_france_connect_plus_asks_once_when_the_setting_says_so(plus: Portal) -> None:
    plus.set(authentification_unique="session")
    browser = from_mon_espace_sante(plus, plus.admin("POST", "personnes"))
    browser.open(plus)
    assert plus.redeem(browser.returned()["code"]).status_code == 200
    assert logins(plus) == 1
    for asked in ({"prompt": "login"}, {"acr_values": "eidas3"}):
        assert "mot_de_passe" in browser.open(plus, **asked).text
    assert "mot_de_passe" in Browser().open(plus).text


def test_a_session_that_idled_half_an_hour_is_over(low: Portal) -> None:
    browser = from_mon_espace_sante(low, low.admin("POST", "personnes"))
    low.advance(1801)
    assert "mot_de_passe" in browser.open(low).text


def test_who_signs_in_again_is_whom_the_next_service_gets(low: Portal) -> None:
    first, second = low.admin("POST", "personnes"), low.admin("POST", "personnes")
    browser = from_mon_espace_sante(low, first)
    low.advance(1)
    browser.log_in(low, second, prompt="login")
    browser.open(low)
    tokens = low.redeem(browser.returned()["code"]).json()
    assert low.verified(low.userinfo(tokens["access_token"]).text)["email"] == second["courriel"]
