"""Actions of the vocabulary that are about the SAS: a part of `Product`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reference.sas.appointments import SasAppointments
from reference.sas.practice import Practice
from reference.sas.regulators import Regulators

Result = dict[str, Any]


class _Parts(Protocol):
    practice: Practice
    regulators: Regulators
    sas_appointments: SasAppointments


class SasActions:
    """Slots that the platform may see, accounts of regulators, and their bookings."""

    def ouvrir_creneaux_sas(
        self: _Parts,
        lieux: Sequence[Mapping[str, Any]],
        creneaux: Sequence[Mapping[str, Any]],
        praticien: Mapping[str, Any] | None = None,
        association: Mapping[str, Any] | None = None,
        cpts: Sequence[Mapping[str, Any]] = (),
    ) -> Result:
        """Open slots of a practitioner, or of the sites of an association."""
        return {"creneaux": self.practice.open(lieux, creneaux, praticien, association, cpts)}

    def occuper_creneau_sas(self: _Parts, creneau: str) -> Result:
        """Give a slot to a patient of the practice."""
        self.practice.occupy(creneau)
        return {}

    def reserver_creneau_sas(
        self: _Parts,
        creneau: str,
        regulateur: Mapping[str, str],
        origine: str = "sas",
        patient: Mapping[str, str] | None = None,
    ) -> Result:
        """Have a regulator book a slot, arrived from the SAS or logged in at the product's own door."""
        return self.sas_appointments.book(creneau, regulateur, origine, patient or {})

    def lire_comptes_regulateurs(self: _Parts) -> Result:
        """The accounts of regulators."""
        return {
            "comptes": [
                {
                    "identifiants": one.identifiants,
                    "nom": one.nom,
                    "prenom": one.prenom,
                    "courriel": one.courriel,
                    "actif": one.actif,
                }
                for one in self.regulators.all()
            ]
        }
