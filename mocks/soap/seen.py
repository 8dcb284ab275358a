"""Identifiers that a client must use once: what was seen is remembered, and a second time is noticed."""

from __future__ import annotations

import hashlib

from sqlalchemy import Column, String, Table, bindparam, insert, select

from mocks.store import METADATA, Session, Statement


class Seen:
    """What one service has seen. service: its name, which begins that of the table."""

    def __init__(self, service: str) -> None:
        self.table = seen = Table(
            f"{service}_seen",
            METADATA,
            Column("tenant", String(80), primary_key=True),
            Column("kind", String(20), primary_key=True),
            Column("value", String(64), primary_key=True),  # SHA-256
        )
        self._find = Statement(
            select(seen.c.value).where(
                seen.c.tenant == bindparam("tenant_"),
                seen.c.kind == bindparam("kind_"),
                seen.c.value == bindparam("value_"),
            )
        )
        self._insert = Statement(insert(seen))

    def is_replay(self, session: Session, tenant: str, kind: str, identifier: str) -> bool:
        """Tell whether this identifier of this kind was already seen in this tenant, and remember it."""
        session.begin()  # of two calls at once with one identifier, one is the first
        value = hashlib.sha256(identifier.encode()).hexdigest()
        if session.first(self._find, tenant_=tenant, kind_=kind, value_=value) is not None:
            return True
        session.write(self._insert, tenant=tenant, kind=kind, value=value)
        return False
