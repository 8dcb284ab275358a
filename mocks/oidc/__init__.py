"""The engine of identity providers: OpenID Connect over the state of a tenant, right or misbehaving on demand.

A provider is declared (`OidcProvider`), as a FHIR API is; `make_service` gives the service of the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable

import orjson
from sqlalchemy import delete

from mocks.oidc import keys
from mocks.oidc.application import build
from mocks.oidc.provider import (
    OidcProvider,
    Paths,
    SignIn,
    SignInError,
    Subject,
    current_provider,
    issuer_of,
)
from mocks.oidc.tables import OF_TENANT
from mocks.service import AdminPart, Service
from mocks.store import Session

__all__ = [
    "OidcProvider",
    "Paths",
    "SignIn",
    "SignInError",
    "Subject",
    "current_provider",
    "issuer_of",
    "make_service",
    "oauth_refusal",
]


def make_service(provider: OidcProvider, admin: Callable[[], AdminPart]) -> Service:
    """The service of a provider. admin: its part of the admin API."""

    def forget_tenant(session: Session, tenant: str) -> None:
        for table in OF_TENANT:
            session.execute(delete(table).where(table.c.tenant == tenant, table.c.service == provider.name))
        keys.forget(session, provider.name, tenant)

    return Service(
        name=provider.name,
        title=provider.title,
        specification=provider.specification,
        version=provider.version,
        national_urls=provider.national_urls,
        make_app=lambda: build(provider),
        admin=admin,
        settings=provider.settings,
        choices=provider.choices,
        forget_tenant=forget_tenant,
        refusal=oauth_refusal,
    )


def oauth_refusal(_path: str, _status: int, code: str, text: str) -> tuple[str, bytes]:
    """A refusal of the bench itself, as an OAuth error."""
    return "application/json; charset=utf-8", orjson.dumps({"error": code, "error_description": text})
