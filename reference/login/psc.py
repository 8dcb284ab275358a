"""Professionals by Pro Santé Connect: login in a browser or by telephone, refresh, situation, logout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reference.config import ESTABLISHMENT
from reference.defects import Defects
from reference.journal import TechnicalLog
from reference.login.kinds import PSC
from reference.login.oidc import Oidc, Tokens
from reference.login.provider import ProviderError
from reference.login.records import ProSession
from reference.login.requests import LoginRequests
from reference.login.sessions import ProSessions
from reference.login.situations import situations_of
from reference.professionals import Professional, Professionals
from reference.refusal import Refusal
from reference.store import Store

DOWN = (
    "Pro Santé Connect ne répond pas. Réessayez plus tard, ou connectez-vous avec votre compte local ; "
    "le reste du logiciel fonctionne."
)
UNVERIFIED = "La réponse de Pro Santé Connect n'a pas pu être vérifiée : la connexion est refusée."
UNKNOWN = (
    "Aucun compte de ce logiciel ne porte votre identifiant national : demandez à l'administrateur de l'ouvrir ou de "
    "l'inscrire sur votre compte."
)
OVER = "Votre session Pro Santé Connect est terminée : reconnectez-vous."
GIVEN_UP = "La connexion par Pro Santé Connect n'a pas été faite."


class PscLogin:
    """Logins of professionals by PSC. oidc: client for the settings in force; Refusal when there are none."""

    def __init__(
        self,
        store: Store,
        requests: LoginRequests,
        sessions: ProSessions,
        professionals: Professionals,
        oidc: Callable[[], Oidc],
        defects: Defects,
        log: TechnicalLog,
        now: Callable[[], float],
    ) -> None:
        self._store, self._requests, self._sessions, self._professionals = store, requests, sessions, professionals
        self._oidc, self._defects, self._log, self._now = oidc, defects, log, now

    def start(self, suite: str) -> tuple[str, str]:
        """Cookie for the browser that begins, and where it goes. Refusal when PSC does not answer."""
        browser, request = self._requests.begin(PSC, suite)
        try:
            return browser, self._oidc().authorization_address(request)
        except ProviderError as error:
            raise self.refused(error) from error

    def reachable(self) -> None:
        """Refusal when PSC does not say where to go: better told before the browser leaves."""
        try:
            self._oidc().provider.reach()
        except ProviderError as error:
            raise self.refused(error) from error

    def come_back(self, browser: str, query: Mapping[str, str]) -> tuple[str, str]:
        """The browser is back from PSC: cookie of its session, and page asked for. Refusal when nobody is logged in."""
        try:
            request = self._requests.taken(PSC, browser, query.get("state", ""))
            try:
                code = self._oidc().code_of(query)
                if not code:
                    if self._defects.has("psc_abandon_en_erreur"):
                        raise LookupError("code")
                    raise Refusal("abandon", GIVEN_UP)
                tokens = self._oidc().redeem(code, request)
                cookie = self.opened(tokens, "psc")
            except ProviderError as error:
                if error.code == "invalid_grant" and self._defects.has("psc_code_refuse_en_erreur"):
                    raise LookupError("access_token") from error
                raise self.refused(error) from error
        except Refusal as refusal:
            self._requests.refused(browser, refusal.message)
            raise
        return cookie, request.suite

    def opened(self, tokens: Tokens, means: str, *, wanted: str = "") -> str:
        """Open the session of the professional of these tokens; its cookie. Refusal, ProviderError.

        wanted: national identifier of who was asked for, "" for whoever comes.
        """
        userinfo = self._oidc().userinfo(tokens)
        national_id = str(userinfo.get("SubjectNameID") or "").strip()
        if wanted and national_id != wanted:
            raise ProviderError("un_autre_a_repondu")
        if self._turned_away(national_id, userinfo, tokens.claims):
            raise Refusal("psc_refus", UNKNOWN)
        if self._defects.has("psc_jeton_au_journal"):
            self._log.write(f"jeton de Pro Santé Connect : {tokens.access_token}")
        account = self._account(national_id, userinfo)
        cookie, session = self._sessions.open(account.id, means)
        session.identifiant_national = national_id
        session.situations = situations_of(userinfo)
        if self._defects.has("structure_pretee"):
            session.situations = [{**one, "structure": ESTABLISHMENT["finess"]} for one in session.situations]
        if not session.situations and self._defects.has("sans_exercice_en_erreur"):
            raise LookupError("exercices")
        if len(session.situations) == 1 or (session.situations and self._defects.has("premiere_situation_prise")):
            session.situation = session.situations[0]["id"]
        self._keep(session, tokens)
        return cookie

    def _turned_away(self, national_id: str, userinfo: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
        """Whether somebody whom Pro Santé Connect vouches for is kept out: only a defect does it."""
        kept_out = (
            ("rpps_plus_refuse", not userinfo.get("SubjectRole")),
            ("identifiant_de_structure_refuse", "/" in national_id),
            ("cps_refusee", "sc" in (claims.get("amr") or ())),
            ("ecps_refusee", "swk" in (claims.get("amr") or ())),
        )
        return any(met and self._defects.has(name) for name, met in kept_out)

    def access_token(self, session: ProSession) -> str:
        """An access token that is alive, refreshed at its expiry. Refusal when the session at PSC is over."""
        if session.access_expires <= self._now():
            self.renew(session)
        return session.access_token

    def renew(self, session: ProSession) -> None:
        """Refresh the tokens once. Refusal: PSC does not answer, or its session is over and so is ours."""
        try:
            if self._defects.has("psc_ne_rafraichit_pas"):
                raise ProviderError("invalid_grant")
            tokens = self._oidc().refresh(session.refresh_token)
        except ProviderError as error:
            if error.is_outage:
                raise Refusal("psc_indisponible", DOWN) from error
            self._log.write(f"session PSC terminée : {error.code}")
            if self._defects.has("fin_de_session_psc_ignoree"):
                raise Refusal("psc_erreur", "Une erreur technique s'est produite.") from error
            self._sessions.end(session, "expiree", OVER)
            raise Refusal("session_expiree", OVER) from error
        old = session.refresh_token
        self._keep(session, tokens)
        if old and self._defects.has("psc_refresh_reutilise"):
            session.refresh_token = old
            self._store.save(session)

    def choose(self, session: ProSession, situation: str) -> ProSession:
        """The professional works in this situation from now on. Refusal when it is not one of hers."""
        if situation not in [one["id"] for one in session.situations]:
            raise Refusal("situation_inconnue", "Cette situation d'exercice n'est pas une des vôtres.")
        if not self._defects.has("choix_de_situation_oublie"):
            session.situation = situation
        session.api_token = ""
        self._store.save(session)
        return session

    def leave(self, session: ProSession) -> str:
        """End the session here; where the browser goes to end it at PSC, "" for a local session."""
        id_token = session.id_token
        if not self._defects.has("session_pro_reste_ouverte"):
            self._sessions.end(session, "fermee", "Vous êtes déconnecté.")
        if not id_token or self._defects.has(PSC.switch("deconnexion_locale_seulement")):
            return ""
        try:
            return self._oidc().logout_address(id_token, self._requests.leave(PSC))
        except (ProviderError, Refusal) as error:
            self._log.write(f"déconnexion de PSC impossible : {error}")
            return ""

    def refused(self, error: ProviderError) -> Refusal:
        """What is said of an error of PSC."""
        self._log.write(f"connexion PSC non aboutie : {error.code}")
        if error.is_outage:
            silent = self._defects.has("panne_psc_tue")
            return Refusal("psc_indisponible", "" if silent else DOWN)
        return Refusal("psc_refus", UNVERIFIED)

    def _account(self, national_id: str, userinfo: Mapping[str, Any]) -> Professional:
        found = self._professionals.by_national_id(national_id)
        names = str(userinfo.get("family_name") or ""), str(userinfo.get("given_name") or "")
        if found is not None:
            both_ways = any(one.moyen == "local" for one in self._store.all(ProSession, found.id))
            apart = both_ways and self._defects.has("compte_psc_a_part")
            return self._professionals.declare(*names) if apart else found
        namesake = self._professionals.by_name(*names)
        if namesake is not None and self._defects.has("compte_par_le_nom"):
            return namesake
        raise Refusal("compte_absent", UNKNOWN)

    def _keep(self, session: ProSession, tokens: Tokens) -> None:
        session.access_token, session.access_expires = tokens.access_token, tokens.expires
        session.refresh_token = tokens.refresh_token or session.refresh_token
        session.id_token = tokens.id_token or session.id_token
        self._store.save(session)
