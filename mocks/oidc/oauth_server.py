"""The authorization server of every provider: authlib's, over the state of the tenant of the running call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidScopeError
from werkzeug.datastructures import MultiDict

from mocks.call import current_call
from mocks.journal import fingerprint
from mocks.oidc import id_tokens, model_clients, model_tokens, secrets
from mocks.oidc.ciba_grant import CibaGrant
from mocks.oidc.endpoints import Introspection, Revocation
from mocks.oidc.model_sessions import SignedIn
from mocks.oidc.model_tokens import Kind
from mocks.oidc.oauth_client import CERTIFICATE, OAuthClient, by_certificate
from mocks.oidc.oauth_grants import CodeGrant, Pkce, RefreshGrant
from mocks.oidc.oauth_request import OAuthRequest
from mocks.oidc.provider import current_provider


class Server(AuthorizationServer):  # type: ignore[misc]
    """authlib's server over the state of the tenant of the running call."""

    def query_client(self, client_id: str) -> OAuthClient | None:
        """The client of that client_id."""
        call = current_call()
        client = model_clients.find(call.session, call.tenant.name, call.service.name, client_id)
        if client is None:
            return None
        model_clients.tell(call, client)
        return OAuthClient(client)

    def create_oauth2_request(self, request: Any) -> OAuthRequest:
        """The running request; or, given parameters, the request that they make."""
        return OAuthRequest(MultiDict(request) if isinstance(request, Mapping) else None)

    def validate_requested_scope(self, scope: str | None) -> None:
        """Only scopes that the provider knows."""
        if not set((scope or "").split()) <= set(current_provider().scopes):
            raise InvalidScopeError()

    def save_token(self, token: dict[str, Any], request: OAuthRequest) -> None:
        """Keep the tokens of an answer, and add its id_token."""
        call, held = current_call(), request.authorization_code or request.refresh_token
        family, lifetimes = held.family, (("access", "expires_in"), ("refresh", "refresh_expires_in"))
        issued: list[tuple[Kind, str, int]] = []
        for kind, lifetime in lifetimes:
            value = token.get(f"{kind}_token")
            if value is not None:
                issued.append((kind, value, token[lifetime]))  # type: ignore[arg-type]
                call.context["grant"][f"issued_{kind}"] = fingerprint(value)
        model_tokens.add(call, family.id, issued)
        call.context["grant"]["family"] = family.id
        if "openid" in family.scope.split():
            token["id_token"] = id_tokens.issue(call, current_provider(), family)
        token["session_state"] = family.session.id

    def handle_error_response(self, request: Any, error: OAuth2Error) -> Any:
        """The answer of a refusal, which the journal names."""
        current_call().context["refusal"] = error.error
        return super().handle_error_response(request, error)


def _make_server() -> Server:
    server = Server()
    server.register_token_generator("default", _bearer)
    server.register_client_auth_method(CERTIFICATE, by_certificate)
    server.register_grant(CodeGrant, [Pkce(required=False)])
    server.register_grant(RefreshGrant)
    server.register_grant(CibaGrant)
    server.register_endpoint(Introspection)
    server.register_endpoint(Revocation)
    return server


def _bearer(
    grant_type: str, client: OAuthClient, user: SignedIn, scope: str, include_refresh_token: bool, expires_in: Any
) -> dict[str, Any]:
    call = current_call()
    left = user.left_s(call) if grant_type != RefreshGrant.GRANT_TYPE else _left_when_used(user)
    token = {
        "access_token": secrets.new("at"),
        "token_type": "Bearer",
        "expires_in": call.setting("access_token_lifetime_s"),
        "scope": scope,
    }
    if not include_refresh_token:
        return token
    lifetime = min(call.setting("refresh_token_lifetime_s"), left)
    return {**token, "refresh_token": secrets.new("rt"), "refresh_expires_in": lifetime}


def _left_when_used(session: SignedIn) -> int:
    """Seconds that the session may live yet, now that it is used."""
    call = current_call()
    return session.started + int(call.setting("session_lifetime_s")) - int(call.now.timestamp())


SERVER = _make_server()
