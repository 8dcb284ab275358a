"""Token endpoint, revocation, discovery: every error of OAuth, families of tokens, settings, faults."""

from typing import Any

import httpx
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from tests.mocks.mes.product import CALLBACK, VERIFIER, Product, Tokens, decoded, tokens_of


def agenda_status(product: Product, tokens: Tokens) -> int:
    return product.fhir("GET", "Appointment", tokens, params={"patient.identifier": tokens.subject}).status_code


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": 'é"\\'}, 400, "unsupported_grant_type"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "banc-ac-inconnu"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_grant"),
        ({"redirect_uri": CALLBACK + "?x=1"}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_request"),
        ({"code_verifier": "w" * 64}, 400, "invalid_grant"),
        ({"code_verifier": "court"}, 400, "invalid_request"),
        ({"secret": "faux"}, 401, "invalid_client"),
    ],
)
def test_a_bad_exchange_is_refused_and_the_code_still_serves(
    product: Product, person: dict[str, Any], changes: dict[str, Any], status: int, error: str
) -> None:
    code = product.code_for(person, "AGENDA_LECTURE")
    answer = product.exchange(**{"code": code, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["Content-Type"] == "application/json"
    assert product.exchange(code).status_code == 200


def test_the_secret_may_come_in_the_form(product: Product, person: dict[str, Any]) -> None:
    code = product.code_for(person)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    credentials = {"client_id": product.client_id, "client_secret": product.secret}
    answer = httpx.post(f"{product.base}/oauth2/token", data={**form, **credentials})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_a_code_is_not_another_service_s(product: Product, person: dict[str, Any]) -> None:
    code, other = product.code_for(person), product.another("1.2.250.1.999.20")
    assert other.exchange(code).json()["error"] == "invalid_grant"
    assert product.exchange(code).status_code == 200


def test_a_code_dies_after_a_minute(product: Product, person: dict[str, Any]) -> None:
    code = product.code_for(person)
    product.admin("PUT", "horloge", mode="decalee", secondes=61)
    assert product.exchange(code).json()["error"] == "invalid_grant"


def test_a_code_used_twice_revokes_what_it_gave(product: Product, person: dict[str, Any]) -> None:
    code = product.code_for(person, "AGENDA_LECTURE")
    tokens = tokens_of(product.exchange(code))
    assert agenda_status(product, tokens) == 200
    assert product.exchange(code).json()["error"] == "invalid_grant"
    grant = product.admin.last("mes.oauth.token")["context"]["grant"]
    assert (grant["type"], grant["reused"]) == ("authorization_code", True)
    assert agenda_status(product, tokens) == 401
    assert product.refresh(tokens.refresh).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("mode", "asked", "verifier", "error"),
    [
        ("accepte", {}, VERIFIER, None),
        ("accepte", {}, "w" * 64, "invalid_grant"),
        ("accepte", {"code_challenge": None, "code_challenge_method": None}, None, None),
        ("ignore", {}, "w" * 64, None),
        ("ignore", {"code_challenge": "x", "code_challenge_method": "plain"}, None, None),
    ],
)
def test_pkce_follows_its_setting(
    product: Product,
    person: dict[str, Any],
    mode: str,
    asked: dict[str, Any],
    verifier: str | None,
    error: str | None,
) -> None:
    product.admin.set(pkce=mode)
    answer = product.exchange(product.code_for(person, **asked), code_verifier=verifier)
    assert answer.json().get("error") == error


def test_a_refresh_gives_new_tokens_and_the_scope_of_now(
    product: Product, person: dict[str, Any], tokens: Tokens
) -> None:
    product.admin.act(person["id"], "consentement_retire", oid=product.oid, finalite="AGENDA_LECTURE")
    answer = product.refresh(tokens.refresh)
    new = tokens_of(answer)
    assert answer.status_code == 200
    assert new.scope == "openid AGENDA_ECRITURE MESURES_LECTURE"
    assert len({tokens.access, new.access}) == len({tokens.refresh, new.refresh}) == 2
    assert "nonce" not in decoded(new.identity)


def test_a_refresh_token_shown_twice_revokes_its_family(product: Product, tokens: Tokens) -> None:
    new = tokens_of(product.refresh(tokens.refresh))
    assert product.refresh(tokens.refresh).json()["error"] == "invalid_grant"
    context = product.admin.last("mes.oauth.token")["context"]
    assert context["grant"]["reused"] is True
    assert product.refresh(new.refresh).json()["error"] == "invalid_grant"
    assert agenda_status(product, new) == 401


def test_without_rotation_a_refresh_token_serves_again(product: Product, tokens: Tokens) -> None:
    product.admin.set(rotation_refresh=False)
    assert "refresh_token" not in product.refresh(tokens.refresh).json()
    assert product.refresh(tokens.refresh).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"refresh_token": "banc-rt-inconnu"}, "invalid_grant"),
        ({"refresh_token": "\x00"}, "invalid_grant"),
        ({"scope": "openid DOCUMENTS_LECTURE"}, "invalid_scope"),
    ],
)
def test_a_bad_refresh_is_refused(product: Product, tokens: Tokens, changes: dict[str, Any], error: str) -> None:
    answer = product.refresh(**{"token": tokens.refresh, **changes})
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_access_token_does_not_refresh_and_another_service_s_token_neither(product: Product, tokens: Tokens) -> None:
    other = product.another("1.2.250.1.999.20")
    assert product.refresh(tokens.access).json()["error"] == "invalid_grant"
    assert other.refresh(tokens.refresh).json()["error"] == "invalid_grant"
    assert product.refresh(tokens.refresh).status_code == 200


def test_lifetimes_follow_the_clock_of_the_tenant(product: Product, tokens: Tokens) -> None:
    product.admin("PUT", "horloge", mode="decalee", secondes=301)
    assert agenda_status(product, tokens) == 401
    new = tokens_of(product.refresh(tokens.refresh))
    assert agenda_status(product, new) == 200
    product.admin("PUT", "horloge", mode="decalee", secondes=301 + 7_776_000)
    assert product.refresh(new.refresh).json()["error"] == "invalid_grant"


def test_lifetimes_follow_their_settings(product: Product, person: dict[str, Any]) -> None:
    product.admin.set(access_token_lifetime_s=7, id_token_lifetime_s=9)
    body = product.exchange(product.code_for(person)).json()
    claims = decoded(body["id_token"])
    assert (body["expires_in"], claims["exp"] - claims["iat"]) == (7, 9)


def test_a_service_no_longer_referenced_gets_no_token(product: Product, tokens: Tokens) -> None:
    product.admin("PATCH", f"mes/services/{product.oid}", statut="DEREFERENCEE")
    answer = product.refresh(tokens.refresh)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


def test_revoking_a_refresh_token_takes_its_family(product: Product, tokens: Tokens) -> None:
    assert product.post("/oauth2/revoke", token=tokens.refresh).status_code == 200
    assert agenda_status(product, tokens) == 401
    assert product.refresh(tokens.refresh).json()["error"] == "invalid_grant"


def test_revoking_an_access_token_leaves_the_refresh_token(product: Product, tokens: Tokens) -> None:
    assert product.post("/oauth2/revoke", token=tokens.access, token_type_hint="access_token").status_code == 200
    assert agenda_status(product, tokens) == 401
    assert product.refresh(tokens.refresh).status_code == 200


@pytest.mark.parametrize(
    ("form", "secret", "status", "error"),
    [
        ({"token": "inconnu"}, None, 200, None),
        ({}, None, 400, "invalid_request"),
        ({"token": "x", "token_type_hint": "id_token"}, None, 200, None),
        ({"token": "x"}, "faux", 401, "invalid_client"),
    ],
)
def test_revocation_follows_rfc_7009(
    product: Product, form: dict[str, str], secret: str | None, status: int, error: str | None
) -> None:
    answer = product.post("/oauth2/revoke", secret=secret, **form)
    assert (answer.status_code, answer.json().get("error")) == (status, error)


def test_nobody_revokes_another_service_s_token(product: Product, tokens: Tokens) -> None:
    other = product.another("1.2.250.1.999.20")
    assert other.post("/oauth2/revoke", token=tokens.refresh).json()["error"] == "invalid_grant"
    assert product.refresh(tokens.refresh).status_code == 200


def test_metadata_are_valid_and_lead_to_the_endpoints(product: Product, tokens: Tokens) -> None:
    found = httpx.get(f"{product.base}/.well-known/openid-configuration").json()
    AuthorizationServerMetadata(found).validate()
    keys = KeySet.import_key_set(httpx.get(found["jwks_uri"]).json())
    assert jwt.decode(tokens.identity, keys, algorithms=["RS256"]).claims["iss"] == found["issuer"]
    assert "d" not in httpx.get(found["jwks_uri"]).json()["keys"][0]
    assert httpx.get(found["token_endpoint"]).status_code == 405
    assert httpx.get(f"{product.base}/oauth2/rien").status_code == 501


@pytest.mark.parametrize("nature", ["jeton_expire", "mauvais_nonce", "oid_different"])
def test_an_id_token_is_spoilt_on_demand(product: Product, person: dict[str, Any], nature: str) -> None:
    product.admin("POST", "pannes", operation="mes.oauth.token", nature=nature)
    claims = decoded(product.exchange(product.code_for(person)).json()["id_token"])
    seen = (claims["exp"] - claims["iat"] > 3540, claims["nonce"] == "nonce-1", claims["oid"] == product.oid)
    assert seen == tuple(nature != bad for bad in ("jeton_expire", "mauvais_nonce", "oid_different"))
    assert product.admin.last("mes.oauth.token")["fault"] == nature


def test_an_id_token_is_signed_by_another_key_on_demand(product: Product, person: dict[str, Any]) -> None:
    product.admin("POST", "pannes", operation="mes.oauth.token", nature="jeton_mal_signe", personne=person["id"])
    token = product.exchange(product.code_for(person)).json()["id_token"]
    keys = KeySet.import_key_set(httpx.get(f"{product.base}/oauth2/jwks").json())
    with pytest.raises(BadSignatureError):
        jwt.decode(token, keys, algorithms=["RS256"])
