"""A tiny scripted MES for the tests of the product alone: it gives what it is told to, and remembers what it saw."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from joserfc import jwk, jwt

BASE = "https://mes.test/t/essai/mes"
OID = "1.2.250.1.999.10.1"
ASSIGN_AUTH = "1.2.250.1.999.77"
CLIENT = "produit-de-reference"
ALL = "openid AGENDA_ECRITURE AGENDA_LECTURE MESURES_LECTURE"
SETTINGS = {
    "base_url": BASE,
    "client_id": CLIENT,
    "client_secret": "secret",
    "oid": OID,
    "redirect_uri": "https://portail.banc.test/appariement-mes/retour",
}

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body))


@dataclass
class FakeMes:
    """Pairs whoever comes, accepts every write, serves the pages it holds; `script` answers first, once each."""

    now: Callable[[], datetime]
    seen: list[Seen] = field(default_factory=list)
    script: list[tuple[str, str, Reply]] = field(default_factory=list)
    scope: str | None = ALL
    claims: dict[str, Any] = field(default_factory=dict)
    signed: bool = True
    pages: list[list[dict[str, Any]]] = field(default_factory=lambda: [[]])
    pushed: list[dict[str, str]] = field(default_factory=list)
    issued: int = 0

    def next(self, method: str, path: str, *replies: Reply) -> None:
        """The next calls of this method on a path that ends so get these replies, in order."""
        self.script += [(method, path, reply) for reply in replies]

    def calls(self, method: str = "", path: str = "") -> list[Seen]:
        """Requests seen, of this method and on a path that ends so."""
        return [s for s in self.seen if (not method or s.method == method) and s.path.endswith(path)]

    def business(self) -> list[Seen]:
        """Requests to the business APIs."""
        return [s for s in self.seen if "/fhir/" in s.path]

    def handle(self, request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        split = urlsplit(target)
        body = request.content.decode()
        self.seen.append(Seen(request.method, split.path, split.query, dict(request.headers), body))
        for planned in self.script:
            method, path, reply = planned
            if method == request.method and split.path.endswith(path):
                self.script.remove(planned)
                return given(reply, request)
        return self._usual(request.method, split.path.removeprefix(urlsplit(BASE).path), request)

    def accept(self, url: str) -> dict[str, str]:
        """The usager accepts on the pages of MES; what her browser brings back."""
        number = int(parse_qs(urlsplit(url).query)["request_uri"][0].rsplit(":", 1)[1])
        return {"code": f"code-{number}", "state": self.pushed[number]["state"]}

    def _usual(self, method: str, path: str, request: httpx.Request) -> httpx.Response:
        match (method, path):
            case ("GET", "/.well-known/openid-configuration"):
                return httpx.Response(200, json=_metadata())
            case ("GET", "/oauth2/jwks"):
                return httpx.Response(200, json={"keys": [key().as_dict(private=False)]})
            case ("POST", "/oauth2/par"):
                self.pushed.append(self.seen[-1].form)
                return httpx.Response(201, json={"request_uri": f"urn:par:{len(self.pushed) - 1}", "expires_in": 60})
            case ("POST", "/oauth2/token"):
                return self._tokens(self.seen[-1].form)
            case ("POST", "/oauth2/revoke"):
                return httpx.Response(200)
            case ("POST", "/fhir/Appointment") | ("PUT", "/fhir/Appointment"):
                return self._stored(method)
            case ("GET", "/fhir/Appointment") | ("GET", "/fhir/Observation"):
                return self._page(path, dict(request.url.params))
            case ("GET", _) if path.startswith("/fhir/Appointment/"):
                return httpx.Response(200, json={"resourceType": "Appointment"}, headers={"ETag": 'W/"7"'})
            case ("DELETE", "/fhir/Appointment"):
                return httpx.Response(204)
        return httpx.Response(501)

    def _stored(self, method: str) -> httpx.Response:
        resource = {**self.seen[-1].json, "id": "a-1"}
        return httpx.Response(201 if method == "POST" else 200, json=resource, headers={"ETag": 'W/"1"'})

    def _tokens(self, form: dict[str, str]) -> httpx.Response:
        self.issued += 1
        answer = {"access_token": f"at-{self.issued}", "refresh_token": f"rt-{self.issued}", "token_type": "Bearer"}
        if self.scope is not None:
            answer["scope"] = self.scope
        if form["grant_type"] == "authorization_code":
            pushed = self.pushed[int(form["code"].removeprefix("code-"))]
            answer["id_token"] = self.id_token(nonce=pushed["nonce"], idPe=json.loads(pushed["external_user"])["id"])
        return httpx.Response(200, json=answer)

    def id_token(self, **claims: Any) -> str:
        instant = int(self.now().timestamp())
        usual = {"iss": BASE, "aud": CLIENT, "sub": "s", "iat": instant, "exp": instant + 3600, "oid": OID}
        said = {**usual, "assignAuth": ASSIGN_AUTH, **claims, **self.claims}
        token = jwt.encode({"alg": "RS256", "kid": key().kid}, said, key())
        return token if self.signed else f"{token.rsplit('.', 1)[0]}.{'A' * 342}"

    def _page(self, path: str, params: dict[str, str]) -> httpx.Response:
        number = int(params.get("page", "0"))
        link = [{"relation": "self", "url": f"{BASE}{path}?page={number}"}]
        if number + 1 < len(self.pages):
            link.append({"relation": "next", "url": f"{BASE}{path}?page={number + 1}&jeton=opaque%7C1"})
        entries = self.pages[number] if number < len(self.pages) else []
        return httpx.Response(200, json={"resourceType": "Bundle", "type": "searchset", "link": link, "entry": entries})


def refused(status: int, code: str = "", **headers: str) -> httpx.Response:
    """A refusal of the business APIs."""
    coding = [{"system": "https://banc.test/mes/refus", "code": code}] if code else []
    issue = {"severity": "error", "code": "forbidden", "diagnostics": f"refus {code}", "details": {"coding": coding}}
    body = {"resourceType": "OperationOutcome", "issue": [issue]}
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def event(name: str, start: str, **elements: Any) -> dict[str, Any]:
    """Entry of a search: an event of elsewhere."""
    author = [{"system": "https://banc.test/mes/auteur", "code": elements.pop("author", "PATIENT")}]
    resource = {
        "resourceType": "Appointment",
        "id": name,
        "meta": {"source": elements.pop("source", "urn:banc:usager"), "tag": author},
        "identifier": [{"system": "urn:oid:1.2.250.1.888.2", "value": name}],
        "status": "booked",
        "description": f"Événement {name}",
        "start": start,
        "participant": [{"status": "accepted"}],
        **elements,
    }
    return {"resource": resource, "search": {"mode": "match"}}


@cache
def key() -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": "essai"}, auto_kid=False)


def _metadata() -> dict[str, str]:
    oauth = f"{BASE}/oauth2"
    return {
        "issuer": BASE,
        "jwks_uri": f"{oauth}/jwks",
        "pushed_authorization_request_endpoint": f"{oauth}/par",
        "authorization_endpoint": f"{oauth}/authorize",
        "token_endpoint": f"{oauth}/token",
        "revocation_endpoint": f"{oauth}/revoke",
    }


def given(reply: Reply, request: httpx.Request) -> httpx.Response:
    """What a reply of a script gives to a request. Raises it when it is an exception."""
    if isinstance(reply, Exception):
        raise reply
    return reply if isinstance(reply, httpx.Response) else reply(request)
