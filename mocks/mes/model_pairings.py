"""Pairings of a profile with a service, and the consents that live in them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import bindparam, func, insert, select, update

from mocks import clock
from mocks.mes import model_tokens
from mocks.mes.model_services import Snr
from mocks.mes.tables import CONSENTS, PAIRINGS
from mocks.store import Session, Statement
from mocks.world import Person

PARIS = ZoneInfo("Europe/Paris")
ADULT = 18

_OF_TENANT = PAIRINGS.c.tenant == bindparam("tenant")
_BY_ID = Statement(select(PAIRINGS).where(_OF_TENANT, PAIRINGS.c.id == bindparam("wanted")))
_BY_PERSON = Statement(
    select(PAIRINGS).where(_OF_TENANT, PAIRINGS.c.person == bindparam("person")).order_by(PAIRINGS.c.number)
)
_LAST = Statement(select(func.max(PAIRINGS.c.number).label("last")).where(_OF_TENANT))
_INSERT = Statement(insert(PAIRINGS))


@dataclass(frozen=True, slots=True)
class Pairing:
    """One pairing. person: id of the profile; holder: id of who authorised it. majority: seconds, or None."""

    id: str
    oid: str
    person: str
    holder: str
    assign_auth: str
    idpe: str
    external_user: Mapping[str, Any]
    created: str
    revoked: str | None
    consents: tuple[str, ...]
    acknowledged: int
    majority: int | None
    reapproved: bool

    def state(self, now: datetime, reapproval_days: int) -> str:
        """`actif`, `revoque` (by the usager), `a_reapprouver` (since majority) or `perdu` (limit date passed)."""
        if self.revoked is not None:
            return "revoque"
        if self.majority is None or self.reapproved or now.timestamp() < self.majority:
            return "actif"
        return "a_reapprouver" if now < self.limit(reapproval_days) else "perdu"

    def limit(self, reapproval_days: int) -> datetime:
        """The reapprovalLimitDate of a pairing made by a legal representative."""
        assert self.majority is not None
        return datetime.fromtimestamp(self.majority, PARIS) + timedelta(days=reapproval_days)

    def as_json(self, now: datetime, reapproval_days: int) -> dict[str, Any]:
        """The pairing as the admin API shows it."""
        limit = None if self.majority is None or self.reapproved else self.limit(reapproval_days).isoformat()
        return {
            "id": self.id,
            "oid": self.oid,
            "personne": self.person,
            "autorise_par": self.holder,
            "assign_auth": self.assign_auth,
            "idpe": self.idpe,
            "compte_externe": dict(self.external_user),
            "cree": self.created,
            "revoque": self.revoked,
            "etat": self.state(now, reapproval_days),
            "finalites": list(self.consents),
            "version_reconnue": self.acknowledged,
            "date_limite_reapprobation": limit,
        }


def by_id(session: Session, tenant: str, pairing_id: str) -> Pairing | None:
    """The pairing of that id, or None."""
    row = session.first(_BY_ID, tenant=tenant, wanted=pairing_id)
    return None if row is None else read(row)


def of_person(session: Session, tenant: str, person: str) -> list[Pairing]:
    """Every pairing of a profile, the oldest first."""
    return [read(row) for row in session.all(_BY_PERSON, tenant=tenant, person=person)]


def living(session: Session, tenant: str, person: str, oid: str) -> Pairing | None:
    """The pairing of a profile with a service that was not revoked, or None."""
    return next((p for p in of_person(session, tenant, person) if p.oid == oid and p.revoked is None), None)


def create(
    session: Session,
    tenant: str,
    now: datetime,
    snr: Snr,
    profile: Person,
    holder: str,
    external_user: Mapping[str, Any],
    codes: list[str],
) -> Pairing:
    """Pair a profile with a service; a former pairing of the two ends.

    holder: id of the person who authorised. codes: finalities granted.
    """
    session.begin()
    former = living(session, tenant, profile.id, snr.oid)
    if former is not None:
        revoke(session, tenant, former, now)
    last = session.first(_LAST, tenant=tenant)
    made = Pairing(
        id=secrets.token_urlsafe(12),
        oid=snr.oid,
        person=profile.id,
        holder=holder,
        assign_auth=snr.assign_auth,
        idpe=str(external_user.get("id") or secrets.token_urlsafe(16)),
        external_user=external_user,
        created=clock.rfc3339(now),
        revoked=None,
        consents=tuple(codes),
        acknowledged=snr.version,
        majority=None if holder == profile.id else majority_of(profile.birth_date),
        reapproved=False,
    )
    session.write(_INSERT, tenant=tenant, number=((last.last if last else 0) or 0) + 1, **_columns(made))
    for code in codes:
        _date(session, tenant, made.id, code, True, now)
    return made


def revoke(session: Session, tenant: str, pairing: Pairing, now: datetime, *, tokens: bool = True) -> None:
    """End a pairing. tokens: whether its access tokens die at once (its refresh tokens always do)."""
    _change(session, tenant, pairing.id, revoked=clock.rfc3339(now))
    model_tokens.revoke_pairing(session, tenant, pairing.id, access_too=tokens)


def set_consent(session: Session, tenant: str, pairing: Pairing, code: str, given: bool, now: datetime) -> None:
    """Switch one finality on or off, and date it."""
    kept = [known for known in pairing.consents if known != code] + ([code] if given else [])
    _change(session, tenant, pairing.id, consents=orjson.dumps(kept).decode())
    _date(session, tenant, pairing.id, code, given, now)


def acknowledge(session: Session, tenant: str, pairing: Pairing, version: int) -> None:
    """The usager has seen this version of the service."""
    _change(session, tenant, pairing.id, acknowledged=version)


def come_of_age(session: Session, tenant: str, pairing: Pairing, now: datetime) -> None:
    """The authorisations of the legal representative fall due now."""
    _change(session, tenant, pairing.id, majority=int(now.timestamp()), reapproved=0)


def reapprove(session: Session, tenant: str, pairing: Pairing) -> None:
    """The profile, now adult, confirms the authorisations."""
    _change(session, tenant, pairing.id, reapproved=1, holder=pairing.person)


def history(session: Session, tenant: str, pairing_id: str) -> list[dict[str, Any]]:
    """Dated consents of a pairing, in order."""
    chosen = select(CONSENTS).where(CONSENTS.c.tenant == tenant, CONSENTS.c.pairing == pairing_id)
    return [
        {"finalite": row.finality, "consenti": bool(row.given), "instant": row.instant}
        for row in session.query(chosen.order_by(CONSENTS.c.id))
    ]


def majority_of(birth_date: date) -> int:
    """Seconds at which a person born that day is 18, midnight in Paris; born on 29 February: 1 March."""
    year = birth_date.year + ADULT
    try:
        day = birth_date.replace(year=year)
    except ValueError:
        day = date(year, 3, 1)
    return int(datetime(day.year, day.month, day.day, tzinfo=PARIS).timestamp())


def read(row: Any) -> Pairing:
    """The pairing of a row that holds the columns of the table."""
    return Pairing(
        row.id,
        row.oid,
        row.person,
        row.holder,
        row.assign_auth,
        row.idpe,
        orjson.loads(row.external_user),
        row.created,
        row.revoked,
        tuple(orjson.loads(row.consents)),
        row.acknowledged,
        row.majority,
        bool(row.reapproved),
    )


def _columns(pairing: Pairing) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(pairing, name) for name in Pairing.__slots__}
    values["external_user"] = orjson.dumps(pairing.external_user).decode()
    values["consents"] = orjson.dumps(pairing.consents).decode()
    values["reapproved"] = int(pairing.reapproved)
    return values


def _change(session: Session, tenant: str, pairing_id: str, **values: Any) -> None:
    session.execute(update(PAIRINGS).where(PAIRINGS.c.tenant == tenant, PAIRINGS.c.id == pairing_id).values(**values))


def _date(session: Session, tenant: str, pairing_id: str, code: str, given: bool, now: datetime) -> None:
    row = {"pairing": pairing_id, "finality": code, "given": int(given), "instant": clock.rfc3339(now)}
    session.execute(insert(CONSENTS).values(tenant=tenant, **row))
