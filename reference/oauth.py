"""OAuth 2 with MES: pushed authorization (RFC 9126), PKCE S256, code exchange, refresh, revocation, id_token.

No state of usagers here: what is obtained is handed back to `pairing.py`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from reference.config import FINALITIES, MesSettings
from reference.defects import Defects
from reference.wire import Wire, request_to


class OAuthError(Exception):
    """MES refused, or answered something that cannot be trusted. `code`: OAuth error or our own name for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Grant:
    """What the token endpoint gave. `claims` is empty when no id_token came (refresh)."""

    access_token: str
    refresh_token: str
    id_token: str
    finalities: tuple[str, ...] | None
    claims: Mapping[str, Any]


class OAuth:
    """One MES, one set of secrets; metadata and keys are fetched once."""

    def __init__(self, wire: Wire, settings: MesSettings, defects: Defects, now: Callable[[], float]) -> None:
        self._wire = wire
        self._settings = settings
        self._defects = defects
        self._now = now
        self._metadata: Mapping[str, Any] = {}
        self._keys: jwk.KeySet | None = None
        self._verifiers: list[str] = []

    def new_verifier(self) -> str:
        """A PKCE verifier (RFC 7636 §4.1), new for each pairing."""
        if self._defects.has("pkce_verifier_reutilise") and self._verifiers:
            return self._verifiers[0]
        self._verifiers = [secrets.token_urlsafe(48)]
        return self._verifiers[0]

    def authorization_url(
        self, *, state: str, nonce: str, verifier: str, external_user: Mapping[str, str], about: Mapping[str, str]
    ) -> str:
        """Push the request (RFC 9126) and return where the browser of the usager must go.

        about: facts on the usager that stay here (see `Outgoing`).
        """
        form = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": " ".join(("openid", *FINALITIES)),
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            "external_user": json.dumps(external_user, ensure_ascii=False),
        }
        answer = self._post("pushed_authorization_request_endpoint", form, about)
        where = {"client_id": self._settings.client_id, "request_uri": str(answer["request_uri"])}
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(where)}"

    def exchange(self, code: str, verifier: str, nonce: str) -> Grant:
        """Exchange the code, server to server, and check the id_token."""
        grant = self._grant(self._post("token_endpoint", self._code_form(code, verifier)))
        if not grant.claims:
            raise OAuthError("id_token_absent")
        if grant.claims.get("nonce") != nonce and not self._defects.has("nonce_non_verifie"):
            raise OAuthError("nonce_different")
        return grant

    def refresh(self, refresh_token: str) -> Grant:
        """New tokens for a refresh token, which is dead afterwards (rotation, RFC 6749 §6)."""
        return self._grant(
            self._post("token_endpoint", {"grant_type": "refresh_token", "refresh_token": refresh_token})
        )

    def revoke(self, token: str, hint: str) -> None:
        """Revoke a token (RFC 7009); hint: `refresh_token` or `access_token`."""
        form = {"token": token, "token_type_hint": hint}
        self._wire.send(
            request_to("POST", self._endpoint("revocation_endpoint"), form=form, headers=self._credentials())
        )

    def exchange_again(self, code: str, verifier: str) -> None:
        """Present the same code a second time: only a defect does it."""
        form = self._code_form(code, verifier)
        self._wire.send(request_to("POST", self._endpoint("token_endpoint"), form=form, headers=self._credentials()))

    def _code_form(self, code: str, verifier: str) -> dict[str, str]:
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": verifier,
        }

    def _grant(self, answer: Mapping[str, Any]) -> Grant:
        id_token = str(answer.get("id_token") or "")
        scope = answer.get("scope")
        return Grant(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer.get("refresh_token") or ""),
            id_token=id_token,
            finalities=None if scope is None else tuple(f for f in str(scope).split() if f in FINALITIES),
            claims=self._checked(id_token) if id_token else {},
        )

    def _checked(self, id_token: str) -> Mapping[str, Any]:
        """Claims of an id_token signed by MES, for us, not expired, about our OID.

        `iat` is not compared with our clock: an id_token from a clock slightly ahead is still good.
        """
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._now()),
            iss={"essential": True, "value": self._discovered()["issuer"]},
            aud={"essential": True, "value": self._settings.client_id},
            exp={"essential": True},
            idPe={"essential": True},
            assignAuth={"essential": True},
        )
        try:
            claims = self._read(id_token)
            registry.validate({name: value for name, value in claims.items() if name not in ("iat", "nbf")})
        except (JoseError, ValueError) as error:
            raise OAuthError("id_token_invalide") from error
        if claims.get("oid") != self._settings.oid and not self._defects.has("oid_non_verifie"):
            raise OAuthError("oid_different")
        return claims

    def _read(self, id_token: str) -> Mapping[str, Any]:
        """Claims of an id_token whose signature is one of MES."""
        if self._defects.has("signature_non_verifiee"):
            claims: Mapping[str, Any] = json.loads(jws.extract_compact(id_token.encode()).payload)
            return claims
        return dict(jwt.decode(id_token, self._signing_keys(), algorithms=["RS256"]).claims)

    def _post(self, endpoint: str, form: dict[str, str], about: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        request = request_to(
            "POST", self._endpoint(endpoint), form=form, headers=self._credentials(), about=about or {}
        )
        response = self._wire.send(request)
        body = _object(response)
        if response.is_success and body:
            return body
        raise OAuthError(str(body.get("error") or f"http_{response.status_code}"))

    def _credentials(self) -> dict[str, str]:
        pair = f"{self._settings.client_id}:{self._settings.client_secret}".encode()
        return {"Authorization": "Basic " + base64.b64encode(pair).decode(), "Accept": "application/json"}

    def _endpoint(self, name: str) -> str:
        return str(self._discovered()[name])

    def _discovered(self) -> Mapping[str, Any]:
        if not self._metadata:
            address = self._settings.base_url.rstrip("/") + "/.well-known/openid-configuration"
            response = self._wire.send(request_to("GET", address))
            if not response.is_success:
                raise OAuthError(f"http_{response.status_code}")
            self._metadata = _object(response)
        return self._metadata

    def _signing_keys(self) -> jwk.KeySet:
        if self._keys is None:
            self._keys = jwk.KeySet.import_key_set(
                self._wire.send(request_to("GET", self._endpoint("jwks_uri"))).json()
            )
        return self._keys


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
