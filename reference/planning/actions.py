"""Actions of the vocabulary that are about availabilities: a part of `Product`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reference.planning.plannings import Plannings
from reference.professionals import Professionals
from reference.shared_agenda import resources
from reference.shared_agenda.desk import SharedAgenda

Result = dict[str, Any]


class _Parts(Protocol):
    professionals: Professionals
    plannings: Plannings
    shared: SharedAgenda


class PlanningActions:
    """When professionals receive; each change is published where the agenda is shared."""

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
        named = [{"disponibilite": o.id, "identifiant": resources.availability_identifier(o.id)} for o in made]
        return {"disponibilites": named, **self.shared.publication.share(account.id)}

    def modifier_disponibilite(self: _Parts, professionnel: str, disponibilite: str, **changements: Any) -> Result:
        """Change one availability (parameters of the vocabulary)."""
        account = self.professionals.get(professionnel)
        self.plannings.change(account.id, disponibilite, changements)
        return {**self.shared.publication.change(account.id, disponibilite)}

    def retirer_disponibilite(self: _Parts, professionnel: str, disponibilite: str) -> Result:
        """Take one availability away."""
        account = self.professionals.get(professionnel)
        self.plannings.withdraw(account.id, disponibilite)
        return {**self.shared.publication.withdraw(account.id, disponibilite)}
