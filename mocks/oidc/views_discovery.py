"""The discovery document (OpenID Connect Discovery 1.0, RFC 8414), made from the declaration of the provider."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from mocks.call import current_call
from mocks.oidc.oauth_client import CIBA_GRANT, METHODS
from mocks.oidc.provider import OidcProvider, current_provider, issuer_of

_ENDPOINTS = {
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "jwks_uri": "jwks",
    "end_session_endpoint": "end_session",
    "revocation_endpoint": "revocation",
    "introspection_endpoint": "introspection",
    "backchannel_authentication_endpoint": "ciba",
}


def discovery() -> Response:
    """What the provider offers, and only what this sandbox does."""
    call, provider = current_call(), current_provider()
    issuer = issuer_of(call, provider)
    offered = {name: getattr(provider.paths, path) for name, path in _ENDPOINTS.items()}
    return jsonify(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{call.base_url}/{provider.paths.authorize}",
            **{name: f"{issuer}/{path}" for name, path in offered.items() if path},
            **_abilities(provider),
            **provider.discovery,
        }
    )


def _abilities(provider: OidcProvider) -> dict[str, Any]:
    algorithms = list(provider.choices.get("algorithme") or [provider.settings["algorithme"]])
    known = {
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(provider.grants),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
        "scopes_supported": list(provider.scopes),
        "acr_values_supported": list(provider.levels),
        "token_endpoint_auth_methods_supported": list(METHODS),
        "code_challenge_methods_supported": ["plain", "S256"],
        "authorization_response_iss_parameter_supported": True,
    }
    if CIBA_GRANT in provider.grants:
        known["backchannel_token_delivery_modes_supported"] = ["poll"]
    return known
