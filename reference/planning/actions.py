"""Actions of the vocabulary that are about availabilities: a part of `Product`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reference.planning.plannings import Plannings
from reference.professionals import Professionals

Result = dict[str, Any]


class _Parts(Protocol):
    professionals: Professionals
    plannings: Plannings


class PlanningActions:
    """When professionals receive. What is shared of it is `shared_agenda`'s."""

    def declarer_disponibilites(
        self: _Parts,
        professionnel: str,
        disponibilites: Sequence[Mapping[str, Any]],
        duree_minutes: int = 30,
        fuseau: str = "Europe/Paris",
    ) -> Result:
        """Keep when she receives and when she is away (parameters of the vocabulary)."""
        account = self.professionals.get(professionnel)
        made = self.plannings.declare(account.id, duree_minutes, fuseau, disponibilites)
        return {"disponibilites": [{"disponibilite": one.id} for one in made], **_kept_here()}

    def modifier_disponibilite(self: _Parts, professionnel: str, disponibilite: str, **changements: Any) -> Result:
        """Change one availability (parameters of the vocabulary)."""
        self.plannings.change(self.professionals.get(professionnel).id, disponibilite, changements)
        return _kept_here()

    def retirer_disponibilite(self: _Parts, professionnel: str, disponibilite: str) -> Result:
        """Take one availability away."""
        self.plannings.withdraw(self.professionals.get(professionnel).id, disponibilite)
        return _kept_here()


def _kept_here() -> Result:
    return {"envoi": {"etat": "sans_objet", "message": "Le produit ne partage pas ses agendas."}}
