"""Calls to INSi: each one leaves by the wire, and leaves a trace with its code and all that came back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

import httpx

from reference.config import InsiSettings, Settings
from reference.defects import Defects
from reference.identity import answers, soap
from reference.identity.answers import Answer
from reference.identity.attempts import Attempt
from reference.identity.names import accented, official
from reference.identity.records import Call
from reference.identity.traits import Traits
from reference.records import Usager
from reference.refusal import Refusal
from reference.spoil import Outgoing
from reference.store import Store
from reference.wire import Wire, request_to

AUTOMATIC = "Appel automatique du produit"
"""Author of a call that nobody asked for: it presents the certificate of automatic calls."""


class Insi:
    """The client of the teleservice, with the certificate of the structure."""

    def __init__(
        self, store: Store, wire: Wire, settings: Callable[[], Settings], defects: Defects, now: Callable[[], datetime]
    ) -> None:
        self._store, self._wire, self._settings, self._defects, self._now = store, wire, settings, defects, now

    def search(self, usager: Usager, attempt: Attempt, author: str) -> Answer:
        """Search by traits."""
        write = accented if usager.nom_utilise and self._defects.has("traits_accentues") else official
        body = soap.by_traits(attempt.traits, attempt.first_names, attempt.place, write=write)
        return self._call("traits", body, usager, author)

    def search_card(self, usager: Usager, card: soap.Card, author: str) -> Answer:
        """Search with the data of a Vitale card."""
        return self._call("carte", soap.by_card(card), usager, author)

    def verify(self, usager: Usager, ins: tuple[str, str], traits: Traits, author: str) -> Answer:
        """Verify an INS (matricule, OID) with traits, for this usager."""
        return self._call("verification", soap.verification(*ins, traits), usager, author)

    def calls_of(self, usager: str | None) -> list[Call]:
        """Traces of the calls about one usager, or about all."""
        return self._store.all(Call, usager)

    def _call(self, mode: str, body: soap.Element, usager: Usager, author: str) -> Answer:
        settings, now = self.ready(), self._now()
        action = soap.ACTIONS[mode]
        request = request_to("POST", settings.url)
        request.xml = soap.message(action, body, settings.idam, now)
        request.headers = {
            "Content-Type": f'application/soap+xml; charset=utf-8; action="{action}"',
            "Accept": "application/soap+xml",
        }
        request.certificate = "insi_auto" if author == AUTOMATIC else "insi_manu"
        request.about = {"ins": (usager.ins or {}).get("matricule", ""), "nom": usager.nom}
        answer = self._sent(request)
        if not self._defects.has("appels_insi_sans_trace"):
            self._trace(mode, answer, now, usager.id, author)
        return answer

    def ready(self) -> InsiSettings:
        """Settings of INSi; Refusal when the product cannot call it."""
        settings = self._settings().insi
        if settings is None:
            raise Refusal("non_configure", "L'adresse de l'INSi n'est pas configurée.")
        if settings.mode != "certificat":
            raise Refusal("lecteur_absent", "Le produit n'a pas de lecteur de carte CPx : il appelle par certificat.")
        return settings

    def _sent(self, request: Outgoing) -> Answer:
        try:
            response = self._wire.send(request)
        except httpx.TransportError as error:
            # Where the handshake is over before the server judges the certificate (TLS 1.3), no connection has failed.
            refused = not isinstance(error, httpx.ConnectError)
            if refused and self._defects.has("certificat_refuse_muet"):
                return answers.failed("sans_reponse", "")
            return answers.failed("sans_reponse")
        return answers.read(response.content)

    def _trace(self, mode: str, answer: Answer, now: datetime, owner: str, author: str) -> None:
        told = {} if answer.found is None else answer.found.told()
        if self._defects.has("historique_ins_non_trace"):
            told.pop("historique", None)
        if author != AUTOMATIC and self._defects.has("traces_ins_sans_nom"):
            author = "Utilisateur du produit"
        instant = now.isoformat(timespec="milliseconds")
        call_id = f"c-{secrets.token_hex(6)}"
        self._store.save(Call(call_id, owner, mode, answer.trace, instant, author, told))
