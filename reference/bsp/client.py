"""Calls to the BSP on behalf of a professional: a token of the API for each session, one renewal on 401."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from copy import deepcopy

import httpx

from reference.bsp.records import ProToken
from reference.config import ApiPscSettings, Settings
from reference.defects import Defects
from reference.gateway import Answer, asked_wait, diagnostics, outcome_code, resource_of
from reference.login.exchange import REFUSED, SubjectRefusedError, exchanged
from reference.login.psc import PscLogin
from reference.login.records import ProSession
from reference.refusal import Refusal
from reference.spoil import Outgoing
from reference.store import Store
from reference.wire import Wire


class BspClient:
    """The only place that holds the tokens of the API while calling."""

    def __init__(
        self,
        store: Store,
        psc: PscLogin,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        now: Callable[[], float],
    ) -> None:
        self._store, self._psc, self._wire, self._settings = store, psc, wire, settings
        self._defects, self._now = defects, now

    def fhir(self, path: str) -> str:
        """Address of a resource of the API."""
        return self._api().base_url.rstrip("/") + "/fhir" + path

    def same_server(self, url: str) -> bool:
        """True when this address is of the API: its tokens go nowhere else."""
        return url.startswith((self.fhir("/"), self.fhir("?")))

    def call(self, session: ProSession, request: Outgoing) -> Answer:
        """Call in that session. A 401 is followed by one new token and one replay.

        Refusal when there is no token to be had: the session is over, or the authorization server does not answer.
        """
        with self._store.turn(session.empreinte):
            try:
                response = self._sent(request, self._first_token(session))
                if response.status_code == 401 and not self._defects.has("bsp_401_abandonne"):
                    response = self._again(session, request)
            except httpx.TransportError:
                return Answer("lost", message="Mon espace santé n'a pas répondu.")
        return self._sorted(response)

    def _again(self, session: ProSession, request: Outgoing) -> httpx.Response:
        """After a 401: one refresh at PSC, one new token of the API, one more call."""
        self._psc.renew(session)
        self._forget(session)
        response = self._sent(request, self._token(session))
        for _ in range(3):
            if response.status_code != 401 or not self._defects.has("bsp_boucle_401"):
                break
            response = self._sent(request, self._token(session))
        return response

    def _sent(self, request: Outgoing, token: str) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {token}",
            "X-Request-ID": str(uuid.uuid4()),
            "Accept": "application/fhir+json",
            **request.headers,
        }
        copy = Outgoing(request.method, request.origin, request.path, request.query, headers, deepcopy(request.json))
        copy.about = request.about
        return self._wire.send(copy)

    def _first_token(self, session: ProSession) -> str:
        if self._defects.has("bsp_jeton_psc_d_abord"):
            return self._psc.access_token(session)
        return self._token(session)

    def _token(self, session: ProSession) -> str:
        known = self._store.get(ProToken, self._holder(session))
        alive = known is not None and known.expires > self._now()
        if known is not None and alive and not self._defects.has("bsp_echange_a_chaque_appel"):
            return known.token
        try:
            token, lasts = self._exchanged(session)
        except SubjectRefusedError:
            self._psc.renew(session)
            try:
                token, lasts = self._exchanged(session)
            except SubjectRefusedError:
                raise Refusal("echange_refuse", REFUSED.format(status=401)) from None
        self._store.save(ProToken(self._holder(session), token, self._now() + lasts))
        return token

    def _holder(self, session: ProSession) -> str:
        """Under what a token is kept: the session; a defect has one for everybody."""
        return self._api().base_url if self._defects.has("bsp_jeton_d_un_autre") else session.empreinte

    def _exchanged(self, session: ProSession) -> tuple[str, float]:
        subject = self._psc.access_token(session)
        return exchanged(self._wire, self._api(), self._settings().certificats, subject)

    def _forget(self, session: ProSession) -> None:
        known = self._store.get(ProToken, self._holder(session))
        if known is not None:
            self._store.delete(known)

    def _sorted(self, response: httpx.Response) -> Answer:
        status, body = response.status_code, resource_of(response)
        if response.is_success:
            return Answer("ok", body, response.headers)
        if status == 429 or status >= 500:
            wait = asked_wait(response.headers.get("Retry-After", ""), self._now())
            return Answer("later", body, response.headers, "Mon espace santé demande d'attendre.", wait)
        said = diagnostics(body) or f"Refus de Mon espace santé ({status})."
        stopped = status in (401, 403) or outcome_code(body) == "PERSON_UNKNOWN"
        return Answer("stopped" if stopped else "refused", body, response.headers, said)

    def _api(self) -> ApiPscSettings:
        found = self._settings().bsp
        if found is None:
            raise Refusal("non_configure", "L'agenda du bouquet de services aux professionnels n'est pas configuré.")
        return found
