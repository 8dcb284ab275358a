"""What a registration needs around it, and what it gives."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from harness.drivers import Driver
from harness.errors import SetUpError
from harness.place import Place
from harness.sandbox_client import TenantClient
from harness.target import Target


@dataclass(frozen=True)
class Registration:
    """The product as one service knows it.

    configuration: its part of `configurer`. pages: addresses of the product where that service sends browsers.
    api: base address of the API that the product exposes to that service, empty when it exposes none. facts: what
    else scenarios must know of the product there.
    """

    configuration: Mapping[str, Any]
    pages: tuple[str, ...] = ()
    api: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """The product, its driver, and the tenant of the sandbox that it is registered in.

    configurable: the product takes its addresses and secrets from `configurer`.
    """

    target: Target
    driver: Driver
    tenant: TenantClient
    place: Place
    configurable: bool

    def base(self, service: str, *, secure: bool = False) -> str:
        """Base URL of a service; secure: on the listener that asks for a client certificate, where there is one."""
        base = self.tenant.bases[service]
        return self.place.secure(base) if secure else base

    def absolute(self, address: str, key: str) -> str:
        """An address of the product, which may be written as a path. key: where it is written, for the error."""
        if not address.startswith("/"):
            return address
        if not self.driver.url:
            raise SetUpError(f"Clé {key} : un chemin ne suffit pas, car le produit ne dit pas à quelle adresse il est.")
        return urljoin(self.driver.url + "/", address)

    def credentials(self, section: str, client_id: str, secret: str) -> tuple[str, str]:
        """Identifier and secret of the product at a service: those of the target, else made now.

        Raises SetUpError when the product is configured by its vendor and the target does not give them.
        """
        if not self.configurable and not (client_id and secret):
            raise SetUpError(
                "Le produit n'offre pas l'action « configurer » : donnez dans cible.toml, sous "
                f"[{section}], les clés client_id et client_secret (ou client_secret_env) avec lesquelles il est "
                "configuré."
            )
        return client_id or f"banc-{self.tenant.name}", secret or f"banc-cs-{secrets.token_urlsafe(24)}"
