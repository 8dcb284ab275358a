"""A product as small as can be, and the professional's browser: what the tests of Pro Santé Connect call with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

ROOT = "https://banc.test"
CALLBACK = "https://dui.test/retour"
GOODBYE = "https://dui.test/au-revoir"
SECRET = "banc-cs-secret-du-produit"
CLIENT = "dui"
STATE, NONCE = "etat-" + "s" * 32, "nonce-" + "n" * 32


@dataclass
class Product:
    """A registered client in a tenant of its own. service: name of the provider."""

    tenant: str
    service: str = "psc"
    realm: str = "/auth/realms/esante-wallet"
    client_id: str = CLIENT
    secret: str = SECRET
    http: httpx.Client = field(default_factory=httpx.Client)

    @classmethod
    def registered(cls, **more: Any) -> Product:
        made = cls(httpx.post(f"{ROOT}/_banc/tenants").json()["nom"])
        made.register(**more)
        return made

    def register(self, client_id: str = CLIENT, **more: Any) -> Product:
        sheet = {"redirect_uris": [CALLBACK], "post_logout_redirect_uris": [GOODBYE], "ciba": True, **more}
        self.admin("POST", "psc/clients", client_id=client_id, client_secret=self.secret, **sheet)
        return Product(self.tenant, client_id=client_id)

    def admin(self, method: str, path: str, **body: Any) -> Any:
        answer = self.http.request(method, f"{ROOT}/_banc/tenants/{self.tenant}/{path}", json=body or None)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def set(self, **settings: Any) -> None:
        self.admin("PATCH", "reglages", **{f"{self.service}.{key}": value for key, value in settings.items()})

    def advance(self, seconds: float) -> None:
        self.admin("PUT", "horloge", mode="decalee", secondes=seconds)

    def fault(self, operation: str, nature: str, **more: Any) -> None:
        self.admin("POST", "pannes", operation=f"{self.service}.{operation}", nature=nature, **more)

    def last(self, operation: str) -> dict[str, Any]:
        name = f"{self.service}.{operation}"
        found: dict[str, Any] = self.admin("GET", f"echanges?operation={name}")["echanges"][-1]
        return found

    @property
    def base(self) -> str:
        return f"{ROOT}/t/{self.tenant}/{self.service}"

    @property
    def issuer(self) -> str:
        return f"{self.base}{self.realm}"

    def request(self, **changes: Any) -> dict[str, str]:
        """Parameters of an authorization request; a change to None takes the parameter away."""
        usual: dict[str, Any] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid scope_all",
            "acr_values": "eidas1",
            "state": STATE,
            "nonce": NONCE,
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def post(self, path: str, *, auth: Any = ..., **form: Any) -> httpx.Response:
        credentials = (self.client_id, self.secret) if auth is ... else auth
        return self.http.post(f"{self.issuer}/protocol/openid-connect{path}", data=form, auth=credentials)

    def redeem(self, code: str, /, **changes: Any) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **changes}
        return self.post("/token", **form)

    def refresh(self, token: str) -> httpx.Response:
        return self.post("/token", grant_type="refresh_token", refresh_token=token)

    def userinfo(self, token: str) -> httpx.Response:
        path = f"{self.issuer}/protocol/openid-connect/userinfo"
        return self.http.get(path, headers={"Authorization": f"Bearer {token}"})

    def active(self, token: str) -> bool:
        return bool(self.post("/token/introspect", token=token).json()["active"])

    def claims(self, id_token: str) -> dict[str, Any]:
        """Claims of an id_token, its signature checked against the published keys."""
        keys = self.http.get(f"{self.issuer}/protocol/openid-connect/certs").json()
        return dict(jwt.decode(id_token, KeySet.import_key_set(keys)).claims)

    def code_for(self, pro: dict[str, Any], **asked: Any) -> str:
        return Browser().log_in(self, pro, **asked)["code"]

    def log_in(self, pro: dict[str, Any], **asked: Any) -> dict[str, Any]:
        answer = self.redeem(self.code_for(pro, **asked))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


class Browser:
    """The professional's browser, which stops where the product's own pages begin."""

    def __init__(self) -> None:
        self.http = httpx.Client()
        self.page = httpx.Response(204)

    def open(self, product: Product, **asked: Any) -> httpx.Response:
        self.page = self._followed(self.http.get(f"{product.base}/auth", params=product.request(**asked)))
        return self.page

    def submit(self, **values: Any) -> httpx.Response:
        """Send the form of the page with its hidden fields."""
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', self.page.text)
        action = re.search(r'<form method="post" action="([^"]+)">', self.page.text)
        assert action, self.page.text
        form = {**{name: unescape(value) for name, value in hidden}, **values}
        self.page = self._followed(self.http.post(unescape(action[1]), data=form))
        return self.page

    def log_in(self, product: Product, pro: dict[str, Any], *, means: str = "CPS", **asked: Any) -> dict[str, str]:
        """Sign in; returns the parameters that go back to the product."""
        self.open(product, **asked)
        self.submit(identifiant=pro["psc"]["identifiant"], moyen=means, decision="continuer")
        return self.returned()

    def returned(self) -> dict[str, str]:
        """The parameters with which the browser is sent back to the product."""
        assert self.page.headers.get("Location", "").startswith("https://dui.test/"), self.page.text
        return query_of(self.page.headers["Location"])

    def _followed(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and answer.headers["Location"].startswith(ROOT):
            answer = self.http.get(answer.headers["Location"])
        return answer


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
