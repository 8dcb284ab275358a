"""A product as small as can be, and the usager's browser: what the tests of the service call with."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

ROOT = "https://banc.test"
CALLBACK = "https://portail.test/retour"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASSIGN_AUTH = "1.2.250.1.999.77"
ALL = ("AGENDA_ECRITURE", "AGENDA_LECTURE", "MESURES_LECTURE")


class Admin:
    """The admin API of one tenant."""

    def __init__(self) -> None:
        self.tenant = httpx.post(f"{ROOT}/_banc/tenants").json()["nom"]
        self.client = httpx.Client(base_url=f"{ROOT}/_banc/tenants/{self.tenant}/")

    def __call__(self, method: str, path: str, **body: Any) -> Any:
        answer = self.client.request(method, path, json=body or None)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def set(self, **settings: Any) -> None:
        self("PATCH", "reglages", **{f"mes.{key}": value for key, value in settings.items()})

    def last(self, operation: str = "") -> dict[str, Any]:
        path = "echanges" + (f"?operation={operation}" if operation else "")
        found: dict[str, Any] = self("GET", path)["echanges"][-1]
        return found

    def act(self, person: str, act: str, **details: Any) -> Any:
        return self("POST", f"mes/usagers/{person}/actes", acte=act, **details)


@dataclass
class Tokens:
    """What one pairing gave. assign_auth and idpe name the usager in business calls."""

    access: str
    refresh: str
    identity: str
    scope: str
    idpe: str

    @property
    def subject(self) -> str:
        return f"{ASSIGN_AUTH}|{self.idpe}"

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}", "ID_TOKEN": self.identity, **more}


@dataclass
class Product:
    """A registered service, with the secrets that the registry gave it."""

    admin: Admin
    oid: str
    client_id: str
    secret: str
    http: httpx.Client = field(default_factory=httpx.Client)

    @classmethod
    def registered(cls, oid: str = "1.2.250.1.999.10.1", admin: Admin | None = None, **more: Any) -> Product:
        admin = admin or Admin()
        sheet = {"nom": "Portail des Tilleuls", "editeur": "Éditeur fictif", "redirect_uris": [CALLBACK]}
        made = admin("POST", "mes/services", oid=oid, **{**sheet, **more})
        return cls(admin, oid, made["client_id"], made["client_secret"])

    @property
    def base(self) -> str:
        return f"{ROOT}/t/{self.admin.tenant}/mes"

    def another(self, oid: str = "1.2.250.1.999.20", **more: Any) -> Product:
        """Another service of the same tenant."""
        return Product.registered(oid, self.admin, **more)

    def post(self, path: str, secret: str | None = None, **form: Any) -> httpx.Response:
        credentials = (self.client_id, self.secret if secret is None else secret)
        return self.http.post(f"{self.base}{path}", data=form, auth=credentials)

    def request(self, **changes: Any) -> dict[str, str]:
        """Parameters of an authorization request; a change to None takes the parameter away."""
        usual: dict[str, Any] = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "etat-1",
            "nonce": "nonce-1",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def exchange(self, code: str, **changes: Any) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        return self.post("/oauth2/token", **{k: v for k, v in {**form, **changes}.items() if v is not None})

    def refresh(self, token: str, **changes: Any) -> httpx.Response:
        return self.post("/oauth2/token", **{"grant_type": "refresh_token", "refresh_token": token, **changes})

    def code_for(self, person: dict[str, Any], *codes: str, idpe: str = "", profile: str = "", **asked: Any) -> str:
        """The code that a pairing gives, by the pages."""
        user = external_user(person, idpe or f"esms-{profile or person['id']}")
        browser = Browser()
        browser.open(f"{self.base}/oauth2/authorize", params=self.request(external_user=user, **asked))
        browser.log_in(person)
        back = browser.decide("autoriser", *codes, profile=profile)
        return str(back["code"])

    def pair(self, person: dict[str, Any], *codes: str, idpe: str = "", profile: str = "") -> Tokens:
        """A whole pairing; all the finalities of the tests when none is named."""
        answer = self.exchange(self.code_for(person, *(codes or ALL), idpe=idpe, profile=profile))
        assert answer.status_code == 200, answer.text
        return tokens_of(answer)

    def fhir(self, method: str, path: str, tokens: Tokens, **more: Any) -> httpx.Response:
        headers = tokens.headers(**more.pop("headers", {}))
        return self.http.request(method, f"{self.base}/fhir/{path}", headers=headers, **more)

    def put_appointment(self, tokens: Tokens, **changes: Any) -> httpx.Response:
        headers = {"Content-Type": "application/fhir+json"}
        return self.fhir("POST", "Appointment", tokens, json=appointment(tokens, **changes), headers=headers)


def tokens_of(answer: httpx.Response) -> Tokens:
    body = answer.json()
    claims = decoded(body["id_token"])
    return Tokens(body["access_token"], body.get("refresh_token", ""), body["id_token"], body["scope"], claims["idPe"])


def decoded(jwt: str) -> dict[str, Any]:
    part = jwt.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def external_user(person: dict[str, Any], idpe: str) -> str:
    names = {"firstName": person["prenoms"][0], "lastName": person["nom"]}
    return json.dumps({"id": idpe, **names, "email": person["courriel"], "login": "moi"})


def appointment(tokens: Tokens, **changes: Any) -> dict[str, Any]:
    """An appointment at 09:00 in Paris on the day of the change to winter time."""
    actor = {"type": "Patient", "identifier": {"system": f"urn:oid:{ASSIGN_AUTH}", "value": tokens.idpe}}
    doctor = {"type": "Practitioner", "display": "Dr Zoé Brûlé"}
    usual = {
        "resourceType": "Appointment",
        "identifier": [{"system": "urn:oid:1.2.250.1.999.10.1", "value": "rdv-1"}],
        "status": "booked",
        "description": "Kinésithérapie",
        "start": "2024-10-27T09:00:00+01:00",
        "end": "2024-10-27T09:30:00+01:00",
        "participant": [{"actor": actor, "status": "accepted"}, {"actor": doctor, "status": "accepted"}],
    }
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


class Browser:
    """The usager's browser, which stops where the product's own pages begin."""

    def __init__(self) -> None:
        self.http = httpx.Client()
        self.page = httpx.Response(204)

    def open(self, url: str, **more: Any) -> httpx.Response:
        self.page = self._followed(self.http.get(url, **more))
        return self.page

    def submit(self, **values: Any) -> httpx.Response:
        """Send the form of the page with its hidden fields."""
        form = {**self.hidden(), **values}
        self.page = self._followed(self.http.post(self.action(), data=form))
        return self.page

    def log_in(self, person: dict[str, Any]) -> httpx.Response:
        return self.submit(identifiant=person["mes"]["identifiant"], mot_de_passe=person["mes"]["mot_de_passe"])

    def decide(self, decision: str, *codes: str, profile: str = "") -> dict[str, str]:
        """The usager's decision; returns the parameters that go back to the product."""
        self.submit(decision=decision, finalite=list(codes), **({"profil": profile} if profile else {}))
        assert self.page.headers["Location"].startswith(CALLBACK), self.page.text
        return query_of(self.page.headers["Location"])

    def hidden(self) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', self.page.text)
        return {name: unescape(value) for name, value in found}

    def action(self) -> str:
        found = re.search(r'<form method="post" action="([^"]+)">', self.page.text)
        assert found, self.page.text
        return unescape(found[1])

    def _followed(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and answer.headers["Location"].startswith(ROOT):
            answer = self.http.get(answer.headers["Location"])
        return answer


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
