"""Espace de Confiance: mutual TLS in place of the secret; and what plain HTTP, which shows no certificate, does."""

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from mocks.pki import Pki
from mocks.sandbox import Sandbox
from mocks.servers.tls import Tls
from tests.mocks.psc.product import Product

PATH = "/auth/realms/esante-wallet/protocol/openid-connect"


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@pytest.fixture
def trusting(sandbox: Sandbox, pki: Pki, tmp_path: Path) -> Iterator[tuple[str, dict[str, httpx.Client]]]:
    """URL over mutual TLS, and clients by name of their certificate."""
    names = ("client", "client-siret")
    pki.write(tmp_path, ["serveur", *names])
    made = {}
    for name in names:
        context = ssl.create_default_context(cafile=str(tmp_path / "autorites.pem"))
        context.load_cert_chain(tmp_path / f"{name}.pem", tmp_path / f"{name}.key.pem")
        made[name] = httpx.Client(verify=context, timeout=10)
    with sandbox.serve(tls=Tls(pki)) as server, closing(made["client"]), closing(made["client-siret"]):
        yield server.url, made


def redeem(client: httpx.Client, url: str, code: str, client_id: str, secret: str = "") -> httpx.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": "https://dui.test/retour"}
    more = {"client_secret": secret} if secret else {}
    return client.post(f"{url}{PATH}/token", data={**form, "client_id": client_id, **more})


def auth_seen(product: Product, sandbox: Sandbox) -> Any:
    with sandbox.embedded():
        return product.last("oidc.token")["context"]["grant"]["auth"]


def test_the_certificate_replaces_the_secret(
    sandbox: Sandbox, trusting: tuple[str, dict[str, httpx.Client]], pki: Pki
) -> None:
    url, clients = trusting
    with sandbox.embedded():
        product = Product.registered()
        pro = product.admin("POST", "professionnels")
    base = f"{url}/t/{product.tenant}/psc"
    clients["client"].get(f"{base}{PATH}/certs")
    with sandbox.embedded():
        dn = product.last("oidc.jwks")["context"]["tls"]["client"]["subject"]
        trusted = product.register("confiance", espace="confiance", dn=dn)
        product.register("communautaire", dn=dn)
        codes = [trusted.code_for(pro) for _ in range(3)]
        other = replace(product, client_id="communautaire").code_for(pro)
    stranger = redeem(clients["client-siret"], base, codes[0], "confiance")
    assert (stranger.status_code, stranger.json()["error"]) == (401, "invalid_client")
    with_secret = redeem(clients["client-siret"], base, codes[0], "confiance", product.secret)
    assert with_secret.status_code in (400, 401)
    assert with_secret.json()["error"] == "invalid_client"
    answer = redeem(clients["client"], base, codes[0], "confiance")
    assert answer.status_code == 200, answer.text
    assert auth_seen(product, sandbox) == "mtls"
    assert redeem(clients["client"], base, codes[1], "confiance", product.secret).status_code == 200
    assert auth_seen(product, sandbox) == "secret_post"
    assert redeem(clients["client"], base, other, "communautaire").status_code == 200
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert clients["client-siret"].get(f"{base}{PATH}/userinfo", headers=bearer).status_code == 401
    assert clients["client"].get(f"{base}{PATH}/userinfo", headers=bearer).status_code == 200
    asked = {"client_id": "confiance", "token": answer.json()["access_token"]}
    assert clients["client"].post(f"{base}{PATH}/token/introspect", data=asked).json()["active"] is True
    assert clients["client-siret"].post(f"{base}{PATH}/token/introspect", data=asked).status_code in (400, 401)


def test_without_tls_a_trusted_client_is_taken_at_its_word(product: Product, pro: dict[str, Any]) -> None:
    trusted = product.register("confiance", espace="confiance", dn="CN=X")
    answer = trusted.post(
        "/token",
        auth=None,
        grant_type="authorization_code",
        code=trusted.code_for(pro),
        redirect_uri="https://dui.test/retour",
        client_id="confiance",
    )
    assert answer.status_code == 200, answer.text
    assert product.last("oidc.token")["context"]["grant"]["auth"] == "aucune"
    nobody = product.post("/token", auth=None, grant_type="refresh_token", refresh_token="x", client_id="dui")
    assert nobody.json()["error"] == "invalid_client"
