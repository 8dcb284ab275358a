"""Actions of the vocabulary that are about shared agendas: a part of `Product`."""

from __future__ import annotations

from typing import Any, Protocol

from reference.professionals import Professionals
from reference.shared_agenda.desk import SharedAgenda

Result = dict[str, Any]


class _Parts(Protocol):
    professionals: Professionals
    shared: SharedAgenda


class SharedAgendaActions:
    """What professionals do in the agenda that they share."""

    def fermer_agenda(self: _Parts, professionnel: str) -> Result:
        """Share the agenda of a professional no more."""
        return {**self.shared.publication.close(self.professionals.get(professionnel).id)}

    def rechercher_creneaux(self: _Parts, identifiant_national: str, du: str, au: str) -> Result:
        """Free slots of a professional, of here or of elsewhere."""
        found, message = self.shared.search.slots(identifiant_national, du, au)
        return {
            "creneaux": [self.shared.search.shown(one) for one in found],
            **({"message": message} if message else {}),
        }

    def demander_rendez_vous(self: _Parts, usager: str, intitule: str, **demande: Any) -> Result:
        """Ask for an appointment, or make one, for an usager (parameters of the vocabulary)."""
        return self.shared.booking.ask(usager, intitule, **demande)

    def lire_agenda_professionnel(self: _Parts, professionnel: str, du: str, au: str) -> Result:
        """Appointments of a professional, as she sees them."""
        account = self.professionals.get(professionnel)
        events, message = self.shared.search.events(account.id, account.identifiant_national, du, au)
        return {"evenements": events, **({"message": message} if message else {})}
