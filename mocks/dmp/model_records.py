"""The DMP of a person: its status, who may see it, who may not (sheet DMP §2 and §12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select

from mocks import world
from mocks.clock import rfc3339
from mocks.dmp.tables import RECORDS, TRUST
from mocks.insi import model_register
from mocks.store import Session, Statement

ACTIVE, CLOSED, ABSENT = "actif", "ferme", "absent"
VALID, EXPIRED, NONE, BLOCKED = "valide", "expiree", "aucune", "bloque"
_FIND = Statement(
    select(RECORDS.c.state).where(RECORDS.c.tenant == bindparam("tenant"), RECORDS.c.person == bindparam("person"))
)
_DELETE = Statement(
    delete(RECORDS).where(RECORDS.c.tenant == bindparam("tenant"), RECORDS.c.person == bindparam("person"))
)
_INSERT = Statement(insert(RECORDS))
_TRUST = Statement(select(TRUST.c.authorities, TRUST.c.revocations).where(TRUST.c.tenant == bindparam("tenant")))
_FORGET_TRUST = Statement(delete(TRUST).where(TRUST.c.tenant == bindparam("tenant")))
_INSERT_TRUST = Statement(insert(TRUST))


@dataclass(frozen=True, slots=True)
class Record:
    """The DMP of one person.

    closing: date, motif, raison of a closed one. mes: attached to Mon espace santé. treating: PS_IdNat of the médecins
    traitants DMP. blocked: PS_IdNat. authorisations: by Struct_IdNat or PS_IdNat, `{"statut", "depuis"}`.
    """

    person: str
    status: str = ACTIVE
    closing: Mapping[str, str] = field(default_factory=dict)
    mes: bool = True
    usual_name: str = ""
    treating: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    authorisations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def authorisation(self, holder: str, professional: str, now: datetime, hours: float) -> str:
        """What a professional may: `bloque`, or the authorisation of the holder. hours: 0 for ever."""
        if professional in self.blocked:
            return BLOCKED
        found = self.authorisations.get(holder)
        if found is None or found["statut"] == NONE:
            return NONE
        over = bool(hours) and datetime.fromisoformat(found["depuis"]) + timedelta(hours=hours) <= now
        return EXPIRED if over else found["statut"]

    def authorised(self, holder: str, status: str, now: datetime) -> Record:
        """The record once that holder's authorisation is this one."""
        given = {"statut": status, "depuis": rfc3339(now)}
        return replace(self, authorisations={**self.authorisations, holder: given})

    def as_json(self) -> dict[str, Any]:
        """As the admin API shows it (contract of the DMP §6)."""
        return {
            "personne": self.person,
            "statut": self.status,
            "fermeture": dict(self.closing),
            "rattache_mes": self.mes,
            "nom_utilise": self.usual_name,
            "medecins_traitants": list(self.treating),
            "bloques": list(self.blocked),
            "autorisations": [{"titulaire": holder, **given} for holder, given in self.authorisations.items()],
        }


def record(session: Session, tenant: str, person: str, initial: str) -> Record:
    """The DMP of a person. initial: status of one that nobody touched."""
    row = session.first(_FIND, tenant=tenant, person=person)
    if row is None:
        return Record(person, initial)
    kept = orjson.loads(row.state)
    return Record(**{**kept, "treating": tuple(kept["treating"]), "blocked": tuple(kept["blocked"])})


def save(session: Session, tenant: str, changed: Record) -> None:
    """Write the DMP of a person."""
    session.write(_DELETE, tenant=tenant, person=changed.person)
    session.write(_INSERT, tenant=tenant, person=changed.person, state=orjson.dumps(asdict(changed)).decode())


def person_of(session: Session, tenant: str, matricule: str) -> world.Person | None:
    """Who bears an INS, by birth or by what the register of INSi says now or said; None for nobody."""
    born = world.by_ins(session, tenant, matricule)
    if born is not None:
        return born
    for one in model_register.identities(session, tenant):
        if matricule == one.matricule or any(former.matricule == matricule for former in one.history):
            return world.person(session, tenant, one.person)
    return None


def trust(session: Session, tenant: str) -> tuple[str, str]:
    """Authorities and revocation lists (PEM) of those who may sign, empty where none were given."""
    row = session.first(_TRUST, tenant=tenant)
    return ("", "") if row is None else (row.authorities, row.revocations)


def save_trust(session: Session, tenant: str, authorities: str, revocations: str) -> None:
    """Say whose certificates may sign."""
    session.write(_FORGET_TRUST, tenant=tenant)
    session.write(_INSERT_TRUST, tenant=tenant, authorities=authorities, revocations=revocations)
