"""People who don't exist: made on demand, one set per tenant (design §7)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import orjson
from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, delete, func, insert, select

from mocks.store import METADATA, Session, Statement
from mocks.world import professionals
from mocks.world.people import FRANCE_CONNECT, ORDINARY, Birth, Person, birth_date_at, make, professional, structure

__all__ = [
    "Birth",
    "Person",
    "UnknownPersonError",
    "by_france_connect_login",
    "by_ins",
    "by_login",
    "children",
    "create",
    "forget",
    "person",
    "persons",
    "professional",
    "professionals",
    "structure",
]

PERSONS = Table(
    "persons",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("id", String(40), nullable=False),
    Column("login", String(80), nullable=False),
    Column("representative", String(40)),
    Column("data", Text, nullable=False),
    Index("persons_by_id", "tenant", "id", unique=True),
    Index("persons_by_login", "tenant", "login", unique=True),
)
_OF_TENANT = PERSONS.c.tenant == bindparam("tenant")
_BY_ID = Statement(select(PERSONS.c.data).where(_OF_TENANT, PERSONS.c.id == bindparam("wanted")))
_BY_LOGIN = Statement(select(PERSONS.c.data).where(_OF_TENANT, PERSONS.c.login == bindparam("wanted")))
_CHILDREN = Statement(
    select(PERSONS.c.data).where(_OF_TENANT, PERSONS.c.representative == bindparam("wanted")).order_by(PERSONS.c.number)
)
_BY_INS = Statement(select(PERSONS.c.data).where(_OF_TENANT, PERSONS.c.data.contains(bindparam("wanted"))))
_ALL = Statement(select(PERSONS.c.data).where(_OF_TENANT).order_by(PERSONS.c.number))
_LAST = Statement(select(func.max(PERSONS.c.number).label("last")).where(_OF_TENANT))
_INSERT = Statement(insert(PERSONS))
DEFAULT_AGE = 42


class UnknownPersonError(LookupError):
    """No person of that id in the tenant."""


def create(
    session: Session,
    tenant: str,
    *,
    today: date,
    age: int | None = None,
    birth_date: date | None = None,
    child_of: str | None = None,
    birth: Birth = ORDINARY,
) -> Person:
    """Make a person nobody used before in this tenant.

    today: day of the tenant's clock. age: years, 42 when neither age nor birth_date is given (10 for a child).
    child_of: id of the legal representative. birth: what is particular about the birth. Raises UnknownPersonError
    when there is no such representative.
    """
    session.begin()
    if child_of is not None:
        person(session, tenant, child_of)
    last = session.first(_LAST, tenant=tenant)
    number = 1 + (last.last if last is not None and last.last is not None else 0)
    years = age if age is not None else (DEFAULT_AGE if child_of is None else 10)
    made = make(number, birth_date or birth_date_at(years, today, number), child_of, birth)
    session.write(
        _INSERT,
        tenant=tenant,
        number=number,
        id=made.id,
        login=made.login,
        representative=child_of,
        data=orjson.dumps(made.stored()).decode(),
    )
    return made


def person(session: Session, tenant: str, person_id: str) -> Person:
    """The person of that id. Raises UnknownPersonError."""
    row = session.first(_BY_ID, tenant=tenant, wanted=person_id)
    if row is None:
        raise UnknownPersonError(person_id)
    return _read(row.data)


def by_login(session: Session, tenant: str, login: str) -> Person | None:
    """The person who logs into Mon espace santé with this identifier, or None."""
    row = session.first(_BY_LOGIN, tenant=tenant, wanted=login)
    return None if row is None else _read(row.data)


def by_france_connect_login(session: Session, tenant: str, login: str) -> Person | None:
    """The person whose FranceConnect account has this identifier, or None."""
    known = login.startswith(FRANCE_CONNECT)
    return by_login(session, tenant, login.removeprefix(FRANCE_CONNECT)) if known else None


def by_ins(session: Session, tenant: str, matricule: str) -> Person | None:
    """The person who was born with this INS matricule (15 characters), or None."""
    if not matricule.isalnum():
        return None
    found = [_read(row.data) for row in session.all(_BY_INS, tenant=tenant, wanted=f'"{matricule}"')]
    return next((one for one in found if one.ins == matricule), None)


def children(session: Session, tenant: str, person_id: str) -> list[Person]:
    """The children whom this person represents, oldest record first."""
    return [_read(row.data) for row in session.all(_CHILDREN, tenant=tenant, wanted=person_id)]


def persons(session: Session, tenant: str) -> list[Person]:
    """Everybody of a tenant, in order of creation."""
    return [_read(row.data) for row in session.all(_ALL, tenant=tenant)]


def forget(session: Session, tenant: str) -> None:
    """Remove everybody of a tenant."""
    professionals.forget(session, tenant)
    session.execute(delete(PERSONS).where(PERSONS.c.tenant == tenant))


@lru_cache(maxsize=10_000)  # whoever reads everybody reads the same again
def _read(data: str) -> Person:
    return Person.restored(orjson.loads(data))
