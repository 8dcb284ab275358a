"""What a vendor reads, word for word, for one issue of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import validate
from tests.profiles import examples as ex

PATIENT, APPOINTMENT = (ex.PATIENT, "fr-core-patient"), (ex.APPOINTMENT, "fr-core-appointment")
CASES: list[tuple[tuple[ex.Resource, str], tuple[str | int, ...], Any, str]] = [
    (APPOINTMENT, ("status",), ex.DROP, "L'élément status manque : attendu au moins une fois, vu aucune."),
    (APPOINTMENT, ("start",), "2024-10-27T09:00:00",
     "La valeur n'a pas la forme voulue : attendu un instant réel avec secondes et décalage horaire, "
     "vu « 2024-10-27T09:00:00 »."),
    (APPOINTMENT, ("participant", 0, "status"), "oui",
     "Le code n'est pas dans la liste : attendu un code parmi accepted, declined, tentative, needs-action, "
     "vu « oui »."),
    (APPOINTMENT, ("statut",), 1,
     "L'élément statut n'existe pas ici : attendu un élément du type FHIR, vu « statut »."),
    (APPOINTMENT, ("comment",), {}, "Le type JSON ne convient pas : attendu un texte non vide, vu un objet."),
    (APPOINTMENT, ("slot",), {}, "Le type JSON ne convient pas : attendu une liste, vu un objet."),
    (APPOINTMENT, ("cancelationReason",), {"text": "x"},
     "La règle app-4 n'est pas tenue : attendu cancelationReason seulement au statut cancelled ou noshow, "
     "vu status « booked », cancelationReason un objet."),
    (APPOINTMENT, ("slot", 0, "reference"), "Schedule/1",
     "La référence ne vise pas le bon type : attendu une référence vers Slot, vu Schedule/1."),
    (APPOINTMENT, ("extension", 1), ex.APPOINTMENT["extension"][0],
     "Les occurrences de appointmentOperator ne conviennent pas : attendu au plus 1, vu 2."),
    (PATIENT, ("identifier", 0, "use"), "old", "La valeur est imposée : attendu « usual », vu « old » (découpe PI)."),
    (PATIENT, ("link",), [],
     "Une liste vide n'est pas admise : attendu un contenu ou l'élément absent, vu une liste vide."),
    ((ex.SCHEDULE, "fr-core-schedule"), ("serviceType",), [{"text": "x"}],
     "Le profil interdit serviceType : attendu aucune occurrence, vu une."),
    ((ex.SLOT, "fr-core-slot"), ("serviceCategory",), [{"text": "x"}, {"text": "y"}],
     "Il y a trop d'occurrences : attendu au plus 1, vu 2."),
    ((ex.SLOT, "fr-core-slot"), ("extension",), [ex.APPOINTMENT["extension"][0]],
     "L'extension n'est pas à sa place : attendu cette extension sur Appointment, "
     "vu https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment-operator."),
]  # fmt: skip


@pytest.mark.parametrize(("example", "path", "value", "message"), CASES)
def test_message(example: tuple[ex.Resource, str], path: tuple[str | int, ...], value: Any, message: str) -> None:
    resource, profile = example
    issues = validate(ex.spoiled(resource, path, value), ex.fr(profile))
    assert message in [i.message for i in issues]
