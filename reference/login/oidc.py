"""Flows of OpenID Connect at one provider: code, refresh, UserInfo, logout, CIBA. No state of people here."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reference.login.kinds import PSC
from reference.login.provider import Provider, ProviderError
from reference.login.records import LoginRequest


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gave. expires: epoch seconds, of the access token. claims: {} without id_token."""

    access_token: str
    refresh_token: str
    id_token: str
    expires: float
    claims: Mapping[str, Any]


class Oidc:
    """Flows at one provider."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self.kind, self.settings = provider.kind, provider.settings

    def authorization_address(self, request: LoginRequest) -> str:
        """Where the browser goes to log in. Raises ProviderError when the provider is not known yet."""
        params = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": self.settings.redirect_uri,
            "scope": self.kind.scope,
            "acr_values": self.settings.acr_values,
            "state": request.state,
            "nonce": request.nonce,
        }
        if self.kind is PSC and self.provider.defects.has("psc_sans_nonce"):
            del params["nonce"]
        if self._proves():
            challenge = base64.urlsafe_b64encode(hashlib.sha256(request.verifier.encode()).digest())
            params |= {"code_challenge": challenge.rstrip(b"=").decode(), "code_challenge_method": "S256"}
        return self.provider.address("authorization_endpoint", params)

    def code_of(self, query: Mapping[str, str]) -> str:
        """The code that a browser brings back, "" when the person gave up.

        ProviderError when another provider sent it back (RFC 9207 §2.4).
        """
        issuer = query.get("iss", self.settings.issuer)
        if issuer != self.settings.issuer and not self._skips("iss_de_retour_non_verifie"):
            raise ProviderError("emetteur_different")
        return "" if query.get("error") else query.get("code", "")

    def redeem(self, code: str, request: LoginRequest) -> Tokens:
        """Exchange the code and check the id_token. Raises ProviderError."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.settings.redirect_uri}
        if self._proves():
            form["code_verifier"] = request.verifier
        answer = self.provider.post("token_endpoint", form)
        try:
            return self._of_request(self.tokens(answer), request)
        except ProviderError:
            if self.kind is PSC and self.provider.defects.has("psc_code_echange_deux_fois"):
                self._again(form)
            raise

    def tokens(self, answer: Mapping[str, Any]) -> Tokens:
        """What a token answer gave, its id_token checked. Raises ProviderError."""
        id_token = str(answer.get("id_token") or "")
        try:
            lifetime = float(answer.get("expires_in") or 0)
            access = str(answer["access_token"])
        except (KeyError, TypeError, ValueError) as error:
            raise ProviderError("reponse_illisible") from error
        return Tokens(
            access_token=access,
            refresh_token=str(answer.get("refresh_token") or ""),
            id_token=id_token,
            expires=self.provider.now() + lifetime,
            claims=self._checked(id_token) if id_token else {},
        )

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens for a refresh token, which is dead afterwards (rotation, RFC 6749 §6). Raises ProviderError."""
        if not refresh_token:
            raise ProviderError("sans_refresh_token")
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.tokens(self.provider.post("token_endpoint", form))

    def userinfo(self, tokens: Tokens) -> Mapping[str, Any]:
        """What the provider says of the person of these tokens (JSON or signed JWT). Raises ProviderError.

        Its sub must be the one of the id_token (OpenID Connect Core §5.3.2): else it speaks of somebody else.
        """
        media_type, response = self.provider.read_with("userinfo_endpoint", tokens.access_token)
        if media_type == "application/jwt":
            said = self.provider.signed_claims(response.text.strip(), ignore="userinfo_non_verifie")
        else:
            try:
                said = response.json()
            except ValueError as error:
                raise ProviderError("userinfo_illisible") from error
        if not isinstance(said, Mapping) or not said.get("sub"):
            raise ProviderError("userinfo_illisible")
        if said["sub"] != tokens.claims.get("sub") and not self._skips("sub_non_compare"):
            raise ProviderError("userinfo_d_un_autre")
        return said

    def logout_address(self, id_token: str, state: str) -> str:
        """Where the browser goes to end the session at the provider too. Raises ProviderError."""
        params = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": self.settings.post_logout_redirect_uri,
            "state": state,
        }
        if self._skips("deconnexion_sans_indice"):
            del params["id_token_hint"]
        return self.provider.address("end_session_endpoint", params)

    def ask_by_telephone(self, login_hint: str, binding_message: str, channel: str) -> Mapping[str, Any]:
        """Authentication request of CIBA (poll): `auth_req_id`, `expires_in`, `interval`. Raises ProviderError."""
        form = {
            "scope": self.kind.scope,
            "acr_values": self.settings.acr_values,
            "login_hint": login_hint,
            "binding_message": binding_message,
            "channel": channel,
        }
        return self.provider.post("backchannel_authentication_endpoint", form)

    def poll(self, auth_req_id: str) -> Tokens:
        """Tokens of a CIBA request once accepted. Raises ProviderError (`authorization_pending`, `slow_down`…)."""
        form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": auth_req_id}
        tokens = self.tokens(self.provider.post("token_endpoint", form))
        self._wants_id_token(tokens)
        return tokens

    def _checked(self, id_token: str) -> Mapping[str, Any]:
        """Claims of an id_token made by this provider, for us, alive, at the level asked (OIDC Core §3.1.3.7).

        `iat` is not compared with our clock: an id_token from a clock slightly ahead is still good.
        """
        claims = self.provider.signed_claims(id_token, ignore=self.kind.switch("signature_non_verifiee"))
        audience = claims.get("aud")
        wanted = self.settings.client_id
        for right, wrong, switch in (
            (claims.get("iss") == self.settings.issuer, "emetteur_different", "emetteur_non_verifie"),
            (audience == wanted or audience == [wanted], "audience_differente", "audience_non_verifiee"),
            (_number(claims.get("exp")) > self.provider.now(), "id_token_expire", "expiration_non_verifiee"),
            (
                self.kind.accepts(claims.get("acr"), self.settings.acr_values),
                "niveau_different",
                "niveau_non_verifie",
            ),
        ):
            if not right and not self._skips(switch):
                raise ProviderError(wrong)
        if not claims.get("sub"):
            raise ProviderError("sub_absent")
        return claims

    def _of_request(self, tokens: Tokens, request: LoginRequest) -> Tokens:
        """These tokens, when their id_token answers that request. Raises ProviderError."""
        self._wants_id_token(tokens)
        if tokens.claims.get("nonce") != request.nonce and not self._forgives(tokens):
            raise ProviderError("nonce_different")
        return tokens

    def _wants_id_token(self, tokens: Tokens) -> None:
        if not tokens.claims:
            raise ProviderError("id_token_absent")

    def _proves(self) -> bool:
        """Whether PKCE is used (RFC 7636)."""
        return self.kind.pkce and not self.provider.defects.has("psc_sans_pkce")

    def _forgives(self, tokens: Tokens) -> bool:
        """Whether a nonce that is not the one of the request does no harm: only defects say so."""
        unasked = "nonce" not in tokens.claims and self.provider.defects.has("psc_sans_nonce")
        return unasked or self._skips("nonce_non_verifie")

    def _skips(self, name: str) -> bool:
        return self.provider.defects.has(self.kind.switch(name))

    def _again(self, form: Mapping[str, str]) -> None:
        """Present the same code a second time: only a defect does it."""
        try:
            self.provider.post("token_endpoint", form)
        except ProviderError:
            return


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
