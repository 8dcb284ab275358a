"""Calls to the business APIs of MES: both tokens, one refresh on 401, and each answer put in its kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import httpx

from reference.config import Settings
from reference.defects import Defects
from reference.oauth import OAuthError
from reference.pairing import Pairings
from reference.people import People
from reference.records import Pairing
from reference.spoil import Outgoing
from reference.store import Store
from reference.wire import Wire, request_to

Kind = Literal["ok", "refused", "stale", "later", "lost", "stopped"]


@dataclass(frozen=True)
class Answer:
    """ok: done; refused: this content is not accepted; stale: 412; later: MES asks to wait (429, 5xx);
    lost: no answer, the write may have been made; stopped: the exchange is not allowed any more."""

    kind: Kind
    resource: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    wait_s: float = 0.0
    content: bytes = b""  # of what is no resource


class Gateway:
    """The only place that holds the tokens while calling."""

    def __init__(
        self,
        store: Store,
        people: People,
        pairings: Pairings,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        now: Callable[[], float],
    ) -> None:
        self._store, self._people, self._pairings, self._wire = store, people, pairings, wire
        self._settings, self._defects, self._now = settings, defects, now

    def fhir(self, path: str) -> str:
        """Address of a resource of the FHIR API of MES."""
        return self._settings().exchange.base_url.rstrip("/") + "/fhir" + path

    def allows(self, usager_id: str, finality: str) -> bool:
        """True when nothing that the product knows forbids this exchange."""
        if not self._settings().avec_echange:
            return False
        pairing = self._pairings.of(usager_id)
        if not pairing.access_token:
            return self._defects.has("envoie_sans_appariement")
        if pairing.alert or finality in pairing.held or pairing.state not in ("apparie", "a_reconnaitre"):
            return False
        ignoring = {
            "AGENDA_LECTURE": "lecture_sans_consentement",
            "AGENDA_ECRITURE": "ecriture_sans_consentement",
            "DOCUMENTS_ECRITURE": "document_sans_accord",
        }
        return finality in pairing.finalities or self._defects.has(ignoring.get(finality, ""))

    def call(self, usager_id: str, finality: str, request: Outgoing) -> Answer:
        """Call for this usager. A 401 (or a refused id_token) is followed by one refresh and one replay."""
        with self._store.turn(usager_id):
            pairing = self._pairings.of(usager_id)
            response = self._sent(pairing, request)
            tries = 0
            while response is not None and _expired(response) and tries < self._refreshes:
                tries += 1
                try:
                    renewed = self._pairings.renew(pairing)
                except (OAuthError, httpx.TransportError):
                    return Answer("later", message="Mon espace santé ne répond pas : nouvel essai plus tard.")
                if not renewed:
                    return Answer("stopped", message="La liaison avec Mon espace santé est rompue.")
                response = self._sent(pairing, request)
            if response is None:
                return Answer("lost", message="Mon espace santé n'a pas répondu.")
            if response.status_code == 409 and self._defects.has("reessaie_409"):
                self._sent(pairing, request)
            if outcome_code(resource_of(response)) == "ACKNOWLEDGEMENT_REQUIRED" and self._defects.has(
                "version_ignoree"
            ):
                self._sent(pairing, request)
            return self._sorted(pairing, finality, response)

    @property
    def _refreshes(self) -> int:
        if self._defects.has("ne_rafraichit_pas"):
            return 0
        return 6 if self._defects.has("boucle_401") else 1

    def _sent(self, pairing: Pairing, request: Outgoing) -> httpx.Response | None:
        access, identity = self._tokens(pairing)
        headers = {
            "Authorization": f"Bearer {access}",
            "ID_TOKEN": identity,
            "X-Request-ID": str(uuid.uuid4()),
            "Accept": "application/fhir+json",
            **request.headers,
        }
        usager = self._people.usager(pairing.usager)
        about = {"ins": (usager.ins or {}).get("matricule", ""), "nom": usager.nom, "jeton": access}
        try:
            return self._wire.send(
                Outgoing(
                    request.method,
                    request.origin,
                    request.path,
                    request.query,
                    headers,
                    deepcopy(request.json),
                    about=about,
                )
            )
        except httpx.TransportError:
            return None

    def _tokens(self, pairing: Pairing) -> tuple[str, str]:
        access, identity = pairing.access_token, pairing.id_token
        others = [p for p in self._pairings.made_after(pairing) if p.access_token]
        if others and self._defects.has("jeton_d_un_autre"):
            access = others[-1].access_token
        if others and self._defects.has("id_token_d_un_autre"):
            identity = others[-1].id_token
        return access, identity

    def _sorted(self, pairing: Pairing, finality: str, response: httpx.Response) -> Answer:
        status, body = response.status_code, resource_of(response)
        if response.is_success:
            return Answer("ok", body, response.headers, content=response.content)
        if status in (429, 503) or status >= 500:
            wait = self._wait(response.headers.get("Retry-After", ""))
            return Answer("later", body, response.headers, "Mon espace santé demande d'attendre.", wait)
        code = _refusal_code(response, body)
        if code:
            self._pairings.apply(code, pairing, finality)
            return Answer("stopped", body, response.headers, f"Mon espace santé refuse l'échange ({code}).")
        if status == 412:
            return Answer("stale", body, response.headers, "L'événement a changé dans Mon espace santé.")
        return Answer("refused", body, response.headers, diagnostics(body) or f"Refus de Mon espace santé ({status}).")

    def _wait(self, retry_after: str) -> float:
        return 0.0 if self._defects.has("retry_after_ignore") else asked_wait(retry_after, self._now())

    def same_server(self, url: str) -> bool:
        """True when this address is of the FHIR API: our tokens go nowhere else."""
        return url.startswith((self.fhir("/"), self.fhir("?")))


def asked_wait(retry_after: str, now: float) -> float:
    """Seconds asked by Retry-After (RFC 9110 §10.2.3): a number, or a date. now: epoch seconds."""
    if not retry_after:
        return 0.0
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except ValueError:
        return 0.0


def fhir_request(method: str, url: str, query: str = "", resource: Mapping[str, Any] | None = None) -> Outgoing:
    """A request to the FHIR API; the resource travels as `application/fhir+json`."""
    request = request_to(method, url)
    request.query = query or request.query
    if resource is not None:
        request.json = dict(resource)
        request.headers["Content-Type"] = "application/fhir+json; charset=utf-8"
    return request


def _expired(response: httpx.Response) -> bool:
    return response.status_code == 401 or (
        response.status_code == 400 and outcome_code(resource_of(response)) == "INVALID_ID_TOKEN"
    )


def _refusal_code(response: httpx.Response, body: Mapping[str, Any]) -> str:
    """Our name for a refusal that concerns the pairing and not the content; empty for the others."""
    code = outcome_code(body)
    if response.status_code == 401:
        return "INVALID_TOKEN"
    if response.status_code == 409:
        return "" if any(issue.get("code") == "duplicate" for issue in _issues(body)) else "OID_MISMATCH"
    if response.status_code == 403:
        return code or "REFUS"
    return code if code == "INVALID_ID_TOKEN" else ""


def _issues(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    issues = body.get("issue")
    return [issue for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []


def outcome_code(body: Mapping[str, Any]) -> str:
    """The first code of the service in an OperationOutcome, "" without one."""
    for issue in _issues(body):
        for coding in (issue.get("details") or {}).get("coding") or []:
            if coding.get("code"):
                return str(coding["code"])
    return ""


def diagnostics(body: Mapping[str, Any]) -> str:
    """What an OperationOutcome says to people."""
    texts = [str(i.get("diagnostics") or (i.get("details") or {}).get("text") or "") for i in _issues(body)]
    return " ; ".join(text for text in texts if text)


def resource_of(response: httpx.Response) -> Mapping[str, Any]:
    """The JSON object of an answer; empty when there is none."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
