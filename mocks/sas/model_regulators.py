"""Regulators of the platform: who they are, by which identifiers they are known (guide SAS, INT_R02)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from mocks.sas.tables import REGULATORS
from mocks.store import Session, Statement
from mocks.world.people import professional

NATIONAL = "urn:oid:1.2.250.1.71.4.2.1"
TECHNICAL = "urn:oid:1.2.250.1.213.3.6"
_STRUCTURE = "990000010"  # FINESS of the fictitious regulation centre
_FIRST = 70_000  # their names are not those of other fictitious professionals
_C = REGULATORS.c
_TENANT = _C.tenant == bindparam("wanted_tenant")
_ALL = Statement(select(REGULATORS).where(_TENANT).order_by(_C.number))
_BY_ID = Statement(select(REGULATORS).where(_TENANT, _C.id == bindparam("wanted")))
_BY_NUMBER = Statement(
    select(REGULATORS).where(
        _TENANT, (_C.technical_id == bindparam("wanted")) | (_C.national_id == bindparam("wanted"))
    )
)
_LAST = Statement(select(func.max(_C.number).label("last")).where(_TENANT))
_INSERT = Statement(insert(REGULATORS))
_CHANGED = ("family", "given", "email", "national_id", "active")
_UPDATE = Statement(
    update(REGULATORS)
    .where(_TENANT, _C.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)


class UnknownRegulatorError(LookupError):
    """No regulator of that id in the tenant."""


@dataclass(frozen=True, slots=True)
class Regulator:
    """A fictitious regulator. technical_id: UUID of the platform. national_id: `3…/…` or `8…`, empty when unknown."""

    id: str
    family: str
    given: str
    email: str
    technical_id: str
    national_id: str
    active: bool

    def as_json(self) -> dict[str, Any]:
        """As the admin API shows it."""
        return {
            "id": self.id,
            "nom": self.family,
            "prenom": self.given,
            "courriel": self.email,
            "identifiant_technique": self.technical_id,
            "identifiant_national": self.national_id,
            "actif": self.active,
        }


def create(session: Session, tenant: str, wishes: Mapping[str, Any]) -> Regulator:
    """Make a regulator nobody used before in this tenant. wishes: `identifiant` (`technique`, `national`, `rpps`)."""
    session.begin()
    last = session.first(_LAST, wanted_tenant=tenant)
    number = 1 + (last.last if last is not None and last.last is not None else 0)
    base = professional(_FIRST + number)
    national = {"national": f"3{_STRUCTURE}/REG{number:05d}", "rpps": f"8{base['rpps']}"}
    made = Regulator(
        id=f"regulateur{number}",
        family=base["nom"],
        given=base["prenom"],
        email=f"regulateur{number}@regulation.banc.test",
        technical_id=str(uuid.uuid4()),
        national_id=national.get(wishes.get("identifiant", "technique"), ""),
        active=True,
    )
    session.write(_INSERT, tenant=tenant, number=number, **asdict(made))
    return made


def change(session: Session, tenant: str, id_: str, what: Mapping[str, Any]) -> Regulator:
    """Change a regulator. what: keys of the admin API. Raises UnknownRegulatorError."""
    session.begin()
    old = get(session, tenant, id_)
    names = {"nom": "family", "prenom": "given", "courriel": "email", "actif": "active"}
    changes = {names[key]: value for key, value in what.items() if key in names}
    if what.get("identifiant_national") and not old.national_id:
        number = int(id_.removeprefix("regulateur"))
        changes["national_id"] = f"3{_STRUCTURE}/REG{number:05d}"
    new = replace(old, **changes)
    session.write(_UPDATE, wanted_tenant=tenant, wanted=id_, **{f"new_{name}": getattr(new, name) for name in _CHANGED})
    return new


def get(session: Session, tenant: str, id_: str) -> Regulator:
    """The regulator of that id. Raises UnknownRegulatorError."""
    row = None if "\x00" in id_ else session.first(_BY_ID, wanted_tenant=tenant, wanted=id_)
    if row is None:
        raise UnknownRegulatorError(id_)
    return _read(row)


def everybody(session: Session, tenant: str) -> list[Regulator]:
    """The regulators of a tenant, in the order of their making."""
    return [_read(row) for row in session.all(_ALL, wanted_tenant=tenant)]


def named(session: Session, tenant: str, system: str, value: str) -> Regulator | None:
    """Whom an identifier names, or None; the technical one goes on naming who was given a national one."""
    rows = [] if not value or "\x00" in value else session.all(_BY_NUMBER, wanted_tenant=tenant, wanted=value)
    found = [_read(row) for row in rows]
    column = {NATIONAL: "national_id", TECHNICAL: "technical_id"}.get(system, "")
    return next((one for one in found if column and getattr(one, column) == value), None)


def _read(row: Any) -> Regulator:
    return Regulator(
        row.id, row.family, row.given, row.email, row.technical_id, row.national_id, active=bool(row.active)
    )
