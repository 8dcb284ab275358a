"""Professionals who don't exist, made on demand: their numbers are in ranges that are never allotted."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, delete, func, insert, select

from mocks.store import METADATA, Session, Statement
from mocks.world.people import professional, structure

PROFESSIONALS = Table(
    "professionals",
    METADATA,
    Column("tenant", String(80), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("id", String(40), nullable=False),
    Column("login", String(80), nullable=False),
    Column("national_id", String(80), nullable=False),
    Column("data", Text, nullable=False),
    Index("professionals_by_id", "tenant", "id", unique=True),
    Index("professionals_by_login", "tenant", "login", unique=True),
    Index("professionals_by_national_id", "tenant", "national_id", unique=True),
)
_TENANT = PROFESSIONALS.c.tenant == bindparam("tenant")
_BY_ID = Statement(select(PROFESSIONALS.c.data).where(_TENANT, PROFESSIONALS.c.id == bindparam("wanted")))
_BY_LOGIN = Statement(
    select(PROFESSIONALS.c.data).where(
        _TENANT,
        (PROFESSIONALS.c.login == bindparam("wanted")) | (PROFESSIONALS.c.national_id == bindparam("wanted")),
    )
)
_ALL = Statement(select(PROFESSIONALS.c.data).where(_TENANT).order_by(PROFESSIONALS.c.number))
_LAST = Statement(select(func.max(PROFESSIONALS.c.number).label("last")).where(_TENANT))
_INSERT = Statement(insert(PROFESSIONALS))

CATEGORIES = ("rpps", "rpps+", "structure")
NURSE = "60"
UNREGULATED = ""  # a role in a structure without a regulated profession
SECTORS = ("SA19", "SA07")
FIRST_STRUCTURE = 50_000  # structures of professionals are not those that tests take by hand


class UnknownProfessionalError(LookupError):
    """No professional of that id in the tenant."""


@dataclass(frozen=True, slots=True)
class Practice:
    """An exercise of a profession (`exercice`), with the places where it is done. profession: code of TRE_G15."""

    profession: str
    activities: Sequence[Mapping[str, str]]  # finess, siret, raison_sociale, secteur

    def as_json(self) -> dict[str, Any]:
        """As the admin API shows it."""
        return {"profession": self.profession, "activites": [dict(activity) for activity in self.activities]}


@dataclass(frozen=True, slots=True)
class Professional:
    """A fictitious professional. national_id: PS_IdNat, the SubjectNameID of Pro Santé Connect."""

    id: str
    family: str
    given: str
    national_id: str
    category: str
    profession: str
    login: str
    password: str
    practices: Sequence[Practice]

    def as_json(self) -> dict[str, Any]:
        """As the admin API shows them (contract of identity, §2)."""
        activities = [activity for practice in self.practices for activity in practice.activities]
        return {
            "id": self.id,
            "nom": self.family,
            "prenom": self.given,
            "identifiant_national": self.national_id,
            "categorie": self.category,
            "profession": self.profession,
            "secteur": activities[0]["secteur"],
            "psc": {"identifiant": self.login, "mot_de_passe": self.password},
            "exercices": [practice.as_json() for practice in self.practices],
        }


def create(session: Session, tenant: str, wishes: Mapping[str, Any]) -> Professional:
    """Make a professional nobody used before in this tenant; wishes: body of the admin API (contract §2)."""
    session.begin()
    last = session.first(_LAST, tenant=tenant)
    number = 1 + (last.last if last is not None and last.last is not None else 0)
    made = make(number, wishes)
    session.write(
        _INSERT,
        tenant=tenant,
        number=number,
        id=made.id,
        login=made.login,
        national_id=made.national_id,
        data=orjson.dumps(asdict(made)).decode(),
    )
    return made


def make(number: int, wishes: Mapping[str, Any]) -> Professional:
    """The professional of that number, as wished."""
    dice, base = random.Random(f"banc professional account {number}"), professional(number)
    category = wishes.get("categorie", "rpps")
    profession = wishes.get("profession", NURSE if category == "rpps" else UNREGULATED)
    places, per_practice = wishes.get("exercices", 1), wishes.get("activites", 1)
    practices = tuple(
        Practice(profession, tuple(_activity(number, rank * 3 + place) for place in range(per_practice)))
        for rank in range(places)
    )
    finess = practices[0].activities[0]["finess"]
    return Professional(
        id=f"pro{number}",
        family=wishes.get("nom", base["nom"]),
        given=wishes.get("prenom", base["prenom"]),
        national_id=f"3{finess}/FICTIF{number:05d}" if category == "structure" else f"8{base['rpps']}",
        category=category,
        profession=profession,
        login=f"pro{number}",
        password=f"Fictif-{dice.randrange(10**8):08d}",
        practices=practices,
    )


def by_id(session: Session, tenant: str, professional_id: str) -> Professional:
    """The professional of that id. Raises UnknownProfessionalError."""
    row = None if "\x00" in professional_id else session.first(_BY_ID, tenant=tenant, wanted=professional_id)
    if row is None:
        raise UnknownProfessionalError(professional_id)
    return _read(row.data)


def by_login(session: Session, tenant: str, login: str) -> Professional | None:
    """The professional of that identifier of Pro Santé Connect or national identifier, or None."""
    row = None if "\x00" in login else session.first(_BY_LOGIN, tenant=tenant, wanted=login)
    return None if row is None else _read(row.data)


def of_tenant(session: Session, tenant: str) -> list[Professional]:
    """All professionals of a tenant, in order of creation."""
    return [_read(row.data) for row in session.all(_ALL, tenant=tenant)]


def forget(session: Session, tenant: str) -> None:
    """Remove all professionals of a tenant."""
    session.execute(delete(PROFESSIONALS).where(PROFESSIONALS.c.tenant == tenant))


def _activity(number: int, rank: int) -> dict[str, str]:
    place = structure(FIRST_STRUCTURE + number * 9 % 40_000 + rank)
    sector = SECTORS[rank % len(SECTORS)]
    return {
        "finess": place["finess"],
        "siret": place["siret"],
        "raison_sociale": place["nom"],
        "secteur": sector,
    }


@lru_cache(maxsize=1024)  # several claims of one token are read from the same text
def _read(data: str) -> Professional:
    kept = orjson.loads(data)
    practices = tuple(Practice(one["profession"], tuple(one["activities"])) for one in kept["practices"])
    return Professional(**{**kept, "practices": practices})
