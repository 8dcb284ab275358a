"""Nothing that a client or a browser sends makes Pro Santé Connect crash, redirect elsewhere, or keep a secret."""

import io
from contextlib import closing
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from mocks.psc import PSC
from mocks.sandbox import Sandbox
from tests.mocks.psc.product import CALLBACK, Browser, Product

NAMES = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "acr_values", "acr", "prompt",
    "code_challenge", "code_challenge_method", "grant_type", "code", "refresh_token", "auth_req_id", "token",
    "id_token_hint", "post_logout_redirect_uri", "login_hint", "binding_message", "channel", "client_secret",
    "code_verifier", "token_type_hint", "access_token",
)  # fmt: skip
KNOWN = (
    "code", "dui", CALLBACK, "openid", "openid scope_all", "eidas1", "S256", "plain", "authorization_code",
    "refresh_token", "urn:openid:params:grant-type:ciba", "none", "login", "42", "", "\x00", "é" * 50,
    "eyJhbGciOiJub25lIn0.e30.",
)  # fmt: skip
TEXT = st.one_of(st.sampled_from(KNOWN), st.text(max_size=30).filter(lambda t: t.isprintable()))
FORMS = st.lists(st.tuples(st.sampled_from(NAMES), TEXT), max_size=9)
CALLS = (
    ("GET", "/auth"),
    ("POST", "/auth"),
    ("POST", "/auth/realms/esante-wallet/protocol/openid-connect/token"),
    ("POST", "/auth/realms/esante-wallet/protocol/openid-connect/token/introspect"),
    ("POST", "/auth/realms/esante-wallet/protocol/openid-connect/revoke"),
    ("POST", "/auth/realms/esante-wallet/protocol/openid-connect/ext/ciba/auth"),
    ("GET", "/auth/realms/esante-wallet/protocol/openid-connect/logout"),
    ("GET", "/auth/realms/esante-wallet/protocol/openid-connect/userinfo"),
)
AUTHS = st.sampled_from(
    ("", "Basic", "Basic !", "Basic OnNhbnMtbm9t", "Bearer", "Bearer é".encode().decode("latin-1"), "x")
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=st.sampled_from(CALLS), form=FORMS, authorization=AUTHS)
def test_no_input_breaks_an_endpoint(
    product: Product, call: tuple[str, str], form: list[tuple[str, str]], authorization: str
) -> None:
    method, path = call
    sent = httpx.QueryParams(form)
    headers = {"Authorization": authorization.encode("latin-1")} if authorization else {}
    if method == "POST":
        headers["Content-Type"] = b"application/x-www-form-urlencoded"
        answer = product.http.post(product.base + path, content=str(sent), headers=headers)
    else:
        answer = product.http.get(product.base + path, params=sent, headers=headers)
    assert answer.status_code in (200, 302, 400, 401), answer.text
    location = answer.headers.get("Location", CALLBACK)
    assert location.split("?")[0] == CALLBACK or location.startswith(f"{product.base}/connexion/")


def test_no_store_breaks_on_a_nul_character(store_url: str) -> None:
    sandbox = Sandbox(store_url, services=[PSC])
    with closing(sandbox), sandbox.embedded():
        product = Product.registered()
        for method, path in CALLS:
            for name in NAMES:
                sent = {**product.request(), "grant_type": "authorization_code", "client_secret": product.secret}
                sent |= {name: "\x00"}
                place: dict[str, Any] = {"params": sent} if method == "GET" else {"data": sent}
                answer = product.http.request(method, product.base + path, **place)
                assert answer.status_code in (200, 302, 400, 401), (path, name, answer.text)


def test_a_secret_never_reaches_the_disk(store_url: str) -> None:
    sandbox = Sandbox(store_url, services=[PSC])
    with closing(sandbox), sandbox.embedded():
        product = Product.registered()
        code = product.code_for(product.admin("POST", "professionnels"))
        tokens = product.redeem(code).json()
        again = product.refresh(tokens["refresh_token"]).json()
        product.userinfo(again["access_token"])
        product.post("/token/introspect", token=again["access_token"])
        kept = _everything(sandbox)
    secrets = [code, product.secret, *(t[name] for t in (tokens, again) for name in _SECRETS)]
    assert not [secret for secret in secrets if secret in kept]
    assert "oidc_grants" in kept


_SECRETS = ("access_token", "refresh_token", "id_token")


def _everything(sandbox: Sandbox) -> str:
    """All the rows of all the tables."""
    from sqlalchemy import text

    from mocks.store import METADATA

    written = io.StringIO()
    with sandbox.store.session() as session:
        for table in METADATA.sorted_tables:
            written.write(f"{table.name}\n")
            for row in session.query(text(f"SELECT * FROM {table.name}")):
                written.write(f"{tuple(row)}\n")
    return written.getvalue()


@pytest.mark.parametrize("state", ["page", "erreur"])
def test_the_login_page_can_be_read_by_anyone(product: Product, state: str) -> None:
    browser = Browser()
    browser.open(product)
    if state == "erreur":
        browser.submit(identifiant="personne", moyen="CPS", decision="continuer")
    page = html.document_fromstring(browser.page.text)
    assert page.get("lang") == "fr"
    assert page.findtext(".//title")
    assert len(page.xpath("//h1")) == 1
    for field in page.xpath("//input[not(@type='hidden')]"):
        assert page.xpath("//label[@for=$id]", id=field.get("id")), field.get("name")
    assert page.xpath("//fieldset/legend")
    assert {button.get("value") for button in page.xpath("//button[@name='decision']")} == {"continuer", "annuler"}
    if state == "erreur":
        assert page.xpath("//*[@role='alert' and @id=//input[@name='identifiant']/@aria-describedby]")


@pytest.mark.parametrize(
    ("wishes", "start"),
    [({}, "8"), ({"categorie": "rpps+"}, "8"), ({"categorie": "structure"}, "3"), ({"profession": "10"}, "8")],
)
def test_professionals_as_wished(product: Product, wishes: dict[str, Any], start: str) -> None:
    from profiles.keys import wrong_professional_id

    made = product.admin("POST", "professionnels", exercices=2, activites=3, **wishes)
    assert made["identifiant_national"].startswith(start)
    assert wrong_professional_id(made["identifiant_national"]) is None
    assert [len(practice["activites"]) for practice in made["exercices"]] == [3, 3]
    places = {place["finess"] for practice in made["exercices"] for place in practice["activites"]}
    assert len(places) == 6
    info = product.userinfo(product.log_in(made)["access_token"]).json()
    assert info["SubjectNameID"] == made["identifiant_national"]
    assert bool(info["SubjectRole"]) == (wishes.get("categorie", "rpps") == "rpps")
    assert len(info["SubjectRefPro"]["exercices"]) == 2
    assert product.admin("GET", f"professionnels/{made['id']}") == made
    assert made in product.admin("GET", "professionnels")["professionnels"]


def test_names_and_wrong_wishes(product: Product) -> None:
    made = product.admin("POST", "professionnels", nom="Ô", prenom="Ève")
    assert (made["nom"], made["prenom"]) == ("Ô", "Ève")
    url = f"{product.base.split('/t/')[0]}/_banc/tenants/{product.tenant}/professionnels"
    for wrong in ({"exercices": 4}, {"categorie": "x"}, {"nom": ""}, {"nom": "a\x00"}, {"autre": 1}):
        assert product.http.post(url, json=wrong).status_code == 400, wrong
    assert product.http.get(f"{url}/inconnu").status_code == 404


@pytest.mark.parametrize("host", ["auth.bas.psc.esante.gouv.fr", "wallet.bas.psc.esante.gouv.fr"])
def test_the_national_addresses_lead_to_it(product: Product, host: str) -> None:
    found = httpx.get(f"https://{host}/auth/realms/esante-wallet/.well-known/wallet-openid-configuration")
    assert found.json()["issuer"] == f"https://{host}/auth/realms/esante-wallet"
