"""A client as authlib looks at it, and how it proves who it is (RFC 6749 §2.3, RFC 8705 §2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin
from flask import request

from mocks.call import current_call
from mocks.oidc.model_clients import Client
from mocks.oidc.oauth_request import OAuthRequest
from mocks.oidc.provider import current_provider

CERTIFICATE = "tls_client_auth"
METHODS = [CERTIFICATE, "client_secret_basic", "client_secret_post"]
CIBA_GRANT = "urn:openid:params:grant-type:ciba"
_IN_JOURNAL = {"client_secret_basic": "secret_basic", "client_secret_post": "secret_post"}


class OAuthClient(ClientMixin):  # type: ignore[misc]
    """A registered client: confidential."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get_client_id(self) -> str:
        """The client_id."""
        return self.client.client_id

    def get_default_redirect_uri(self) -> None:
        """None: a request names its redirect_uri."""

    def get_allowed_scope(self, scope: str | None) -> str:
        """Any scope that the provider knows."""
        return scope or ""

    def check_redirect_uri(self, redirect_uri: str | None) -> bool:
        """True for a registered address, to the letter (RFC 6749 §3.1.2.3)."""
        return redirect_uri in self.client.sheet["redirect_uris"]

    def check_client_secret(self, client_secret: str) -> bool:
        """True for the client's own secret."""
        return self.client.has_secret(client_secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """In the Espace de Confiance a secret does not do without the certificate."""
        current_call().context.setdefault("grant", {})["auth"] = _IN_JOURNAL.get(method) or _without_secret()
        if method == CERTIFICATE:
            return True
        return not self.client.trusted or not certificate_is_asked() or shows_certificate_of(self.client)

    def check_response_type(self, response_type: str) -> bool:
        """The code flow only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """What the provider offers; CIBA only to clients that were given it."""
        if grant_type == CIBA_GRANT and not self.client.sheet.get("ciba"):
            return False
        return grant_type in current_provider().grants


def by_certificate(query_client: Callable[[str], OAuthClient | None], asked: OAuthRequest) -> OAuthClient | None:
    """The client that its TLS certificate proves, when it sends no secret.

    Over plain HTTP no certificate can be seen: a client of the Espace de Confiance is then taken at its word, and the
    journal says that nothing proved it (contract of identity, §3).
    """
    client_id = asked.payload.client_id
    if not client_id or asked.form.get("client_secret") or "Authorization" in asked.headers:
        return None
    client = query_client(client_id)
    if client is None:
        return None
    if not certificate_is_asked():
        return client if client.client.trusted else None
    provable = client.client.trusted or bool(client.client.dn)
    return client if provable and shows_certificate_of(client.client) else None


def certificate_is_asked() -> bool:
    """True when the call came over TLS, where a certificate can be seen."""
    return "banc.tls" in request.environ


def shows_certificate_of(client: Client) -> bool:
    """True when the certificate of the call is that of the client."""
    shown: Mapping[str, Any] | None = (request.environ.get("banc.tls") or {}).get("client")
    return shown is not None and client.dn in ("", shown["subject"])


def _without_secret() -> str:
    return "mtls" if certificate_is_asked() else "aucune"
