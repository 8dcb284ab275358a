"""Refusals of the service: business calls (OperationOutcome) and pages."""

from __future__ import annotations

from dataclasses import dataclass

from mocks.fhir import FhirError

REFUSAL_SYSTEM = "https://banc.test/mes/refus"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Status, FHIR issue-type and French sentence of a refusal."""

    status: int
    issue: str
    text: str


# Statuses: MESURES, error tables (fact sheet §13). Codes of the 403: bench convention, APP §4.5 is not public.
REFUSALS = {
    "INVALID_TOKEN": Refusal(401, "login", "L'access_token est absent, inconnu, expiré ou révoqué."),
    "INVALID_ID_TOKEN": Refusal(400, "invalid", "L'id_token n'est pas un JWT valide de Mon espace santé."),
    "OID_MISMATCH": Refusal(409, "conflict", "L'OID de l'id_token n'est pas celui du service enregistré."),
    "IDPE_MISMATCH": Refusal(403, "forbidden", "L'idPe de la requête n'est pas celui de l'id_token."),
    "SERVICE_NOT_REFERENCED": Refusal(403, "forbidden", "Le service n'est pas référencé avec échange de données."),
    "PAIRING_SUSPENDED": Refusal(403, "suppressed", "Le service est suspendu : aucun échange n'est possible."),
    "PAIRING_REVOKED": Refusal(403, "forbidden", "L'usager n'est plus apparié à ce service."),
    "REAPPROVAL_REQUIRED": Refusal(
        403, "forbidden", "L'usager, devenu majeur, n'a pas confirmé les autorisations de son représentant."
    ),
    "ACKNOWLEDGEMENT_REQUIRED": Refusal(
        403, "forbidden", "L'usager n'a pas pris connaissance de la nouvelle version du service."
    ),
    "DOSSIER_FERME": Refusal(403, "forbidden", "L'espace de documents de cette personne n'est pas ouvert."),
    "CONSENT_REQUIRED": Refusal(403, "forbidden", "L'usager n'a pas consenti à cette opération."),
}


def refuse(code: str) -> FhirError:
    """The error of a refusal by its code."""
    refusal = REFUSALS[code]
    headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'} if refusal.status == 401 else {}
    return FhirError(refusal.status, refusal.text, code=refusal.issue, details=(REFUSAL_SYSTEM, code), headers=headers)


class PageError(Exception):
    """A page that cannot be shown. status: HTTP; title, text: what the usager reads."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(text)
        self.status, self.title, self.text = status, title, text
