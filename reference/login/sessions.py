"""Sessions of professionals: opened with a new cookie, closed by logout, inactivity, or the end of four hours."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from reference.login.records import ProSession
from reference.secrecy import idle_s, quick_hash
from reference.store import Store

COOKIE = "session_dui"
LONGEST_S = 4 * 3600
IDLE_OVER = "Votre session est restée inactive : reconnectez-vous."
LIFE_OVER = "Votre session a atteint sa durée la plus longue : reconnectez-vous."


class ProSessions:
    """All sessions of the DUI. A closed one is kept without its tokens, to tell what became of it."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store, self._now = store, now

    def open(self, account: str, means: str) -> tuple[str, ProSession]:
        """A new session and its cookie, always a new one: a cookie planted before the login opens nothing."""
        cookie = secrets.token_urlsafe(32)
        now = self._now()
        session = ProSession(quick_hash(cookie), account, means, secrets.token_urlsafe(16), now, now)
        self._store.save(session)
        return cookie, session

    def find(self, cookie: str | None) -> ProSession | None:
        """The session of that cookie, in whatever state; it ends here when its time is over."""
        session = self._store.get(ProSession, quick_hash(cookie)) if cookie else None
        if session is not None and session.state == "ouverte":
            now = self._now()
            if now >= session.opened + LONGEST_S:
                self.end(session, "expiree", LIFE_OVER)
            elif now >= session.seen + idle_s(self._store):
                self.end(session, "expiree", IDLE_OVER)
        return session

    def alive(self, cookie: str | None) -> ProSession | None:
        """The open session of that cookie, which has just been active; None when there is none."""
        session = self.find(cookie)
        if session is None or session.state != "ouverte":
            return None
        session.seen = self._now()
        self._store.save(session)
        return session

    def end(self, session: ProSession, state: str, message: str) -> None:
        """End a session: its cookie opens nothing any more."""
        session.state, session.message = state, message
        session.forget_tokens()
        self._store.save(session)

    def keep(self, session: ProSession) -> None:
        """Keep what has changed in a session."""
        self._store.save(session)
