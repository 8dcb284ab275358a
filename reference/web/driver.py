"""The driver of the bench over HTTP: `GET /_pilote/actions`, `POST /_pilote/actions/<nom>` (JSON in, JSON out)."""

from __future__ import annotations

import inspect
from typing import Any

from flask import Blueprint, abort, jsonify, request
from werkzeug.exceptions import BadRequest

from reference.refusal import Refusal
from reference.web.session import product

routes = Blueprint("driver", __name__, url_prefix="/_pilote")

ACTIONS = (
    "configurer",
    "declarer_usager",
    "declarer_professionnel",
    "ouvrir_session",
    "fermer_session",
    "connecter_professionnel",
    "lire_session_professionnel",
    "choisir_situation",
    "appeler_api_psc",
    "deconnecter_professionnel",
    "connecter_usager",
    "lire_session_usager",
    "deconnecter_usager",
    "apparier_mes",
    "lire_appariement",
    "desapparier_mes",
    "creer_rendez_vous",
    "deplacer_rendez_vous",
    "annuler_rendez_vous",
    "constater_rendez_vous",
    "confirmer_rendez_vous",
    "renvoyer_rendez_vous",
    "reprendre_envois",
    "synchroniser_agenda",
    "lire_agenda",
    "modifier_evenement_recu",
    "lire_mesures",
    "ajouter_document_mes",
    "lire_documents_mes",
    "ouvrir_document_mes",
    "deposer_document_fhir",
    "remplacer_document_fhir",
    "rechercher_documents_fhir",
    "ouvrir_document_fhir",
    "masquer_document_fhir",
    "lire_espace_usager",
    "recuperer_ins",
    "confirmer_ins",
    "verifier_ins",
    "enregistrer_justificatif",
    "modifier_identite",
    "marquer_identite",
    "lire_identite",
    "lire_traces_ins",
    "recevoir_identite",
    "rechercher_identite",
    "declarer_disponibilites",
    "modifier_disponibilite",
    "retirer_disponibilite",
    "fermer_agenda",
    "rechercher_creneaux",
    "demander_rendez_vous",
    "lire_agenda_professionnel",
    "lire_journal_technique",
    "ouvrir_creneaux_sas",
    "occuper_creneau_sas",
    "publier_disponibilites",
    "lire_disponibilites_professionnel",
    "demander_rendez_vous_pro",
    "repondre_rendez_vous_pro",
    "lire_rendez_vous_pro",
    "regler_notifications",
    "lire_notifications",
    "reserver_creneau_sas",
    "lire_comptes_regulateurs",
    "ecrire_document",
    "modifier_document",
    "valider_document",
    "lire_documents",
    "noter_choix_dmp",
    "verifier_dmp",
    "autoriser_dmp",
    "deposer_document",
    "remplacer_document",
    "rechercher_documents",
    "ouvrir_document",
    "importer_document",
    "masquer_document",
    "archiver_document",
    "supprimer_document",
    "lire_traces_dmp",
    "lire_a_propos",
    "planifier_objectif",
    "regler_alimentation_dmp",
)


@routes.before_request
def loopback_only() -> None:
    """The driver acts in the name of anybody: it answers the same machine only."""
    if request.remote_addr not in ("127.0.0.1", "::1"):
        abort(403)


@routes.get("/actions")
def actions() -> Any:
    return jsonify(actions=list(ACTIONS))


@routes.post("/actions/<name>")
def act(name: str) -> Any:
    if name not in ACTIONS:
        return jsonify(erreur="action_absente", message=f"Le produit n'offre pas l'action « {name} »."), 501
    action = getattr(product(), name)
    try:
        parameters = request.get_json(force=True) if request.data else {}
        inspect.signature(action).bind(**parameters)
    except (BadRequest, TypeError) as error:
        return jsonify(erreur="parametres", message=f"Paramètres refusés : {error}"), 400
    try:
        return jsonify(action(**parameters))
    except Refusal as refusal:
        return jsonify(erreur=refusal.code, message=refusal.message), 422
