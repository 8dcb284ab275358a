"""The journal: every exchange, complete, masked, in the transaction that changed the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson
from sqlalchemy import bindparam, insert, select

from mocks.journal.masking import fingerprint, mask, mask_header
from mocks.store import Session, Statement
from mocks.store.schema import EXCHANGES

__all__ = ["fingerprint", "last_id", "mask", "mask_header", "masked", "read", "record", "write"]

_COLUMNS = ("tenant", "service", "operation", "person", "entry")
_INSERT = Statement(insert(EXCHANGES).values({name: bindparam(name) for name in _COLUMNS}))
_INSERT_TELLING = Statement(
    insert(EXCHANGES).values({name: bindparam(name) for name in _COLUMNS}).returning(EXCHANGES.c.id)
)
_LAST = Statement(
    select(EXCHANGES.c.id).where(EXCHANGES.c.tenant == bindparam("tenant")).order_by(EXCHANGES.c.id.desc()).limit(1)
)


def write(session: Session, entry: Mapping[str, Any]) -> int:
    """Add an exchange (already masked) to the transaction; returns its id."""
    return session.inserted_id(_INSERT_TELLING, **_row(entry))


def record(session: Session, entry: Mapping[str, Any]) -> None:
    """Add an exchange (already masked) to the transaction."""
    session.write(_INSERT, **_row(entry))


def _row(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "tenant": entry["tenant"],
        "service": entry["service"],
        "operation": entry["operation"],
        "person": entry.get("person"),
        "entry": orjson.dumps(entry).decode(),
    }


def read(
    session: Session,
    tenant: str,
    *,
    after: int = 0,
    service: str = "",
    operation: str = "",
    person: str = "",
    limit: int = 1000,
) -> list[dict[str, Any]]:
    """Exchanges of a tenant after an id, in order.

    operation: exact, or a prefix ending with `*`. limit: at most that many.
    """
    chosen = select(EXCHANGES.c.id, EXCHANGES.c.entry).where(EXCHANGES.c.tenant == tenant, EXCHANGES.c.id > after)
    if service:
        chosen = chosen.where(EXCHANGES.c.service == service)
    if operation.endswith("*"):
        chosen = chosen.where(EXCHANGES.c.operation.startswith(operation[:-1], autoescape=True))
    elif operation:
        chosen = chosen.where(EXCHANGES.c.operation == operation)
    if person:
        chosen = chosen.where(EXCHANGES.c.person == person)
    rows = session.query(chosen.order_by(EXCHANGES.c.id).limit(limit))
    return [{"id": row.id, **_complete(orjson.loads(row.entry))} for row in rows]


def _complete(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with path and query, which follow from the target: readers want them, writing need not wait for it."""
    asked = entry["request"]
    path, _, query = str(asked.get("target", "")).partition("?")
    asked.setdefault("path", unquote(path))
    asked.setdefault("query", [list(pair) for pair in parse_qsl(query, keep_blank_values=True)])
    return entry


def last_id(session: Session, tenant: str) -> int:
    """Id of the newest exchange of a tenant, 0 when there is none."""
    row = session.first(_LAST, tenant=tenant)
    return 0 if row is None else int(row.id)


def masked(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An exchange recorded elsewhere (by the bench, by a foreign tool), with its secrets masked."""
    return {**entry, "request": _masked_part(entry.get("request")), "answer": _masked_part(entry.get("answer"))}


def _masked_part(part: Any) -> Any:
    if not isinstance(part, Mapping):
        return part
    result = dict(part)
    for key in ("target", "path", "body"):
        if isinstance(result.get(key), str):
            result[key] = mask(result[key])
    for key in ("query", "headers"):
        if isinstance(result.get(key), Sequence):
            result[key] = [[name, mask_header(name, value)] for name, value in result[key]]
    return result
