"""Clients of the manager and their bearer tokens, of which only the SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import bindparam, delete, insert, select

from mocks.agendas.tables import CLIENTS
from mocks.store import Session, Statement

_BY_TOKEN = Statement(
    select(CLIENTS.c.client_id).where(CLIENTS.c.space == bindparam("space"), CLIENTS.c.token == bindparam("wanted"))
)
_ALL = Statement(select(CLIENTS).where(CLIENTS.c.space == bindparam("space")).order_by(CLIENTS.c.client_id))
_INSERT = Statement(insert(CLIENTS))
_FORGET = Statement(
    delete(CLIENTS).where(CLIENTS.c.space == bindparam("where"), CLIENTS.c.client_id == bindparam("which"))
)


class KnownClientError(ValueError):
    """A client of that id is already registered, or another one has that token."""


def register(session: Session, space: str, client_id: str, name: str, token: str = "") -> str:
    """Register a client; returns its token. space: of the manager (`State.space`). Raises KnownClientError.

    token: chosen by an editor who configures the product; it takes the place of the one that this client had.
    """
    session.begin()
    known = any(row["client_id"] == client_id for row in clients(session, space))
    if (known and not token) or of_token(session, space, token) not in (None, client_id):
        raise KnownClientError(client_id)
    if known:
        session.write(_FORGET, where=space, which=client_id)
    given = token or f"banc-at-{secrets.token_urlsafe(32)}"
    session.write(_INSERT, space=space, client_id=client_id, name=name, token=_digest(given))
    return given


def admit(session: Session, space: str, client_id: str, name: str, token: str) -> None:
    """Know a client by a token of its own choice, instead of any before."""
    session.begin()
    session.write(_FORGET, where=space, which=client_id)
    session.write(_INSERT, space=space, client_id=client_id, name=name, token=_digest(token))


def clients(session: Session, space: str) -> list[dict[str, str]]:
    """The clients of a manager, without their tokens."""
    return [{"client_id": row.client_id, "nom": row.name} for row in session.all(_ALL, space=space)]


def of_token(session: Session, space: str, token: str) -> str | None:
    """Id of the client to whom a token was given, or None."""
    row = session.first(_BY_TOKEN, space=space, wanted=_digest(token))
    return None if row is None else str(row.client_id)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
