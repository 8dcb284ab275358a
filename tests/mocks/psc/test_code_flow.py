"""The authorization code flow of Pro Santé Connect, end to end and badly asked."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import pytest

from mocks.sandbox import Sandbox
from tests.mocks.psc.product import CALLBACK, NONCE, STATE, Browser, Product


def test_a_login_end_to_end(product: Product, pro: dict[str, Any]) -> None:
    back = Browser().log_in(product, pro)
    assert back["state"] == STATE
    assert back["iss"] == product.issuer
    answer = product.redeem(back["code"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    tokens = answer.json()
    assert (tokens["token_type"], tokens["expires_in"], tokens["refresh_expires_in"]) == ("Bearer", 120, 1800)
    said = product.claims(tokens["id_token"])
    assert (said["iss"], said["aud"], said["nonce"], said["acr"]) == (product.issuer, "dui", NONCE, "eidas1")
    assert said["SubjectNameID"] == pro["identifiant_national"]
    info = product.userinfo(tokens["access_token"]).json()
    assert info["sub"] == said["sub"]
    assert info["sub"].startswith("f:")
    assert info["SubjectRole"] == [f"{pro['profession']}^1.2.250.1.213.1.1.5.5"]
    places = info["SubjectRefPro"]["exercices"][0]["activities"]
    assert places[0]["numeroFinessSite"] == pro["exercices"][0]["activites"][0]["finess"]


def test_discovery_names_addresses_that_answer(product: Product) -> None:
    found = product.http.get(f"{product.issuer}/.well-known/wallet-openid-configuration").json()
    assert found["issuer"] == product.issuer
    assert found["authorization_endpoint"] == f"{product.base}/auth"
    endpoints = [value for name, value in found.items() if name.endswith("_endpoint") or name == "jwks_uri"]
    assert len(endpoints) == 8
    for endpoint in endpoints:
        assert product.http.get(endpoint).status_code in (200, 400, 401, 405), endpoint


def test_the_journal_tells_the_flow_without_its_secrets(product: Product, pro: dict[str, Any]) -> None:
    product.log_in(pro)
    asked = product.last("oidc.authorize")["context"]["authorization"]
    assert asked["registered"] is True
    assert (asked["scopes"], asked["acr_values"], asked["acr"]) == (["openid", "scope_all"], "eidas1", None)
    assert (asked["state_length"], asked["nonce_length"], asked["pkce"]) == (len(STATE), len(NONCE), None)
    page = product.last("page.connexion")
    assert (page["context"]["decision"], page["context"]["subject"]) == ("continuer", pro["id"])
    assert page["context"]["request"] == asked["request"]
    redeemed = product.last("oidc.token")
    grant = redeemed["context"]["grant"]
    assert (grant["type"], grant["reused"], grant["auth"]) == ("authorization_code", False, "secret_basic")
    assert grant["issued_access"]
    assert grant["issued_refresh"]
    assert redeemed["context"]["id_token"]["spoilt"] is None
    assert redeemed["person"] == pro["id"]
    assert "banc-" not in str(redeemed)
    assert "banc-" not in str(page)


def test_a_code_serves_once_and_takes_back_what_it_gave(product: Product, pro: dict[str, Any]) -> None:
    code = product.code_for(pro)
    tokens = product.redeem(code).json()
    again = product.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert product.last("oidc.token")["context"]["grant"]["reused"] is True
    assert not product.active(tokens["access_token"])
    assert product.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_of_concurrent_redemptions_one_wins(sandbox: Sandbox) -> None:
    with sandbox.serve() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.mocks.psc.product.ROOT", server.url)
        product, browser = Product.registered(), Browser()
        with closing(browser.http):
            code = browser.log_in(product, product.admin("POST", "professionnels"))["code"]
        with ThreadPoolExecutor(8) as pool, closing(product.http):
            answers = list(pool.map(lambda _: product.redeem(code), range(8)))
            token = _tokens(answers)["refresh_token"]
            assert product.refresh(token).json()["error"] == "invalid_grant"  # the seven others took it back
            again = product.redeem(_second_code(product)).json()["refresh_token"]
            refreshed = list(pool.map(lambda _: product.refresh(again), range(8)))
            assert not product.active(_tokens(refreshed)["access_token"])


def _tokens(answers: list[httpx.Response]) -> dict[str, Any]:
    """Those of the only answer that gives any."""
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * (len(answers) - 1)
    found: dict[str, Any] = next(answer for answer in answers if answer.status_code == 200).json()
    return found


def _second_code(product: Product) -> str:
    browser = Browser()
    with closing(browser.http):
        return browser.log_in(product, {"psc": {"identifiant": "pro1"}})["code"]


@pytest.mark.parametrize("uri", ["https://dui.test/retour/", "https://voleur.test/", "", None, "javascript:alert(1)"])
def test_no_redirection_to_an_address_that_is_not_registered(product: Product, uri: str | None) -> None:
    answer = Browser().open(product, redirect_uri=uri)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "redirect_uri" in answer.text
    assert product.last("oidc.authorize")["context"]["authorization"]["registered"] is False


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid tout"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"code_challenge": "court"}, "invalid_request"),
    ],
)
def test_a_refusal_is_told_to_a_registered_address(product: Product, changes: dict[str, str], error: str) -> None:
    browser = Browser()
    browser.open(product, **changes)
    back = browser.returned()
    assert (back["error"], back["state"]) == (error, STATE)
    assert product.last("oidc.authorize")["context"]["refusal"] == error


def test_an_unknown_client_is_told_nothing(product: Product) -> None:
    answer = Browser().open(product, client_id="inconnu")
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


@pytest.mark.parametrize("changes", [{"acr_values": None}, {"acr_values": None, "acr": "eidas1"}, {"acr_values": "x"}])
def test_acr_values_is_noted_or_refused_as_the_setting_says(product: Product, changes: dict[str, Any]) -> None:
    assert Browser().open(product, **changes).status_code == 200
    assert [note["code"] for note in product.last("oidc.authorize")["notes"]] == ["acr-values"]
    product.set(acr_values="strict")
    browser = Browser()
    browser.open(product, **changes)
    assert browser.returned()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("changes", "auth", "status", "error"),
    [
        ({"redirect_uri": "https://dui.test/autre"}, ..., 400, "invalid_grant"),
        ({"code": "banc-ac-invente-de-toutes-pieces"}, ..., 400, "invalid_grant"),
        ({"grant_type": "password"}, ..., 400, "unsupported_grant_type"),
        ({"grant_type": ""}, ..., 400, "invalid_request"),
        ({}, ("dui", "mauvais-secret"), 401, "invalid_client"),
        ({}, ("inconnu", "mauvais-secret"), 401, "invalid_client"),
        ({}, None, 401, "invalid_client"),
    ],
)
def test_a_wrong_redemption_is_refused(
    product: Product, pro: dict[str, Any], changes: dict[str, str], auth: Any, status: int, error: str
) -> None:
    answer = product.redeem(product.code_for(pro), auth=auth, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert product.last("oidc.token")["context"]["refusal"] == error


def test_a_code_of_another_client_or_too_old_is_refused(product: Product, pro: dict[str, Any]) -> None:
    other = product.register("autre")
    assert other.redeem(product.code_for(pro)).json()["error"] == "invalid_grant"
    code = product.code_for(pro)
    product.advance(61)
    assert product.redeem(code).json()["error"] == "invalid_grant"


def test_pkce_is_held_when_it_is_used(product: Product, pro: dict[str, Any]) -> None:
    verifier = "v" * 64
    asked = {"code_challenge": verifier, "code_challenge_method": "plain"}
    assert product.redeem(product.code_for(pro, **asked), code_verifier=verifier).status_code == 200
    assert product.last("oidc.token")["request"]["body"].count("‹masqué") == 1
    for wrong in ({"code_verifier": "w" * 64}, {}):
        answer = product.redeem(product.code_for(pro, **asked), **wrong)
        assert answer.json()["error"] == "invalid_grant"


def test_giving_up_returns_to_the_product(product: Product) -> None:
    browser = Browser()
    browser.open(product)
    browser.submit(decision="annuler")
    assert (browser.returned()["error"], browser.returned()["state"]) == ("access_denied", STATE)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"identifiant": "personne", "moyen": "CPS", "decision": "continuer"}, 401),
        ({"identifiant": "\x00", "moyen": "CPS", "decision": "continuer"}, 401),
        ({"identifiant": "pro1", "decision": "continuer"}, 401),
        ({"identifiant": "pro1", "moyen": "CPS"}, 400),
        ({"identifiant": "pro1", "moyen": "CPS", "decision": "continuer", "csrf": "faux"}, 403),
    ],
)
def test_the_login_page_refuses(product: Product, pro: dict[str, Any], values: dict[str, str], status: int) -> None:
    browser = Browser()
    browser.open(product)
    assert browser.submit(**values).status_code == status


def test_another_browser_cannot_finish_a_login(product: Product) -> None:
    browser, thief = Browser(), Browser()
    page = browser.open(product)
    assert thief.http.get(page.url).status_code == 403
    assert thief.http.get(f"{product.base}/connexion/inconnu").status_code == 404


def test_a_session_answers_the_next_request(product: Product, pro: dict[str, Any]) -> None:
    browser = Browser()
    browser.log_in(product, pro)
    browser.open(product)
    assert browser.returned()["code"]
    assert browser.open(product, prompt="login").status_code == 200
    product.advance(1801)
    assert "identifiant" in browser.open(product).text


@pytest.mark.parametrize("path", ["/token", "/token/introspect", "/revoke", "/ext/ciba/auth"])
def test_wrong_methods_and_large_bodies(product: Product, path: str) -> None:
    url = f"{product.issuer}/protocol/openid-connect{path}"
    assert product.http.get(url).status_code == 405
    assert product.http.put(url).status_code == 405
    assert product.http.post(url, content=b"x" * 5_000_001).status_code == 413


def test_an_address_that_is_not_imitated_says_so(product: Product) -> None:
    assert httpx.get(f"{product.issuer}/protocol/openid-connect/autre").status_code == 501


def test_two_parameters_of_the_same_name_are_refused(product: Product) -> None:
    url = f"{product.base}/auth?client_id=dui&redirect_uri={CALLBACK}&response_type=code&state=a&state=b"
    answer = product.http.get(url)
    assert answer.status_code in (302, 400)
    assert "code=" not in answer.headers.get("Location", "")
