"""What must be written in the agendas of the professionals (flow D(5)): one row per agenda, never lost, never twice.

A row holds no content: whoever takes it writes the appointment as it then is, so that an old state never comes after
a new one, and a second attempt writes the same (conditional PUT on its identifier).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from mocks.rdv.tables import DELIVERIES
from mocks.store import Session, Statement

PATIENCE_S = 60.0  # after which a courier that says nothing is thought dead
_D = DELIVERIES.c
_KEY = (_D.tenant == bindparam("where")) & (_D.appointment == bindparam("which")) & (_D.client_id == bindparam("whose"))
_ALL = Statement(select(DELIVERIES).where(_D.tenant == bindparam("tenant")).order_by(_D.appointment, _D.client_id))
_ONE = Statement(select(DELIVERIES).where(_KEY))
_INSERT = Statement(insert(DELIVERIES))
_AGAIN = Statement(
    update(DELIVERIES).where(_KEY).values(state="a_envoyer", wanted=_D.wanted + 1, attempts=0, message="")
)
_TAKE = Statement(
    update(DELIVERIES).where(_KEY).values(state="en_cours", attempts=_D.attempts + 1, taken=bindparam("now"))
)
_END = Statement(update(DELIVERIES).where(_KEY).values(state=bindparam("new_state"), message=bindparam("said")))
_ALL_AGAIN = Statement(
    update(DELIVERIES)
    .where(_D.tenant == bindparam("where"), _D.state == "fait")
    .values(state="a_envoyer", wanted=_D.wanted + 1)
)
_DROP = Statement(
    update(DELIVERIES)
    .where(_D.tenant == bindparam("where"), _D.state != "fait")
    .values(state="abandonne", message="remise en scène")
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a courier has taken. wanted: number of the change that it writes."""

    appointment: str
    client_id: str
    wanted: int
    attempt: int


def want(session: Session, tenant: str, appointment: str, clients: Iterable[str]) -> None:
    """An appointment must be written (again) in the agenda of these pieces of software."""
    for client_id in clients:
        key = {"where": tenant, "which": appointment, "whose": client_id}
        if session.first(_ONE, **key) is not None:
            session.write(_AGAIN, **key)
            continue
        row = {"wanted": 1, "state": "a_envoyer", "attempts": 0, "message": "", "taken": 0.0}
        session.write(_INSERT, tenant=tenant, appointment=appointment, client_id=client_id, **row)


def take(session: Session, tenant: str, passed: Iterable[tuple[str, str]]) -> Delivery | None:
    """The next one to be written, of which no other courier has charge; None when there is none. passed: not these."""
    session.begin()
    now, left = time.time(), set(passed)
    for row in session.all(_ALL, tenant=tenant):
        due = row.state in ("a_envoyer", "echec") or (row.state == "en_cours" and row.taken < now - PATIENCE_S)
        if due and (row.appointment, row.client_id) not in left:
            session.write(_TAKE, where=tenant, which=row.appointment, whose=row.client_id, now=now)
            return Delivery(row.appointment, row.client_id, row.wanted, row.attempts + 1)
    return None


def end(session: Session, tenant: str, delivery: Delivery, *, done: bool, message: str) -> None:
    """Say what came of it; a change that came meanwhile is still to be written."""
    session.begin()
    key = {"where": tenant, "which": delivery.appointment, "whose": delivery.client_id}
    row = session.first(_ONE, **key)
    if row is not None and row.wanted == delivery.wanted and row.state == "en_cours":
        session.write(_END, **key, new_state="fait" if done else "echec", said=message)


def again(session: Session, tenant: str) -> None:
    """What was written is to be written once more, as after an answer that was lost."""
    session.begin()
    session.write(_ALL_AGAIN, where=tenant)


def abandon(session: Session, tenant: str) -> None:
    """What is not written yet never will be: another scenario begins."""
    session.write(_DROP, where=tenant)


def shown(session: Session, tenant: str) -> list[dict[str, Any]]:
    """All of a tenant, as the admin API shows them."""
    return [
        {
            "rendez_vous": row.appointment,
            "logiciel": row.client_id,
            "etat": row.state,
            "essais": row.attempts,
            "message": row.message,
        }
        for row in session.all(_ALL, tenant=tenant)
    ]
