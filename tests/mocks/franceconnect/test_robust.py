"""Pages as people meet them, whatever is sent, and both kinds of store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mocks.franceconnect import FRANCECONNECT, FRANCECONNECT_PLUS
from mocks.sandbox import Sandbox
from tests.mocks.franceconnect.portal import CALLBACK, GOODBYE, LEVELS, STATE, Browser, Portal

TEXT = st.text(max_size=40)
PARAMETERS = (
    "response_type", "client_id", "redirect_uri", "scope", "acr_values", "acr", "state", "nonce", "prompt", "claims",
    "code_challenge", "code_challenge_method", "response_mode", "request", "request_uri",
)  # fmt: skip
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@pytest.fixture
def stored(store_url: str) -> Iterator[Sandbox]:
    made = Sandbox(store_url, services=[FRANCECONNECT, FRANCECONNECT_PLUS])
    with made.embedded():
        yield made
    made.close()


def test_pages_are_accessible_and_need_no_script(portal: Portal) -> None:
    browser = Browser()
    pages = {
        "login": browser.open(portal),
        "refused": browser.submit(identifiant="personne", mot_de_passe="faux", decision="continuer"),
        "malformed": Browser().open(portal, state=None),
        "gone": portal.http.get(f"{portal.issuer}/interaction/inconnue"),
    }
    for name, page in pages.items():
        assert '<html lang="fr">' in page.text, name
        assert len(re.findall("<h1>", page.text)) == 1
        assert re.search(r"<title>[^<]+</title>", page.text)
        assert "<script" not in page.text
        assert {key: page.headers[key] for key in HEADERS} == HEADERS
        fields = re.findall(r'<input type="(?:text|password)" id="([^"]+)"', page.text)
        assert fields == re.findall(r'<label for="([^"]+)">', page.text)
        assert name not in ("refused", "malformed", "gone") or 'role="alert"' in page.text
    assert "aria-describedby" in pages["refused"].text
    assert portal.client_id in pages["login"].text


def test_the_name_of_a_client_is_shown_and_escaped(portal: Portal) -> None:
    named = portal.register("piege", nom="<b>Portail</b> & Cie")
    page = Browser().open(named).text
    assert "&lt;b&gt;Portail&lt;/b&gt; &amp; Cie" in page


def test_a_request_may_also_be_posted(portal: Portal, person: dict[str, Any]) -> None:
    browser = Browser()
    answer = browser.http.post(f"{portal.issuer}/authorize", data=portal.request())
    assert answer.status_code == 303
    browser._follow(answer)
    assert browser.sign_in(person)["state"] == STATE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(changes=st.dictionaries(st.sampled_from(PARAMETERS), st.none() | TEXT, max_size=6))
def test_no_request_of_authorization_breaks_the_service(portal: Portal, changes: dict[str, Any]) -> None:
    answer = portal.http.get(f"{portal.issuer}/authorize", params=portal.request(**changes))
    assert answer.status_code in (303, 400)
    if answer.status_code == 303:
        where = answer.headers["Location"]
        assert where.startswith((f"{portal.issuer}/interaction/", f"{CALLBACK}?error="))
    else:
        assert "Y000400" in answer.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(asked=st.dictionaries(st.sampled_from(("id_token_hint", "state", "post_logout_redirect_uri")), TEXT))
def test_no_logout_breaks_the_service(portal: Portal, asked: dict[str, str]) -> None:
    assert portal.http.get(f"{portal.issuer}/session/end", params=asked).status_code == 400


@pytest.mark.parametrize("service", list(LEVELS))
def test_a_journey_on_both_stores(stored: Sandbox, service: str) -> None:
    portal = Portal.registered(service)
    person = portal.admin("POST", "personnes", corse="2B", prenoms_composes=True)
    tokens = portal.log_in(person)
    said = portal.verified(portal.userinfo(tokens["access_token"]).text)
    assert said["birthplace"] == "2B999"
    for text in ("\x00", "é\x00" * 40):
        assert Browser().open(portal, state=text * 40, nonce=text * 40).status_code in (200, 400)
        assert portal.redeem(text).status_code == 400
    portal.admin("POST", f"{service}/actes", acte="renouveler_cles")
    asked = {"id_token_hint": tokens["id_token"], "state": STATE, "post_logout_redirect_uri": GOODBYE}
    assert portal.http.get(f"{portal.issuer}/session/end", params=asked).status_code == 303
    assert portal.http.delete(f"https://banc.test/_banc/tenants/{portal.tenant}").status_code == 204
    again = httpx.post("https://banc.test/_banc/tenants", json={"nom": portal.tenant})
    assert again.status_code == 201
    assert portal.admin("GET", f"{service}/clients") == {"clients": []}


@pytest.mark.parametrize(
    ("host", "level"),
    [
        ("fcp-low.integ01.dev-franceconnect.fr", "eidas1"),
        ("auth.integ01.dev-franceconnect.fr", "eidas2"),
        ("auth.franceconnect.gouv.fr", "eidas2"),
    ],
)
def test_the_national_addresses_lead_to_the_sandbox(portal: Portal, host: str, level: str) -> None:
    found = portal.http.get(f"https://{host}/api/v2/.well-known/openid-configuration").json()
    assert (found["issuer"], found["acr_values_supported"][0]) == (f"https://{host}/api/v2", level)


def test_clients_are_listed_without_their_secret(portal: Portal) -> None:
    [shown] = portal.admin("GET", f"{portal.service}/clients")["clients"]
    assert (shown["client_id"], shown["redirect_uris"]) == (portal.client_id, [CALLBACK])
    assert "client_secret" not in shown
    made = portal.admin("POST", f"{portal.service}/clients", redirect_uris=[CALLBACK])
    assert made["client_secret"].startswith("banc-cs-")


@pytest.mark.parametrize("body", [{}, {"redirect_uris": ["pas une adresse"]}, {"redirect_uris": [], "ciba": True}])
def test_the_admin_api_refuses_a_wrong_client(portal: Portal, body: dict[str, Any]) -> None:
    address = f"https://banc.test/_banc/tenants/{portal.tenant}/{portal.service}/clients"
    assert portal.http.post(address, json=body).status_code == 400


@pytest.mark.parametrize(("key", "value"), [("etat_court", "oui"), ("algorithme", "HS256"), ("code_lifetime_s", "30")])
def test_a_setting_takes_only_its_values(portal: Portal, key: str, value: str) -> None:
    address = f"https://banc.test/_banc/tenants/{portal.tenant}/reglages"
    assert portal.http.patch(address, json={f"{portal.service}.{key}": value}).status_code == 400


def test_settings_of_what_is_not_offered_do_not_exist(portal: Portal) -> None:
    known = portal.admin("GET", "reglages")
    assert known[f"{portal.service}.code_lifetime_s"] == 30
    assert f"{portal.service}.ciba_interval_s" not in known
    assert f"{portal.service}.refresh_token_lifetime_s" not in known
