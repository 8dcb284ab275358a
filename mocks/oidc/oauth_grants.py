"""authlib's grants, told where the bench keeps codes, tokens and sessions."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import model_sessions, model_tokens, secrets
from mocks.oidc.model_sessions import SignedIn
from mocks.oidc.model_tokens import Held
from mocks.oidc.oauth_client import METHODS, OAuthClient
from mocks.oidc.oauth_request import OAuthRequest


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]
    """Authorization code (RFC 6749 §4.1), for one use."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuthRequest, client: OAuthClient) -> str:
        """The redirect_uri, which must be one that the client registered, to the letter."""
        uri: str = request.payload.redirect_uri
        if not client.check_redirect_uri(uri):
            raise InvalidRequestError("The redirect_uri is missing or not registered.")
        return uri

    def generate_authorization_code(self) -> str:
        """A code that the journal recognises and hides."""
        return secrets.new("ac")

    def save_authorization_code(self, code: str, request: OAuthRequest) -> None:
        """Keep the code of the session of whoever signed in (`request.user`)."""
        call, data = current_call(), request.payload.data
        family = model_tokens.begin_family(
            call,
            request.user,
            request.client.get_client_id(),
            request.scope,
            request.user.level,
            nonce=(data.get("nonce") or "").replace("\x00", ""),  # PostgreSQL has no such text
            redirect_uri=request.payload.redirect_uri,
            challenge=data.get("code_challenge") or "",
            method=data.get("code_challenge_method") or "plain",  # RFC 7636 §4.3
        )
        spent = call.play(("code_rejoue",)) is not None
        model_tokens.add(call, family.id, [("code", code, call.setting("code_lifetime_s"))], used=spent)

    def query_authorization_code(self, code: str, client: OAuthClient) -> Held | None:
        """The code, if it still serves. A code that served revokes what it gave (RFC 6749 §4.1.2)."""
        call = current_call()
        _describe(call, type=self.GRANT_TYPE, code=fingerprint(code), reused=False)
        held = model_tokens.find(call, code)
        if held is None or held.kind != "code" or not held.check_client(client):
            return None
        _tell_of(call, held)
        if held.used:
            _describe(call, reused=True)
            model_tokens.revoke_family(call, held.family)
        return held if held.state(call) == "valid" else None

    def delete_authorization_code(self, authorization_code: Held) -> None:
        """A code serves once."""
        model_tokens.use(current_call(), authorization_code)

    def authenticate_user(self, authorization_code: Held) -> SignedIn:
        """The session that the code stands for."""
        return authorization_code.family.session


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]
    """Refresh (RFC 6749 §6) with rotation; a refresh token shown twice revokes its family."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Held | None:
        """The refresh token, if it still serves."""
        call = current_call()
        _describe(call, type=self.GRANT_TYPE, refresh=fingerprint(refresh_token), reused=False)
        held = model_tokens.find(call, refresh_token)
        if held is None or held.kind != "refresh" or not held.check_client(self.request.client):
            return None
        _tell_of(call, held)
        if call.play(("actualisation_refusee",)) is not None:
            return None
        if held.used:
            _describe(call, reused=True)
            model_tokens.revoke_family(call, held.family)
        return held if held.state(call) == "valid" else None

    def authenticate_user(self, refresh_token: Held) -> SignedIn:
        """The session that the token stands for, which somebody uses now."""
        model_sessions.touch(current_call(), refresh_token.family.session.id)
        return refresh_token.family.session

    def revoke_old_credential(self, refresh_token: Held) -> None:
        """A rotated token has served."""
        model_tokens.use(current_call(), refresh_token)


class Pkce(CodeChallenge):  # type: ignore[misc]
    """PKCE (RFC 7636): judged when the client uses it, or asked for, as the setting `pkce` says."""

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Judge the authorization request."""
        if current_call().setting("pkce") == "requis" and not grant.request.payload.data.get("code_challenge"):
            raise InvalidRequestError("Missing 'code_challenge'")
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: CodeGrant, result: Any) -> None:
        """Judge the token request. A verifier that is missing or ill-formed is a wrong one (RFC 7636 §4.6)."""
        try:
            super().validate_code_verifier(grant, result)
        except InvalidRequestError as error:
            raise InvalidGrantError(error.description) from error

    def get_authorization_code_challenge(self, authorization_code: Held) -> str:
        """The challenge kept with the code."""
        return authorization_code.family.challenge

    def get_authorization_code_challenge_method(self, authorization_code: Held) -> str:
        """The method kept with the code."""
        return authorization_code.family.method


def _describe(call: Call, **known: Any) -> None:
    call.context.setdefault("grant", {}).update(known)


def _tell_of(call: Call, held: Held) -> None:
    """Tell the journal whose code or token it is, and how old."""
    _describe(call, family=held.family.id, age_s=int(call.now.timestamp()) - held.issued)
    call.context |= {"level": held.family.level, "session": fingerprint(held.family.session.id)}
    call.identify(held.family.session.person)
