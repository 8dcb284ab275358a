"""A service of the registry as authlib looks at it."""

from __future__ import annotations

from authlib.oauth2.rfc6749 import ClientMixin

from mocks.mes.model_services import Snr


class OAuthClient(ClientMixin):  # type: ignore[misc]
    """An OAuth client: always confidential."""

    def __init__(self, snr: Snr) -> None:
        self.snr = snr

    def get_client_id(self) -> str:
        """The client_id."""
        return self.snr.client_id

    def get_default_redirect_uri(self) -> None:
        """None: a request names its redirect_uri."""

    def get_allowed_scope(self, scope: str | None) -> str:
        """Any scope may be asked: the usager's choice decides what is granted."""
        return scope or "openid"

    def check_redirect_uri(self, redirect_uri: str | None) -> bool:
        """True for a registered address, to the letter (RFC 6749 §3.1.2.3)."""
        return redirect_uri in self.snr.sheet["redirect_uris"]

    def check_client_secret(self, client_secret: str) -> bool:
        """True for the secret of the service."""
        return self.snr.has_secret(client_secret)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Both secret methods, at each endpoint."""
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        """False when the service may not begin a pairing (status, reference without exchange)."""
        return response_type == "code" and self.snr.exchange and self.snr.permits.pairing

    def check_grant_type(self, _grant_type: str) -> bool:
        """False when the service is not referenced with exchange any more."""
        return self.snr.refusal != "SERVICE_NOT_REFERENCED"
