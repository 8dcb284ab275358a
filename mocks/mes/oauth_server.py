"""The authorization server: authlib's, over the state of the tenant of the running call.

Ours: only what authlib has no part for (pushed requests, RFC 9126, in views_oauth.py) or cannot know (families of
refresh tokens, in oauth_grants.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from werkzeug.datastructures import MultiDict

from mocks.call import current_call
from mocks.journal import fingerprint
from mocks.mes import id_tokens, model_services, model_tokens
from mocks.mes.model_pairings import Pairing
from mocks.mes.model_tokens import Code
from mocks.mes.oauth_client import OAuthClient
from mocks.mes.oauth_grants import CodeGrant, Pkce, RefreshGrant, Revocation, scope_of
from mocks.oidc.oauth_request import OAuthRequest
from mocks.oidc.secrets import new

FAULTS = ("jeton_expire", "jeton_mal_signe", "mauvais_nonce", "oid_different")


class Server(AuthorizationServer):  # type: ignore[misc]
    """authlib's server over the state of the tenant of the running call."""

    def query_client(self, client_id: str) -> OAuthClient | None:
        """The service of that client_id."""
        call = current_call()
        snr = model_services.by_client(call.session, call.tenant.name, client_id)
        if snr is None:
            return None
        call.client_id = snr.client_id
        call.context |= {"client_id": snr.client_id, "oid": snr.oid}
        return OAuthClient(snr)

    def create_oauth2_request(self, request: Any) -> OAuthRequest:
        """The running request; or, given parameters, the request that they make."""
        return OAuthRequest(MultiDict(request) if isinstance(request, Mapping) else None)

    def save_token(self, token: dict[str, Any], request: OAuthRequest) -> None:
        """Keep the tokens of an answer, and add its id_token."""
        call, pairing, origin = current_call(), request.user, request.authorization_code or request.refresh_token.token
        now, client_id = int(call.now.timestamp()), request.client.snr.client_id
        for kind, lifetime in (("access", "access_token_lifetime_s"), ("refresh", "refresh_token_lifetime_s")):
            secret = token.get(f"{kind}_token")
            if secret is not None:
                values = {"kind": kind, "family": origin.family, "client_id": client_id, "pairing": pairing.id}
                expires = now + call.setting(lifetime)
                model_tokens.add_token(call.session, call.tenant.name, secret, expires=expires, **values)
                call.context["grant"][f"issued_{kind}"] = fingerprint(secret)
        nonce = origin.nonce if isinstance(origin, Code) else ""
        token["id_token"] = _id_token(request.client, pairing, nonce)


def make_server() -> Server:
    """The server, with its grants; it holds no state."""
    server = Server()
    server.register_token_generator("default", _bearer)
    server.register_grant(CodeGrant, [Pkce(required=False)])
    server.register_grant(RefreshGrant)
    server.register_endpoint(Revocation)
    return server


def _bearer(client: OAuthClient, user: Pairing, include_refresh_token: bool = True, **_given: Any) -> dict[str, Any]:
    token = {
        "access_token": new("at"),
        "token_type": "Bearer",
        "expires_in": current_call().setting("access_token_lifetime_s"),
        "scope": scope_of(user),
    }
    return {**token, "refresh_token": new("rt")} if include_refresh_token else token


def _id_token(client: OAuthClient, pairing: Pairing, nonce: str) -> str:
    call = current_call()
    fault = call.play(FAULTS)
    said = id_tokens.claims(
        issuer=call.base_url,
        snr=client.snr,
        pairing=pairing,
        now=int(call.now.timestamp()),
        lifetime_s=call.setting("id_token_lifetime_s"),
        nonce=nonce,
    )
    return id_tokens.sign(call.session, said, str(fault["nature"]) if fault else "")
