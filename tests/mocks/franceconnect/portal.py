"""A portal as small as can be, and the usager's browser: what the tests of FranceConnect call with."""

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
CALLBACK = "https://portail.test/retour"
GOODBYE = "https://portail.test/au-revoir"
SECRET = "banc-cs-secret-du-portail"
CLIENT = "portail"
STATE, NONCE = "etat-" + "s" * 32, "nonce-" + "n" * 32
LEVELS = {"franceconnect": "eidas1", "franceconnect-plus": "eidas2"}


@dataclass
class Portal:
    """A registered client of one of the two services, in a tenant."""

    service: str
    tenant: str
    client_id: str = CLIENT
    http: httpx.Client = field(default_factory=httpx.Client)

    @classmethod
    def registered(cls, service: str) -> Portal:
        return cls(service, httpx.post(f"{ROOT}/_banc/tenants").json()["nom"]).register(CLIENT)

    def register(self, client_id: str, **more: Any) -> Portal:
        """One more client in this tenant."""
        sheet = {"redirect_uris": [CALLBACK], "post_logout_redirect_uris": [GOODBYE], **more}
        self.admin("POST", f"{self.service}/clients", client_id=client_id, client_secret=SECRET, **sheet)
        return Portal(self.service, self.tenant, client_id)

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

    def journal(self, operation: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin("GET", f"echanges?operation={self.service}.{operation}")["echanges"]
        return found

    def last(self, operation: str) -> dict[str, Any]:
        return self.journal(operation)[-1]

    @property
    def issuer(self) -> str:
        return f"{ROOT}/t/{self.tenant}/{self.service}/api/v2"

    def request(self, **changes: Any) -> dict[str, str]:
        """Parameters of an authorization request; a change to None takes the parameter away."""
        usual: dict[str, Any] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid identite_pivot email",
            "acr_values": LEVELS[self.service],
            "state": STATE,
            "nonce": NONCE,
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def redeem(self, code: str, **changes: Any) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "client_secret": SECRET,
            "code": code,
            "redirect_uri": CALLBACK,
        }
        return self.http.post(f"{self.issuer}/token", data={**form, **changes})

    def userinfo(self, token: str) -> httpx.Response:
        return self.http.get(f"{self.issuer}/userinfo", headers={"Authorization": f"Bearer {token}"})

    def verified(self, token: str) -> dict[str, Any]:
        """Claims of a JWT, its signature checked against the published keys."""
        keys = KeySet.import_key_set(self.http.get(f"{self.issuer}/jwks").json())
        return dict(jwt.decode(token, keys, algorithms=["ES256", "RS256"]).claims)

    def log_in(self, person: dict[str, Any], **asked: Any) -> dict[str, Any]:
        """The tokens of a login in a fresh browser."""
        answer = self.redeem(Browser().log_in(self, person, **asked)["code"])
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def identity(self, person: dict[str, Any], **asked: Any) -> dict[str, Any]:
        """What UserInfo says after a login."""
        return self.verified(self.userinfo(self.log_in(person, **asked)["access_token"]).text)


class Browser:
    """The usager's browser, which stops where pages of clients begin. statuses: of the redirections followed."""

    def __init__(self) -> None:
        self.http = httpx.Client()
        self.page = httpx.Response(204)
        self.statuses: list[int] = []

    def open(self, portal: Portal, **asked: Any) -> httpx.Response:
        return self._follow(self.http.get(f"{portal.issuer}/authorize", params=portal.request(**asked)))

    def submit(self, **values: Any) -> httpx.Response:
        """Send the form of the page with its hidden fields."""
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', self.page.text)
        action = re.search(r'<form method="post" action="([^"]+)">', self.page.text)
        assert action, self.page.text
        form = {**{name: unescape(value) for name, value in hidden}, **values}
        return self._follow(self.http.post(unescape(action[1]), data=form))

    def sign_in(self, person: dict[str, Any]) -> dict[str, str]:
        """Fill in the login page; returns the parameters that go back to the client."""
        self.submit(**person["franceconnect"], decision="continuer")
        return self.returned()

    def log_in(self, portal: Portal, person: dict[str, Any], **asked: Any) -> dict[str, str]:
        self.open(portal, **asked)
        return self.sign_in(person)

    def returned(self) -> dict[str, str]:
        """The parameters with which the browser is sent to a client."""
        assert self.page.is_redirect, self.page.text
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.headers["Location"]).query).items()}

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            self.statuses.append(answer.status_code)
            if not answer.headers["Location"].startswith(ROOT):
                break
            answer = self.http.get(answer.headers["Location"])
        self.page = answer
        return answer
