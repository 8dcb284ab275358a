"""Login by telephone (CIBA, poll mode): two digits shown here and there, polls no faster than PSC wants them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from reference.defects import Defects
from reference.login.oidc import Oidc, Tokens
from reference.login.provider import ProviderError
from reference.login.psc import PscLogin
from reference.login.records import Asked
from reference.refusal import Refusal
from reference.store import Store

CHANNELS = ("CARD", "MOBILE")
WAITING = "Vérifiez que votre téléphone ou votre lecteur de carte montre les mêmes chiffres, puis acceptez."
DENIED = "La connexion a été refusée sur votre téléphone ou votre lecteur de carte."
TOO_LATE = "Le délai de la demande est passé : recommencez."
_SLOWER_S = 5.0


class Ciba:
    """Requests by telephone. Nothing polls by itself: the page that waits, or who reads the request, does it."""

    def __init__(
        self, store: Store, psc: PscLogin, oidc: Callable[[], Oidc], defects: Defects, now: Callable[[], float]
    ) -> None:
        self._store, self._psc, self._oidc, self._defects, self._now = store, psc, oidc, defects, now

    def ask(self, national_id: str, channel: str) -> Asked:
        """Ask PSC to have this professional accept. Refusal when PSC refuses or does not answer."""
        if not re.fullmatch(r"\S{1,64}", national_id) or channel not in CHANNELS:
            raise Refusal("demande_incomplete", "Donnez votre identifiant national et le moyen de connexion.")
        code = self._code(channel)
        try:
            answer = self._oidc().ask_by_telephone(national_id, code, channel)
            interval, lifetime = float(answer.get("interval") or 5), float(answer["expires_in"])
            request_id = str(answer["auth_req_id"])
        except ProviderError as error:
            if self._defects.has("ciba_refus_muet"):
                raise Refusal("psc_refus", "") from error
            raise self._psc.refused(error) from error
        except (KeyError, TypeError, ValueError) as error:
            raise self._psc.refused(ProviderError("reponse_illisible")) from error
        now = self._now()
        shown = "" if self._defects.has("ciba_code_non_affiche") else code
        made = Asked(
            id=secrets.token_urlsafe(16),
            auth_req_id=request_id,
            identifiant_national=national_id,
            code=shown,
            interval=interval,
            next_poll=now,
            expires=now + lifetime,
            message=WAITING,
        )
        self._store.save(made)
        return made

    def read(self, request_id: str) -> tuple[Asked, str]:
        """Where the request is, and the cookie of the session when it opens now, "" else.

        Refusal when the request is not known.
        """
        with self._store.turn(request_id):
            asked = self._store.get(Asked, request_id)
            if asked is None:
                raise Refusal("demande_inconnue", "Cette demande de connexion n'est pas connue.")
            cookie = self._polled(asked) if self._due(asked) else ""
            self._store.save(asked)
        return asked, cookie

    def _due(self, asked: Asked) -> bool:
        if asked.state != "en_attente":
            return asked.state == "refusee" and self._defects.has("ciba_insiste_apres_refus")
        if asked.expires <= self._now():
            asked.state, asked.message = "expiree", TOO_LATE
            return False
        return asked.next_poll <= self._now() or self._defects.has("ciba_sans_intervalle")

    def _polled(self, asked: Asked) -> str:
        try:
            return self._answered(asked, self._oidc().poll(asked.auth_req_id))
        except ProviderError as error:
            match error.code:
                case "slow_down":
                    asked.interval += _SLOWER_S
                case "authorization_pending":
                    pass
                case "access_denied":
                    asked.state, asked.message = "refusee", DENIED
                case "expired_token" if self._defects.has("ciba_expiration_ignoree"):
                    pass
                case "expired_token":
                    asked.state, asked.message = "expiree", TOO_LATE
                case _ if error.is_outage:
                    asked.message = self._psc.refused(error).message
                case _:
                    asked.state, asked.message = "refusee", self._psc.refused(error).message
        asked.next_poll = self._now() + asked.interval
        return ""

    def _answered(self, asked: Asked, tokens: Tokens) -> str:
        """Open the session, of the professional who was asked for and nobody else."""
        try:
            cookie = self._psc.opened(tokens, "psc_ciba", wanted=asked.identifiant_national)
        except Refusal as refusal:
            asked.state, asked.message = "refusee", refusal.message
            return ""
        except ProviderError as error:
            asked.state, asked.message = "refusee", self._psc.refused(error).message
            return ""
        asked.state, asked.message = "ouverte", ""
        return cookie

    def _code(self, channel: str) -> str:
        if channel == "CARD" and self._defects.has("ciba_code_long"):
            return f"{secrets.randbelow(10_000):04d}"
        return f"{secrets.randbelow(100):02d}"
