"""Professionals feed the agenda of Mon espace santé: the present state of an appointment, under one identifier.

The event is the one that the portal of the same product would write: same source, same identifier. What waits to leave
is a name, not a message: an outage ends with one write, of what the appointment has become.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from reference.bsp.client import BspClient
from reference.bsp.records import ProWaiting
from reference.config import Settings
from reference.defects import Defects
from reference.gateway import Answer, fhir_request
from reference.identity.office import IdentityOffice
from reference.login.records import ProSession
from reference.mapping import appointment, ins_identifier
from reference.outbox import Outbox, Sending, sending
from reference.people import People
from reference.records import RendezVous, Usager
from reference.refusal import Refusal
from reference.spoil import Outgoing
from reference.store import Store
from reference.wire import query_of

UNQUALIFIED = "L'identité de l'usager n'est pas qualifiée : rien n'est échangé avec son Mon espace santé."


@dataclass
class ProFeeding:
    """Writes of professionals."""

    store: Store
    people: People
    office: IdentityOffice
    client: BspClient
    outbox: Outbox
    settings: Callable[[], Settings]
    defects: Defects
    now: Callable[[], float]

    def may_name(self, usager: Usager) -> bool:
        """Whether her INS may leave the product: it is the one of a qualified identity."""
        if usager.ins is None:
            return False
        return self.office.life.status(usager) == "qualifiee" or self.defects.has("bsp_identite_non_qualifiee")

    def send(self, rendez_vous: RendezVous, session: ProSession) -> Sending:
        """Send the present state of this appointment; nothing else will send an older one."""
        if not self.settings().avec_echange:
            return sending("sans_objet", "Le produit fonctionne sans échange avec Mon espace santé.")
        if not self.may_name(self.people.usager(rendez_vous.usager)):
            return sending("sans_objet", UNQUALIFIED)
        if self._kept_silent(rendez_vous):
            return sending("envoye")
        self.outbox.forget(rendez_vous)
        if self.defects.has("bsp_envoi_aussi_par_le_portail"):
            self.outbox.echo(rendez_vous.usager, replace(rendez_vous, value=secrets.token_hex(12)))
        waiting = ProWaiting(rendez_vous.id, rendez_vous.usager)
        self.store.save(waiting)
        return self._tried(waiting, rendez_vous, session)

    def resume(self, session: ProSession, usager: str | None) -> tuple[int, int]:
        """Take up what waits, of one usager or of all; how many were sent, and how many still wait."""
        sent = 0
        for waiting in self.store.all(ProWaiting, usager):
            rendez_vous = self.store.get(RendezVous, waiting.rendez_vous)
            if rendez_vous is not None and waiting.not_before <= self.now():
                sent += self._tried(waiting, rendez_vous, session)["envoi"]["etat"] == "envoye"
        return sent, len(self.store.all(ProWaiting, usager))

    def echo(self, resource: dict[str, Any], session: ProSession) -> None:
        """Send an event that was read: only a defect does it."""
        self.client.call(session, fhir_request("POST", self.client.fhir("/Appointment"), resource=resource))

    def _kept_silent(self, rendez_vous: RendezVous) -> bool:
        if not rendez_vous.attends and self.defects.has("bsp_sans_participation_tu"):
            return True
        return rendez_vous.status == "cancelled" and self.defects.has("bsp_annulation_tue")

    def _tried(self, waiting: ProWaiting, rendez_vous: RendezVous, session: ProSession) -> Sending:
        with self.store.turn(rendez_vous.usager):
            try:
                answer = self._written(rendez_vous, session)
            except Refusal as refusal:
                return sending("en_attente", refusal.message)
            if answer.kind == "lost":  # it may have been made: the next try cannot double it
                rendez_vous.known = True
                if self.defects.has("bsp_reessai_nouvel_identifiant"):
                    rendez_vous.known, rendez_vous.value = False, secrets.token_hex(12)
                answer = self._written(rendez_vous, session)
            if answer.kind == "stopped" and self.defects.has("bsp_insiste_apres_refus"):
                answer = self._written(rendez_vous, session)
            return self._settled(waiting, rendez_vous, answer)

    def _settled(self, waiting: ProWaiting, rendez_vous: RendezVous, answer: Answer) -> Sending:
        if answer.kind in ("later", "lost") and not self.defects.has("bsp_abandonne_en_panne"):
            waiting.not_before = self.now() + answer.wait_s
            self.store.save(waiting)
            rendez_vous.known = rendez_vous.known or answer.wait_s == 0  # without Retry-After it may have been made
            self.store.save(rendez_vous)
            return sending("en_attente", "L'envoi reprendra quand Mon espace santé le permettra.")
        self.store.delete(waiting)
        if answer.kind != "ok":
            return sending("refuse", answer.message)
        rendez_vous.known, rendez_vous.etag = True, answer.headers.get("ETag", "")
        rendez_vous.server_id = str(answer.resource.get("id") or rendez_vous.server_id)
        self.store.save(rendez_vous)
        return sending("envoye")

    def _written(self, rendez_vous: RendezVous, session: ProSession) -> Answer:
        return self.client.call(session, self._request(rendez_vous))

    def _request(self, rendez_vous: RendezVous) -> Outgoing:
        usager = self._subject(rendez_vous)
        resource = appointment(rendez_vous, ins_identifier(usager))
        query, method = "", "POST"
        if rendez_vous.known:
            method, query = "PUT", query_of(("identifier", f"{rendez_vous.system}|{rendez_vous.value}"))
        request = fhir_request(method, self.client.fhir("/Appointment"), query, resource)
        request.about = {"ins": (usager.ins or {}).get("matricule", "")}
        return request

    def _subject(self, rendez_vous: RendezVous) -> Usager:
        """Whose appointment it is."""
        newest = self.store.all(Usager)[-1]
        if newest.ins and self.defects.has("bsp_patient_d_un_autre"):
            return newest
        return self.people.usager(rendez_vous.usager)
