"""Tenants: one vendor's run, with settings, a clock and faults of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

from mocks import clock
from mocks.store import Session, Statement
from mocks.store.schema import EXCHANGES, TENANTS

DEFAULT = "defaut"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

_SELECT = Statement(select(TENANTS).where(TENANTS.c.name == bindparam("tenant")))
_INSERT = Statement(insert(TENANTS))
_UPDATE = Statement(
    update(TENANTS)
    .where(TENANTS.c.name == bindparam("tenant"))
    .values(settings=bindparam("new_settings"), clock=bindparam("new_clock"), faults=bindparam("new_faults"))
)


@dataclass(frozen=True, slots=True)
class Tenant:
    """What distinguishes a tenant besides its data; read once per request."""

    name: str
    settings: Mapping[str, Any]
    clock: Mapping[str, Any]
    faults: Sequence[Mapping[str, Any]]

    def now(self) -> datetime:
        """Instant (UTC) of this tenant's clock."""
        return clock.read(self.clock)


class UnknownTenantError(LookupError):
    """No tenant of that name."""


class TenantNameError(ValueError):
    """A name that cannot stand in an address."""


def load(session: Session, name: str) -> Tenant:
    """The tenant of that name. Raises UnknownTenantError."""
    row = session.first(_SELECT, tenant=name)
    if row is None:
        raise UnknownTenantError(name)
    return _read(row.name, row.settings, row.clock, row.faults)


@lru_cache(maxsize=256)
def _read(name: str, settings: str, clock_: str, faults: str) -> Tenant:
    return Tenant(name, orjson.loads(settings), orjson.loads(clock_), orjson.loads(faults))


def create(session: Session, name: str) -> Tenant:
    """Make a tenant, or return the one that has this name.

    Raises TenantNameError for a name that is not lower-case letters, digits and hyphens.
    """
    if not NAME.fullmatch(name):
        raise TenantNameError(name)
    session.begin()
    try:
        return load(session, name)
    except UnknownTenantError:
        created = datetime.now(UTC).isoformat()
        session.write(
            _INSERT, name=name, created=created, settings="{}", clock=orjson.dumps(clock.REAL).decode(), faults="[]"
        )
        return load(session, name)


def save(session: Session, tenant: Tenant) -> None:
    """Write settings, clock and faults of a tenant."""
    session.write(
        _UPDATE,
        tenant=tenant.name,
        new_settings=orjson.dumps(tenant.settings).decode(),
        new_clock=orjson.dumps(tenant.clock).decode(),
        new_faults=orjson.dumps(list(tenant.faults)).decode(),
    )


def restored(tenant: Tenant) -> Tenant:
    """The tenant with the settings, clock and faults it was born with."""
    return replace(tenant, settings={}, clock=clock.REAL, faults=())


def names(session: Session) -> list[str]:
    """All tenants, by name."""
    return [row.name for row in session.query(select(TENANTS.c.name).order_by(TENANTS.c.name))]


def remove(session: Session, name: str) -> None:
    """Forget a tenant and its journal; the services forget their own state (Service.forget)."""
    session.execute(delete(EXCHANGES).where(EXCHANGES.c.tenant == name))
    session.execute(delete(TENANTS).where(TENANTS.c.name == name))
