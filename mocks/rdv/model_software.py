"""The software connected to the block: where their agendas are, and for which professionals they speak."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from mocks.agendas import State
from mocks.rdv.tables import HELD, SOFTWARE
from mocks.store import Session, Statement

_OF = Statement(
    select(HELD.c.client_id)
    .where(HELD.c.tenant == bindparam("tenant"), HELD.c.professional == bindparam("wanted"))
    .order_by(HELD.c.client_id)
)
_ALL_HELD = Statement(select(HELD).where(HELD.c.tenant == bindparam("tenant")).order_by(HELD.c.professional))
_HOLD = Statement(insert(HELD))
_ALL = Statement(select(SOFTWARE).where(SOFTWARE.c.tenant == bindparam("tenant")).order_by(SOFTWARE.c.client_id))
_ONE = Statement(
    select(SOFTWARE).where(SOFTWARE.c.tenant == bindparam("tenant"), SOFTWARE.c.client_id == bindparam("wanted"))
)
_INSERT = Statement(insert(SOFTWARE))
_MOVE = Statement(
    update(SOFTWARE)
    .where(SOFTWARE.c.tenant == bindparam("where"), SOFTWARE.c.client_id == bindparam("which"))
    .values(agenda=bindparam("new_agenda"), authorization=bindparam("new_authorization"))
)


@dataclass(frozen=True, slots=True)
class Software:
    """One piece of software. agenda: FHIR base where the block writes; authorization: header sent there."""

    client_id: str
    agenda: str
    authorization: str


def connect(session: Session, tenant: str, software: Software) -> None:
    """Know a piece of software, or its new address."""
    session.begin()
    if of_id(session, tenant, software.client_id) is None:
        row = {"agenda": software.agenda, "authorization": software.authorization}
        session.write(_INSERT, tenant=tenant, client_id=software.client_id, **row)
        return
    session.write(
        _MOVE,
        where=tenant,
        which=software.client_id,
        new_agenda=software.agenda,
        new_authorization=software.authorization,
    )


def of_id(session: Session, tenant: str, client_id: str) -> Software | None:
    """The software of that client, or None."""
    row = session.first(_ONE, tenant=tenant, wanted=client_id)
    return None if row is None else Software(row.client_id, row.agenda, row.authorization)


def all_of(session: Session, tenant: str) -> list[Software]:
    """All of a tenant."""
    return [Software(row.client_id, row.agenda, row.authorization) for row in session.all(_ALL, tenant=tenant)]


def hold(session: Session, tenant: str, client_id: str, professionals: Iterable[str]) -> None:
    """From now on this software speaks for these professionals (national identifiers), with others that do."""
    for professional in professionals:
        if client_id not in holders(session, tenant, professional):
            session.write(_HOLD, tenant=tenant, professional=professional, client_id=client_id)


def holders(session: Session, tenant: str, professional: str) -> list[str]:
    """Clients that speak for a professional."""
    return [str(row.client_id) for row in session.all(_OF, tenant=tenant, wanted=professional)]


def held(session: Session, tenant: str) -> dict[str, list[str]]:
    """Professionals by client."""
    found: dict[str, list[str]] = {}
    for row in session.all(_ALL_HELD, tenant=tenant):
        found.setdefault(row.client_id, []).append(row.professional)
    return found


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who writes: a piece of software, for all its professionals, or (`alone`) one professional by herself."""

    client_id: str
    alone: str = ""

    def holds(self, state: State, professional: str) -> bool:
        """Whether this is said for oneself."""
        if self.alone:
            return professional == self.alone
        return bool(professional) and self.client_id in holders(state.session, state.tenant.name, professional)
