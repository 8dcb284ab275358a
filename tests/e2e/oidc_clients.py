"""OpenID Connect clients that are not ours, told nothing but what a vendor would be told.

Both do the whole flow with the checks of their library: discovery document, state, id_token, UserInfo.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from idpyoidc.client.defaults import DEFAULT_OIDC_SERVICES
from idpyoidc.client.oauth2.stand_alone_client import StandAloneClient
from idpyoidc.client.oidc.backchannel_authentication import BackChannelAuthentication
from idpyoidc.client.oidc.provider_info_discovery import ProviderInfoDiscovery
from joserfc import jwt
from joserfc.jwk import KeySet

REDIRECT = "https://produit.test/retour"
GOODBYE = "https://produit.test/au-revoir"
SECRET = "banc-cs-secret-du-produit-sous-essai"


@dataclass(frozen=True)
class Service:
    """One identity provider as its documentation presents it. issuer, discovery: relative addresses."""

    name: str
    issuer: str
    discovery: str
    scope: str
    level: str
    method: str
    algorithm: str


_FC = ("api/v2", ".well-known/openid-configuration", "openid identite_pivot")
SERVICES = {
    service.name: service
    for service in (
        Service(
            "psc",
            "auth/realms/esante-wallet",
            ".well-known/wallet-openid-configuration",
            "openid scope_all",
            "eidas1",
            "client_secret_basic",
            "RS256",
        ),
        Service("franceconnect", *_FC, "eidas1", "client_secret_post", "ES256"),
        Service("franceconnect-plus", *_FC, "eidas2", "client_secret_post", "ES256"),
    )
}


class DeniedError(Exception):
    """The provider sent the browser back with an error (RFC 6749 §4.1.2.1), named by the text."""


def _check(address: str) -> dict[str, str]:
    """Parameters of the address at which the browser came back: each library leaves errors there to its user."""
    returned = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    if "error" in returned:
        raise DeniedError(returned["error"])
    return returned


class Client(Protocol):
    """What the tests ask of a client."""

    def __init__(self, service: Service, base: str, client_id: str, authorities: str) -> None:
        """base: address of the service in the sandbox. authorities: file of the certificates to trust."""

    def begin(self) -> str:
        """The address to which the browser is sent."""

    def finish(self, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Claims of id_token and UserInfo, from the address at which the browser came back."""

    def close(self) -> None: ...


class Authlib(OpenIDMixin):  # type: ignore[misc]
    """authlib: its OAuth client with its OpenID Connect part."""

    def __init__(self, service: Service, base: str, client_id: str, authorities: str) -> None:
        self.service, self.client_id = service, client_id
        self.session = OAuth2Session(
            client_id,
            SECRET,
            scope=service.scope,
            redirect_uri=REDIRECT,
            token_endpoint_auth_method=service.method,
            code_challenge_method="S256",
            leeway=0,  # of 60 s by default, as long as a token of FranceConnect lives: it would never be used
        )
        self.session.verify, self.session.trust_env = authorities, False
        self.server_metadata = self._read(f"{base}/{service.issuer}/{service.discovery}", withhold_token=True).json()
        self.nonce = self.state = self.verifier = ""
        self.token: dict[str, Any] = {}

    def load_server_metadata(self) -> dict[str, Any]:
        """The discovery document."""
        found: dict[str, Any] = self.server_metadata
        return found

    @contextmanager
    def _get_session(self) -> Iterator[OAuth2Session]:
        yield self.session

    def _read(self, address: str, **how: Any) -> requests.Response:
        answer: requests.Response = self.session.get(address, **how)
        answer.raise_for_status()
        return answer

    def begin(self) -> str:
        self.nonce, self.verifier = generate_token(40), generate_token(64)
        address, self.state = self.session.create_authorization_url(
            self.server_metadata["authorization_endpoint"],
            state=generate_token(40),
            nonce=self.nonce,
            acr_values=self.service.level,
            code_verifier=self.verifier,
        )
        return str(address)

    def finish(self, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
        _check(address)
        self.token = self.session.fetch_token(
            self.server_metadata["token_endpoint"],
            authorization_response=address,
            state=self.state,
            code_verifier=self.verifier,
        )
        expected = {
            "iss": {"essential": True, "value": self.server_metadata["issuer"]},
            "acr": {"essential": True, "value": self.service.level},
        }
        said = self.parse_id_token(self.token, self.nonce, claims_options=expected, leeway=0)
        return dict(said), self._who()

    def _who(self) -> dict[str, Any]:
        """UserInfo; authlib has no part for a signed one, whose JWT is looked at with joserfc."""
        answer = self._read(self.server_metadata["userinfo_endpoint"])
        if answer.headers["Content-Type"] != "application/jwt":
            return dict(answer.json())
        keys = KeySet.import_key_set(self.fetch_jwk_set())
        return dict(jwt.decode(answer.text, keys, algorithms=[self.service.algorithm]).claims)

    def close(self) -> None:
        self.session.close()


class WalletDiscovery(ProviderInfoDiscovery):  # type: ignore[misc]
    """Where Pro Santé Connect publishes its discovery document."""

    url_pattern = "{}/" + SERVICES["psc"].discovery


class Idpy:
    """idpyoidc: its stand-alone client."""

    def __init__(self, service: Service, base: str, client_id: str, authorities: str) -> None:
        trust = {"verify": authorities}
        services = {**DEFAULT_OIDC_SERVICES}
        if service.name == "psc":
            services |= {"discovery": {"class": WalletDiscovery}, "ciba": {"class": BackChannelAuthentication}}
        self.service = service
        self.client = StandAloneClient(
            client_type="oidc",
            services=services,
            httpc_params=trust,
            config={
                "issuer": f"{base}/{service.issuer}",
                "base_url": "https://produit.test",
                "client_id": client_id,
                "client_secret": SECRET,
                "redirect_uris": [REDIRECT],
                "response_types_supported": ["code"],
                "scopes_supported": service.scope.split(),
                "id_token_signing_alg_values_supported": [service.algorithm],
                "userinfo_signing_alg_values_supported": [service.algorithm],
                "client_authn_methods": ["client_secret_basic", "client_secret_post", "bearer_header"],
                "token_endpoint_auth_methods_supported": [service.method],
                "add_ons": {
                    "pkce": {
                        "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
                        "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
                    }
                },
            },
        )
        self.client.keyjar.httpc_params = trust
        self.client.do_provider_info()
        self.client.do_client_registration()

    def begin(self) -> str:
        asked = {"acr_values": [self.service.level], "scope": self.service.scope.split()}
        return str(self.client.init_authorization(req_args=asked))

    def finish(self, address: str) -> tuple[dict[str, Any], dict[str, Any]]:
        done = self.client.finalize(_check(address))
        return done["id_token"].to_dict(), done["userinfo"].to_dict()

    def close(self) -> None: ...
