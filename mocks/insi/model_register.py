"""The register behind the service: everybody of the tenant, as the world made them or as it was told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select

from mocks import world
from mocks.insi.tables import IDENTITIES
from mocks.insi.traits import official
from mocks.store import Session, Statement
from mocks.world import Person
from mocks.world.places import NOWHERE
from profiles.keys import wrong_ins

NIA_OID = "1.2.250.1.213.1.4.9"  # of the INS-NIA; there is none of test
_OF_TENANT = IDENTITIES.c.tenant == bindparam("tenant_")
_ALL = Statement(select(IDENTITIES.c.person, IDENTITIES.c.changes).where(_OF_TENANT))
_ONE = Statement(select(IDENTITIES.c.changes).where(_OF_TENANT, IDENTITIES.c.person == bindparam("person_")))
_DELETE = Statement(delete(IDENTITIES).where(_OF_TENANT, IDENTITIES.c.person == bindparam("person_")))
_INSERT = Statement(insert(IDENTITIES))


class MatriculeError(ValueError):
    """A matricule that the register cannot hold; the text is a French sentence."""


@dataclass(frozen=True, slots=True)
class Former:
    """A former INS of a person. since, until: days (ISO) or empty."""

    matricule: str
    nature: str
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person in the register.

    matricule: 15 characters. nature: NIR or NIA. birth_date: ISO, 00 for an unknown day or month. absent: the register
    does not know this person. representative: id of who opens the rights of a child.
    """

    person: str
    matricule: str
    nature: str
    family: str
    given: tuple[str, ...]
    sex: str
    birth_date: str
    birth_place: str
    history: tuple[Former, ...] = ()
    absent: bool = False
    homonym_of: str | None = None
    representative: str | None = None

    def oid(self, nir_oid: str) -> str:
        """OID of the matricule. nir_oid: that of a NIR, by the setting `insi.oid_nir`."""
        return oid_of(self.nature, nir_oid)

    def as_json(self, nir_oid: str) -> dict[str, Any]:
        """The identity as the admin API shows it."""
        return {
            "personne": self.person,
            "matricule": self.matricule,
            "oid": self.oid(nir_oid),
            "nature": self.nature,
            "traits": {
                "nom_naissance": official(self.family),
                "prenoms": [official(name) for name in self.given],
                "sexe": self.sex,
                "date_naissance": self.birth_date,
                "lieu_naissance": self.birth_place,
            },
            "historique": [
                {
                    "matricule": former.matricule,
                    "oid": oid_of(former.nature, nir_oid),
                    "nature": former.nature,
                    "debut": former.since or None,
                    "fin": former.until or None,
                }
                for former in self.history
            ],
            "absente": self.absent,
            "homonyme_de": self.homonym_of,
        }


def oid_of(nature: str, nir_oid: str) -> str:
    """OID of a matricule by its nature."""
    return nir_oid if nature == "NIR" else NIA_OID


def identities(session: Session, tenant: str) -> list[Identity]:
    """The whole register, absent people too, in the order in which people were made."""
    changes = {row.person: orjson.loads(row.changes) for row in session.all(_ALL, tenant_=tenant)}
    return [_identity(person, changes.get(person.id, {})) for person in world.persons(session, tenant)]


def identity(session: Session, tenant: str, person_id: str) -> Identity:
    """One person of the register. Raises world.UnknownPersonError."""
    return _identity(world.person(session, tenant, person_id), _held(session, tenant, person_id))


def change(session: Session, tenant: str, person_id: str, what: Mapping[str, Any]) -> Identity:
    """Change what is said of a person; what is not named stays.

    what: keys `matricule`, `nature`, `traits`, `historique`, `homonyme_de` (id of a person, whose traits are copied),
    `absente`. Raises world.UnknownPersonError, MatriculeError.
    """
    session.begin()
    world.person(session, tenant, person_id)
    _check_matricules(what)
    held = _held(session, tenant, person_id)
    traits = {**held.get("traits", {})}
    if "homonyme_de" in what:
        traits |= identity(session, tenant, what["homonyme_de"]).as_json("")["traits"]
    changes = {**held, **what, "traits": {**traits, **what.get("traits", {})}}
    session.write(_DELETE, tenant_=tenant, person_=person_id)
    session.write(_INSERT, tenant=tenant, person=person_id, changes=orjson.dumps(changes).decode())
    return identity(session, tenant, person_id)


def _held(session: Session, tenant: str, person_id: str) -> dict[str, Any]:
    row = session.first(_ONE, tenant_=tenant, person_=person_id)
    changes: dict[str, Any] = {} if row is None else orjson.loads(row.changes)
    return changes


def _check_matricules(what: Mapping[str, Any]) -> None:
    former = [one["matricule"] for one in what.get("historique", ())]
    for matricule in (*([what["matricule"]] if "matricule" in what else ()), *former):
        wrong = wrong_ins(matricule)
        if wrong is not None:
            raise MatriculeError(f"« {matricule} » : {wrong.reason}.")
        if matricule[5:10] not in NOWHERE:
            places = ", ".join(NOWHERE)
            raise MatriculeError(
                f"Ce matricule peut être celui d'une vraie personne ; lieux de naissance admis : {places}."
            )


def _identity(person: Person, changes: Mapping[str, Any]) -> Identity:
    return _changed(_as_born(person), changes) if changes else _as_born(person)


@lru_cache(maxsize=10_000)  # each search reads the whole register
def _as_born(person: Person) -> Identity:
    born = person.birth_date.isoformat()
    return Identity(
        person=person.id,
        matricule=person.ins,
        nature="NIR",
        family=person.family,
        given=person.given,
        sex=person.sex,
        birth_date=f"{born[:8]}00" if person.day_unknown else born,
        birth_place=person.birth_place,
        representative=person.representative,
    )


def _changed(made: Identity, changes: Mapping[str, Any]) -> Identity:
    traits = changes.get("traits", {})
    return replace(
        made,
        matricule=changes.get("matricule", made.matricule),
        nature=changes.get("nature", made.nature),
        family=traits.get("nom_naissance", made.family),
        given=tuple(traits.get("prenoms", made.given)),
        sex=traits.get("sexe", made.sex),
        birth_date=traits.get("date_naissance", made.birth_date),
        birth_place=traits.get("lieu_naissance", made.birth_place),
        history=tuple(
            Former(one["matricule"], one.get("nature", "NIR"), one.get("debut", ""), one.get("fin", ""))
            for one in changes.get("historique", ())
        ),
        absent=changes.get("absente", False),
        homonym_of=changes.get("homonyme_de"),
    )
