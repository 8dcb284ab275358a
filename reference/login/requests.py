"""Logins and logouts under way at a provider: bound to the browser that began them, and used once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace

from reference.defects import Defects
from reference.login.kinds import PSC, Kind
from reference.login.records import LoginRefused, LoginRequest, LogoutRequest
from reference.refusal import Refusal
from reference.secrecy import quick_hash
from reference.store import Store

LIFETIME_S = 15 * 60


class LoginRequests:
    """Requests of all browsers."""

    def __init__(self, store: Store, defects: Defects, now: Callable[[], float]) -> None:
        self._store, self._defects, self._now = store, defects, now

    def begin(self, kind: Kind, suite: str) -> tuple[str, LoginRequest]:
        """A new login, and the cookie of the browser that begins it."""
        browser = secrets.token_urlsafe(32)
        request = LoginRequest(
            state=self._drawn(kind, "state_constant"),
            provider=kind.name,
            browser=quick_hash(browser),
            nonce=self._drawn(kind, "nonce_constant"),
            verifier=secrets.token_urlsafe(48),
            suite=suite,
            expires=self._now() + LIFETIME_S,
        )
        self._store.save(request)
        return browser, request

    def taken(self, kind: Kind, browser: str, state: str) -> LoginRequest:
        """The request of that state, which serves once. Refusal when it is not one of this browser."""
        request = self._store.get(LoginRequest, state)
        if request is None and (mine := self._store.all(LoginRequest, quick_hash(browser))):
            request = mine[-1] if self._defects.has(kind.switch("state_non_verifie")) else None
        unknown = Refusal("state_inconnu", "Cette demande de connexion n'est pas connue, ou a déjà servi.")
        if request is None or request.provider != kind.name or request.expires < self._now():
            raise unknown
        bound = hmac.compare_digest(request.browser, quick_hash(browser))
        if not bound and not self._defects.has(kind.switch("state_sans_navigateur")):
            raise Refusal("state_autre_navigateur", "Cette demande de connexion a été faite dans un autre navigateur.")
        if kind is PSC and self._defects.has("psc_retour_rejouable"):
            # The browser forgets its cookie once logged in: the request serves again to one that has none.
            self._store.save(replace(request, browser=quick_hash("")))
            return request
        if kind is not PSC and self._defects.has("fc_retour_rejouable"):
            self._store.save(replace(request, browser=quick_hash("")))
            return request
        if not self._store.delete(request):
            raise unknown
        return request

    def refused(self, browser: str, message: str) -> None:
        """Remember, for who asks with this cookie, why the login did not succeed."""
        self._store.save(LoginRefused(quick_hash(browser), message))

    def refusal_of(self, browser: str) -> str:
        """What was said to the browser of this cookie, "" when nothing was."""
        found = self._store.get(LoginRefused, quick_hash(browser)) if browser else None
        return found.message if found else ""

    def leave(self, kind: Kind) -> str:
        """State of a logout that begins."""
        state = secrets.token_urlsafe(32)
        self._store.save(LogoutRequest(state, kind.name))
        return state

    def left(self, kind: Kind, state: str) -> None:
        """The browser is back from a logout. Refusal when nobody had begun it."""
        known = self._store.get(LogoutRequest, state)
        right = known is not None and known.provider == kind.name and self._store.delete(known)
        if not right and not self._defects.has(kind.switch("etat_de_deconnexion_non_verifie")):
            raise Refusal("state_inconnu", "Ce retour de déconnexion ne répond à aucune demande.")

    def _drawn(self, kind: Kind, constant: str) -> str:
        if self._defects.has(kind.switch(constant)):
            return "0123456789" * 4
        return secrets.token_urlsafe(32)
