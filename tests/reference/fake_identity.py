"""Tiny scripted identity providers and PSC-connected API, for the tests of the product alone."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc import jwk, jwt

from tests.reference.fake_mes import Reply, Seen

PORTAL = "https://portail.banc.test"
API = "https://api.test/api-psc"
PSC_PERSON = {
    "sub": "f:uuid:899900000011",
    "SubjectNameID": "899900000011",
    "family_name": "DUSOIN",
    "given_name": "Claude",
    "SubjectRefPro": {
        "exercices": [
            {
                "codeProfession": "60",
                "activities": [{"numeroFinessSite": "990000010", "raisonSocialeSite": "Foyer Les Tilleuls"}],
            }
        ]
    },
}
FC_PERSON = {
    "sub": "ab" * 32 + "v1",
    "family_name": "TESTINE",
    "given_name": "Marie Anne",
    "birthdate": "1955-06-09",
    "gender": "female",
    "birthplace": "99999",
    "birthcountry": "99100",
    "email": "autre@exemple.test",
}


@dataclass
class FakeProvider:
    """Logs in whoever comes; `script` answers first, once each; `claims` replace those of the id_token.

    sign: `right`, `wrong` (another key under the same kid), `unknown` (a kid not published), `none`.
    """

    name: str
    issuer: str
    authorize: str
    person: dict[str, Any]
    now: Callable[[], datetime]
    level: str = "eidas1"
    signed_userinfo: bool = False
    seen: list[Seen] = field(default_factory=list)
    script: list[tuple[str, Reply]] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    sign: str = "right"
    asked: list[dict[str, str]] = field(default_factory=list)
    lifetime: int = 120
    issued: int = 0
    dead_refresh: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=lambda: ["a"])
    ciba: list[str] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, Any]:
        path = self.name.replace("_", "-")
        made = {
            "issuer": self.issuer,
            "discovery_url": f"{self.issuer}/.well-known/openid-configuration",
            "client_id": "produit",
            "client_secret": "secret",
            "redirect_uri": f"{PORTAL}/retour-{path}",
            "post_logout_redirect_uri": f"{PORTAL}/sortie-{path}",
        }
        return made if self.name == "psc" else {**made, "acr_values": self.level}

    def next(self, path: str, *replies: Reply) -> None:
        """The next calls on a path that ends so get these replies, in order."""
        self.script += [(path, reply) for reply in replies]

    def calls(self, path: str) -> list[Seen]:
        """Calls on a path that ends so."""
        return [one for one in self.seen if one.path.endswith(path)]

    def accept(self, url: str) -> dict[str, str]:
        """The person logs in on the page of the provider; what her browser brings back."""
        self.asked.append(dict(parse_qsl(urlsplit(url).query)))
        return {"code": f"code-{len(self.asked) - 1}", "state": self.asked[-1].get("state", "")}

    def handle(self, request: httpx.Request) -> httpx.Response:
        split = urlsplit(request.url.raw_path.decode())
        self.seen.append(Seen(request.method, split.path, split.query, dict(request.headers), request.content.decode()))
        for planned in self.script:
            if split.path.endswith(planned[0]):
                self.script.remove(planned)
                if isinstance(planned[1], Exception):
                    raise planned[1]
                return planned[1] if isinstance(planned[1], httpx.Response) else planned[1](request)
        return self._usual(split.path.removeprefix(urlsplit(self.issuer).path))

    def _usual(self, path: str) -> httpx.Response:
        match path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self._metadata())
            case "/certs":
                published = [{**key(name).as_dict(private=False), "alg": "RS256"} for name in self.keys]
                return httpx.Response(200, json={"keys": published})
            case "/token":
                return self._tokens(self.seen[-1].form)
            case "/userinfo":
                if self.signed_userinfo:
                    token = self.jwt({**self.person, "iss": self.issuer, "aud": "produit"})
                    return httpx.Response(200, text=token, headers={"Content-Type": "application/jwt; charset=utf-8"})
                return httpx.Response(200, json=self.person)
            case "/ext/ciba/auth":
                return httpx.Response(200, json={"auth_req_id": "q-1", "expires_in": 120, "interval": 5})
        return httpx.Response(404)

    def _tokens(self, form: dict[str, str]) -> httpx.Response:
        kind = form["grant_type"]
        if kind == "refresh_token" and form["refresh_token"] in self.dead_refresh:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if kind.endswith("ciba") and self.ciba:
            return httpx.Response(400, json={"error": self.ciba.pop(0)})
        self.issued += 1
        answer: dict[str, Any] = {
            "access_token": f"{self.name}-at-{self.issued}",
            "refresh_token": f"{self.name}-rt-{self.issued}",
            "expires_in": self.lifetime,
            "token_type": "Bearer",
        }
        if kind == "refresh_token":
            self.dead_refresh.add(form["refresh_token"])
        asked = {}
        if kind == "authorization_code":
            asked = self.asked[int(form["code"].removeprefix("code-"))]
            if "code_challenge" in asked:
                digest = hashlib.sha256(form["code_verifier"].encode()).digest()
                assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        answer["id_token"] = self.jwt(self._id_token(asked.get("nonce")))
        return httpx.Response(200, json=answer)

    def _id_token(self, nonce: str | None) -> dict[str, Any]:
        instant = int(self.now().timestamp())
        usual = {"iss": self.issuer, "aud": "produit", "sub": self.person["sub"], "acr": self.level}
        dates = {"iat": instant, "exp": instant + 120}
        return {**usual, **dates, **({"nonce": nonce} if nonce else {}), **self.claims}

    def jwt(self, said: dict[str, Any]) -> str:
        name = self.keys[-1]
        if self.sign == "none":
            parts = [json.dumps(part).encode() for part in ({"alg": "none"}, said)]
            return ".".join((*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), ""))
        signing = key({"wrong": "z", "unknown": "y"}.get(self.sign, name))
        kid = key(name).kid if self.sign == "wrong" else signing.kid
        return jwt.encode({"alg": "RS256", "kid": kid}, said, signing)

    def _metadata(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": self.authorize,
            "jwks_uri": f"{self.issuer}/certs",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "backchannel_authentication_endpoint": f"{self.issuer}/ext/ciba/auth",
        }


@dataclass
class FakeApi:
    """Authorization server and API connected to PSC: `dead` tokens get a 401, of either kind."""

    seen: list[Seen] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    issued: int = 0
    statuses: list[int] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        token_url = f"{API}/oauth2/token"
        return {"token_url": token_url, "base_url": API, "client_id": "produit-as", "scope": "cahier.read"}

    def calls(self, path: str) -> list[Seen]:
        return [one for one in self.seen if path in one.path]

    def handle(self, request: httpx.Request) -> httpx.Response:
        split = urlsplit(request.url.raw_path.decode())
        self.seen.append(Seen(request.method, split.path, split.query, dict(request.headers), request.content.decode()))
        if split.path.endswith("/oauth2/token"):
            if self.seen[-1].form["subject_token"] in self.dead:
                return httpx.Response(400, json={"error": "invalid_grant"})
            self.issued += 1
            return httpx.Response(200, json={"access_token": f"api-at-{self.issued}", "expires_in": 3600})
        if self.statuses:
            return httpx.Response(self.statuses.pop(0))
        dead = request.headers["Authorization"].removeprefix("Bearer ") in self.dead
        return httpx.Response(401 if dead else 200, json={})


def providers(now: Callable[[], datetime]) -> dict[str, FakeProvider]:
    """Pro Santé Connect, FranceConnect and FranceConnect+ by their names."""
    wallet = "https://psc.test/psc/auth/realms/esante-wallet/protocol/openid-connect"
    low, plus = "https://fc.test/api/v2", "https://fcplus.test/api/v2"
    return {
        "psc": FakeProvider("psc", wallet, "https://psc.test/psc/auth", dict(PSC_PERSON), now),
        "franceconnect": FakeProvider(
            "franceconnect", low, f"{low}/authorize", dict(FC_PERSON), now, signed_userinfo=True
        ),
        "franceconnect_plus": FakeProvider(
            "franceconnect_plus", plus, f"{plus}/authorize", dict(FC_PERSON), now, "eidas2", signed_userinfo=True
        ),
    }


@cache
def key(name: str) -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": f"kid-{name}"}, auto_kid=False)
