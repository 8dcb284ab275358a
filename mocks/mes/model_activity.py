"""What the usager sees of the exchanges about a profile: drawn from the journal, so nothing can be missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks import journal
from mocks.store import Session

WORDS = {
    "appointment.create": "Ajout d'un rendez-vous",
    "appointment.update": "Mise à jour d'un rendez-vous",
    "appointment.delete": "Demande de suppression d'un rendez-vous",
    "appointment.read": "Lecture d'un rendez-vous",
    "appointment.vread": "Lecture d'un rendez-vous",
    "appointment.history": "Lecture de l'historique d'un rendez-vous",
    "appointment.search": "Lecture de l'agenda",
    "observation.search": "Lecture des mesures de santé",
    "documentreference.create": "Ajout d'un document",
    "documentreference.search": "Consultation de la liste des documents",
    "binary.read": "Lecture d'un document",
    "appariement_autorise": "Service relié",
    "appariement_refuse": "Demande de liaison refusée",
    "consentement_donne": "Autorisation donnée",
    "consentement_retire": "Autorisation retirée",
    "desappariement": "Service délié",
    "version_reconnue": "Nouvelle version du service reconnue",
    "reapprobation_confirmee": "Autorisations confirmées à la majorité",
    "majorite": "Passage à la majorité",
    "evenement_ajoute": "Événement ajouté",
    "evenement_modifie": "Événement modifié",
    "evenement_supprime": "Événement supprimé",
    "opposition": "Opposition aux professionnels enregistrée",
    "opposition_levee": "Opposition aux professionnels levée",
    "profil_clos": "Mon espace santé fermé",
    "profil_ouvert": "Mon espace santé ouvert",
}
LIMIT = 100_000


def trace(session: Session, tenant: str, person: str, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Exchanges and acts about a profile, in order (synchronizedServicesActivityHistory). names: services by OID."""
    entries = [
        entry
        for service in ("mes", "bsp")
        for entry in journal.read(session, tenant, service=service, person=person, limit=LIMIT)
    ]
    mine = sorted(filter(_is_told, entries), key=lambda entry: int(entry["id"]))
    return [_shown(entry, names) for entry in mine]


def _is_told(entry: Mapping[str, Any]) -> bool:
    return str(entry["operation"]).partition(".")[2].startswith(("fhir.", "usager."))


def _shown(entry: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    by_usager, oid = entry["protocol"] == "acte", entry["context"].get("oid")
    structure = entry["context"].get("structure") or {}
    answer, operation = entry["answer"], entry["operation"]
    word = operation.split(".", 2)[2]
    return {
        "echange": entry["id"],
        "date": entry["instant"],
        "operation": operation,
        "libelle": WORDS.get(word, operation),
        "auteur": "Vous" if by_usager else structure.get("nom") or names.get(oid, oid),
        "type_auteur": "PATIENT" if by_usager else "EDITOR_SOLUTION",
        "oid": oid,
        "abouti": by_usager or (answer is not None and answer["status"] < 400),
        "statut": None if answer is None else answer["status"],
        "refus": entry["context"].get("refusal"),
    }
