"""Persons of the establishment and their sessions on the portal: password, then a one-time code (two factors)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Any

from reference.records import Code, Session, Usager
from reference.refusal import Refusal
from reference.secrecy import idle_s, quick_hash, slow_hash
from reference.store import Store

COOKIE = "session_portail"
_TRIES = 5


class People:
    """Files of the DUI and accounts of the portal."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store, self._now = store, now

    def declare(self, **details: Any) -> Usager:
        """Open the file and the account; the password is sent to the usager (`courriers`)."""
        representative = details.get("representant")
        if representative is not None:
            self.usager(representative)
        number = len(self._store.all(Usager)) + 1
        password = secrets.token_urlsafe(12)
        usager = Usager(
            id=f"u-{secrets.token_hex(6)}",
            idpe=f"pe-{secrets.token_hex(12)}",
            login=f"usager{number:05d}",
            empreinte=slow_hash(password),
            courriers=[password],
            **details,
        )
        self._store.save(usager)
        return usager

    def usager(self, usager_id: str) -> Usager:
        """The person; Refusal when the product does not know her."""
        found = self._store.get(Usager, usager_id)
        if found is None:
            raise Refusal("usager_inconnu", "Le produit ne connaît pas cet usager.")
        return found

    def may_read(self, reader: str, subject: Usager) -> bool:
        """True for the person herself and for her legal representative."""
        return reader in (subject.id, subject.representant)

    def cookie(self) -> str:
        """Value of a new session cookie, which opens nothing yet."""
        return secrets.token_urlsafe(32)

    def open(self, usager_id: str) -> str:
        """Open a session; the value of its cookie is returned, only its hash is kept."""
        cookie = self.cookie()
        self.open_as(quick_hash(cookie), usager_id)
        return cookie

    def open_as(self, empreinte: str, usager_id: str) -> None:
        """Open a session for the cookie of that hash."""
        self._store.save(Session(empreinte, self.usager(usager_id).id, secrets.token_urlsafe(16), self._now()))

    def session(self, cookie: str | None) -> Session | None:
        """The session of that cookie, which has just been active; None when there is none, or it was idle too long."""
        session = self._store.get(Session, quick_hash(cookie)) if cookie else None
        if session is None:
            return None
        now = self._now()
        if now >= session.seen + idle_s(self._store):
            self._store.delete(session)
            return None
        session.seen = now
        self._store.save(session)
        return session

    def sessions_of(self, usager_id: str) -> list[Session]:
        return self._store.all(Session, usager_id)

    def close(self, usager_id: str, cookie: str | None = None) -> None:
        """Close this session of the usager, or all of them."""
        for session in self.sessions_of(usager_id):
            if cookie is None or session.empreinte == quick_hash(cookie):
                self._store.delete(session)

    def first_factor(self, login: str, password: str, suite: str) -> str:
        """Check the password and send a code; the value that links the two pages is returned, empty when refused."""
        for usager in self._store.all(Usager):
            if usager.login == login and hmac.compare_digest(usager.empreinte, slow_hash(password)):
                link = secrets.token_urlsafe(24)
                code = f"{secrets.randbelow(1_000_000):06d}"
                self._store.save(Code(quick_hash(link), usager.id, code, suite))
                usager.courriers.append(code)
                self._store.save(usager)
                return link
        return ""

    def second_factor(self, link: str, typed: str) -> tuple[str, str] | None:
        """Cookie of the session and page asked for, when the code is right; five tries at most."""
        waiting = self._store.get(Code, quick_hash(link))
        if waiting is None:
            return None
        if hmac.compare_digest(waiting.code, typed.strip()):
            return (self.open(waiting.usager), waiting.suite) if self._store.delete(waiting) else None
        waiting.tries += 1
        if waiting.tries >= _TRIES:
            self._store.delete(waiting)
        else:
            self._store.save(waiting)
        return None
