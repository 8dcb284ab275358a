"""What the person decides: who may read her agenda, until when; opposition; a Mon espace santé that is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from mocks.bsp.tables import CONSENTS, PROFILES
from mocks.clock import rfc3339
from mocks.store import Session, Statement

_C = CONSENTS.c
_OF_PERSON = Statement(
    select(CONSENTS).where(_C.tenant == bindparam("tenant"), _C.person == bindparam("person")).order_by(_C.number)
)
_GIVEN = ("tenant", "person", "structure", "professional", "since", "until", "withdrawn")
_INSERT = Statement(insert(CONSENTS).values({name: bindparam(name) for name in _GIVEN}))
_PROFILE = Statement(
    select(PROFILES).where(PROFILES.c.tenant == bindparam("tenant"), PROFILES.c.person == bindparam("person"))
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Whether the Mon espace santé of a person is closed, and whether she opposes that professionals feed it."""

    closed: bool = False
    opposed: bool = False


def may_read(session: Session, tenant: str, person: str, structure: str, professional: str, now: datetime) -> bool:
    """Whether a living consent of the person names this structure (FINESS) or this professional (national id)."""
    instant = now.timestamp()
    return any(
        row.withdrawn is None
        and row.since <= instant
        and (row.until is None or instant < row.until)
        and (row.structure == structure if row.structure else row.professional == professional)
        for row in session.all(_OF_PERSON, tenant=tenant, person=person)
    )


def give(
    session: Session,
    tenant: str,
    person: str,
    *,
    now: datetime,
    structure: str = "",
    professional: str = "",
    until: datetime | None = None,
) -> None:
    """Consent to the reading of the agenda, to a structure or to a professional, for ever or until an instant."""
    session.begin()
    session.write(
        _INSERT,
        tenant=tenant,
        person=person,
        structure=structure,
        professional=professional,
        since=int(now.timestamp()),
        until=None if until is None else int(until.timestamp()),
        withdrawn=None,
    )


def withdraw(
    session: Session, tenant: str, person: str, *, now: datetime, structure: str = "", professional: str = ""
) -> None:
    """Take back every consent given to this structure, or to this professional."""
    session.begin()
    mine = (_C.tenant == tenant) & (_C.person == person) & _C.withdrawn.is_(None)
    given = (_C.structure == structure) & (_C.professional == professional)
    session.execute(update(CONSENTS).where(mine, given).values(withdrawn=int(now.timestamp())))


def history(session: Session, tenant: str, person: str) -> list[dict[str, Any]]:
    """Consents of a person, in order, as the admin API shows them."""
    return [_shown(row) for row in session.all(_OF_PERSON, tenant=tenant, person=person)]


def profile(session: Session, tenant: str, person: str) -> Profile:
    """What stands of a person: open and not opposed unless she said otherwise."""
    row = session.first(_PROFILE, tenant=tenant, person=person)
    return Profile() if row is None else Profile(bool(row.closed), bool(row.opposed))


def decide(session: Session, tenant: str, person: str, changes: Mapping[str, bool]) -> None:
    """Close, open, oppose or lift an opposition. changes: `closed`, `opposed`."""
    session.begin()
    known = profile(session, tenant, person)
    kept = {"closed": int(known.closed), "opposed": int(known.opposed), **{k: int(v) for k, v in changes.items()}}
    session.execute(delete(PROFILES).where(PROFILES.c.tenant == tenant, PROFILES.c.person == person))
    session.execute(insert(PROFILES).values(tenant=tenant, person=person, **kept))


def _shown(row: Any) -> dict[str, Any]:
    return {
        "structure": row.structure or None,
        "professionnel": row.professional or None,
        "du": _instant(row.since),
        "jusqu_au": _instant(row.until),
        "retire": _instant(row.withdrawn),
    }


def _instant(seconds: int | None) -> str | None:
    return None if seconds is None else rfc3339(datetime.fromtimestamp(seconds, UTC))
