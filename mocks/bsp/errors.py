"""Refusals of the service, as OperationOutcome. Statuses and codes are a convention of the bench."""

from __future__ import annotations

from dataclasses import dataclass

from mocks.fhir import FhirError

REFUSAL_SYSTEM = "https://banc.test/bsp/refus"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Status, FHIR issue-type and French sentence of a refusal."""

    status: int
    issue: str
    text: str


REFUSALS = {
    "STRUCTURE_UNKNOWN": Refusal(403, "forbidden", "La structure qui appelle n'est pas enrôlée à cette API."),
    "INS_REQUIRED": Refusal(400, "required", "La personne est désignée par son INS : système de l'INS et matricule."),
    "INS_INVALID": Refusal(400, "value", "L'identifiant de la personne n'est pas une INS bien formée."),
    "PERSON_UNKNOWN": Refusal(404, "not-found", "Aucun Mon espace santé ne répond à cette INS."),
    "PROFILE_CLOSED": Refusal(403, "forbidden", "Le Mon espace santé de la personne est fermé."),
    "OPPOSITION": Refusal(403, "forbidden", "La personne s'oppose à l'alimentation de son agenda."),
    "CONSENT_REQUIRED": Refusal(403, "forbidden", "La personne n'a pas consenti à la lecture de son agenda."),
}


def refuse(code: str) -> FhirError:
    """The error of a refusal by its code."""
    refusal = REFUSALS[code]
    return FhirError(refusal.status, refusal.text, code=refusal.issue, details=(REFUSAL_SYSTEM, code))
