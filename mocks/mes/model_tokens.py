"""Codes and tokens: only their SHA-256 is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from mocks.mes.tables import CODES, TOKENS
from mocks.oidc.secrets import digest
from mocks.store import Session, Statement

_TOKEN = Statement(select(TOKENS).where(TOKENS.c.tenant == bindparam("tenant"), TOKENS.c.token == bindparam("wanted")))
_CODE = Statement(select(CODES).where(CODES.c.tenant == bindparam("tenant"), CODES.c.code == bindparam("wanted")))
_INSERT_TOKEN = Statement(insert(TOKENS))
_INSERT_CODE = Statement(insert(CODES))


@dataclass(frozen=True, slots=True)
class Token:
    """An access or refresh token, without its value. family: id of the tokens born of one authorisation code."""

    token: str
    kind: str
    family: str
    client_id: str
    pairing: str
    expires: int
    used: bool
    revoked: bool

    def state(self, now: datetime) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked or self.used:
            return "revoked"
        return "valid" if now.timestamp() < self.expires else "expired"


@dataclass(frozen=True, slots=True)
class Code:
    """An authorisation code, without its value."""

    code: str
    client_id: str
    pairing: str
    redirect_uri: str
    nonce: str
    challenge: str
    expires: int
    family: str
    used: bool

    def get_redirect_uri(self) -> str:
        """The redirect_uri of the authorization request (name: authlib's)."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """Nothing: what is granted is held by the pairing (name: authlib's)."""
        return ""


def new_family() -> str:
    """The id of a new family of tokens."""
    return secrets.token_hex(8)


def add_code(session: Session, tenant: str, secret: str, **values: Any) -> None:
    """Keep a code; values: the fields of Code but code, family and used."""
    session.write(_INSERT_CODE, tenant=tenant, code=digest(secret), family=new_family(), used=0, **values)


def find_code(session: Session, tenant: str, secret: str) -> Code | None:
    """The code of that value, or None."""
    row = session.first(_CODE, tenant=tenant, wanted=digest(secret))
    return None if row is None else Code(*(getattr(row, name) for name in Code.__slots__))


def use_code(session: Session, tenant: str, code: Code) -> None:
    """A code serves once."""
    session.execute(update(CODES).where(CODES.c.tenant == tenant, CODES.c.code == code.code).values(used=1))


def add_token(session: Session, tenant: str, secret: str, **values: Any) -> None:
    """Keep a token; values: kind, family, client_id, pairing, expires."""
    session.write(_INSERT_TOKEN, tenant=tenant, token=digest(secret), used=0, revoked=0, **values)


def find_token(session: Session, tenant: str, secret: str) -> Token | None:
    """The token of that value, or None."""
    row = session.first(_TOKEN, tenant=tenant, wanted=digest(secret))
    return None if row is None else read(row)


def use_refresh(session: Session, tenant: str, token: Token) -> None:
    """A rotated refresh token is not accepted again."""
    _change(session, tenant, TOKENS.c.token == token.token, used=1)


def revoke(session: Session, tenant: str, token: Token) -> None:
    """Revoke one token."""
    _change(session, tenant, TOKENS.c.token == token.token, revoked=1)


def revoke_family(session: Session, tenant: str, family: str) -> None:
    """Revoke every token born of one authorisation code."""
    _change(session, tenant, TOKENS.c.family == family, revoked=1)


def revoke_pairing(session: Session, tenant: str, pairing: str, *, access_too: bool) -> None:
    """Revoke the refresh tokens of a pairing, and its access tokens when asked; its codes do not serve any more."""
    chosen = TOKENS.c.pairing == pairing
    _change(session, tenant, chosen if access_too else chosen & (TOKENS.c.kind == "refresh"), revoked=1)
    session.execute(update(CODES).where(CODES.c.tenant == tenant, CODES.c.pairing == pairing).values(used=1))


def read(row: Any) -> Token:
    """The token of a row that holds the columns of the table."""
    return Token(
        row.token, row.kind, row.family, row.client_id, row.pairing, row.expires, bool(row.used), bool(row.revoked)
    )


def _change(session: Session, tenant: str, condition: Any, **values: Any) -> None:
    session.execute(update(TOKENS).where(TOKENS.c.tenant == tenant, condition).values(**values))
