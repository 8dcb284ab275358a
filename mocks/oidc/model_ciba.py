"""Requests of decoupled authentication (OpenID CIBA Core 1.0), from the request to the token."""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from mocks.call import Call
from mocks.oidc import secrets
from mocks.oidc.tables import CIBA
from mocks.store import Session

SLOWER_S = 5  # what slow_down adds to the interval (CIBA Core §11)
# Two polls whose distance on the wire is the interval may arrive a little closer (bench convention).
TOLERANCE_MS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a client made for a person. status: pending, accepted, denied or done. instants: seconds."""

    id: str
    client_id: str
    person: str
    scope: str
    level: str
    binding_message: str
    channel: str
    status: str
    interval: int
    issued: int
    expires: int
    polled_ms: int

    def is_hasty(self, now_ms: int) -> bool:
        """True when this poll follows the one before too closely."""
        return self.polled_ms > 0 and now_ms - self.polled_ms < self.interval * 1000 - TOLERANCE_MS

    def as_json(self) -> dict[str, Any]:
        """The request as the person sees it on her telephone."""
        return {
            "id": self.id,
            "client_id": self.client_id,
            "professionnel": self.person,
            "binding_message": self.binding_message,
            "canal": self.channel,
        }


def begin(call: Call, client_id: str, person: str, asked: Mapping[str, str]) -> tuple[Asked, str]:
    """Keep a request; returns it with its auth_req_id. asked: scope, level, binding_message, channel."""
    now, value = int(call.now.timestamp()), secrets.new("aq")
    made = Asked(
        id=random.token_hex(8),
        client_id=client_id,
        person=person,
        status="pending",
        interval=call.setting("ciba_interval_s"),
        issued=now,
        expires=now + call.setting("ciba_lifetime_s"),
        polled_ms=0,
        **asked,
    )
    columns = {name: getattr(made, name) for name in Asked.__slots__}
    place = {"tenant": call.tenant.name, "service": call.service.name}
    call.session.execute(insert(CIBA).values(**place, **columns, secret=secrets.digest(value)))
    return made, value


def find(call: Call, value: str) -> Asked | None:
    """The request of that auth_req_id, or None."""
    chosen = _of(call.tenant.name, call.service.name) & (CIBA.c.secret == secrets.digest(value))
    return next(iter(_read(call.session, chosen)), None)


def waiting(session: Session, tenant: str, service: str, now: float) -> list[Asked]:
    """Requests that wait for an answer, oldest first. now: seconds."""
    chosen = _of(tenant, service) & (CIBA.c.status == "pending") & (CIBA.c.expires > int(now))
    return _read(session, chosen)


def decide(session: Session, tenant: str, service: str, request_id: str, status: str) -> None:
    """Write what the person answered."""
    _change(session, _of(tenant, service) & (CIBA.c.id == request_id), status=status)


def polled(call: Call, asked: Asked, now_ms: int, interval: int) -> None:
    """Remember a poll. interval: seconds to wait from now on."""
    mine = _of(call.tenant.name, call.service.name) & (CIBA.c.id == asked.id)
    _change(call.session, mine, polled_ms=now_ms, interval=interval)


def _of(tenant: str, service: str) -> Any:
    return (CIBA.c.tenant == tenant) & (CIBA.c.service == service)


def _change(session: Session, condition: Any, **values: Any) -> None:
    session.execute(update(CIBA).where(condition).values(**values))


def _read(session: Session, condition: Any) -> list[Asked]:
    rows = session.query(select(CIBA).where(condition).order_by(CIBA.c.issued, CIBA.c.id))
    return [Asked(*(getattr(row, name) for name in Asked.__slots__)) for row in rows]
