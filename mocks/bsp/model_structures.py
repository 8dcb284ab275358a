"""The structures that may call, and the solution that each works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from mocks.bsp.tables import STRUCTURES
from mocks.store import Session, Statement

_OF_TENANT = STRUCTURES.c.tenant == bindparam("tenant")
_BY_CLIENT = Statement(select(STRUCTURES).where(_OF_TENANT, STRUCTURES.c.client_id == bindparam("wanted")))
_ALL = Statement(select(STRUCTURES).where(_OF_TENANT).order_by(STRUCTURES.c.client_id))
_INSERT = Statement(insert(STRUCTURES))


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure and its client of the authorization server. oid: of its solution, which is the source of its events.

    A portal of the same solution, referenced at Mon espace santé under that OID, writes as the same source: one
    identifier is one event, whichever way it came.
    """

    client_id: str
    oid: str
    finess: str
    nom: str

    def as_json(self) -> dict[str, Any]:
        """As the admin API shows it."""
        return asdict(self)

    @property
    def named(self) -> Mapping[str, str]:
        """What is written on its events."""
        return {"finess": self.finess, "nom": self.nom}


def register(session: Session, tenant: str, wanted: Mapping[str, str]) -> Structure:
    """Enrol a structure, or enrol it anew."""
    session.begin()
    made = Structure(wanted["client_id"], wanted["oid"], wanted["finess"], wanted["nom"])
    mine = (STRUCTURES.c.tenant == tenant) & (STRUCTURES.c.client_id == made.client_id)
    session.execute(delete(STRUCTURES).where(mine))
    session.write(_INSERT, tenant=tenant, **asdict(made))
    return made


def of_client(session: Session, tenant: str, client_id: str) -> Structure | None:
    """The structure of this client, or None."""
    row = session.first(_BY_CLIENT, tenant=tenant, wanted=client_id)
    return None if row is None else _read(row)


def of_tenant(session: Session, tenant: str) -> list[Structure]:
    """All structures of a tenant."""
    return [_read(row) for row in session.all(_ALL, tenant=tenant)]


def _read(row: Any) -> Structure:
    return Structure(row.client_id, row.oid, row.finess, row.nom)
