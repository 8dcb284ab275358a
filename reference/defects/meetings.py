"""Defects of appointments between professionals: what is published, asked, answered, received, shown.

Faults of content are narrowed, so that the proof that each trips its rule is not lost among twenty failures.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from reference.defects.kind import Defect
from reference.spoil import REMOVE, Outgoing, Spoil, outgoing, switch

_AT_THREE = 3  # guests of a meeting, who have two places each


def _asks() -> Spoil:
    return outgoing("POST", "/rdv/fhir/Appointment")


def _answers() -> Spoil:
    return outgoing("PUT", "/rdv/fhir/Appointment")


def _many(request: Outgoing) -> bool:
    return len(request.json["participant"]) >= 2 * _AT_THREE


def _on_slot(request: Outgoing) -> bool:
    return bool(request.json.get("slot"))


def _alone(request: Outgoing) -> bool:
    """One guest besides the asker, at a time of their own."""
    return not _many(request) and not _on_slot(request)


def _cancels(request: Outgoing) -> bool:
    return bool(request.json.get("status") == "cancelled")


def _without_last(participants: Any) -> Any:
    return participants[:-2]


def _last_twice(participants: Any) -> Any:
    return [*participants, *participants[-2:]]


def _later(text: Any) -> str:
    return (datetime.fromisoformat(text) + timedelta(minutes=30)).isoformat()


def _posted(request: Outgoing) -> None:
    request.method, request.query = "POST", ""
    request.headers.pop("If-Match", None)
    request.json = {**request.json, "status": "proposed"}
    request.json.pop("cancelationReason", None)


def _renamed(identifiers: Any) -> Any:
    return [{**identifiers[0], "value": f"{identifiers[0]['value']}-2"}]


DEFECTS = (
    Defect(
        "rdv-sans-motif",
        ("AGD-045", "RDV-002"),
        "La demande envoyée ne dit pas son motif, quand elle invite plusieurs professionnels.",
        _asks().only_if(_many).json("reasonCode", REMOVE),
    ),
    Defect(
        "rdv-invite-oublie",
        ("AGD-045",),
        "Le dernier de plusieurs invités manque dans la demande.",
        _asks().only_if(_many).json("participant", _without_last),
    ),
    Defect(
        "rdv-invite-deux-fois",
        ("AGD-045",),
        "Le dernier de plusieurs invités figure deux fois dans la demande.",
        _asks().only_if(_many).json("participant", _last_twice),
    ),
    Defect(
        "rdv-creneau-inconnu",
        ("RDV-002",),
        "La demande désigne un créneau que le bloc n'a jamais donné, quand elle invite plusieurs professionnels.",
        _asks().only_if(_many).json("slot", [{"reference": "Slot/creneau-1"}]),
    ),
    Defect(
        "rdv-horaire-a-cote-du-creneau",
        ("RDV-008",),
        "L'horaire demandé n'est pas celui du créneau choisi.",
        _asks().only_if(_on_slot).json("start", _later).json("end", _later),
    ),
    Defect(
        "rdv-motif-de-pure-forme",
        (),
        "La demande porte un motif tout fait au lieu de celui que le professionnel a donné.",
        _asks().only_if(_alone).json("reasonCode.*.text", "Rendez-vous"),
    ),
    Defect(
        "rdv-usager-ajoute",
        (),
        "L'usager dont il est question est invité même quand il ne doit pas participer.",
        switch("rdv_usager_ajoute"),
    ),
    Defect(
        "rdv-reponse-gardee",
        (),
        "La réponse du professionnel ne part pas.",
        switch("rdv_reponse_gardee"),
    ),
    Defect(
        "rdv-a-l-agenda-trop-tot",
        (),
        "Le produit met le rendez-vous à l'agenda dès qu'il est demandé.",
        switch("rdv_a_l_agenda_trop_tot"),
    ),
    Defect(
        "rdv-repond-pour-tous",
        ("AGD-046",),
        "En répondant pour un professionnel, le produit répond aussi pour les autres.",
        switch("rdv_repond_pour_tous"),
    ),
    Defect(
        "rdv-annule-par-une-nouvelle-demande",
        ("RDV-003",),
        "L'annulation part comme une nouvelle demande.",
        _answers().only_if(_cancels).and_then(_posted),
    ),
    Defect(
        "rdv-annule-sous-un-autre-identifiant",
        ("RDV-003",),
        "L'annulation porte un autre identifiant que la demande.",
        _answers().only_if(_cancels).json("identifier", _renamed),
        also={"AGD-005": "l'adresse garde l'identifiant que le corps n'a plus"},
    ),
    Defect(
        "rdv-nouvelle-demande-au-second-essai",
        ("AGD-039",),
        "Quand la réponse du bloc se perd, le produit refait une demande, sous un autre identifiant.",
        switch("rdv_nouvelle_demande_au_second_essai"),
    ),
    Defect(
        "rdv-temps-pris-publie",
        ("RDV-001",),
        "Le produit publie des disponibilités sans en ôter les temps déjà pris.",
        switch("rdv_temps_pris_publie"),
    ),
    Defect(
        "rdv-passe-publie",
        ("RDV-001",),
        "Le produit publie aussi les disponibilités passées.",
        switch("rdv_passe_publie"),
    ),
    Defect(
        "rdv-disponibilites-de-tous",
        (),
        "Le produit montre les créneaux de tout le monde pour ceux du professionnel cherché.",
        switch("rdv_sans_filtre_du_professionnel"),
    ),
    Defect(
        "rdv-reponses-cachees",
        ("RDV-004",),
        "Le produit montre toutes les réponses comme attendues.",
        switch("rdv_reponses_cachees"),
    ),
    Defect(
        "rdv-autre-horaire-ignore",
        ("RDV-004",),
        "Le produit garde à l'écran l'ancien horaire quand un confrère en propose un autre.",
        switch("rdv_autre_horaire_ignore"),
    ),
    Defect(
        "rdv-annulation-ignoree",
        ("RDV-004", "RDV-007"),
        "Le produit ne tient pas compte de l'annulation par un confrère.",
        switch("rdv_annulation_ignoree"),
    ),
    Defect(
        "rdv-conclu-refuse",
        ("AGD-047",),
        "Le produit refuse le rendez-vous que le bloc écrit dans son agenda.",
        switch("rdv_final_refuse"),
    ),
    Defect(
        "rdv-conclu-perdu",
        ("RDV-007",),
        "Le produit accepte le rendez-vous conclu mais ne l'inscrit pas à l'agenda.",
        switch("rdv_final_perdu"),
    ),
    Defect(
        "rdv-conclu-double",
        ("RDV-007",),
        "Chaque écriture du bloc ajoute un rendez-vous à l'agenda.",
        switch("rdv_final_double"),
    ),
    Defect(
        "rdv-evenement-mes-en-double",
        ("AGD-047",),
        "Le produit écrit lui aussi dans Mon espace santé le rendez-vous conclu auquel l'usager participe.",
        switch("rdv_evenement_mes_conclu"),
    ),
    Defect(
        "rdv-evenement-mes-avant-accord",
        ("RDV-005",),
        "Le produit écrit dans Mon espace santé le rendez-vous dès qu'il est demandé.",
        switch("rdv_evenement_mes_demande"),
    ),
    Defect(
        "rdv-sans-usager-quand-il-refuse",
        (),
        "Quand l'usager refuse que le bloc lise son agenda, le produit demande le rendez-vous sans s'en soucier.",
        switch("rdv_accord_ignore"),
    ),
    Defect(
        "rdv-sans-avis",
        (),
        "Le professionnel n'est averti de rien.",
        switch("rdv_sans_avis"),
    ),
    Defect(
        "rdv-avis-malgre-tout",
        (),
        "Le professionnel est averti quoi qu'il ait réglé.",
        switch("rdv_avis_malgre_tout"),
    ),
    Defect(
        "rdv-reponse-tardive-dite-acceptee",
        (),
        "Le refus d'une réponse par le bloc est caché au professionnel.",
        switch("rdv_refus_du_bloc_cache"),
    ),
    Defect(
        "rdv-sans-creneau-commun",
        (),
        "Sans créneau commun, le produit demande le début de la période.",
        switch("rdv_horaire_invente"),
    ),
)
