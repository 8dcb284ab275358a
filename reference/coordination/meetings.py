"""Appointments between professionals: asked for, answered, concluded by the block, shown to those of ours."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from reference import clock
from reference.agenda import Agenda
from reference.coordination import resources
from reference.coordination.client import BlockClient
from reference.coordination.notices import Notices
from reference.coordination.records import Meeting
from reference.coordination.resources import ANSWERS, STATUSES, Json, Period
from reference.defects import Defects
from reference.identity.office import IdentityOffice
from reference.people import People
from reference.professionals import Professional, Professionals
from reference.records import Usager
from reference.refusal import Refusal
from reference.store import Store

REPLIES = {"accepter": "accepted", "refuser": "declined", "proposer": "tentative"}
TURN = "rendez-vous-pro"


class Meetings:
    """The meetings of our professionals."""

    def __init__(
        self,
        store: Store,
        people: People,
        professionals: Professionals,
        office: IdentityOffice,
        agenda: Agenda,
        block: BlockClient,
        notices: Notices,
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._people, self._professionals, self._office = store, people, professionals, office
        self._agenda, self._block, self._notices, self._defects, self._now = agenda, block, notices, defects, now

    def ask(
        self,
        account: str,
        guests: Sequence[Mapping[str, str]],
        titles: Mapping[str, str],
        period: Period,
        minutes: int | None,
        usager: str | None,
    ) -> Meeting:
        """Ask for a meeting: at that period, or (`minutes`) at the first time within it at which all are free."""
        asker, person = self._professionals.get(account), None if usager is None else self._identified(usager)
        slots: list[str] = []
        if minutes is not None:
            numbers = [asker.identifiant_national, *(guest["identifiant_national"] for guest in guests)]
            found = self._common(numbers, period, minutes, person)
            if found is None:
                raise Refusal("aucun_creneau", "Aucun créneau ne convient à tous dans cette période.")
            period, slots = found
        created = self._now().astimezone(period[0].tzinfo)
        value = secrets.token_hex(12)
        request = resources.request(value, period, titles, asker, guests, person, created, slots)
        with self._store.turn(TURN):
            meeting = self._known(self._block.ask(request), asked_here=True)
            meeting.usager = usager or ""
            self._store.save(meeting)
        if self._defects.has("rdv_evenement_mes_demande"):
            self._mirror(meeting)
        return meeting

    def reply(self, account: str, meeting_id: str, reply: str, period: Period | None, reason: str) -> Meeting:
        """Answer for one of ours, on the request as it now is: nobody else's answer is touched."""
        who, meeting = self._professionals.get(account), self._found(meeting_id)
        if self._defects.has("rdv_reponse_gardee"):
            return meeting
        for _ in range(2):
            current, version = self._block.read(meeting.system, meeting.value)
            answer = self._answer(current, who, reply, period, reason)
            kept = self._answered(answer, version)
            if kept is not None:
                with self._store.turn(TURN):
                    return self._known(kept)
        raise Refusal("demande_changee", "La demande vient de changer : relisez-la avant de répondre.")

    def shown(self, account: str) -> list[dict[str, Any]]:
        """The meetings of one of ours, as the block now tells them."""
        who = self._professionals.get(account)
        for resource in self._block.of_professional(who.identifiant_national):
            with self._store.turn(TURN):
                self._known(resource)
        return [self.as_shown(one) for one in self._store.all(Meeting) if account in one.accounts]

    def as_shown(self, meeting: Meeting) -> dict[str, Any]:
        """A meeting as its people read it."""
        resource = meeting.resource
        said = resources.answers(resource)
        if self._defects.has("rdv_reponses_cachees"):
            said = dict.fromkeys(said, "needs-action")
        reasons: list[Json] = resource.get("reasonCode") or [{}]
        reason = reasons[0].get("text")
        return {
            "demande": meeting.id,
            "intitule": str(resource.get("description", "")),
            **({"motif": reason} if reason else {}),
            "debut": resource["start"],
            "fin": resource["end"],
            "statut": STATUSES.get(resource["status"], "conclu"),
            **({"usager": meeting.usager} if meeting.usager else {}),
            "a_l_agenda": meeting.booked or self._too_early(meeting),
            "reponses": [
                {"identifiant_national": number, "reponse": ANSWERS.get(answer, "en_attente")}
                for number, answer in said.items()
            ],
        }

    def _too_early(self, meeting: Meeting) -> bool:
        return STATUSES.get(meeting.resource["status"]) != "annule" and self._defects.has("rdv_a_l_agenda_trop_tot")

    def receive(self, resource: Json) -> Meeting:
        """The block writes a concluded meeting in our agendas. Refusal when nobody of ours takes part."""
        with self._store.turn(TURN):
            if self._defects.has("rdv_final_perdu"):
                return self._known({**resource, "status": "pending"})
            meeting = self._known(resource, again=self._defects.has("rdv_final_double"))
            if not meeting.accounts:
                raise Refusal("personne_d_ici", "Aucun professionnel de la structure ne participe à ce rendez-vous.")
            meeting.booked = resource["status"] not in STATUSES or (
                meeting.booked and self._defects.has("rdv_annulation_ignoree")
            )
            self._store.save(meeting)
        if meeting.booked and self._defects.has("rdv_evenement_mes_conclu"):
            self._mirror(meeting)
        return meeting

    def booked(self, account: str) -> list[Period]:
        """When a professional of ours is taken by meetings."""
        taken = [one for one in self._store.all(Meeting) if one.booked and account in one.accounts]
        return [
            (datetime.fromisoformat(one.resource["start"]), datetime.fromisoformat(one.resource["end"]))
            for one in taken
        ]

    def _answered(self, answer: Json, version: str) -> Json | None:
        try:
            return self._block.answer(answer, version)
        except Refusal:
            if self._defects.has("rdv_refus_du_bloc_cache"):
                return answer
            raise

    def _common(
        self, numbers: Sequence[str], period: Period, minutes: int, person: Usager | None
    ) -> tuple[Period, list[str]] | None:
        """A time that suits all; the usager too, whose agenda the block reads if she agrees."""
        try:
            found = self._block.common(numbers, period, minutes, None if person is None else person.ins)
        except Refusal:
            if person is None or not self._defects.has("rdv_accord_ignore"):
                raise
            found = self._block.common(numbers, period, minutes, None)
        if found is None and self._defects.has("rdv_horaire_invente"):
            return lasting(period[0], minutes), []
        return found

    def _mirror(self, meeting: Meeting) -> None:
        """Write a meeting in the agenda of its usager: the block does, only two defects do too."""
        if meeting.usager:
            start = datetime.fromisoformat(meeting.resource["start"]).strftime("%Y-%m-%dT%H:%M")
            details = {"fuseau": "Europe/Paris", "saisi_dans": "dui"}
            self._agenda.create(meeting.usager, start, str(meeting.resource.get("description")), **details)

    def _answer(self, current: Json, who: Professional, reply: str, period: Period | None, reason: str) -> Json:
        if reply == "annuler":
            return {**current, "status": "cancelled", "cancelationReason": {"text": reason or "Empêchement"}}
        own = [
            participant for number, participant in resources.guests_of(current) if number == who.identifiant_national
        ]
        if not own:
            raise Refusal("pas_invite", "Ce professionnel n'est pas invité à ce rendez-vous.")
        everybody = self._defects.has("rdv_repond_pour_tous")
        for participant in [p for _, p in resources.guests_of(current)] if everybody else own:
            participant["status"] = REPLIES[reply]
        if reply == "proposer":
            if period is None:
                raise Refusal("horaire_absent", "Un autre horaire est nécessaire.")
            current = {name: value for name, value in current.items() if name not in ("slot", "minutesDuration")}
            length = datetime.fromisoformat(current["end"]) - datetime.fromisoformat(current["start"])
            current |= {"start": period[0].isoformat(), "end": (period[0] + length).isoformat()}
        return current

    def _known(self, resource: Json, *, asked_here: bool = False, again: bool = False) -> Meeting:
        """What the block tells of a meeting, kept; those of ours are told what is new."""
        identifier = resource["identifier"][0]
        found = None if again else self._of(identifier["system"], identifier["value"])
        old = None if found is None else dict(found.resource)
        named = {number for number, _ in resources.guests_of(resource)}
        ours = [one for one in map(self._professionals.by_national_id, sorted(named)) if one is not None]
        meeting = found or Meeting(
            f"rdvp-{secrets.token_hex(6)}", identifier["system"], identifier["value"], {}, [], asked_here
        )
        if old is not None and self._defects.has("rdv_autre_horaire_ignore"):
            resource = {**resource, "start": old["start"], "end": old["end"]}
        if old is not None and resource["status"] == "cancelled" and self._defects.has("rdv_annulation_ignoree"):
            resource = {**resource, "status": old["status"]}
        meeting.resource, meeting.accounts = resource, [one.id for one in ours]
        meeting.usager = meeting.usager or self._usager(resources.patient_of(resource))
        meeting.booked = meeting.booked and resource["status"] not in STATUSES
        self._store.save(meeting)
        if old is not None:
            self._notices.compare(meeting, old)
        return meeting

    def _of(self, system: str, value: str) -> Meeting | None:
        return next((one for one in self._store.all(Meeting) if (one.system, one.value) == (system, value)), None)

    def _found(self, meeting_id: str) -> Meeting:
        found = self._store.get(Meeting, meeting_id)
        if found is None:
            raise Refusal("demande_inconnue", "Le produit ne connaît pas cette demande.")
        return found

    def _identified(self, usager: str) -> Usager:
        """The usager, whose INS may leave the product: only a qualified one does (référentiel INS)."""
        person = self._people.usager(usager)
        if person.ins is None or self._office.life.status(person) != "qualifiee":
            raise Refusal("ins_non_qualifiee", "L'INS de l'usager n'est pas qualifiée : il ne peut pas être désigné.")
        return person

    def _usager(self, matricule: str) -> str:
        known = self._store.all(Usager) if matricule else []
        return next((one.id for one in known if (one.ins or {}).get("matricule") == matricule), "")


def lasting(start: datetime, minutes: int) -> Period:
    """That many minutes from an instant."""
    return start, start + timedelta(minutes=minutes)


def typed(text: str, zone: str) -> datetime:
    """Instant of a time typed at the establishment."""
    return clock.instant(text, zone)
