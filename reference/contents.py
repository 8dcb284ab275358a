"""The three contents that a portal owes its usager: summary of the file, contract, agenda (Ségur, first wave)."""

from __future__ import annotations

from typing import Any

from reference.config import ESTABLISHMENT
from reference.defects import Defects
from reference.records import Usager

SUMMARY_PATH, CONTRACT_PATH, AGENDA_PATH = "/espace/synthese", "/espace/contrat", "/espace/calendrier"


def summary(person: Usager) -> str:
    """Summary of the file, in French (fictitious)."""
    name = f"{' '.join(person.prenoms)} {person.nom}"
    born = "/".join(reversed(person.date_naissance.split("-")))
    return f"Synthèse du dossier de {name}, né(e) le {born}, accompagné(e) par {ESTABLISHMENT['nom']}."


def contract(person: Usager) -> str:
    """Contract of stay, in French (fictitious)."""
    return f"Contrat de séjour conclu entre {ESTABLISHMENT['nom']} et {' '.join(person.prenoms)} {person.nom}."


def space(person: Usager, url: str, defects: Defects, reader: str) -> dict[str, Any]:
    """Contents and addresses of the portal for that person; her representative's addresses name her."""
    whose = "" if reader == person.id else f"?personne={person.id}"
    found = {
        "synthese": summary(person),
        "contrat": contract(person),
        "agenda_url": url + AGENDA_PATH + whose,
        "synthese_url": url + SUMMARY_PATH + whose,
        "contrat_url": url + CONTRACT_PATH + whose,
    }
    missing = {"contrat_absent": "contrat", "synthese_absente": "synthese", "portail_sans_agenda": "agenda"}
    hidden = tuple(name for switch, name in missing.items() if defects.has(switch))
    return {name: value for name, value in found.items() if not (hidden and name.startswith(hidden))}
