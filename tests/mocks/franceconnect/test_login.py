"""Login at FranceConnect and FranceConnect+: the flow, its lifetimes, its refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mocks.franceconnect.portal import CALLBACK, GOODBYE, LEVELS, NONCE, STATE, Browser, Portal


def test_a_login_end_to_end(portal: Portal, person: dict[str, Any]) -> None:
    browser = Browser()
    back = browser.log_in(portal, person)
    assert browser.statuses == [303, 303]
    assert (back["state"], back["iss"]) == (STATE, portal.issuer)
    answer = portal.redeem(back["code"])
    tokens = answer.json()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (tokens["token_type"], tokens["expires_in"], "refresh_token" in tokens) == ("Bearer", 60, False)
    said = portal.verified(tokens["id_token"])
    assert (said["iss"], said["aud"], said["nonce"]) == (portal.issuer, portal.client_id, NONCE)
    assert said["acr"] == LEVELS[portal.service]
    assert "given_name" not in said
    info = portal.userinfo(tokens["access_token"])
    assert (info.status_code, info.headers["Content-Type"]) == (200, "application/jwt")
    claims = portal.verified(info.text)
    assert (claims["sub"], claims["iss"], claims["aud"]) == (said["sub"], portal.issuer, portal.client_id)
    assert claims["family_name"] == person["nom"].upper()


def test_the_journal_tells_the_flow_and_the_pivot_identity_without_secrets(
    portal: Portal, person: dict[str, Any]
) -> None:
    portal.identity(person)
    asked = portal.last("oidc.authorize")["context"]
    assert asked["authorization"]["acr_values"] == asked["level"] == LEVELS[portal.service]
    page = portal.last("page.connexion")
    assert (page["context"]["decision"], page["context"]["subject"]) == ("continuer", person["id"])
    assert page["context"]["request"] == asked["authorization"]["request"]
    assert person["franceconnect"]["mot_de_passe"] not in str(page)
    grant = portal.last("oidc.token")["context"]["grant"]
    assert (grant["type"], grant["auth"], grant["age_s"]) == ("authorization_code", "secret_post", 0)
    shown = portal.last("oidc.userinfo")
    assert shown["context"]["token"]["state"] == "valid"
    assert shown["context"]["identity"]["pivot"]["family_name"] == person["nom"].upper()
    assert len(shown["context"]["identity"]["sub"]) == 10
    assert "banc-at-" not in str(shown)
    assert "eyJ" not in str(shown)


@pytest.mark.parametrize("level", ["eidas2", "eidas3"])
def test_france_connect_plus_gives_the_level_that_is_asked(plus: Portal, level: str) -> None:
    tokens = plus.log_in(plus.admin("POST", "personnes"), acr_values=level)
    assert plus.verified(tokens["id_token"])["acr"] == level


def test_a_code_lives_half_a_minute_and_serves_once(portal: Portal, person: dict[str, Any]) -> None:
    code = Browser().log_in(portal, person)["code"]
    assert portal.redeem(code).status_code == 200
    assert portal.redeem(code).json()["error"] == "invalid_grant"
    code = Browser().log_in(portal, person)["code"]
    portal.advance(31)
    answer = portal.redeem(code)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_token_lives_a_minute(portal: Portal, person: dict[str, Any]) -> None:
    token = portal.log_in(person)["access_token"]
    portal.advance(59)
    assert portal.userinfo(token).status_code == 200
    portal.advance(61)
    answer = portal.userinfo(token)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_token")
    assert portal.last("oidc.userinfo")["context"]["token"]["state"] == "expired"


MALFORMED: list[dict[str, Any]] = [
    *({name: None} for name in ("response_type", "client_id", "redirect_uri", "acr_values", "scope", "state", "nonce")),
    {"state": "s" * 31},
    {"nonce": "n" * 31},
    {"acr_values": "eidas0"},
    {"acr_values": None, "acr": "eidas1"},
    {"claims": "{"},
    {"claims": "[]"},
    {"client_id": "inconnu"},
    {"redirect_uri": f"{CALLBACK}/autre"},
]


@pytest.mark.parametrize("changes", MALFORMED, ids=str)
def test_a_malformed_request_is_a_page_and_no_redirection(portal: Portal, changes: dict[str, Any]) -> None:
    answer = Browser().open(portal, **changes)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "Y000400" in answer.text
    assert "Location" not in answer.headers


@pytest.mark.parametrize(("service", "level"), [("franceconnect", "eidas2"), ("franceconnect-plus", "eidas1")])
def test_each_service_knows_its_own_levels(portal: Portal, service: str, level: str) -> None:
    if portal.service == service:
        assert Browser().open(portal, acr_values=level).status_code == 400
    else:
        assert Browser().open(portal, acr_values=level).status_code == 200


def test_lenient_settings_note_what_is_missing(portal: Portal) -> None:
    portal.set(acr_values="souple", etat_court="note")
    assert Browser().open(portal, acr_values=None, state="court").status_code == 200
    noted = {note["code"] for note in portal.last("oidc.authorize")["notes"]}
    assert noted == {"acr-values", "etat-court"}
    assert Browser().open(portal, state=None).status_code == 400


def test_giving_up_goes_back_with_access_denied(portal: Portal) -> None:
    browser = Browser()
    browser.open(portal)
    browser.submit(decision="annuler")
    back = browser.returned()
    assert (back["error"], back["error_description"], back["state"]) == ("access_denied", "User auth aborted", STATE)
    assert browser.statuses == [303, 303]


@pytest.mark.parametrize("field", ["identifiant", "mot_de_passe"])
def test_the_account_of_mon_espace_sante_does_not_open_france_connect(
    portal: Portal, person: dict[str, Any], field: str
) -> None:
    browser = Browser()
    browser.open(portal)
    wrong = {**person["franceconnect"], field: person["mes"][field]}
    answer = browser.submit(**wrong, decision="continuer")
    assert answer.status_code == 401
    assert "Identifiant ou mot de passe incorrect" in answer.text
    assert browser.sign_in(person)["code"]


def test_a_wrong_secret_is_refused_and_the_code_still_serves(portal: Portal, person: dict[str, Any]) -> None:
    code = Browser().log_in(portal, person)["code"]
    assert portal.redeem(code, client_secret="faux-secret").status_code == 401
    assert portal.redeem(code).status_code == 200


def test_logout_needs_all_its_parameters_and_brings_the_state_back(portal: Portal, person: dict[str, Any]) -> None:
    tokens = portal.log_in(person)
    whole = {"id_token_hint": tokens["id_token"], "state": "fin-" + "s" * 30, "post_logout_redirect_uri": GOODBYE}
    for missing in whole:
        asked = {name: value for name, value in whole.items() if name != missing}
        answer = portal.http.get(f"{portal.issuer}/session/end", params=asked)
        assert (answer.status_code, "Y000400" in answer.text) == (400, True)
    assert portal.userinfo(tokens["access_token"]).status_code == 200
    answer = portal.http.get(f"{portal.issuer}/session/end", params=whole)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{GOODBYE}?state={whole['state']}")
    assert portal.userinfo(tokens["access_token"]).status_code == 400
    assert portal.last("oidc.end_session")["context"]["logout"] == {
        "id_token_hint": "valid",
        "redirect_uri": GOODBYE,
        "registered": True,
        "state_given": True,
    }


def test_logout_to_an_address_that_is_not_registered_goes_nowhere(portal: Portal, person: dict[str, Any]) -> None:
    asked = {"id_token_hint": portal.log_in(person)["id_token"], "state": STATE}
    uri = {"post_logout_redirect_uri": "https://voleur.test/"}
    answer = portal.http.get(f"{portal.issuer}/session/end", params={**asked, **uri})
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_a_revoked_token_opens_nothing(portal: Portal, person: dict[str, Any]) -> None:
    token = portal.log_in(person)["access_token"]
    form = {"client_id": portal.client_id, "client_secret": "banc-cs-secret-du-portail", "token": token}
    assert portal.http.post(f"{portal.issuer}/revocation", data=form).status_code == 200
    assert portal.userinfo(token).status_code == 400


def test_only_the_code_flow_is_offered(portal: Portal) -> None:
    found = portal.http.get(f"{portal.issuer}/.well-known/openid-configuration").json()
    assert found["issuer"] == portal.issuer
    assert found["grant_types_supported"] == ["authorization_code"]
    assert found["token_endpoint_auth_methods_supported"] == ["client_secret_post"]
    assert "introspection_endpoint" not in found
    for name in ("authorization", "token", "userinfo", "end_session", "revocation"):
        assert portal.http.get(found[f"{name}_endpoint"]).status_code in (400, 405)
    for path in ("introspection", "ciba", "token/introspect"):
        assert portal.http.post(f"{portal.issuer}/{path}").status_code == 501
    answer = portal.redeem("", grant_type="refresh_token", refresh_token="banc-rt-invente-de-toutes-pieces")
    assert (answer.status_code, answer.json()["error"]) in (
        (400, "unauthorized_client"),
        (400, "unsupported_grant_type"),
    )
