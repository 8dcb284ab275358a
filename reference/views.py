"""What people see of an agenda: events of the product and events of elsewhere, each with its origin.

The DUI and the portal show the same set, but for what only professionals were allowed to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from reference import clock
from reference.agenda import NEXT_STATUSES, STATUS_LABELS
from reference.bsp.records import ProRead
from reference.defects import Defects
from reference.origin import origin_of
from reference.planning.events import Event as Elsewhere
from reference.records import Received, RendezVous
from reference.store import Store

Event = dict[str, Any]
OTHER_AGENDA = "Agenda tiers du professionnel"


@dataclass
class Views:
    """The agenda as it is shown."""

    store: Store
    defects: Defects

    def agenda(self, usager: str, vue: str, du: str, au: str, zone: str) -> list[Event]:
        """Events that begin on a day from `du` to `au` (in `zone`), in order of time."""
        first, after = clock.day_bounds(du, au, zone)
        events = [self._own(r, vue) for r in self.store.all(RendezVous, usager) if self._visible(r, vue)]
        events += [e for resource in self._foreign(usager, vue) if (e := self._other(resource, zone))]
        return in_order(event for event in events if first <= datetime.fromisoformat(event["debut"]) < after)

    def of_professional(self, events: Iterable[RendezVous | Elsewhere], du: str, au: str, zone: str) -> list[Event]:
        """The same for a professional: her appointments here, and what came from her other agendas."""
        first, after = clock.day_bounds(du, au, zone)
        shown = []
        for one in events:
            if isinstance(one, RendezVous):
                shown.append(self._own(one, "dui"))
            elif not self.defects.has("tiers_evenement_recu_cache"):
                seen = self._other(one.resource, zone)
                shown += [{**seen, "origine": "autre", "origine_libelle": OTHER_AGENDA}] if seen else []
        return in_order(event for event in shown if first <= datetime.fromisoformat(event["debut"]) < after)

    def _foreign(self, usager: str, vue: str) -> Iterable[Mapping[str, Any]]:
        """What was read of elsewhere, once each; what professionals may read is shown to them alone."""
        if vue == "portail":
            hidden = self.defects.has("vue_portail_incomplete")
            return [] if hidden else [one.resource for one in self.store.all(Received, usager)]
        read = {one.id: one.resource for one in self.store.all(Received, usager)}
        return (read | {one.id: one.resource for one in self.store.all(ProRead, usager)}).values()

    def _visible(self, rendez_vous: RendezVous, vue: str) -> bool:
        """Every appointment of the product is shown in both views."""
        hidden = vue == "portail" and rendez_vous.entered_in == "dui" and self.defects.has("rendez_vous_du_dui_cache")
        return not hidden

    def _own(self, rendez_vous: RendezVous, vue: str) -> Event:
        start, status = clock.instant(rendez_vous.start, rendez_vous.zone), rendez_vous.status
        if vue == "portail" and status == "cancelled" and self.defects.has("annulation_cachee_du_portail"):
            status = "booked"
        return {
            "identifiant": {"system": rendez_vous.system, "value": rendez_vous.value},
            "debut": start.isoformat(timespec="seconds"),
            "fin": clock.after(start, rendez_vous.minutes).isoformat(timespec="seconds"),
            "debut_affiche": self._displayed_of_ours(start),
            "intitule": rendez_vous.title,
            "statut": status,
            "statut_affiche": STATUS_LABELS[status],
            "origine": "produit",
            "origine_libelle": rendez_vous.establishment["nom"],
            "modifiable": len(NEXT_STATUSES[status]) > 1,
        }

    def _displayed_of_ours(self, start: datetime) -> str:
        return _in_winter_time(start) if self.defects.has("heure_propre_d_hiver") else clock.displayed(start)

    def _other(self, resource: Mapping[str, Any], zone: str) -> Event | None:
        start = clock.parsed(resource.get("start"), zone)
        if start is None:
            return None
        end = clock.parsed(resource.get("end"), zone) or start
        origin, label = origin_of(resource)
        if self.defects.has("bsp_structure_tue"):
            label = "Mon espace santé"
        if self.defects.has("origine_effacee"):
            origin, label = "produit", ""
        return {
            **_identifier(resource),
            "debut": start.isoformat(timespec="seconds"),
            "fin": end.isoformat(timespec="seconds"),
            "debut_affiche": self._displayed(resource, start),
            "intitule": self._title(resource),
            **self._status(str(resource.get("status") or "")),
            "origine": origin,
            "origine_libelle": label,
            "modifiable": False,
        }

    def _displayed(self, resource: Mapping[str, Any], start: datetime) -> str:
        if self.defects.has("heure_z_telle_quelle"):
            return clock.displayed(datetime.fromisoformat(str(resource["start"])))
        if self.defects.has("affichage_offset_fixe"):
            return _in_winter_time(start)
        return clock.displayed(start)

    def _title(self, resource: Mapping[str, Any]) -> str:
        title = str(resource.get("description") or "Rendez-vous")
        return title.encode().decode("latin-1") if self.defects.has("accents_abimes") else title

    def _status(self, status: str) -> Event:
        """A code that we do not know is shown as such: it must not hide the event."""
        if self.defects.has("code_inconnu_casse"):
            return {"statut": status, "statut_affiche": STATUS_LABELS[status]}
        if status in STATUS_LABELS:
            return {"statut": status, "statut_affiche": STATUS_LABELS[status]}
        return {"statut": "inconnu", "statut_affiche": f"État inconnu ({status or 'absent'})"}


def in_order(events: Iterable[Event]) -> list[Event]:
    """Events in order of time."""
    return sorted(events, key=lambda event: datetime.fromisoformat(event["debut"]))


def _in_winter_time(start: datetime) -> str:
    """As somebody reads who forgets that clocks move: the offset of January all year."""
    winter = start.replace(month=1, day=1).utcoffset() or timedelta()
    return clock.displayed(start.astimezone(timezone(winter)))


def _identifier(resource: Mapping[str, Any]) -> Event:
    for identifier in resource.get("identifier") or []:
        if identifier.get("system") and identifier.get("value"):
            return {"identifiant": {"system": str(identifier["system"]), "value": str(identifier["value"])}}
    return {}
