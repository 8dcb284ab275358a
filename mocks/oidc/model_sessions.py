"""Sessions: somebody signed in, in a browser or on her telephone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, select, update

from mocks.call import Call
from mocks.oidc.secrets import digest
from mocks.oidc.tables import SESSIONS
from mocks.store import Session, Statement

_PLACE = (SESSIONS.c.tenant == bindparam("tenant")) & (SESSIONS.c.service == bindparam("service"))
_BY_ID = Statement(select(SESSIONS).where(_PLACE, SESSIONS.c.id == bindparam("wanted")))
_OF_BROWSER = Statement(
    select(SESSIONS)
    .where(_PLACE, SESSIONS.c.browser == bindparam("wanted"), SESSIONS.c.ended == 0)
    .order_by(SESSIONS.c.started.desc())
)
_INSERT = Statement(insert(SESSIONS))
_SEEN = Statement(
    update(SESSIONS)
    .where(
        SESSIONS.c.tenant == bindparam("of_tenant"),
        SESSIONS.c.service == bindparam("of_service"),
        SESSIONS.c.id == bindparam("wanted"),
    )
    .values(seen=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session. started, seen: seconds. means: values of `amr`."""

    id: str
    person: str
    level: str
    means: Sequence[str]
    started: int
    seen: int
    ended: bool

    def left_s(self, call: Call) -> int:
        """Seconds it may live yet without activity, 0 when it is over."""
        now = int(call.now.timestamp())
        longest = self.started + int(call.setting("session_lifetime_s"))
        idle = self.seen + int(call.setting("session_idle_s"))
        return 0 if self.ended else max(0, min(longest, idle) - now)


def begin(call: Call, person: str, level: str, means: Sequence[str], browser: str = "") -> SignedIn:
    """Open a session. browser: value of the cookie, "" where there is no browser."""
    now = int(call.now.timestamp())
    made = SignedIn(secrets.token_hex(16), person, level, tuple(means), now, now, False)
    call.session.write(
        _INSERT,
        tenant=call.tenant.name,
        service=call.service.name,
        id=made.id,
        browser=digest(browser) if browser else "",
        person=person,
        level=level,
        means=orjson.dumps(list(means)).decode(),
        started=now,
        seen=now,
        ended=0,
    )
    return made


def find(call: Call, session_id: str) -> SignedIn | None:
    """The session of that id, or None."""
    row = call.session.first(_BY_ID, tenant=call.tenant.name, service=call.service.name, wanted=session_id)
    return None if row is None else _read(row)


def of_browser(call: Call, browser: str) -> SignedIn | None:
    """The live session of the browser that holds this cookie, or None."""
    if not browser:
        return None
    rows = call.session.all(_OF_BROWSER, tenant=call.tenant.name, service=call.service.name, wanted=digest(browser))
    return next((one for one in map(_read, rows) if one.left_s(call)), None)


def touch(call: Call, session_id: str) -> None:
    """Somebody used the session."""
    now = int(call.now.timestamp())
    call.session.write(_SEEN, of_tenant=call.tenant.name, of_service=call.service.name, wanted=session_id, now=now)


def end(call: Call, session_id: str) -> None:
    """Close a session; its tokens fall with it."""
    _end(call.session, call.tenant.name, call.service.name, SESSIONS.c.id == session_id)


def end_all_of(session: Session, tenant: str, service: str, person: str | None) -> int:
    """Close the sessions of a person, or of everybody; how many were open."""
    return _end(session, tenant, service, SESSIONS.c.person == person if person else SESSIONS.c.id != "")


def _end(session: Session, tenant: str, service: str, condition: Any) -> int:
    mine = (SESSIONS.c.tenant == tenant) & (SESSIONS.c.service == service) & (SESSIONS.c.ended == 0)
    return session.execute(update(SESSIONS).where(mine, condition).values(ended=1))


def _read(row: Any) -> SignedIn:
    return SignedIn(
        row.id, row.person, row.level, tuple(orjson.loads(row.means)), row.started, row.seen, bool(row.ended)
    )
