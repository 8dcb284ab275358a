"""Token exchange and the API behind it: embedded (no certificate can be seen), then over real mutual TLS."""

import base64
import hashlib
import json
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from mocks.api_psc import API_PSC, confirmation
from mocks.pki import Pki
from mocks.psc import PSC
from mocks.sandbox import Sandbox
from mocks.servers.tls import Tls
from tests.mocks.psc.product import ROOT, Product

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
TYPE = "urn:ietf:params:oauth:token-type:access_token"
RAW = hashlib.sha256(b"certificat").digest()
THUMBPRINT = base64.urlsafe_b64encode(RAW).rstrip(b"=").decode()
SAMPLE = base64.urlsafe_b64encode(RAW.hex().encode()).decode()  # as the ANS guide shows it


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[PSC, API_PSC])
    yield made
    made.close()


@pytest.fixture
def product(sandbox: Sandbox) -> Iterator[Product]:
    with sandbox.embedded():
        made = Product.registered()
        made.admin("POST", "api-psc/clients", client_id="dui-as", scopes=["cahier.read", "cahier.write"])
        yield made


@pytest.fixture
def pro(product: Product) -> dict[str, Any]:
    made: dict[str, Any] = product.admin("POST", "professionnels")
    return made


def form_for(token: str, **changes: Any) -> dict[str, str]:
    usual: dict[str, Any] = {
        "grant_type": GRANT,
        "subject_token": token,
        "subject_token_type": TYPE,
        "scope": "cahier.read",
        "client_id": "dui-as",
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def base(product: Product) -> str:
    return f"{ROOT}/t/{product.tenant}/api-psc"


def exchange(product: Product, token: str, **changes: Any) -> httpx.Response:
    return product.http.post(f"{base(product)}/oauth2/token", data=form_for(token, **changes))


def read(product: Product, token: str) -> httpx.Response:
    return product.http.get(f"{base(product)}/cahier/c1", headers={"Authorization": f"Bearer {token}"})


def context(product: Product, operation: str) -> dict[str, Any]:
    found: dict[str, Any] = product.admin("GET", f"echanges?operation=api-psc.{operation}")["echanges"][-1]["context"]
    return found


def test_exchange_then_call(product: Product, pro: dict[str, Any]) -> None:
    psc = product.log_in(pro)["access_token"]
    answer = exchange(product, psc)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["issued_token_type"], body["token_type"], body["expires_in"]) == (TYPE, "Bearer", 3600)
    assert "no-store" in answer.headers["Cache-Control"]
    keys = product.http.get(f"{base(product)}/oauth2/jwks").json()
    said = jwt.decode(body["access_token"], KeySet.import_key_set(keys)).claims
    assert (said["sub"], said["scope"]) == (pro["identifiant_national"], "cahier.read")
    document = read(product, body["access_token"])
    assert document.json()["lecteur"] == pro["identifiant_national"]
    told = context(product, "oauth.token")
    assert told["exchange"]["cnf"] == "absent"
    assert told["exchange"]["cnf_matches"] is None
    assert told["token"]["fingerprint"] == product.last("oidc.token")["context"]["grant"]["issued_access"]
    assert context(product, "metier.lecture")["token"]["state"] == "valid"


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "inconnu"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": None}, 400, "unsupported_grant_type"),
        ({"subject_token": "banc-at-inconnu-de-tous"}, 400, "invalid_request"),
        ({"subject_token": None}, 400, "invalid_request"),
        ({"subject_token_type": "urn:autre"}, 400, "invalid_request"),
        ({"subject_token_type": None}, 400, "invalid_request"),
        ({"scope": None}, 400, "invalid_request"),
        ({"scope": "cahier.read tout"}, 400, "invalid_scope"),
    ],
)
def test_a_wrong_exchange_is_refused(
    product: Product, pro: dict[str, Any], changes: dict[str, Any], status: int, error: str
) -> None:
    answer = exchange(product, product.log_in(pro)["access_token"], **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert context(product, "oauth.token")["refusal"] == error


def test_a_subject_token_that_is_over_is_refused_until_it_is_renewed(product: Product, pro: dict[str, Any]) -> None:
    tokens = product.log_in(pro)
    product.advance(121)
    assert exchange(product, tokens["access_token"]).json()["error"] == "invalid_request"
    assert context(product, "oauth.token")["token"]["state"] == "expired"
    assert exchange(product, tokens["refresh_token"]).json()["error"] == "invalid_request"
    fresh = product.refresh(tokens["refresh_token"]).json()["access_token"]
    assert exchange(product, fresh).status_code == 200


def test_the_api_refuses(product: Product, pro: dict[str, Any]) -> None:
    psc = product.log_in(pro)["access_token"]
    assert read(product, psc).status_code == 401  # the token of Pro Santé Connect is not one of the API
    assert context(product, "metier.lecture")["token"]["state"] == "unknown"
    assert product.http.get(f"{base(product)}/cahier/c1").status_code == 401
    wrong = exchange(product, psc, scope="cahier.write").json()["access_token"]
    assert read(product, wrong).status_code == 403
    right = exchange(product, psc).json()["access_token"]
    assert product.http.get(f"{base(product)}/cahier/c1", params={"access_token": right}).status_code == 401
    assert context(product, "metier.lecture")["token"]["place"] == "query"
    product.advance(3601)
    refused = read(product, right)
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert context(product, "metier.lecture")["token"]["state"] == "expired"
    assert read(product, right[:-4] + "AAAA").status_code == 401


def test_a_token_can_be_taken_for_expired(product: Product, pro: dict[str, Any]) -> None:
    token = exchange(product, product.log_in(pro)["access_token"]).json()["access_token"]
    product.admin("POST", "pannes", operation="api-psc.metier.lecture", nature="jeton_expire")
    refused = read(product, token)
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_token")
    assert context(product, "metier.lecture")["token"]["state"] == "expired"
    assert read(product, token).status_code == 200


def test_introspection(product: Product, pro: dict[str, Any]) -> None:
    token = exchange(product, product.log_in(pro)["access_token"]).json()["access_token"]
    url = f"{base(product)}/oauth2/introspect"
    assert product.http.post(url, data={"client_id": "dui-as", "token": token}).json()["active"] is True
    assert product.http.post(url, data={"client_id": "dui-as", "token": "x"}).json() == {"active": False}
    assert product.http.post(url, data={"token": token}).status_code == 401


def test_a_secret_is_noted(product: Product, pro: dict[str, Any]) -> None:
    assert exchange(product, product.log_in(pro)["access_token"], client_secret="x" * 12).status_code == 200
    entry = product.admin("GET", "echanges?operation=api-psc.oauth.token")["echanges"][-1]
    assert [note["code"] for note in entry["notes"]] == ["secret-inutile"]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (json.dumps({"x5t#S256": THUMBPRINT}), "rfc8705"),
        (json.dumps({"x5t#S256": SAMPLE}), "tr"),
        (json.dumps({"x5t#S256": THUMBPRINT + "="}), "autre"),
        (json.dumps({"x5t#S256": RAW.hex()}), "autre"),
        (json.dumps({"x5t#S256": 3}), "autre"),
        (json.dumps({"x5t#S256": "é"}), "autre"),
        (json.dumps([THUMBPRINT]), "autre"),
        (THUMBPRINT, "autre"),
        ("{", "autre"),
        ("", "absent"),
        (None, "absent"),
    ],
)
def test_forms_of_cnf(text: str | None, form: str) -> None:
    read_as = confirmation.read(text)
    assert read_as.form == form
    assert read_as.thumbprint == (THUMBPRINT if form in ("rfc8705", "tr") else "")


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@pytest.fixture
def secured(sandbox: Sandbox, pki: Pki, tmp_path: Path) -> Iterator[tuple[str, httpx.Client, httpx.Client]]:
    """URL over mutual TLS, and clients that show `client` and `client-siret`."""
    pki.write(tmp_path, ["serveur", "client", "client-siret"])
    made = []
    for name in ("client", "client-siret"):
        context_ = ssl.create_default_context(cafile=str(tmp_path / "autorites.pem"))
        context_.load_cert_chain(tmp_path / f"{name}.pem", tmp_path / f"{name}.key.pem")
        made.append(httpx.Client(verify=context_, timeout=10))
    with sandbox.serve(tls=Tls(pki)) as server, closing(made[0]), closing(made[1]):
        yield server.url, *made


def test_the_token_is_bound_to_the_certificate(
    sandbox: Sandbox, pki: Pki, secured: tuple[str, httpx.Client, httpx.Client]
) -> None:
    root, http, other = secured
    with sandbox.embedded():
        product = Product.registered()
        psc = product.log_in(product.admin("POST", "professionnels"))["access_token"]
        certificate = ssl.PEM_cert_to_DER_cert(pki.get("client").pem.decode().split("-----END CERT")[0] + END)
        raw = hashlib.sha256(certificate).digest()
    mine = json.dumps({"x5t#S256": base64.urlsafe_b64encode(raw).rstrip(b"=").decode()})
    theirs = json.dumps({"x5t#S256": THUMBPRINT})
    admin, api = f"{root}/_banc/tenants/{product.tenant}", f"{root}/t/{product.tenant}/api-psc"
    sheet = {"client_id": "dui-as", "scopes": ["cahier.read"], "dn": _subject(http, root, product.tenant)}
    assert http.post(f"{admin}/api-psc/clients", json=sheet).status_code == 201
    token_url = f"{api}/oauth2/token"
    refused = other.post(token_url, data=form_for(psc, cnf=mine))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    mismatch = http.post(token_url, data=form_for(psc, cnf=theirs))
    assert (mismatch.status_code, mismatch.json()["error"]) == (400, "invalid_request")
    bound = http.post(token_url, data=form_for(psc, cnf=mine))
    assert bound.status_code == 200, bound.text
    headers = {"Authorization": f"Bearer {bound.json()['access_token']}"}
    assert http.get(f"{api}/cahier/c1", headers=headers).status_code == 200
    stolen = other.get(f"{api}/cahier/c1", headers=headers)
    assert (stolen.status_code, stolen.json()["error"]) == (401, "invalid_token")
    told = http.get(f"{admin}/echanges?operation=api-psc.oauth.token").json()["echanges"]
    assert [one["context"]["exchange"]["cnf_matches"] for one in told] == [False, False, True]
    assert told[-1]["context"]["tls"]["client"]["ou"]
    http.patch(f"{admin}/reglages", json={"api-psc.cnf": "strict"})
    assert http.post(token_url, data=form_for(psc)).json()["error"] == "invalid_request"


END = "-----END CERTIFICATE-----\n"


def _subject(http: httpx.Client, root: str, tenant: str) -> str:
    """The subject of the certificate of this client, as the journal writes it."""
    http.get(f"{root}/t/{tenant}/api-psc/oauth2/jwks")
    seen = http.get(f"{root}/_banc/tenants/{tenant}/echanges").json()["echanges"][-1]
    return str(seen["context"]["tls"]["client"]["subject"])
