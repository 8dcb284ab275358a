"""Mailboxes: whose they are, and whether they take mail (sheet MSSanté §1 and §9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select

from mocks.mssante import model_folders
from mocks.mssante.tables import MAILBOXES
from mocks.store import Session, Statement

CITIZENS = "patient.mssante.fr"
APPLICATION, CITIZEN = "APP", "CIT"
PERSONAL = ("PER", "ORG", "CAB")  # those that a professional opens with her own token
OPEN, CLOSED, FULL = "ouverte", "fermee", "pleine"
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?")
_C = MAILBOXES.c
_TENANT = _C.tenant == bindparam("wanted_tenant")
_FIND = Statement(select(_C.address, _C.sheet).where(_TENANT, _C.address == bindparam("wanted")))
_ALL = Statement(select(_C.address, _C.sheet).where(_TENANT).order_by(_C.address))
_INSERT = Statement(insert(MAILBOXES))
_DELETE = Statement(delete(MAILBOXES).where(_TENANT, _C.address == bindparam("wanted")))


class TakenError(ValueError):
    """A mailbox has this address already."""


class UnknownMailboxError(LookupError):
    """No mailbox has this address."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox.

    kind: PER, ORG, APP, CAB, or CIT for a citizen. holders: ids of the professionals who may open it. structure:
    Struct_IdNat of the certificates that open an applicative one, empty for any. person: of a citizen. listed: whether
    the directory knows it; red_list: not to be shown to everybody; rank: 1 for the preferred one, 0 for none.
    """

    address: str
    kind: str
    holders: tuple[str, ...] = ()
    structure: str = ""
    label: str = ""
    state: str = OPEN
    person: str = ""
    listed: bool = True
    red_list: bool = False
    rank: int = 0
    description: str = ""
    service: str = ""
    responsible: str = ""

    @property
    def domain(self) -> str:
        """What follows the @."""
        return domain_of(self.address)

    def as_json(self) -> dict[str, Any]:
        """As the admin API shows it."""
        return {
            "adresse": self.address,
            "type": self.kind,
            "titulaires": list(self.holders),
            "structure": self.structure,
            "libelle": self.label,
            "etat": self.state,
            "annuaire": self.listed,
            "liste_rouge": self.red_list,
            "rang": self.rank,
            "description": self.description,
            "service": self.service,
            "responsable": self.responsible,
        }


def domain_of(address: str) -> str:
    """What follows the @ of an address, in lower case."""
    return address.rpartition("@")[2].lower()


def is_address(text: str) -> bool:
    """Whether a text is an address that a mailbox may have."""
    return len(text) <= 254 and bool(ADDRESS.fullmatch(text))


def find(session: Session, tenant: str, address: str) -> Mailbox | None:
    """The mailbox of that address, whatever its case, or None."""
    wanted = address.lower()
    row = None if "\x00" in wanted else session.first(_FIND, wanted_tenant=tenant, wanted=wanted)
    return None if row is None else _read(row)


def get(session: Session, tenant: str, address: str) -> Mailbox:
    """The mailbox of that address. Raises UnknownMailboxError."""
    found = find(session, tenant, address)
    if found is None:
        raise UnknownMailboxError(address)
    return found


def everybody(session: Session, tenant: str) -> list[Mailbox]:
    """The mailboxes of a tenant, by address."""
    return [_read(row) for row in session.all(_ALL, wanted_tenant=tenant)]


def add(session: Session, tenant: str, made: Mailbox) -> Mailbox:
    """Keep a new mailbox, with its INBOX. Raises TakenError."""
    session.begin()
    made = replace(made, address=made.address.lower())
    if find(session, tenant, made.address) is not None:
        raise TakenError(made.address)
    _write(session, tenant, made)
    model_folders.add(session, tenant, made.address, model_folders.INBOX)
    return made


def change(session: Session, tenant: str, address: str, what: Mapping[str, Any]) -> Mailbox:
    """Change a mailbox. what: names of Mailbox. Raises UnknownMailboxError."""
    session.begin()
    changed = replace(get(session, tenant, address), **what)
    session.write(_DELETE, wanted_tenant=tenant, wanted=changed.address)
    _write(session, tenant, changed)
    return changed


def _write(session: Session, tenant: str, made: Mailbox) -> None:
    sheet = {name: value for name, value in asdict(made).items() if name != "address"}
    session.write(_INSERT, tenant=tenant, address=made.address, sheet=orjson.dumps(sheet).decode())


def _read(row: Any) -> Mailbox:
    sheet = orjson.loads(row.sheet)
    return Mailbox(row.address, **{**sheet, "holders": tuple(sheet["holders"])})
