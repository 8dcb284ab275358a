"""Calls of a PSC-connected API: token exchange (RFC 8693), then the business call with the API token.

ANS, Sécurisation de la couche transport des API REST PSC 1.2.0: steps 9 to 12, and the cases of error 1a and 1b.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

import httpx

from reference.config import ApiPscSettings, Settings
from reference.defects import Defects
from reference.journal import TechnicalLog
from reference.login.exchange import DOWN, REFUSED, SubjectRefusedError, exchanged
from reference.login.psc import OVER, PscLogin
from reference.login.records import ProSession
from reference.refusal import Refusal
from reference.store import Store
from reference.wire import Wire, request_to


class PscApi:
    """Business calls on behalf of a session."""

    def __init__(
        self,
        store: Store,
        psc: PscLogin,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        log: TechnicalLog,
        now: Callable[[], float],
    ) -> None:
        self._store, self._psc, self._wire, self._settings = store, psc, wire, settings
        self._defects, self._log, self._now = defects, log, now

    def read(self, session: ProSession, document: str) -> tuple[int, str]:
        """HTTP status of the reading of a `cahier`, and what the professional is told, "" when it went well.

        Refusal when the session is not one of PSC, when a situation must be chosen first, or when it is over.
        """
        if not session.id_token:
            raise Refusal("sans_psc", "Cette fonction demande une connexion par Pro Santé Connect.")
        if len(session.situations) > 1 and not session.situation:
            raise Refusal("situation_a_choisir", "Choisissez d'abord votre situation d'exercice.")
        if self._was_over(session) and self._defects.has("api_fin_de_session_retenue"):
            raise Refusal("session_expiree", OVER)
        with self._store.turn(session.empreinte):
            try:
                return self._read(session, document)
            except httpx.TransportError as error:
                self._log.write(f"API PSC injoignable : {type(error).__name__}")
                return 503, DOWN

    def _read(self, session: ProSession, document: str) -> tuple[int, str]:
        renewed = self._obtain(session) if self._stale(session) else False
        status = self._called(session, document)
        if status == 401:
            status = self._again(session, document, renewed)
        if status < 400:
            return status, ""
        if status >= 500:
            return status, "" if self._defects.has("api_panne_tue") else DOWN
        return status, REFUSED.format(status=status)

    def _was_over(self, session: ProSession) -> bool:
        """Whether an earlier session of the same professional ended at PSC: only a defect asks."""
        return any(one.message == OVER for one in self._store.all(ProSession, session.professionnel))

    def _again(self, session: ProSession, document: str, renewed: bool) -> int:
        """After a 401: one refresh at PSC, one new API token, one more call."""
        if self._defects.has("api_401_sans_reprise"):
            return 401
        if self._defects.has("api_meme_jeton_apres_401"):
            return self._called(session, document)
        if not renewed:
            self._psc.renew(session)
        if self._defects.has("api_jeton_psc_direct"):
            session.api_token = session.access_token
        else:
            self._exchange_or_refuse(session)
        status = self._called(session, document)
        for _ in range(3):
            if status != 401 or not self._defects.has("api_boucle_401"):
                break
            status = self._called(session, document)
        return status

    def _stale(self, session: ProSession) -> bool:
        return (
            session.api_expires <= self._now()
            or not session.api_token
            or self._defects.has("api_echange_a_chaque_appel")
        )

    def _obtain(self, session: ProSession) -> bool:
        """Exchange the PSC token; when it is no longer accepted, refresh it once and start again. True: refreshed."""
        before = session.access_token
        token = self._psc.access_token(session)
        if self._defects.has("api_jeton_psc_d_abord"):
            session.api_token = token
            return token != before
        try:
            self._exchange(session, token)
        except SubjectRefusedError:
            if token != before:
                raise Refusal("echange_refuse", REFUSED.format(status=401)) from None
            self._psc.renew(session)
            self._exchange_or_refuse(session)
            return True
        return token != before

    def _exchange_or_refuse(self, session: ProSession) -> None:
        try:
            self._exchange(session, session.access_token, {"nouvel_essai": "oui"})
        except SubjectRefusedError:
            raise Refusal("echange_refuse", REFUSED.format(status=401)) from None

    def _exchange(self, session: ProSession, subject_token: str, about: Mapping[str, str] | None = None) -> None:
        """Get an API token for the session. about: facts that stay here (see `Outgoing`)."""
        certificates = self._settings().certificats
        session.api_token, lasts = exchanged(self._wire, self._api(), certificates, subject_token, about)
        session.api_expires = self._now() + lasts
        self._store.save(session)

    def _called(self, session: ProSession, document: str) -> int:
        url = f"{self._api().base_url.rstrip('/')}/cahier/{quote(document, safe='')}"
        headers = {"Authorization": f"Bearer {self._bearer(session)}", "Accept": "application/json"}
        return self._wire.send(request_to("GET", url, headers=headers)).status_code

    def _bearer(self, session: ProSession) -> str:
        beside = self._beside(session)
        if beside and self._defects.has("api_jeton_d_un_autre"):
            return beside[0].api_token
        return session.api_token

    def _beside(self, session: ProSession) -> list[ProSession]:
        """Sessions of other professionals, begun before this one and at work since: only a defect asks."""
        known = self._store.all(ProSession)
        before = known[: [one.empreinte for one in known].index(session.empreinte)]
        others = [one for one in before if one.api_token and one.professionnel != session.professionnel]
        return [one for one in others if one.seen >= session.opened]

    def _api(self) -> ApiPscSettings:
        found = self._settings().api_psc
        if found is None:
            raise Refusal("non_configure", "L'API Pro Santé Connectée n'est pas configurée.")
        return found
