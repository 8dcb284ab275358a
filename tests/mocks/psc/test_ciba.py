"""Decoupled login by CIBA, in poll mode (example 3 of the fact sheet)."""

from typing import Any

import httpx
import pytest

from tests.mocks.psc.product import Product

GRANT = "urn:openid:params:grant-type:ciba"


def ask(product: Product, pro: dict[str, Any], **changes: Any) -> httpx.Response:
    form = {
        "scope": "openid scope_all",
        "acr_values": "eidas1",
        "login_hint": pro["identifiant_national"],
        "binding_message": "42",
        "channel": "MOBILE",
        **changes,
    }
    return product.post("/ext/ciba/auth", **{name: value for name, value in form.items() if value is not None})


def poll(product: Product, value: str) -> httpx.Response:
    return product.post("/token", grant_type=GRANT, auth_req_id=value)


def answer(product: Product, decision: str) -> None:
    waiting = product.admin("GET", "psc/demandes-ciba")["demandes"]
    product.admin("POST", f"psc/demandes-ciba/{waiting[-1]['id']}", decision=decision)


def test_a_login_on_the_telephone(product: Product, pro: dict[str, Any]) -> None:
    asked = ask(product, pro)
    assert asked.status_code == 200, asked.text
    body = asked.json()
    assert (body["expires_in"], body["interval"]) == (120, 5)
    context = product.last("oidc.ciba")["context"]["ciba"]
    assert (context["login_hint_known"], context["binding_message"], context["channel"]) == (True, "42", "MOBILE")
    assert body["auth_req_id"] not in str(product.last("oidc.ciba"))
    product.advance(5)
    assert poll(product, body["auth_req_id"]).json()["error"] == "authorization_pending"
    product.advance(6)
    assert poll(product, body["auth_req_id"]).json()["error"] == "slow_down"
    grant = product.last("oidc.token")["context"]["grant"]
    assert (grant["outcome"], grant["interval_s"], grant["request"]) == ("slow_down", 5, context["request"])
    assert product.admin("GET", "psc/demandes-ciba")["demandes"][0]["binding_message"] == "42"
    answer(product, "accepter")
    product.advance(16)
    done = poll(product, body["auth_req_id"])
    assert done.status_code == 200, done.text
    tokens = done.json()
    assert product.claims(tokens["id_token"])["SubjectNameID"] == pro["identifiant_national"]
    assert product.userinfo(tokens["access_token"]).status_code == 200
    assert product.refresh(tokens["refresh_token"]).status_code == 200
    product.advance(40)
    assert poll(product, body["auth_req_id"]).json()["error"] == "invalid_grant"
    act = product.last("professionnel.ciba_accepte")
    assert (act["protocol"], act["person"]) == ("acte", pro["id"])


def test_slow_down_adds_five_seconds(product: Product, pro: dict[str, Any]) -> None:
    value = ask(product, pro).json()["auth_req_id"]
    outcomes = []
    for second in (5, 6, 12, 28):
        product.advance(second)
        outcomes.append(poll(product, value).json()["error"])
    assert outcomes == ["authorization_pending", "slow_down", "slow_down", "authorization_pending"]


def test_refused_and_too_late(product: Product, pro: dict[str, Any]) -> None:
    refused, late = ask(product, pro).json()["auth_req_id"], None
    answer(product, "refuser")
    assert poll(product, refused).json()["error"] == "access_denied"
    late = ask(product, pro).json()["auth_req_id"]
    product.advance(125)
    assert poll(product, late).json()["error"] == "expired_token"
    assert product.last("oidc.token")["context"]["grant"]["outcome"] == "expired"
    assert product.admin("GET", "psc/demandes-ciba")["demandes"] == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"login_hint": "899999999999"}, "unknown_user_id"),
        ({"login_hint": None}, "invalid_request"),
        ({"login_hint": "\x00"}, "unknown_user_id"),
        ({"binding_message": "4"}, "invalid_binding_message"),
        ({"binding_message": None}, "invalid_binding_message"),
        ({"binding_message": "٤٢"}, "invalid_binding_message"),
        ({"channel": "PIGEON"}, "invalid_request"),
        ({"scope": "scope_all"}, "invalid_scope"),
        ({"scope": "openid tout"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_refused(product: Product, pro: dict[str, Any], changes: dict[str, Any], error: str) -> None:
    refused = ask(product, pro, **changes)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert product.last("oidc.ciba")["context"]["refusal"] == error


def test_ciba_is_for_clients_that_were_given_it(product: Product, pro: dict[str, Any]) -> None:
    other = product.register("sans-ciba", ciba=False)
    assert ask(other, pro).json()["error"] == "unauthorized_client"
    assert poll(other, "x").json()["error"] == "unauthorized_client"
    assert product.post("/ext/ciba/auth", auth=("dui", "faux-secret")).status_code == 401


def test_a_request_belongs_to_its_client(product: Product, pro: dict[str, Any]) -> None:
    value = ask(product, pro).json()["auth_req_id"]
    answer(product, "accepter")
    assert poll(product.register("autre"), value).json()["error"] == "invalid_grant"
    assert poll(product, value).status_code == 200


def test_the_telephone_answers_once(product: Product, pro: dict[str, Any]) -> None:
    ask(product, pro)
    waiting = product.admin("GET", "psc/demandes-ciba")["demandes"][0]["id"]
    answer(product, "accepter")
    url = f"{product.base.split('/t/')[0]}/_banc/tenants/{product.tenant}/psc/demandes-ciba/{waiting}"
    assert product.http.post(url, json={"decision": "refuser"}).status_code == 404
