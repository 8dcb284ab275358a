"""Introspection (RFC 7662) and revocation (RFC 7009)."""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from mocks.call import Call, current_call
from mocks.journal import fingerprint
from mocks.oidc import model_tokens
from mocks.oidc.model_tokens import Held
from mocks.oidc.oauth_client import METHODS, OAuthClient
from mocks.oidc.oauth_request import OAuthRequest
from mocks.oidc.provider import current_provider, issuer_of


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """Revocation: a refresh token takes its family with it."""

    CLIENT_AUTH_METHODS = METHODS

    def check_params(self, request: OAuthRequest, _client: OAuthClient) -> None:
        """The token must be there; a hint that is not understood is ignored (RFC 7009 §2.2)."""
        if "token" not in request.form:
            raise InvalidRequestError("Missing 'token' in the form.")

    def query_token(self, token_string: str, token_type_hint: str | None) -> Held | None:
        """The token; the hint is not needed."""
        return presented(current_call(), token_string, "body")

    def revoke_token(self, token: Held, request: OAuthRequest) -> None:
        """Revoke."""
        call = current_call()
        if token.kind == "refresh":
            model_tokens.revoke_family(call, token.family)
        else:
            model_tokens.revoke(call, token)


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    """Introspection, by any client of the provider: a resource server asks about tokens of other clients."""

    CLIENT_AUTH_METHODS = METHODS

    def check_params(self, request: OAuthRequest, _client: OAuthClient) -> None:
        """The token must be there; the hint is only a hint (RFC 7662 §2.1)."""
        if "token" not in request.form:
            raise InvalidRequestError("Missing 'token' in the form.")

    def check_permission(self, token: Held, client: OAuthClient, request: OAuthRequest) -> bool:
        """Anyone who authenticates may ask."""
        return True

    def query_token(self, token_string: str, token_type_hint: str | None) -> Held | None:
        """The token, when it is a token."""
        return presented(current_call(), token_string, "body")

    def create_introspection_payload(self, token: Held | None) -> dict[str, Any]:
        """What is said of the token: nothing but `active: false` of one that does not serve."""
        call = current_call()
        if token is None or token.state(call) != "valid":
            return {"active": False}
        return describe(call, token)


def presented(call: Call, value: str, place: str) -> Held | None:
    """The access or refresh token that a client presents; tells the journal of it.

    place: where it was, `header`, `query` or `body`.
    """
    if not value:
        call.context["token"] = {"fingerprint": None, "state": "absent", "place": place}
        return None
    held = model_tokens.find(call, value)
    if held is not None and held.kind == "code":
        held = None
    state = "unknown" if held is None else held.state(call)
    call.context["token"] = {"fingerprint": fingerprint(value), "state": state, "place": place}
    if held is not None:
        call.context |= {"level": held.family.level, "session": fingerprint(held.family.session.id)}
        call.identify(held.family.session.person)
    return held


def describe(call: Call, token: Held) -> dict[str, Any]:
    """What introspection says of a token that serves."""
    provider, family = current_provider(), token.family
    return {
        "active": True,
        "iss": issuer_of(call, provider),
        "sub": provider.subject(call, family.session.person, family.client_id),
        "client_id": family.client_id,
        "scope": family.scope,
        "token_type": "Bearer" if token.kind == "access" else "Refresh",
        "iat": token.issued,
        "exp": token.expires,
        "acr": family.level,
        "session_state": family.session.id,
        **provider.identity(call, family.subject),
    }
