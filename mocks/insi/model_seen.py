"""Identifiers that a client must use once: what was seen is remembered, and a second time is noticed."""

from __future__ import annotations

import hashlib

from sqlalchemy import bindparam, insert, select

from mocks.insi.tables import SEEN
from mocks.store import Session, Statement

_FIND = Statement(
    select(SEEN.c.value).where(
        SEEN.c.tenant == bindparam("tenant_"), SEEN.c.kind == bindparam("kind_"), SEEN.c.value == bindparam("value_")
    )
)
_INSERT = Statement(insert(SEEN))


def is_replay(session: Session, tenant: str, kind: str, identifier: str) -> bool:
    """Tell whether this identifier of this kind was already seen in this tenant, and remember it."""
    session.begin()  # of two calls at once with one identifier, one is the first
    value = hashlib.sha256(identifier.encode()).hexdigest()
    if session.first(_FIND, tenant_=tenant, kind_=kind, value_=value) is not None:
        return True
    session.write(_INSERT, tenant=tenant, kind=kind, value=value)
    return False
