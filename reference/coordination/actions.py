"""Actions of the product on appointments between professionals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reference.config import Settings
from reference.coordination.availability import Availability
from reference.coordination.client import BlockClient
from reference.coordination.meetings import Meetings, lasting, typed
from reference.coordination.notices import Notices
from reference.coordination.resources import STATUSES, Period
from reference.defects import Defects
from reference.professionals import Professionals
from reference.refusal import Refusal

Result = dict[str, Any]


class Coordination:
    """All that has to do with the block."""

    def __init__(self, block: BlockClient, meetings: Meetings, availability: Availability, notices: Notices) -> None:
        self.block, self.meetings, self.availability, self.notices = block, meetings, availability, notices


class CoordinationActions:
    """Part of the product: see each action in the vocabulary."""

    settings: Settings
    professionals: Professionals
    coordination: Coordination
    defects: Defects

    def publier_disponibilites(
        self, professionnel: str, disponibilites: Sequence[Mapping[str, str]], duree_minutes: int = 30
    ) -> Result:
        """Publish the availabilities of a professional."""
        openings = [self._period(one) for one in disponibilites]
        return {
            "publiees": [
                _said(one) for one in self.coordination.availability.publish(professionnel, openings, duree_minutes)
            ]
        }

    def lire_disponibilites_professionnel(self, identifiant_national: str, debut: str, fin: str) -> Result:
        """Show when a professional of whatever structure is free."""
        period = self._period({"debut": debut, "fin": fin})
        return {"creneaux": [_said(one) for one in self.coordination.block.free_slots(identifiant_national, period)]}

    def demander_rendez_vous_pro(
        self,
        professionnel: str,
        invites: Sequence[Mapping[str, str]],
        intitule: str,
        motif: str = "",
        debut: str = "",
        periode: Mapping[str, str] | None = None,
        duree_minutes: int = 30,
        usager: str | None = None,
        usager_participe: bool = True,
    ) -> Result:
        """Ask for a meeting. usager: whom it is about, who takes part or not."""
        if not motif:
            raise Refusal("motif_absent", "Dites le motif du rendez-vous.")
        titles = {"intitule": intitule, "motif": motif}
        if not usager_participe and not self.defects.has("rdv_usager_ajoute"):
            usager = None
        if debut:
            period = lasting(typed(debut, self.settings.fuseau), duree_minutes)
            asked = self.coordination.meetings.ask(professionnel, invites, titles, period, None, usager)
        elif periode:
            asked = self.coordination.meetings.ask(
                professionnel, invites, titles, self._period(periode), duree_minutes, usager
            )
        else:
            raise Refusal("horaire_absent", "Donnez un horaire, ou une période où en chercher un.")
        shown = self.coordination.meetings.as_shown(asked)
        return {name: shown[name] for name in ("demande", "debut", "fin", "statut")}

    def repondre_rendez_vous_pro(
        self, professionnel: str, demande: str, reponse: str, debut: str = "", motif: str = ""
    ) -> Result:
        """Answer for a professional."""
        period = lasting(typed(debut, self.settings.fuseau), 0) if debut else None
        kept = self.coordination.meetings.reply(professionnel, demande, reponse, period, motif)
        return {"statut": STATUSES.get(kept.resource["status"], "conclu")}

    def lire_rendez_vous_pro(self, professionnel: str) -> Result:
        """Show her meetings to a professional."""
        return {"rendez_vous": self.coordination.meetings.shown(professionnel)}

    def regler_notifications(self, professionnel: str, rendez_vous_pro: bool) -> Result:
        """Whether a professional is told of her meetings."""
        self.coordination.notices.wish(self.professionals.get(professionnel).id, rendez_vous_pro)
        return {}

    def lire_notifications(self, professionnel: str) -> Result:
        """What a professional was told since she last read it."""
        self.coordination.meetings.shown(professionnel)
        return {"notifications": self.coordination.notices.take(professionnel)}

    def _period(self, wanted: Mapping[str, str]) -> Period:
        zone = self.settings.fuseau
        return typed(wanted["debut"], zone), typed(wanted["fin"], zone)


def _said(period: Period) -> dict[str, str]:
    return {"debut": period[0].isoformat(timespec="seconds"), "fin": period[1].isoformat(timespec="seconds")}
