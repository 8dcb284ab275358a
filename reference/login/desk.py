"""All that logs people in and out, put together, with one client per identity provider."""

from __future__ import annotations

from collections.abc import Callable

from reference.config import ProviderSettings, Settings
from reference.defects import Defects
from reference.journal import TechnicalLog
from reference.login.api import PscApi
from reference.login.ciba import Ciba
from reference.login.franceconnect import FranceConnect
from reference.login.kinds import KINDS, PSC, Kind
from reference.login.oidc import Oidc
from reference.login.provider import Provider
from reference.login.psc import PscLogin
from reference.login.requests import LoginRequests
from reference.login.sessions import ProSessions
from reference.people import People
from reference.professionals import Professional, Professionals
from reference.refusal import Refusal
from reference.secrecy import Tries
from reference.store import Store
from reference.wire import Wire


class Desk:
    """Logins of the product."""

    def __init__(
        self,
        store: Store,
        people: People,
        professionals: Professionals,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        log: TechnicalLog,
        now: Callable[[], float],
    ) -> None:
        self._wire, self._settings, self._defects, self._now = wire, settings, defects, now
        self._professionals = professionals
        self._clients: dict[str, tuple[ProviderSettings, Oidc]] = {}
        self.tries = Tries(store, now)
        self.requests = LoginRequests(store, defects, now)
        self.sessions = ProSessions(store, now)
        psc = PscLogin(store, self.requests, self.sessions, professionals, lambda: self.client(PSC), defects, log, now)
        self.psc = psc
        self.ciba = Ciba(store, psc, lambda: self.client(PSC), defects, now)
        self.api = PscApi(store, psc, wire, settings, defects, log, now)
        self.france_connect = FranceConnect(store, self.requests, people, self.client, defects, log)

    def client(self, kind: Kind) -> Oidc:
        """Client of a provider for the settings in force; Refusal without settings."""
        settings = self._settings().provider(kind.name)
        if settings is None:
            raise Refusal("non_configure", f"La connexion par {kind.label} n'est pas configurée.")
        known = self._clients.get(kind.name)
        if known is None or known[0] != settings:
            provider = Provider(kind, settings, self._wire, self._defects, self._now)
            known = self._clients[kind.name] = (settings, Oidc(provider))
        return known[1]

    def forget_providers(self) -> None:
        """Read the metadata and keys of the providers anew at the next need."""
        self._clients.clear()

    def offered(self) -> list[Kind]:
        """Providers that the product is configured for."""
        return [kind for name, kind in KINDS.items() if self._settings().provider(name) is not None]

    def log_in(self, account: Professional) -> str:
        """Open a session for a local account whose password was right; its cookie."""
        cookie, session = self.sessions.open(account.id, "local")
        session.identifiant_national = account.identifiant_national
        self.sessions.keep(session)
        return cookie

    def by_password(self, local_id: str, password: str) -> Professional:
        """The account of that identifier and password, both typed. Refusal: wrong, or tried too often."""
        place = f"dui:{local_id}"
        if self.tries.closed(place):
            raise Refusal("trop_d_essais", "Trop d'essais ont échoué : réessayez dans un quart d'heure.")
        account = self._professionals.by_password(local_id, password)
        if account is None:
            self.tries.failed(place)
            raise Refusal("identifiants_inconnus", "Identifiant ou mot de passe inconnu.")
        self.tries.succeeded(place)
        return account
