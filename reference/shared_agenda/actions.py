"""Actions of the vocabulary that are about shared agendas: a part of `Product`."""

from __future__ import annotations

from typing import Any, Protocol

from reference.planning.agendas import Agendas
from reference.planning.diary import Diary
from reference.professionals import Professionals
from reference.shared_agenda.desk import SharedAgenda
from reference.views import Views, in_order

Result = dict[str, Any]


class _Parts(Protocol):
    professionals: Professionals
    shared: SharedAgenda
    diary: Diary
    agendas: Agendas
    views: Views


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
        """Appointments of a professional, as she sees them: typed or received here, and shared elsewhere."""
        account = self.professionals.get(professionnel)
        named = self.diary.mentions(f"pro {account.identifiant_national}")
        known = [event for one in named if (event := self.diary.event(one.event)) is not None]
        own = self.views.of_professional(known, du, au, self.agendas.zone(account))
        shared, message = self.shared.agenda_of(account, du, au)
        return {"evenements": in_order([*own, *shared]), **({"message": message} if message else {})}
