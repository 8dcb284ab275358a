"""The registry of referenced services (SNR): identity, status, finalities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, select, update

from mocks.mes.settings import FINALITIES
from mocks.mes.tables import SERVICES
from mocks.oidc.secrets import digest, equal
from mocks.store import Session, Statement


@dataclass(frozen=True, slots=True)
class Permits:
    """What a status permits. refusal: code of the 403 of an exchange that it forbids."""

    pairing: bool
    exchange: bool
    listed: bool
    only_test_accounts: bool = False
    refusal: str = ""


# The five statuses: ENS-MOB, ServiceStatusEnum. SUSPENDUE: ENS-MOB, catalogue_services_detail_screen. The rest is
# drawn from the names (fact sheet §1, §14).
STATUSES = {
    "PRESERIE": Permits(pairing=True, exchange=True, listed=False, only_test_accounts=True),
    "EN_LIGNE": Permits(pairing=True, exchange=True, listed=True),
    "SUSPENDUE": Permits(pairing=False, exchange=False, listed=True, refusal="PAIRING_SUSPENDED"),
    "HORS_LIGNE": Permits(pairing=False, exchange=False, listed=False, refusal="PAIRING_SUSPENDED"),
    "DEREFERENCEE": Permits(pairing=False, exchange=False, listed=False, refusal="SERVICE_NOT_REFERENCED"),
}
SHEET = ("nom", "editeur", "description", "cgu_url", "url_synchronisation", "redirect_uris")


@dataclass(frozen=True, slots=True)
class Snr:
    """A service of the registry. finalities: objects `{id, codeFinalite, libelle, …, depuis}`."""

    oid: str
    client_id: str
    secret: str
    status: str
    exchange: bool
    version: int
    assign_auth: str
    sheet: Mapping[str, Any]
    finalities: Sequence[Mapping[str, Any]]

    @property
    def name(self) -> str:
        """Name shown to the usager."""
        return str(self.sheet["nom"])

    @property
    def permits(self) -> Permits:
        """What the status permits."""
        return STATUSES[self.status]

    @property
    def refusal(self) -> str:
        """Code of the refusal of every exchange, empty when exchanges are allowed."""
        return self.permits.refusal if self.exchange else "SERVICE_NOT_REFERENCED"

    def has_secret(self, secret: str) -> bool:
        """True when this is the secret of the service."""
        return equal(self.secret, digest(secret))

    def as_json(self) -> dict[str, Any]:
        """The service as the admin API shows it, without its secret."""
        return {
            "oid": self.oid,
            "client_id": self.client_id,
            "statut": self.status,
            "reference_avec_echange": self.exchange,
            "version": self.version,
            "assign_auth": self.assign_auth,
            **self.sheet,
            "finalites": list(self.finalities),
        }


class DuplicateServiceError(ValueError):
    """The client_id belongs to another OID."""


class UnknownFinalityError(ValueError):
    """A finality named by a code that is not one of the catalogue's."""


_OF_TENANT = SERVICES.c.tenant == bindparam("tenant")
_BY_CLIENT = Statement(select(SERVICES).where(_OF_TENANT, SERVICES.c.client_id == bindparam("wanted")))
_BY_OID = Statement(select(SERVICES).where(_OF_TENANT, SERVICES.c.oid == bindparam("wanted")))
_ALL = Statement(select(SERVICES).where(_OF_TENANT).order_by(SERVICES.c.oid))


def by_client(session: Session, tenant: str, client_id: str) -> Snr | None:
    """The service of that client_id, or None."""
    return _one(session, _BY_CLIENT, tenant, client_id)


def by_oid(session: Session, tenant: str, oid: str) -> Snr | None:
    """The service of that OID, or None."""
    return _one(session, _BY_OID, tenant, oid)


def all_services(session: Session, tenant: str) -> list[Snr]:
    """Every service of a tenant, by OID."""
    return [read(row) for row in session.all(_ALL, tenant=tenant)]


def register(session: Session, tenant: str, wanted: Mapping[str, Any], assign_auth: str) -> Snr:
    """Put a service in the registry; one that has this OID is replaced.

    wanted: fields of the admin API (architecture §4), with client_id and client_secret. assign_auth: OID used when
    `wanted` has none. Raises DuplicateServiceError, UnknownFinalityError.
    """
    session.begin()
    other = by_client(session, tenant, wanted["client_id"])
    if other is not None and other.oid != wanted["oid"]:
        raise DuplicateServiceError(wanted["client_id"])
    finalities = [described(item, 1) for item in wanted.get("finalites", list(FINALITIES))]
    values = {
        "client_id": wanted["client_id"],
        "secret": digest(wanted["client_secret"]),
        "status": wanted.get("statut", "EN_LIGNE"),
        "exchange": int(wanted.get("reference_avec_echange", True)),
        "version": wanted.get("version", 1),
        "assign_auth": wanted.get("assign_auth", assign_auth),
        "sheet": _json({key: wanted.get(key, [] if key == "redirect_uris" else "") for key in SHEET}),
        "finalities": _json(finalities),
    }
    values["initial"] = _json({key: values[key] for key in ("status", "exchange", "version", "finalities")})
    known = by_oid(session, tenant, wanted["oid"]) is not None
    if known:
        session.execute(_where(tenant, wanted["oid"]).values(**values))
    else:
        session.execute(insert(SERVICES).values(tenant=tenant, oid=wanted["oid"], **values))
    return _known(session, tenant, wanted["oid"])


def change(session: Session, tenant: str, snr: Snr, wanted: Mapping[str, Any]) -> Snr:
    """Change status, mode, version or finalities. New finalities belong to the next version, unless one is given.

    Raises UnknownFinalityError.
    """
    old = {finality["codeFinalite"]: finality for finality in snr.finalities}
    version, finalities = wanted.get("version", snr.version), list(snr.finalities)
    if "finalites" in wanted:
        asked = [described(item, 0) for item in wanted["finalites"]]
        added = any(finality["codeFinalite"] not in old for finality in asked)
        version = wanted.get("version", snr.version + 1 if added else snr.version)
        finalities = [{**f, "depuis": old.get(f["codeFinalite"], {"depuis": version})["depuis"]} for f in asked]
    session.execute(
        _where(tenant, snr.oid).values(
            status=wanted.get("statut", snr.status),
            exchange=int(wanted.get("reference_avec_echange", snr.exchange)),
            version=version,
            finalities=_json(finalities),
        )
    )
    return _known(session, tenant, snr.oid)


def restore(session: Session, tenant: str) -> None:
    """Put every service of a tenant back as it was registered."""
    for row in session.all(_ALL, tenant=tenant):
        session.execute(_where(tenant, row.oid).values(**orjson.loads(row.initial)))


def described(finality: str | Mapping[str, Any], since: int) -> dict[str, Any]:
    """A finality in full. finality: a code of the catalogue's, or an object. since: version that brought it."""
    if isinstance(finality, str):
        if finality not in FINALITIES:
            raise UnknownFinalityError(finality)
        return {**FINALITIES[finality], "depuis": since}
    code = str(finality["codeFinalite"])
    plain = {"id": 100, "libelle": code, "description": "", "categories": []}
    return {**plain, **FINALITIES.get(code, {}), **finality, "depuis": since}


def read(row: Any) -> Snr:
    """The service of a row that holds the columns of the registry."""
    return Snr(
        row.oid,
        row.client_id,
        row.secret,
        row.status,
        bool(row.exchange),
        row.version,
        row.assign_auth,
        orjson.loads(row.sheet),
        orjson.loads(row.finalities),
    )


def _one(session: Session, statement: Statement, tenant: str, wanted: str) -> Snr | None:
    if "\x00" in wanted:  # PostgreSQL has no such text
        return None
    row = session.first(statement, tenant=tenant, wanted=wanted)
    return None if row is None else read(row)


def _known(session: Session, tenant: str, oid: str) -> Snr:
    found = by_oid(session, tenant, oid)
    assert found is not None
    return found


def _where(tenant: str, oid: str) -> Any:
    return update(SERVICES).where(SERVICES.c.tenant == tenant, SERVICES.c.oid == oid)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
