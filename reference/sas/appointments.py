"""Appointments that regulators book on the slots of the product, and each of their steps (guide SAS 1.2.0, INT_R03)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reference import clock
from reference.config import Settings
from reference.defects import Defects
from reference.records import Record
from reference.refusal import Refusal
from reference.sas.outbox import SasOutbox
from reference.sas.practice import Practice
from reference.sas.records import Practitioner
from reference.sas.regulators import Regulators
from reference.store import Store

NEXT = {
    "pending": frozenset({"pending", "booked", "cancelled"}),
    "booked": frozenset({"booked", "fulfilled", "noshow", "cancelled"}),
    "fulfilled": frozenset({"fulfilled", "noshow"}),
    "noshow": frozenset({"noshow", "fulfilled"}),
    "cancelled": frozenset({"cancelled"}),
}
"""What may follow each status, in the codes that the flow uses."""

RECORDED = {"honore": "fulfilled", "non_honore": "noshow"}
Result = dict[str, Any]


@dataclass
class SasAppointment(Record, key="id"):
    """An appointment taken by a regulator. system, value: our identifier of it, the same for ever.

    start, end: instants (ISO). patient: for the practitioner, never told to the platform.
    """

    id: str
    system: str
    value: str
    slot: str
    regulator: str
    practitioner: str
    start: str
    end: str
    zone: str
    status: str
    created: str
    patient: dict[str, str] = field(default_factory=dict)
    known: bool = False


class SasAppointments:
    """The bookings of the SAS."""

    def __init__(
        self,
        store: Store,
        practice: Practice,
        regulators: Regulators,
        outbox: SasOutbox,
        settings: Callable[[], Settings],
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._practice, self._regulators, self._outbox = store, practice, regulators, outbox
        self._settings, self._defects, self._now = settings, defects, now

    def book(self, slot_id: str, regulator: Mapping[str, str], origin: str, patient: Mapping[str, str]) -> Result:
        """Take a slot for a patient, and tell the platform. Refusal: no right, slot taken."""
        account = self._regulators.allowed(regulator["system"], regulator["value"], from_sas=origin == "sas")
        slot = self._practice.slot(slot_id) if self._defects.has("sas_creneau_garde_libre") else None
        slot = slot or self._practice.occupy(slot_id)
        place, settings = self._practice.place(slot), self._settings()
        holder = self._store.get(Practitioner, place.praticien) if place.praticien else None
        made = SasAppointment(
            id=f"sas-{uuid.uuid4()}",
            system=f"urn:oid:{settings.sas.oid}" if settings.sas else "",
            value=str(uuid.uuid4()),
            slot=slot.id,
            regulator=account.id,
            practitioner=holder.number if holder else "",
            start=slot.debut,
            end=slot.fin,
            zone=place.fuseau,
            status="booked" if holder else "pending",
            created=self._now().astimezone(clock.zone(place.fuseau)).isoformat(timespec="seconds"),
            patient=dict(patient),
        )
        self._store.save(made)
        identifier = {"system": made.system, "value": made.value}
        return {"rendez_vous": made.id, "identifiant": identifier, **self._told(made)}

    def knows(self, rendez_vous: str) -> bool:
        """Whether this appointment is one of the SAS."""
        return self._store.get(SasAppointment, rendez_vous) is not None

    def move(self, rendez_vous: str, debut: str, minutes: int | None) -> Result:
        """Move it to another time of the same place."""
        found = self._found(rendez_vous)
        start, end = datetime.fromisoformat(found.start), datetime.fromisoformat(found.end)
        length = minutes or int((end - start).total_seconds() // 60)
        begin = clock.instant(debut, found.zone)
        self._advance(found, found.status)
        found.start, found.end = begin.isoformat(), clock.after(begin, length).isoformat()
        self._give_back(found)
        return self._told(found, silent="sas_deplacement_tu")

    def cancel(self, rendez_vous: str, motif: str) -> Result:
        """Cancel it: the slot is free again. The profile has no place for the reason, which stays here."""
        found = self._found(rendez_vous)
        self._advance(found, "cancelled")
        self._give_back(found)
        return self._told(found, silent="sas_annulation_tue")

    def record(self, rendez_vous: str, constat: str) -> Result:
        """Note that the patient came, or did not."""
        found = self._found(rendez_vous)
        if constat not in RECORDED:
            raise Refusal("constat_inconnu", f"« {constat} » n'est pas un constat pour un rendez-vous du SAS.")
        self._advance(found, RECORDED[constat])
        return self._told(found, silent="sas_constat_tu")

    def confirm(self, rendez_vous: str) -> Result:
        """The association accepts the patient."""
        found = self._found(rendez_vous)
        self._advance(found, "booked")
        return self._told(found, silent="sas_accord_tu")

    def resend(self, rendez_vous: str) -> Result:
        """Tell its present state again."""
        return self._told(self._found(rendez_vous))

    def _found(self, rendez_vous: str) -> SasAppointment:
        found = self._store.get(SasAppointment, rendez_vous)
        if found is None:
            raise Refusal("rendez_vous_inconnu", "Aucun rendez-vous du SAS n'a cet identifiant.")
        return found

    def _give_back(self, found: SasAppointment) -> None:
        """Free the slot, once: somebody else may have it next."""
        if found.slot:
            self._practice.free(found.slot)
        found.slot = ""

    def _advance(self, found: SasAppointment, status: str) -> None:
        if status not in NEXT[found.status]:
            raise Refusal(
                "transition_interdite", f"Un rendez-vous « {found.status} » ne peut pas devenir « {status} »."
            )
        found.status = status

    def _told(self, found: SasAppointment, silent: str = "") -> Result:
        if self._defects.has("sas_identifiant_nouveau") and found.known:
            found.value = str(uuid.uuid4())
        self._store.save(found)
        if silent and self._defects.has(silent):
            return {"envoi": {"etat": "envoye"}}
        return self._outbox.send(found)
