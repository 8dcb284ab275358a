"""Appointments asked of the manager for our usagers: each step is sent, none is shown done before it is (flow 6)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reference import clock
from reference.agenda import NEXT_STATUSES, RECORDED, STATUS_LABELS
from reference.defects import Defects
from reference.people import People
from reference.refusal import Refusal
from reference.shared_agenda import resources
from reference.shared_agenda.client import Answer, Json, SharedAgendaClient
from reference.shared_agenda.directory import Directory, NotDoneError
from reference.shared_agenda.publication import sending
from reference.shared_agenda.records import FoundSlot, SharedRendezVous
from reference.shared_agenda.search import Search
from reference.store import Store

MINUTES = 30
Result = dict[str, Any]


@dataclass
class Booking:
    """Our appointments at the manager. now: instant of the product's clock."""

    store: Store
    client: SharedAgendaClient
    directory: Directory
    search: Search
    people: People
    defects: Defects
    now: Callable[[], datetime]

    def ask(
        self,
        usager: str,
        intitule: str,
        creneau: str = "",
        identifiants_nationaux: Sequence[str] = (),
        debut: str = "",
        duree_minutes: int = MINUTES,
        fuseau: str = "Europe/Paris",
        etat: str = "demande",
    ) -> Result:
        """Ask for a slot, or for professionals at a time (parameters of the vocabulary)."""
        self.people.usager(usager)
        if not creneau and not (identifiants_nationaux and debut):
            raise Refusal("demande_incomplete", "Demander un créneau, ou des professionnels et une heure.")
        slot = self._slot(creneau) if creneau else self._at(identifiants_nationaux, debut, duree_minutes, fuseau)
        one = self._typed(usager, intitule, slot, fuseau, "booked" if etat == "confirme" else "proposed")
        self.store.save(one)
        answer = self._sent(one)
        if answer.kind in ("ok", "later", "lost"):
            identifier = {"system": one.system, "value": one.value}
            return {"rendez_vous": one.id, "identifiant": identifier, **_said(answer)}
        return self._not_made(one, slot, answer)

    def knows(self, rendez_vous: str) -> bool:
        """Whether this appointment is one of ours at the manager."""
        return self.store.get(SharedRendezVous, rendez_vous) is not None

    def move(self, rendez_vous: str, debut: str, duree_minutes: int | None) -> Result:
        """Move an appointment that is not over; the slot that it had is let go."""
        one = self._found(rendez_vous)
        before = datetime.fromisoformat(one.end) - datetime.fromisoformat(one.start)
        minutes = duree_minutes or int(before.total_seconds() // 60)
        start = clock.instant(debut, one.zone)
        end = clock.after(start, minutes)
        slot = one.slot if self.defects.has("ancien_creneau_garde") else ""
        return self._changed(one, one.status, start=_text(start), end=_text(end), slot=slot)

    def cancel(self, rendez_vous: str, motif: str) -> Result:
        """Cancel: the status changes, nothing is deleted."""
        one = self._found(rendez_vous)
        if self.defects.has("rendez_vous_partage_supprime"):
            return _said(self.client.delete(f"Appointment/{one.server_id}"))
        return self._changed(one, "cancelled", reason=motif)

    def record(self, rendez_vous: str, constat: str) -> Result:
        """Note what came of it: `honore`, `non_honore` or `saisi_par_erreur`."""
        if constat not in RECORDED:
            raise Refusal("constat_inconnu", f"« {constat} » n'est pas un constat.")
        return self._changed(self._found(rendez_vous), RECORDED[constat])

    def confirm(self, rendez_vous: str) -> Result:
        """Confirm an appointment that was asked for: those asked have accepted."""
        one = self._found(rendez_vous)
        if one.status not in ("proposed", "pending"):
            raise Refusal("transition_interdite", "Seul un rendez-vous demandé peut être confirmé.")
        return self._changed(one, "booked", accepted=True)

    def resend(self, rendez_vous: str) -> Result:
        """Send again the present state of an appointment, under the same identifier."""
        return _said(self._sent(self._found(rendez_vous)))

    def resume(self, usager: str | None) -> tuple[int, int]:
        """Send what waits, for one usager or for all; numbers sent and still waiting."""
        waiting = [one for one in self.store.all(SharedRendezVous, usager) if one.waiting]
        due = [one for one in waiting if one.not_before <= self.now().timestamp()]
        sent = sum(self._sent(one).kind == "ok" for one in due)
        return sent, len(waiting) - sent

    def _slot(self, reference: str) -> FoundSlot:
        found = self.store.get(FoundSlot, reference)
        if found is None:
            raise Refusal("creneau_inconnu", "Ce créneau n'a pas été proposé.")
        return found

    def _at(self, national_ids: Sequence[str], debut: str, minutes: int, zone: str) -> FoundSlot:
        """Those asked, at that time: as a slot that nobody offers."""
        start = clock.instant(debut, zone)
        asked = [reference for number in national_ids for reference in self.search.whose(number)]
        return FoundSlot("", _text(start), _text(clock.after(start, minutes)), national_ids[0], asked)

    def _typed(self, usager: str, title: str, slot: FoundSlot, zone: str, status: str) -> SharedRendezVous:
        value = secrets.token_hex(12)
        return SharedRendezVous(
            id=f"rdvp-{value}",
            usager=usager,
            system=resources.SYSTEMS["Appointment"],
            value=value,
            start=slot.start,
            end=slot.end,
            zone=zone,
            title=title,
            status=status,
            created=_text(self.now().astimezone(clock.zone(zone))),
            actors=slot.actors,
            accepted=status == "booked",
            slot="" if self.defects.has("creneau_non_nomme") else slot.reference,
        )

    def _found(self, rendez_vous: str) -> SharedRendezVous:
        found = self.store.get(SharedRendezVous, rendez_vous)
        if found is None:
            raise Refusal("rendez_vous_inconnu", "Le produit ne connaît pas ce rendez-vous.")
        return found

    def _changed(self, one: SharedRendezVous, status: str, **changes: Any) -> Result:
        """Send a change; what the manager refuses is not kept."""
        if status not in NEXT_STATUSES.get(one.status, {status, "cancelled", "entered-in-error"}):
            now, then = STATUS_LABELS[one.status], STATUS_LABELS[status]
            raise Refusal("transition_interdite", f"Un rendez-vous à l'état « {now} » ne peut pas passer à « {then} ».")
        after = replace(one, status=status, **changes)
        self.store.save(after)
        if status == "cancelled" and self.defects.has("annulation_partagee_tue"):
            return sending("envoye")
        answer = self._sent(after)
        if answer.kind not in ("ok", "later", "lost"):
            self.store.save(replace(one, etag=after.etag))
        return _said(answer)

    def _not_made(self, one: SharedRendezVous, slot: FoundSlot, answer: Answer) -> Result:
        """Nothing is kept; when somebody was faster, other slots of that day and the next ones are offered."""
        if self.defects.has("creneau_refuse_montre_pris"):
            return {"rendez_vous": one.id, **sending("envoye")}
        self.store.delete(one)
        if answer.kind != "taken" or self.defects.has("aucun_autre_creneau"):
            return _said(answer)
        day = slot.start[:10]
        found, _ = self.search.slots(slot.national_id, day, (_day(day, 7)))
        others = [self.search.shown(other) for other in found if other.reference != slot.reference]
        return {**_said(answer), "autres_creneaux": others}

    def _sent(self, one: SharedRendezVous) -> Answer:
        """Send the present state. When no answer comes, once more, in a way that cannot double the event."""
        with self.store.turn(one.usager):
            try:
                resource = self._resource(one)
                answer = self._tried(one, resource)
                if answer.kind == "lost":
                    one.known = True
                    answer = self._tried(one, self._doubled(one, resource))
                if answer.kind == "stale":
                    answer = self._written_again(one)
            except NotDoneError as error:
                answer = error.answer
            return self._kept(one, answer)

    def _resource(self, one: SharedRendezVous) -> Json:
        return resources.appointment(
            one, self.directory.usager(self.people.usager(one.usager)), self.directory.establishment()
        )

    def _tried(self, one: SharedRendezVous, resource: Json) -> Answer:
        posted = not one.known or self.defects.has("changement_partage_par_post")
        return self.client.create(resource) if posted else self.client.update_where(resource, one.etag)

    def _doubled(self, one: SharedRendezVous, resource: Json) -> Json:
        """The same; a careless product takes a new number, and the manager a second appointment."""
        if self.defects.has("reessai_partage_nouveau"):
            one.value, one.known = secrets.token_hex(12), False
            resource["identifier"][0]["value"] = one.value
        return resource

    def _written_again(self, one: SharedRendezVous) -> Answer:
        """412: read before writing again, once; what somebody moved meanwhile stays where it is."""
        if not self.defects.has("rendez_vous_partage_ecrit_sans_relire"):
            read = self.client.read(f"Appointment/{one.server_id}")
            if read.kind != "ok":
                return read
            if one.status in ("cancelled", *RECORDED.values()):
                one.start, one.end = str(read.resource["start"]), str(read.resource["end"])
                one.slot = next((s["reference"] for s in read.resource.get("slot") or []), "")
            one.etag = read.headers.get("ETag", "")
        else:
            one.etag = ""
        return self._tried(one, self._resource(one))

    def _kept(self, one: SharedRendezVous, answer: Answer) -> Answer:
        one.waiting = answer.kind in ("later", "lost")
        if one.waiting:
            one.known = one.known or answer.wait_s == 0
            one.not_before = self.now().timestamp() + answer.wait_s
        if answer.kind == "ok":
            one.known = True
            one.server_id = str(answer.resource.get("id") or one.server_id)
            one.etag = answer.headers.get("ETag", "")
        if answer.kind in ("ok", "later", "lost"):
            self.store.save(one)
        return answer


def _said(answer: Answer) -> Result:
    if answer.kind == "ok":
        return sending("envoye")
    if answer.kind in ("later", "lost"):
        return sending("en_attente", "L'envoi reprendra quand l'agenda partagé le permettra.")
    return sending("refuse", answer.message)


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _day(first: str, later: int) -> str:
    return datetime.fromordinal(datetime.fromisoformat(first).toordinal() + later).date().isoformat()
