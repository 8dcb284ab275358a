"""Whatever is sent, the service answers: never a 500."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mocks.sandbox import Sandbox
from tests.mocks.mes.direct import Direct
from tests.mocks.mes.product import Product, Tokens, appointment

ANYTHING = st.text(max_size=60)
LATIN = st.text(st.characters(max_codepoint=255, blacklist_characters="\r\n\x00"), max_size=60)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
GRANTS = st.sampled_from(["authorization_code", "refresh_token", "password", ""])
FIELDS = st.sampled_from(["code", "refresh_token", "scope", "redirect_uri", "code_verifier", "client_id", "token"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANYTHING,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANYTHING, inner, max_size=3),
    max_leaves=8,
)


@FEW
@given(grant=GRANTS | ANYTHING, form=st.dictionaries(FIELDS | ANYTHING, ANYTHING, max_size=5), own=st.booleans())
def test_the_token_endpoint(sandbox: Sandbox, product: Product, grant: str, form: dict[str, str], own: bool) -> None:
    more: dict[str, Any] = {} if own else {"auth": None}
    for path in ("/oauth2/token", "/oauth2/revoke", "/oauth2/par"):
        answer = Direct(sandbox, product).post(path, data={**form, "grant_type": grant}, **more)
        assert answer.status_code < 500, answer.text


@FEW
@given(raw=st.binary(max_size=80), kind=st.sampled_from(["application/x-www-form-urlencoded", "application/json", ""]))
def test_the_token_endpoint_with_any_body(sandbox: Sandbox, product: Product, raw: bytes, kind: str) -> None:
    answer = Direct(sandbox, product).post("/oauth2/token", data=raw, content_type=kind)
    assert answer.status_code < 500


@FEW
@given(
    values=st.dictionaries(
        st.sampled_from(["Authorization", "ID_TOKEN", "X-ID-TOKEN", "X-Request-ID", "Accept"]), LATIN
    )
)
def test_the_headers_of_business_calls(
    sandbox: Sandbox, product: Product, tokens: Tokens, values: dict[str, str]
) -> None:
    for headers in (values, {**tokens.headers(), **values}):
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        answer = Direct(sandbox, product).call("GET", "/fhir/Appointment", environ_overrides=environ)
        assert answer.status_code < 500, answer.text


@FEW
@given(value=LATIN | st.just("Basic !!!") | st.just("Basic w6k6w6k="))
@example(value="\xa0")
@example(value="Basic")
def test_the_credentials_of_the_token_endpoint(sandbox: Sandbox, product: Product, value: str) -> None:
    environ = {"HTTP_AUTHORIZATION": value}
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    answer = Direct(sandbox, product).post("/oauth2/token", data=form, environ_overrides=environ, auth=None)
    assert answer.status_code in (400, 401)


@FEW
@given(query=st.dictionaries(ANYTHING | st.just("external_user"), ANYTHING, max_size=4))
def test_the_authorization_endpoint(sandbox: Sandbox, product: Product, query: dict[str, str]) -> None:
    for params in (query, {**product.request(), **query}):
        answer = Direct(sandbox, product).call("GET", "/oauth2/authorize", query_string=params)
        assert answer.status_code in (302, 303, 400), answer.text


@FEW
@given(element=st.sampled_from(["participant", "identifier", "status", "start", "meta", "resourceType"]), value=JSON)
def test_the_body_of_an_appointment(
    sandbox: Sandbox, product: Product, tokens: Tokens, element: str, value: Any
) -> None:
    body = {**appointment(tokens), element: value}
    answer = Direct(sandbox, product).post("/fhir/Appointment", json=body, headers=tokens.headers(), auth=None)
    assert answer.status_code < 500, answer.text


@FEW
@given(user=JSON)
def test_the_external_user(sandbox: Sandbox, product: Product, user: Any) -> None:
    query = product.request(external_user=json.dumps(user))
    answer = Direct(sandbox, product).call("GET", "/oauth2/authorize", query_string=query)
    assert answer.status_code in (302, 303)


@pytest.mark.parametrize("path", ["/connexion", "/connexion?appariement=%00", "/appariement/%00", "/appariement/x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pages_without_an_attempt(sandbox: Sandbox, product: Product, method: str, path: str) -> None:
    answer = Direct(sandbox, product).call(method, path)
    assert (answer.status_code, 'lang="fr"' in answer.text) == (404, True)
