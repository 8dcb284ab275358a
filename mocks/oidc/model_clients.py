"""Clients of a provider: the products that are registered there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select

from mocks.call import Call
from mocks.oidc.secrets import digest, equal
from mocks.oidc.tables import CLIENTS
from mocks.store import Session, Statement

_PLACE = (CLIENTS.c.tenant == bindparam("tenant")) & (CLIENTS.c.service == bindparam("service"))
_BY_ID = Statement(select(CLIENTS).where(_PLACE, CLIENTS.c.client_id == bindparam("wanted")))
_ALL = Statement(select(CLIENTS).where(_PLACE).order_by(CLIENTS.c.client_id))
_INSERT = Statement(insert(CLIENTS))


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client. secret: SHA-256, "" when it has none. sheet: what was registered, as the admin API says."""

    client_id: str
    secret: str
    sheet: Mapping[str, Any]

    @property
    def trusted(self) -> bool:
        """True in the Espace de Confiance, where mutual TLS is mandatory (ANS, FAQ Pro Santé Connect)."""
        return self.sheet.get("espace") == "confiance"

    @property
    def dn(self) -> str:
        """Subject of its certificate, "" when any certificate that the sandbox accepts will do."""
        return str(self.sheet.get("dn") or "")

    def has_secret(self, given: str) -> bool:
        """True for the client's own secret."""
        return bool(self.secret) and equal(self.secret, digest(given))

    def as_json(self) -> dict[str, Any]:
        """The client as the admin API shows it: never its secret."""
        return {"client_id": self.client_id, **self.sheet}


def register(
    session: Session, tenant: str, service: str, client_id: str, secret: str, sheet: Mapping[str, Any]
) -> Client:
    """Register a client, or register it anew."""
    session.begin()
    mine = (CLIENTS.c.tenant == tenant) & (CLIENTS.c.service == service) & (CLIENTS.c.client_id == client_id)
    session.execute(delete(CLIENTS).where(mine))
    client = Client(client_id, digest(secret) if secret else "", sheet)
    kept = orjson.dumps(dict(sheet)).decode()
    session.write(_INSERT, tenant=tenant, service=service, client_id=client_id, secret=client.secret, sheet=kept)
    return client


def find(session: Session, tenant: str, service: str, client_id: str) -> Client | None:
    """The client of that client_id, or None."""
    row = None if "\x00" in client_id else session.first(_BY_ID, tenant=tenant, service=service, wanted=client_id)
    return None if row is None else _read(row)


def of_tenant(session: Session, tenant: str, service: str) -> list[Client]:
    """All clients of a tenant."""
    return [_read(row) for row in session.all(_ALL, tenant=tenant, service=service)]


def tell(call: Call, client: Client) -> None:
    """Tell the journal which client calls, and in which space it is (Pro Santé Connect only)."""
    call.client_id = call.context["client_id"] = client.client_id
    if client.sheet.get("espace"):
        call.context["space"] = client.sheet["espace"]


def _read(row: Any) -> Client:
    return Client(row.client_id, row.secret, orjson.loads(row.sheet))
