"""Messages that were accepted, and what became of each for each recipient."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, func, insert, select, update

from mocks.mssante.tables import DELIVERIES, MESSAGES
from mocks.store import Session, Statement

DELIVERED, BOUNCED = "remis", "rebond"
SENT, REPORT, FILED = "envoi", "rapport", "depot"  # by a client, by the operator, by APPEND of IMAP
_M, _D = MESSAGES.c, DELIVERIES.c
_HEAD = (_M.id, _M.received, _M.origin, _M.sender, _M.message_id, _M.size, _M.sha256, _M.facts)
_TENANT = _M.tenant == bindparam("wanted_tenant")
_IS_SENT = _M.origin == SENT
_INSERT = Statement(insert(MESSAGES).values({
    name: bindparam(name)
    for name in ("tenant", "received", "origin", "sender", "message_id", "size", "sha256", "facts", "content")
}).returning(_M.id))  # fmt: skip
_ALL = Statement(select(*_HEAD).where(_TENANT).order_by(_M.id))
_HEAD_OF = Statement(select(*_HEAD).where(_TENANT, _M.id == bindparam("wanted")))
_CONTENT = Statement(select(_M.content).where(_TENANT, _M.id == bindparam("wanted")))
_DELIVER = Statement(insert(DELIVERIES))
_DELIVERIES = Statement(
    select(_D.message, _D.recipient, _D.state, _D.reason)
    .where(_D.tenant == bindparam("wanted_tenant"))
    .order_by(_D.message, _D.recipient)
)
_DELIVERIES_OF = Statement(
    select(_D.message, _D.recipient, _D.state, _D.reason)
    .where(_D.tenant == bindparam("wanted_tenant"), _D.message == bindparam("wanted"))
    .order_by(_D.recipient)
)
_STATE = Statement(
    update(DELIVERIES)
    .where(
        _D.tenant == bindparam("wanted_tenant"), _D.message == bindparam("wanted"), _D.recipient == bindparam("whose")
    )
    .values(state=bindparam("new_state"))
)
_TOTAL = Statement(
    select(func.count().label("messages"), func.coalesce(func.sum(_M.size), 0).label("octets")).where(_TENANT, _IS_SENT)
)
_TWICE = Statement(
    select(_M.sender, _M.message_id)
    .where(_TENANT, _IS_SENT, _M.message_id != "")
    .group_by(_M.sender, _M.message_id)
    .having(func.count() > 1)
)
_BY_STATE = Statement(
    select(_D.state, func.count().label("number"))
    .select_from(DELIVERIES.join(MESSAGES, _D.message == _M.id))
    .where(_TENANT, _IS_SENT)
    .group_by(_D.state)
)


class UnknownMessageError(LookupError):
    """No message of that number in the tenant."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message without its content. origin: SENT, REPORT or FILED. facts: subject, from. size, sha256: as sent."""

    id: int
    received: str
    origin: str
    sender: str
    message_id: str
    size: int
    sha256: str
    facts: Mapping[str, Any]

    def as_json(self, deliveries: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """As the admin API shows it."""
        return {
            "id": self.id,
            "recu": self.received,
            "origine": self.origin,
            "expediteur": self.sender,
            "destinataires": list(deliveries),
            "message_id": self.message_id,
            "objet": self.facts.get("subject", ""),
            "octets": self.size,
            "sha256": self.sha256,
        }


def add(
    session: Session,
    tenant: str,
    content: bytes,
    *,
    received: str,
    sender: str,
    message_id: str,
    facts: Mapping[str, Any],
    origin: str = SENT,
    trace: bytes = b"",
) -> int:
    """Keep a message; its number. trace: fields that the operator writes before it (Return-Path, Received)."""
    return session.inserted_id(
        _INSERT,
        tenant=tenant,
        received=received,
        origin=origin,
        sender=sender,
        message_id=message_id[:998],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        facts=orjson.dumps(facts).decode(),
        content=trace + content,
    )


def deliver(session: Session, tenant: str, message: int, recipient: str, state: str, reason: str = "") -> None:
    """Write what became of a message for a recipient."""
    session.write(_DELIVER, tenant=tenant, message=message, recipient=recipient, state=state, reason=reason)


def change_state(session: Session, tenant: str, message: int, recipient: str, state: str) -> None:
    """Change what became of a message for a recipient."""
    session.write(_STATE, wanted_tenant=tenant, wanted=message, whose=recipient, new_state=state)


def head(session: Session, tenant: str, number: int) -> Kept:
    """A message without its content. Raises UnknownMessageError."""
    row = session.first(_HEAD_OF, wanted_tenant=tenant, wanted=number)
    if row is None:
        raise UnknownMessageError(number)
    return _read(row)


def content(session: Session, tenant: str, number: int) -> bytes:
    """The bytes of a message, trace fields included. Raises UnknownMessageError."""
    row = session.first(_CONTENT, wanted_tenant=tenant, wanted=number)
    if row is None:
        raise UnknownMessageError(number)
    return bytes(row.content)


def all_of(session: Session, tenant: str) -> Iterator[tuple[Kept, list[dict[str, str]]]]:
    """The messages of a tenant in the order of their acceptance, each with its deliveries."""
    found: dict[int, list[dict[str, str]]] = {}
    for row in session.all(_DELIVERIES, wanted_tenant=tenant):
        found.setdefault(row.message, []).append(_delivery(row))
    for row in session.all(_ALL, wanted_tenant=tenant):
        yield _read(row), found.get(row.id, [])


def deliveries_of(session: Session, tenant: str, number: int) -> list[dict[str, str]]:
    """What became of one message, by recipient."""
    return [_delivery(row) for row in session.all(_DELIVERIES_OF, wanted_tenant=tenant, wanted=number)]


def balance(session: Session, tenant: str) -> dict[str, Any]:
    """Numbers of messages and deliveries, and the messages accepted twice (contract §8)."""
    total = session.first(_TOTAL, wanted_tenant=tenant)
    states = {row.state: row.number for row in session.all(_BY_STATE, wanted_tenant=tenant)}
    bounced = states.pop(BOUNCED, 0)
    return {
        "messages": total.messages if total else 0,
        "octets": int(total.octets) if total else 0,
        "remises": sum(states.values()),
        "rebonds": bounced,
        "doublons": [row.message_id for row in session.all(_TWICE, wanted_tenant=tenant)],
    }


def _delivery(row: Any) -> dict[str, str]:
    return {"adresse": row.recipient, "etat": row.state, "motif": row.reason}


def _read(row: Any) -> Kept:
    return Kept(
        row.id, row.received, row.origin, row.sender, row.message_id, row.size, row.sha256, orjson.loads(row.facts)
    )
