"""What an access token opens: the token, its pairing and its service, in one read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Table, bindparam, select

from mocks.mes import model_pairings, model_services, model_tokens
from mocks.mes.model_pairings import Pairing
from mocks.mes.model_services import Snr
from mocks.mes.model_tokens import Token
from mocks.mes.tables import PAIRINGS, SERVICES, TOKENS
from mocks.oidc.secrets import digest
from mocks.store import Session, Statement


@dataclass(frozen=True, slots=True)
class Access:
    """An access token with the pairing and the service that it stands for."""

    token: Token
    pairing: Pairing
    snr: Snr


def _labelled(table: Table) -> list[Any]:
    return [column.label(f"{table.name}_{column.name}") for column in table.c]


_LOAD = Statement(
    select(*_labelled(TOKENS), *_labelled(PAIRINGS), *_labelled(SERVICES)).where(
        TOKENS.c.tenant == bindparam("tenant"),
        TOKENS.c.token == bindparam("wanted"),
        TOKENS.c.kind == "access",
        PAIRINGS.c.tenant == TOKENS.c.tenant,
        PAIRINGS.c.id == TOKENS.c.pairing,
        SERVICES.c.tenant == TOKENS.c.tenant,
        SERVICES.c.oid == PAIRINGS.c.oid,
    )
)


def load(session: Session, tenant: str, secret: str) -> Access | None:
    """What this access token stands for, whatever its state; None when it was never issued."""
    row = session.first(_LOAD, tenant=tenant, wanted=digest(secret))
    return None if row is None else _read(row)


@lru_cache(maxsize=1024)
def _read(row: Any) -> Access:
    """The same row gives the same access: products call many times with one token."""
    return Access(
        model_tokens.read(_part(row, TOKENS)),
        model_pairings.read(_part(row, PAIRINGS)),
        model_services.read(_part(row, SERVICES)),
    )


def _part(row: Any, table: Table) -> SimpleNamespace:
    return SimpleNamespace(**{column.name: getattr(row, f"{table.name}_{column.name}") for column in table.c})
