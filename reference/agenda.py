"""Appointments of the product: typed once, then changed along legal transitions; each step is sent to MES."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from reference import clock
from reference.config import ESTABLISHMENT
from reference.defects import Defects
from reference.outbox import Sending
from reference.people import People
from reference.records import RendezVous
from reference.refusal import Refusal
from reference.store import Store

IDENTIFIER_SYSTEM = "urn:oid:1.2.250.1.999.10.1.4"
"""System of the appointments of the product (fictitious branch)."""

NEXT_STATUSES: Mapping[str, frozenset[str]] = {
    "proposed": frozenset({"proposed", "booked", "cancelled", "entered-in-error"}),
    "booked": frozenset({"booked", "fulfilled", "noshow", "cancelled", "entered-in-error"}),
    "fulfilled": frozenset({"entered-in-error"}),
    "noshow": frozenset({"entered-in-error"}),
    "cancelled": frozenset({"entered-in-error"}),
    "entered-in-error": frozenset(),
}
"""Life of an appointment, after the FHIR R4 codes: no way out of an end but to own up to an error."""

STATUS_LABELS = {
    "proposed": "Demandé",
    "pending": "En attente",
    "booked": "Confirmé",
    "arrived": "Arrivé",
    "checked-in": "Accueilli",
    "fulfilled": "Honoré",
    "cancelled": "Annulé",
    "noshow": "Non honoré",
    "entered-in-error": "Saisi par erreur",
    "waitlist": "Sur liste d'attente",
}

RECORDED = {"honore": "fulfilled", "non_honore": "noshow", "saisi_par_erreur": "entered-in-error"}

Result = dict[str, Any]
Send = Callable[[RendezVous], Sending]


class Agenda:
    """The agenda that the product owns. noted: called with each appointment that was made or changed."""

    def __init__(
        self,
        store: Store,
        people: People,
        send: Send,
        defects: Defects,
        now: Callable[[], datetime],
        *,
        noted: Callable[[RendezVous], None] = lambda _: None,
    ) -> None:
        self._store, self._people, self._send, self._defects, self._now = store, people, send, defects, now
        self._noted = noted

    def sending(self, send: Send) -> Agenda:
        """The same agenda, whose appointments leave another way."""
        return Agenda(self._store, self._people, send, self._defects, self._now, noted=self._noted)

    def create(self, usager: str, debut: str, intitule: str, **details: Any) -> Result:
        """Type an appointment and send it. Returns its id, its identifier and how the sending went."""
        self._people.usager(usager)
        rendez_vous = self._typed(usager, debut, intitule, details)
        clock.instant(rendez_vous.start, rendez_vous.zone)
        self._store.save(rendez_vous)
        self._noted(rendez_vous)
        sent = self._send(rendez_vous)
        identifier = {"system": rendez_vous.system, "value": rendez_vous.value}
        named = {} if self._defects.has("identifiant_non_annonce") else {"identifiant": identifier}
        return {"rendez_vous": rendez_vous.id, **named, **sent}

    def move(self, rendez_vous_id: str, debut: str, duree_minutes: int | None) -> Result:
        """Move an appointment that is not over."""
        rendez_vous = self._found(rendez_vous_id)
        clock.instant(debut, rendez_vous.zone)
        self._advance(rendez_vous, rendez_vous.status)
        rendez_vous.start = debut
        rendez_vous.minutes = duree_minutes or rendez_vous.minutes
        return self._changed(rendez_vous)

    def cancel(self, rendez_vous_id: str, motif: str) -> Result:
        """Cancel: the status changes, nothing is deleted."""
        rendez_vous = self._found(rendez_vous_id)
        self._advance(rendez_vous, "cancelled")
        rendez_vous.reason = motif
        return self._changed(rendez_vous)

    def record(self, rendez_vous_id: str, constat: str) -> Result:
        """Note what came of it: `honore`, `non_honore` or `saisi_par_erreur`."""
        if constat not in RECORDED:
            raise Refusal("constat_inconnu", f"« {constat} » n'est pas un constat.")
        rendez_vous = self._found(rendez_vous_id)
        self._advance(rendez_vous, RECORDED[constat])
        return self._changed(rendez_vous)

    def confirm(self, rendez_vous_id: str) -> Result:
        """Confirm an appointment that was asked for."""
        rendez_vous = self._found(rendez_vous_id)
        if rendez_vous.status != "proposed" and not self._defects.has("transitions_libres"):
            raise Refusal("transition_interdite", "Seul un rendez-vous demandé peut être confirmé.")
        rendez_vous.status = "booked"
        return self._changed(rendez_vous)

    def resend(self, rendez_vous_id: str) -> Result:
        """Send again the present state of an appointment, under the same identifier."""
        rendez_vous = self._found(rendez_vous_id)
        if self._defects.has("renvoi_nouvel_evenement"):
            rendez_vous.value, rendez_vous.known = secrets.token_hex(12), False
        return self._send(rendez_vous)

    def copied(self, usager: str, resource: Mapping[str, Any], zone: str) -> RendezVous | None:
        """An event read in MES, as an appointment of the product: only a defect makes one. None without start."""
        start = clock.parsed(resource.get("start"), zone)
        if start is None:
            return None
        identifier = (resource.get("identifier") or [{}])[0]
        own = self._defects.has("echo_identifiant_change") or not identifier.get("value")
        typed = {"fuseau": zone, "saisi_dans": "dui"}
        copy = self._typed(usager, start.strftime("%Y-%m-%dT%H:%M"), str(resource.get("description") or "Copie"), typed)
        if not own:
            copy.system, copy.value = str(identifier.get("system")), str(identifier["value"])
        return copy

    def of(self, usager: str) -> list[RendezVous]:
        """Appointments of that person, in the order they were typed."""
        return self._store.all(RendezVous, usager)

    def _typed(self, usager: str, debut: str, intitule: str, details: Mapping[str, Any]) -> RendezVous:
        value = secrets.token_hex(12)
        return RendezVous(
            id=f"rdv-{value}",
            usager=usager,
            system=IDENTIFIER_SYSTEM,
            value=value,
            start=debut,
            minutes=int(details.get("duree_minutes", 30)),
            zone=self._zone(str(details["fuseau"])),
            title=intitule,
            status="proposed" if details.get("etat") == "demande" else "booked",
            created=self._now().astimezone(clock.zone(details["fuseau"])).isoformat(timespec="seconds"),
            nature=str(details.get("nature", "sante")),
            place=str(details.get("lieu", "etablissement")),
            address=str(details.get("adresse", "")),
            professional=details.get("professionnel"),
            establishment=dict(details.get("etablissement") or ESTABLISHMENT),
            entered_in=str(details.get("saisi_dans", "portail")),
            attends=bool(details.get("usager_participe", True)),
        )

    def _zone(self, typed: str) -> str:
        """Time zone of the place; a careless product has but one."""
        return "Europe/Paris" if typed != "Europe/Paris" and self._defects.has("fuseau_ignore") else typed

    def _found(self, rendez_vous_id: str) -> RendezVous:
        found = self._store.get(RendezVous, rendez_vous_id)
        if found is None:
            raise Refusal("rendez_vous_inconnu", "Le produit ne connaît pas ce rendez-vous.")
        return found

    def _advance(self, rendez_vous: RendezVous, status: str) -> None:
        legal = status in NEXT_STATUSES[rendez_vous.status]
        if not legal and not self._defects.has("transitions_libres"):
            now, then = STATUS_LABELS[rendez_vous.status], STATUS_LABELS[status]
            raise Refusal("transition_interdite", f"Un rendez-vous à l'état « {now} » ne peut pas passer à « {then} ».")
        rendez_vous.status = status

    def _changed(self, rendez_vous: RendezVous) -> Result:
        if self._defects.has("identifiant_change"):
            rendez_vous.value = secrets.token_hex(12)
        self._store.save(rendez_vous)
        self._noted(rendez_vous)
        return self._send(rendez_vous)
