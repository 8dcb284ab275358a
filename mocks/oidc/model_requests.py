"""Authorization requests in the hands of a browser, until somebody signs in or gives up."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import delete, insert, select

from mocks.oidc.secrets import digest, equal
from mocks.oidc.tables import REQUESTS
from mocks.store import Session


@dataclass(frozen=True, slots=True)
class Pending:
    """An authorization request. params: its parameters. browser: SHA-256 of the cookie of the browser that began."""

    id: str
    client_id: str
    params: Mapping[str, str]
    browser: str
    csrf: str
    expires: int

    def is_of(self, browser: str) -> bool:
        """True when the browser that holds this cookie began the request."""
        return equal(self.browser, digest(browser))


def begin(
    session: Session, tenant: str, service: str, client_id: str, params: Mapping[str, str], browser: str, expires: int
) -> Pending:
    """Keep a request while the browser is on the login page. expires: seconds."""
    made = Pending(secrets.token_urlsafe(16), client_id, params, digest(browser), secrets.token_urlsafe(24), expires)
    session.execute(
        insert(REQUESTS).values(
            tenant=tenant,
            service=service,
            id=made.id,
            client_id=client_id,
            params=orjson.dumps(dict(params)).decode(),
            browser=made.browser,
            csrf=made.csrf,
            expires=expires,
        )
    )
    return made


def find(session: Session, tenant: str, service: str, request_id: str) -> Pending | None:
    """The request of that id, or None."""
    if "\x00" in request_id:
        return None
    row = next(iter(session.query(select(REQUESTS).where(_is(tenant, service, request_id)))), None)
    if row is None:
        return None
    return Pending(row.id, row.client_id, orjson.loads(row.params), row.browser, row.csrf, row.expires)


def end(session: Session, tenant: str, service: str, request_id: str) -> bool:
    """Close a request, once; False when it was closed before."""
    return session.execute(delete(REQUESTS).where(_is(tenant, service, request_id))) == 1


def _is(tenant: str, service: str, request_id: str) -> Any:
    return (REQUESTS.c.tenant == tenant) & (REQUESTS.c.service == service) & (REQUESTS.c.id == request_id)
