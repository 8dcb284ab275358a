"""Requests of authorisation under way: pushed (RFC 9126), then in the hands of the usager."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import delete, insert, select, update

from mocks.mes.tables import ATTEMPTS, PUSHED
from mocks.oidc.secrets import digest
from mocks.store import Session

URI_PREFIX = "urn:ietf:params:oauth:request_uri:"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A pairing that the usager has yet to decide. id: the pairingId. params: the authorization request."""

    id: str
    oid: str
    params: Mapping[str, str]
    browser: str
    csrf: str
    holder: str | None
    expires: int

    @property
    def external_user(self) -> Mapping[str, Any]:
        """The account at the service, as the service tells it; empty when it told nothing."""
        user: Mapping[str, Any] = orjson.loads(self.params.get("external_user") or "{}")
        return user

    def is_of(self, browser: str) -> bool:
        """True when the browser that holds this cookie began the attempt."""
        return secrets.compare_digest(self.browser, digest(browser))


def push(session: Session, tenant: str, client_id: str, params: Mapping[str, str], expires: int) -> str:
    """Keep a pushed request; returns its request_uri. expires: seconds."""
    uri = URI_PREFIX + secrets.token_urlsafe(24)
    values = {"uri": digest(uri), "client_id": client_id, "params": _json(params), "expires": expires}
    session.execute(insert(PUSHED).values(tenant=tenant, **values))
    return uri


def take_pushed(session: Session, tenant: str, uri: str, client_id: str, now: float) -> dict[str, str] | None:
    """The pushed request, which serves once; None when it is unknown, of another service, or too old."""
    session.begin()
    mine = (PUSHED.c.tenant == tenant) & (PUSHED.c.uri == digest(uri))
    row = next(iter(session.query(select(PUSHED).where(mine))), None)
    if row is None or row.client_id != client_id:
        return None
    session.execute(delete(PUSHED).where(mine))
    params: dict[str, str] = orjson.loads(row.params)
    return params if now < row.expires else None


def begin(session: Session, tenant: str, oid: str, params: Mapping[str, str], browser: str, expires: int) -> str:
    """Hand a request to the usager's browser; returns the pairingId."""
    pairing_id = secrets.token_urlsafe(16)
    session.execute(
        insert(ATTEMPTS).values(
            tenant=tenant,
            id=pairing_id,
            oid=oid,
            params=_json(params),
            browser=digest(browser),
            csrf=secrets.token_urlsafe(24),
            holder=None,
            expires=expires,
        )
    )
    return pairing_id


def find(session: Session, tenant: str, pairing_id: str) -> Attempt | None:
    """The attempt of that id, or None."""
    if "\x00" in pairing_id:
        return None
    chosen = select(ATTEMPTS).where(ATTEMPTS.c.tenant == tenant, ATTEMPTS.c.id == pairing_id)
    row = next(iter(session.query(chosen)), None)
    if row is None:
        return None
    return Attempt(row.id, row.oid, orjson.loads(row.params), row.browser, row.csrf, row.holder, row.expires)


def log_in(session: Session, tenant: str, attempt: Attempt, holder: str) -> None:
    """Say who the usager is."""
    mine = (ATTEMPTS.c.tenant == tenant) & (ATTEMPTS.c.id == attempt.id)
    session.execute(update(ATTEMPTS).where(mine).values(holder=holder))


def end(session: Session, tenant: str, attempt: Attempt) -> bool:
    """Close an attempt, once; False when it was closed before."""
    mine = (ATTEMPTS.c.tenant == tenant) & (ATTEMPTS.c.id == attempt.id)
    return session.execute(delete(ATTEMPTS).where(mine)) == 1


def _json(params: Mapping[str, str]) -> str:
    return orjson.dumps(dict(params)).decode()
