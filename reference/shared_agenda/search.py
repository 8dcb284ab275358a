"""What the product reads at the manager: free slots (flow 4a), and the appointments of a professional (flow 4b)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reference import clock
from reference.agenda import STATUS_LABELS
from reference.config import ESTABLISHMENT, Settings
from reference.defects import Defects
from reference.mapping import IDNPS
from reference.refusal import Refusal
from reference.shared_agenda.client import Json, SharedAgendaClient, local, matches, named
from reference.shared_agenda.records import FoundSlot, SharedEvent, SharedRendezVous
from reference.store import Store


@dataclass
class Search:
    """Reads at the manager, and what is shown of it. settings: where the zone of the place is."""

    store: Store
    client: SharedAgendaClient
    settings: Callable[[], Settings]
    defects: Defects

    def slots(self, national_id: str, du: str, au: str) -> tuple[list[FoundSlot], str]:
        """Free slots of a professional that begin on a day from `du` to `au`; a message when they could not be read."""
        first, after = clock.day_bounds(du, au, self.settings().fuseau)
        entries, problem = self.client.search(
            "Slot",
            ("schedule.actor:Practitioner.identifier", f"{IDNPS}|{national_id}"),
            ("start", f"ge{first.isoformat(timespec='seconds')}"),
            ("start", f"lt{after.isoformat(timespec='seconds')}"),
            ("status", "free"),
            ("_include", "Slot:schedule"),
            ("_include:iterate", "Schedule:actor"),
        )
        around = named(entries)
        chosen = matches(entries, "Slot")
        if self.defects.has("inclus_pris_pour_creneaux"):
            chosen = [entry["resource"] for entry in entries]
        found = [self._found(resource, around, national_id, first) for resource in chosen]
        for slot in found:
            self.store.save(slot)
        return sorted(found, key=lambda slot: datetime.fromisoformat(slot.start)), problem

    def _found(self, resource: Json, around: Mapping[str, Json], national_id: str, otherwise: datetime) -> FoundSlot:
        reference = f"{resource['resourceType']}/{resource['id']}"
        schedule = local(str((resource.get("schedule") or {}).get("reference", "")))
        start = str(resource.get("start") or otherwise.isoformat())
        return FoundSlot(reference, start, str(resource.get("end") or start), national_id, actors(around.get(schedule)))

    def shown(self, slot: FoundSlot) -> Json:
        """A slot as people see it."""
        start, end = (self._local(text) for text in (slot.start, slot.end))
        return {
            "creneau": slot.reference,
            "reference": slot.reference,
            "debut": start.isoformat(timespec="seconds"),
            "fin": end.isoformat(timespec="seconds"),
            "debut_affiche": clock.displayed(start),
        }

    def whose(self, national_id: str) -> list[str]:
        """References of the role and of the person of a professional who shares an agenda; Refusal when none does."""
        entries, problem = self.client.search(
            "Schedule", ("actor:Practitioner.identifier", f"{IDNPS}|{national_id}"), ("_include", "Schedule:actor")
        )
        found = [reference for one in matches(entries, "Schedule") for reference in actors(one)]
        if not found:
            raise Refusal("agenda_introuvable", problem or "Ce professionnel ne partage pas d'agenda.")
        return list(dict.fromkeys(found))

    def events(self, professional: str, national_id: str, du: str, au: str) -> tuple[list[Json], str]:
        """What a professional sees of her appointments, read at the manager now; else as they were last read."""
        first, after = clock.day_bounds(du, au, self.settings().fuseau)
        entries, problem = self.client.search(
            "Appointment",
            ("practitioner.identifier", f"{IDNPS}|{national_id}"),
            ("date", f"ge{first.isoformat(timespec='seconds')}"),
            ("date", f"lt{after.isoformat(timespec='seconds')}"),
            ("_include", "Appointment:actor"),
        )
        for resource in matches(entries, "Appointment"):
            self.store.save(SharedEvent(professional, str(resource["id"]), resource))
            self._follow(resource)
        kept = [one.resource for one in self.store.all(SharedEvent, professional)]
        events = [event for resource in kept if (event := self._event(resource))]
        within = [event for event in events if first <= datetime.fromisoformat(event["debut"]) < after]
        return sorted(within, key=lambda event: datetime.fromisoformat(event["debut"])), problem

    def _follow(self, resource: Json) -> None:
        """Our own appointment may have been confirmed, moved or cancelled at the manager."""
        ours = self._ours(resource)
        if ours is None or ours.waiting or resource.get("status") not in STATUS_LABELS:
            return
        ours.status, ours.etag = str(resource["status"]), f'W/"{(resource.get("meta") or {}).get("versionId", "")}"'
        ours.accepted = ours.accepted or ours.status == "booked"
        ours.start, ours.end = str(resource.get("start") or ours.start), str(resource.get("end") or ours.end)
        self.store.save(ours)

    def _ours(self, resource: Json) -> SharedRendezVous | None:
        keys = [(i.get("system"), i.get("value")) for i in resource.get("identifier") or []]
        mine = (one for one in self.store.all(SharedRendezVous) if (one.system, one.value) in keys)
        return next(mine, None)

    def _event(self, resource: Json) -> Json | None:
        if not resource.get("start"):
            return None
        start = self._local(str(resource["start"]))
        end = self._local(str(resource.get("end") or resource["start"]))
        as_received = self.defects.has("agenda_heure_telle_quelle")
        ours = self._ours(resource) is not None
        return {
            **_identifier(resource),
            "reference": f"Appointment/{resource.get('id')}",
            "debut": start.isoformat(timespec="seconds"),
            "fin": end.isoformat(timespec="seconds"),
            "debut_affiche": clock.displayed(datetime.fromisoformat(str(resource["start"])) if as_received else start),
            "intitule": str(resource.get("description") or "Rendez-vous"),
            **self._status(str(resource.get("status") or "")),
            "origine": "produit" if ours else "autre",
            "origine_libelle": ESTABLISHMENT["nom"] if ours else "Agenda partagé",
        }

    def _status(self, status: str) -> Json:
        """A code that we do not know is shown as such: it must not hide the appointment."""
        if status in STATUS_LABELS or self.defects.has("agenda_code_inconnu_casse"):
            return {"statut": status, "statut_affiche": STATUS_LABELS[status]}
        return {"statut": "inconnu", "statut_affiche": f"État inconnu ({status or 'absent'})"}

    def _local(self, instant: str) -> datetime:
        return datetime.fromisoformat(instant).astimezone(clock.zone(self.settings().fuseau))


def actors(schedule: Mapping[str, Any] | None) -> list[str]:
    """References of those whose a Schedule is."""
    return [local(str(actor["reference"])) for actor in (schedule or {}).get("actor") or [] if actor.get("reference")]


def _identifier(resource: Json) -> Json:
    for identifier in resource.get("identifier") or []:
        if identifier.get("system") and identifier.get("value"):
            return {"identifiant": {"system": str(identifier["system"]), "value": str(identifier["value"])}}
    return {}
