"""Codes and tokens. Each belongs to the family that one authorization began; the family belongs to a session."""

from __future__ import annotations

import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import bindparam, insert, select, update

from mocks.call import Call
from mocks.oidc import secrets
from mocks.oidc.model_sessions import SignedIn
from mocks.oidc.provider import Subject
from mocks.oidc.tables import GRANTS, SECRETS, SESSIONS
from mocks.store import Session, Statement

Kind = Literal["code", "access", "refresh"]

_FIND = Statement(
    select(
        SECRETS.c.secret,
        SECRETS.c.kind,
        SECRETS.c.issued,
        SECRETS.c.expires,
        SECRETS.c.used,
        SECRETS.c.revoked,
        GRANTS.c.family,
        GRANTS.c.client_id,
        GRANTS.c.scope,
        GRANTS.c.level,
        GRANTS.c.nonce,
        GRANTS.c.redirect_uri,
        GRANTS.c.challenge,
        GRANTS.c.method,
        GRANTS.c.revoked.label("withdrawn"),
        SESSIONS.c.id.label("session"),
        SESSIONS.c.person,
        SESSIONS.c.level.label("reached"),
        SESSIONS.c.means,
        SESSIONS.c.started,
        SESSIONS.c.seen,
        SESSIONS.c.ended,
    )
    .select_from(SECRETS)
    .join(
        GRANTS,
        (GRANTS.c.tenant == SECRETS.c.tenant)
        & (GRANTS.c.service == SECRETS.c.service)
        & (GRANTS.c.family == SECRETS.c.family),
    )
    .join(
        SESSIONS,
        (SESSIONS.c.tenant == GRANTS.c.tenant)
        & (SESSIONS.c.service == GRANTS.c.service)
        & (SESSIONS.c.id == GRANTS.c.session),
    )
    .where(
        SECRETS.c.tenant == bindparam("tenant"),
        SECRETS.c.service == bindparam("service"),
        SECRETS.c.secret == bindparam("wanted"),
    )
)
_INSERT_GRANT = Statement(insert(GRANTS))
_INSERT_SECRET = Statement(insert(SECRETS))
_USE = Statement(
    update(SECRETS)
    .where(
        SECRETS.c.tenant == bindparam("of_tenant"),
        SECRETS.c.service == bindparam("of_service"),
        SECRETS.c.secret == bindparam("wanted"),
    )
    .values(used=1)
)


@dataclass(frozen=True, slots=True)
class Family:
    """One authorization given to one client. nonce, redirect_uri, challenge, method: of the authorization request."""

    id: str
    client_id: str
    scope: str
    level: str
    nonce: str
    redirect_uri: str
    challenge: str
    method: str
    withdrawn: bool
    session: SignedIn

    @property
    def subject(self) -> Subject:
        """For whom and what its tokens are."""
        return Subject(self.session.person, self.client_id, self.scope.split(), self.level)


@dataclass(frozen=True, slots=True)
class Held:
    """A code or token, without its value (key: SHA-256). issued, expires: seconds."""

    key: str
    kind: str
    issued: int
    expires: int
    used: bool
    revoked: bool
    family: Family

    def state(self, call: Call) -> Literal["valid", "expired", "revoked"]:
        """Whether it still serves: a session that is over takes its tokens with it."""
        if self.used or self.revoked or self.family.withdrawn or self.family.session.ended:
            return "revoked"
        return "valid" if call.now.timestamp() < self.expires and self.family.session.left_s(call) else "expired"

    # What authlib asks of a code or token.

    def get_redirect_uri(self) -> str:
        """The redirect_uri of the authorization request."""
        return self.family.redirect_uri

    def get_scope(self) -> str:
        """The scope granted."""
        return self.family.scope

    def check_client(self, client: Any) -> bool:
        """True when it was issued to this client."""
        return bool(self.family.client_id == client.get_client_id())


def begin_family(
    call: Call,
    session: SignedIn,
    client_id: str,
    scope: str,
    level: str,
    *,
    nonce: str = "",
    redirect_uri: str = "",
    challenge: str = "",
    method: str = "",
) -> Family:
    """Write an authorization; arguments: see Family."""
    made = Family(random.token_hex(8), client_id, scope, level, nonce, redirect_uri, challenge, method, False, session)
    call.session.write(
        _INSERT_GRANT,
        tenant=call.tenant.name,
        service=call.service.name,
        family=made.id,
        session=session.id,
        client_id=client_id,
        person=session.person,
        scope=scope,
        level=level,
        nonce=nonce,
        redirect_uri=redirect_uri,
        challenge=challenge,
        method=method,
        revoked=0,
    )
    return made


def add(call: Call, family: str, issued: Sequence[tuple[Kind, str, int]], *, used: bool = False) -> None:
    """Keep new codes or tokens of a family: (kind, value, lifetime in seconds). used: as if they had served."""
    now = int(call.now.timestamp())
    common = {"tenant": call.tenant.name, "service": call.service.name, "family": family}
    state = {"issued": now, "used": int(used), "revoked": 0}
    rows = [
        {**common, **state, "secret": secrets.digest(value), "kind": kind, "expires": now + lifetime}
        for kind, value, lifetime in issued
    ]
    call.session.write_many(_INSERT_SECRET, rows)


def find(call: Call, value: str) -> Held | None:
    """The code or token of that value, or None."""
    place = {"tenant": call.tenant.name, "service": call.service.name}
    row = call.session.first(_FIND, **place, wanted=secrets.digest(value))
    if row is None:
        return None
    signed_in = SignedIn(
        row.session, row.person, row.reached, tuple(orjson.loads(row.means)), row.started, row.seen, bool(row.ended)
    )
    family = Family(
        row.family,
        row.client_id,
        row.scope,
        row.level,
        row.nonce,
        row.redirect_uri,
        row.challenge,
        row.method,
        bool(row.withdrawn),
        signed_in,
    )
    return Held(row.secret, row.kind, row.issued, row.expires, bool(row.used), bool(row.revoked), family)


def use(call: Call, held: Held) -> None:
    """A code, or a refresh token that rotates, serves once."""
    call.session.write(_USE, of_tenant=call.tenant.name, of_service=call.service.name, wanted=held.key)


def revoke(call: Call, held: Held) -> None:
    """Revoke one token."""
    mine = (SECRETS.c.tenant == call.tenant.name) & (SECRETS.c.service == call.service.name)
    call.session.execute(update(SECRETS).where(mine, SECRETS.c.secret == held.key).values(revoked=1))


def revoke_family(call: Call, family: Family) -> None:
    """Revoke every token born of one authorization."""
    mine = (GRANTS.c.tenant == call.tenant.name) & (GRANTS.c.service == call.service.name)
    call.session.execute(update(GRANTS).where(mine, GRANTS.c.family == family.id).values(revoked=1))


def expire_access(session: Session, tenant: str, service: str, now: int, person: str | None) -> int:
    """Make the access tokens of a person, or of everybody, expire now (seconds); how many."""
    mine = (SECRETS.c.tenant == tenant) & (SECRETS.c.service == service) & (SECRETS.c.kind == "access")
    live = mine & (SECRETS.c.expires > now)
    if person is not None:
        theirs = select(GRANTS.c.family).where(
            GRANTS.c.tenant == tenant, GRANTS.c.service == service, GRANTS.c.person == person
        )
        live &= SECRETS.c.family.in_(theirs)
    return session.execute(update(SECRETS).where(live).values(expires=now))
