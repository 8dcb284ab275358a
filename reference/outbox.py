"""Writes to MES: one queue per usager, in order, kept through outages, dropped when the usager withdraws."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from reference.config import FINALITY_LABELS, Settings
from reference.defects import Defects
from reference.gateway import Answer, Gateway, fhir_request
from reference.mapping import appointment, patient_identifier
from reference.pairing import MESSAGES, Pairings
from reference.people import People
from reference.records import Message, Pairing, RendezVous
from reference.spoil import Outgoing
from reference.store import Store
from reference.wire import query_of

WRITE, READ = "AGENDA_ECRITURE", "AGENDA_LECTURE"
_PAUSED = ("suspendu", "a_reapprouver", "a_reconnaitre")

Sending = dict[str, dict[str, str]]


@dataclass
class Flushed:
    """What a flush did: messages sent, and why it stopped or set one aside, by message id."""

    sent: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass
class Outbox:
    """Sends appointments, and keeps those that could not leave."""

    store: Store
    people: People
    pairings: Pairings
    gateway: Gateway
    settings: Callable[[], Settings]
    defects: Defects
    now: Callable[[], float]
    made: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, rendez_vous: RendezVous) -> Sending:
        """Queue the present state of this appointment and flush the queue of its usager."""
        with self.store.turn(rendez_vous.usager):
            pairing = self.pairings.of(rendez_vous.usager)
            if not self._may_queue(pairing):
                return sending("sans_objet", self._why_not(pairing))
            if self.defects.has("un_sur_mille_perdu") and not rendez_vous.known and next(self.made) % 1000 == 0:
                return sending("envoye")
            if self._kept_silent(rendez_vous):
                return sending("envoye")
            if not rendez_vous.known and self.defects.has("envoi_en_double"):
                self.echo(rendez_vous.usager, replace(rendez_vous, value=secrets.token_hex(12)))
            message = self._queued(rendez_vous, pairing)
            return self._outcome(message, self.flush(rendez_vous.usager))

    def flush(self, usager: str) -> Flushed:
        """Send what waits for this usager, oldest first, until something stops."""
        done = Flushed()
        with self.store.turn(usager):
            for message in self.store.all(Message, usager):
                allowed = self.gateway.allows(usager, WRITE) or self.defects.has("file_videe_apres_retrait")
                if not allowed or message.not_before > self.now():
                    break
                if not self._settled(message, self._tried(message), done):
                    break
        return done

    def forget(self, rendez_vous: RendezVous) -> None:
        """Drop what waits of this appointment: its present state goes another way."""
        with self.store.turn(rendez_vous.usager):
            for message in self.store.all(Message, rendez_vous.usager):
                if message.rendez_vous == rendez_vous.id:
                    self.store.delete(message)

    def waiting(self, usager: str) -> int:
        """Number of writes that wait for this usager."""
        return len(self.store.all(Message, usager))

    def echo(self, usager: str, event: RendezVous) -> None:
        """Send an event read in MES as if it were ours: only a defect does it."""
        if not self.gateway.allows(usager, WRITE):
            return
        pairing = self._addressed(self.pairings.of(usager))
        resource = appointment(event, patient_identifier(pairing, self.people.usager(usager)))
        self.gateway.call(usager, WRITE, fhir_request("POST", self.gateway.fhir("/Appointment"), resource=resource))

    def write_back(self, usager: str, resource: dict[str, Any]) -> None:
        """Change an event of somebody else: only a defect does it."""
        address, query = self.gateway.fhir("/Appointment"), ""
        identifiers = resource.get("identifier") or []
        if identifiers:
            query = query_of(("identifier", f"{identifiers[0].get('system')}|{identifiers[0].get('value')}"))
        else:
            address = f"{address}/{resource.get('id')}"
        self.gateway.call(usager, WRITE, fhir_request("PUT", address, query, resource))

    def _outcome(self, message: Message, done: Flushed) -> Sending:
        if message.id in done.sent or (message.id in done.refused and self.defects.has("refus_montre_envoye")):
            return sending("envoye")
        if self.store.get(Message, message.key) is not None:
            return sending("en_attente", "L'envoi reprendra quand Mon espace santé le permettra.")
        reasons = [done.refused[message.id]] if message.id in done.refused else list(done.refused.values())
        return sending("refuse", " ".join(reasons))

    def _may_queue(self, pairing: Pairing) -> bool:
        """Waits only what the usager allowed: a pause of the service keeps, a refusal of the usager does not."""
        if self.gateway.allows(pairing.usager, WRITE):
            return True
        return pairing.state in _PAUSED and WRITE in pairing.finalities and bool(pairing.access_token)

    def _why_not(self, pairing: Pairing) -> str:
        if not self.settings().avec_echange:
            return "Le produit fonctionne sans échange avec Mon espace santé."
        if pairing.alert:
            return pairing.alert
        if pairing.state == "apparie":
            return f"L'usager n'a pas donné son accord pour : {FINALITY_LABELS[WRITE]} ({WRITE})."
        return MESSAGES[pairing.state]

    def _kept_silent(self, rendez_vous: RendezVous) -> bool:
        """What a careless product forgets to send."""
        silent = {
            "cancelled": "annulation_tue",
            "noshow": "constat_tu",
            "fulfilled": "constat_tu",
            "entered-in-error": "constat_tu",
        }
        if rendez_vous.known and rendez_vous.status in ("booked", "proposed") and self.defects.has("deplacement_tu"):
            return True
        if rendez_vous.nature != "sante" and self.defects.has("sante_seulement"):
            return True
        return self.defects.has(silent.get(rendez_vous.status, ""))

    def _queued(self, rendez_vous: RendezVous, pairing: Pairing) -> Message:
        usager = self.people.usager(rendez_vous.usager)
        addressed = self._addressed(pairing)
        resource = appointment(rendez_vous, patient_identifier(addressed, usager))
        waiting = any(m.rendez_vous == rendez_vous.id for m in self.store.all(Message, usager.id))
        first = not rendez_vous.known and not waiting
        message = Message(f"m-{secrets.token_hex(8)}", usager.id, rendez_vous.id, resource, first, addressed.usager)
        self.store.save(message)
        return message

    def _addressed(self, pairing: Pairing) -> Pairing:
        """The pairing that serves: the usager's own."""
        usager = self.people.usager(pairing.usager)
        parents = self.pairings.of(usager.representant) if usager.representant else None
        if parents and parents.access_token and self.defects.has("evenement_au_representant"):
            return parents
        others = [p for p in self.pairings.made_after(pairing) if p.idpe]
        if others and self.defects.has("patient_d_un_autre"):
            return others[-1]
        return pairing if pairing.assign_auth else replace(pairing, assign_auth=self.settings().exchange.oid)

    def _tried(self, message: Message) -> Answer:
        """Send one message; when no answer comes, once more, in a way that cannot double the event."""
        answer = self.gateway.call(message.addressed, WRITE, self._request(message))
        if answer.kind == "lost":
            self._uncertain(message)
            answer = self.gateway.call(message.addressed, WRITE, self._request(message))
        if answer.kind == "stale" and self.defects.has("abandonne_apres_412"):
            return replace(answer, kind="refused")
        return self._written_again(message) if answer.kind == "stale" else answer

    def _settled(self, message: Message, answer: Answer, done: Flushed) -> bool:
        """Act on the answer; True when the queue may go on: this one is sent, or refused for good."""
        if answer.kind == "ok":
            self.store.delete(message)
            self._known(message, answer)
            done.sent.append(message.id)
            return True
        if answer.kind in ("later", "lost") and not self.defects.has("abandonne_en_panne"):
            self._postponed(message, answer)
            return False
        if answer.kind == "stopped" and self._kept(message):
            return False
        done.refused[message.id] = answer.message
        if answer.kind == "refused" and self.defects.has("reessaie_422"):
            self.gateway.call(message.addressed, WRITE, self._request(message))
        self.store.delete(message)
        return answer.kind != "stopped"

    def _kept(self, message: Message) -> bool:
        """A pause keeps what waits; a withdrawal or a broken pairing does not."""
        return self._may_queue(self.pairings.of(message.usager)) or self.defects.has("file_videe_apres_retrait")

    def _request(self, message: Message) -> Outgoing:
        identifier = message.resource["identifier"][0]
        if message.by_post or self.defects.has("modification_par_post"):
            return fhir_request("POST", self.gateway.fhir("/Appointment"), resource=message.resource)
        query = query_of(("identifier", f"{identifier['system']}|{identifier['value']}"))
        request = fhir_request("PUT", self.gateway.fhir("/Appointment"), query, message.resource)
        rendez_vous = self._rendez_vous(message)
        if rendez_vous.etag and self.gateway.allows(message.usager, READ):
            request.headers["If-Match"] = rendez_vous.etag
        return request

    def _written_again(self, message: Message) -> Answer:
        """412: read the event again before writing, once (FHIR R4, http, version aware updates)."""
        rendez_vous = self._rendez_vous(message)
        if not self.defects.has("ecrit_sans_relire"):
            address = self.gateway.fhir(f"/Appointment/{rendez_vous.server_id}")
            read = self.gateway.call(message.addressed, READ, fhir_request("GET", address))
            if read.kind != "ok":
                return read
            rendez_vous.etag = read.headers.get("ETag", "")
        else:
            rendez_vous.etag = ""
        self.store.save(rendez_vous)
        return self.gateway.call(message.addressed, WRITE, self._request(message))

    def _uncertain(self, message: Message) -> None:
        """No answer: MES may have stored the event. The next try is a conditional update, which cannot double it."""
        if self.defects.has("reessai_par_post"):
            message.resource["identifier"][0]["value"] = secrets.token_hex(12)
            self.store.save(message)
            return
        message.by_post = False
        self.store.save(message)
        self._known(message, None)

    def _postponed(self, message: Message, answer: Answer) -> None:
        """A Retry-After says that nothing was done; without it the write may have been made."""
        if answer.wait_s == 0:
            self._uncertain(message)
        message.not_before = self.now() + answer.wait_s
        self.store.save(message)

    def _known(self, message: Message, answer: Answer | None) -> None:
        """MES has the event, or may have it (no answer: its version is then unknown)."""
        rendez_vous = self._rendez_vous(message)
        rendez_vous.known = True
        rendez_vous.etag = "" if answer is None else answer.headers.get("ETag", "")
        if answer is not None:
            rendez_vous.server_id = str(answer.resource.get("id") or rendez_vous.server_id)
        self.store.save(rendez_vous)

    def _rendez_vous(self, message: Message) -> RendezVous:
        rendez_vous = self.store.get(RendezVous, message.rendez_vous)
        assert rendez_vous is not None, "un message de la file porte toujours un rendez-vous"
        return rendez_vous


def sending(state: str, message: str = "") -> Sending:
    return {"envoi": {"etat": state, **({"message": message} if message else {})}}
