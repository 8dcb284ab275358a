"""Defects of the appointments that regulators of the SAS take, and of what its platform is told of them (INT_R03)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Outgoing, Spoil, outgoing, switch

_OPERATOR = "extension.*.valueReference.identifier"
_EFFECTOR = "participant.*.actor.identifier"


def _writes(methods: str = "POST PUT") -> Spoil:
    return outgoing(methods, "/sas/fhir/Appointment")


def _in_winter(request: Outgoing) -> bool:
    return changes.starts(r"\d{4}-01-")(request)


def _overseas(request: Outgoing) -> bool:
    return str(request.json.get("start", "")).endswith("+04:00")


def _in_summer_time(instant: str) -> str:
    return datetime.fromisoformat(instant).replace(tzinfo=timezone(timedelta(hours=2))).isoformat()


def _with_patient(request: Outgoing) -> None:
    request.json["comment"] = f"Pour {request.about['nom']} {request.about['prenom']}"


def _twice(identifiers: Any) -> Any:
    return [*identifiers, {**identifiers[0], "value": f"{identifiers[0]['value']}-2"}]


BOOKINGS = (
    Defect(
        "sas-creneau-garde-libre",
        (),
        "Le créneau qu'un régulateur a pris reste libre pour les autres.",
        switch("sas_creneau_garde_libre"),
    ),
    Defect(
        "sas-droit-hors-sas",
        ("AGD-084",),
        "Le droit de régulateur sert aussi à qui ne vient pas de la plateforme du SAS.",
        switch("sas_droit_hors_sas"),
    ),
    Defect(
        "sas-droit-garde",
        ("AGD-082",),
        "Un régulateur dont le droit est retiré réserve encore.",
        switch("sas_droit_garde"),
    ),
    Defect(
        "sas-deplacement-tu",
        (),
        "Le déplacement d'un rendez-vous n'est pas annoncé à la plateforme du SAS.",
        switch("sas_deplacement_tu"),
    ),
    Defect(
        "sas-annulation-tue",
        (),
        "L'annulation d'un rendez-vous n'est pas annoncée à la plateforme du SAS.",
        switch("sas_annulation_tue"),
    ),
    Defect(
        "sas-constat-tu",
        (),
        "La plateforme du SAS n'apprend pas si le patient est venu.",
        switch("sas_constat_tu"),
    ),
    Defect(
        "sas-accord-tu",
        (),
        "La plateforme du SAS n'apprend pas que l'association accepte le rendez-vous.",
        switch("sas_accord_tu"),
    ),
)

CONTENTS = (
    Defect(
        "sas-identifiant-nouveau",
        ("AGD-085",),
        "Chaque étape d'un rendez-vous part sous un identifiant nouveau.",
        switch("sas_identifiant_nouveau"),
    ),
    Defect(
        "sas-modification-par-post",
        ("AGD-085",),
        "Chaque étape d'un rendez-vous part comme une création.",
        switch("sas_modification_par_post"),
    ),
    Defect(
        "sas-deux-identifiants",
        ("AGD-085",),
        "Le rendez-vous d'hiver porte deux identifiants.",
        _writes().only_if(_in_winter).json("identifier", _twice),
    ),
    Defect(
        "sas-parametre-majuscule",
        ("AGD-085",),
        "L'adresse de la mise à jour écrit Identifier avec une majuscule, comme la page du guide.",
        _writes("PUT").query(changes.replaced("identifier=", "Identifier=")),
    ),
    Defect(
        "sas-regulateur-d-un-autre-type",
        ("AGD-086",),
        "Le type de l'identifiant du régulateur n'est pas celui de son système, pour un rendez-vous d'hiver.",
        _writes().only_if(_in_winter).json(f"{_OPERATOR}.type.coding.*.code", "RPPS"),
    ),
    Defect(
        "sas-regulateur-du-produit",
        ("AGD-086",),
        "Le régulateur est nommé par un identifiant du produit, et non par celui de la plateforme.",
        _writes().json(f"{_OPERATOR}.value", "regulateur-1"),
    ),
    Defect(
        "sas-effecteur-sans-prefixe",
        ("AGD-086",),
        "Le praticien est annoncé à la plateforme du SAS sous son numéro sans préfixe.",
        _writes().json(f"{_EFFECTOR}.value", lambda number: number[1:]),
    ),
    Defect(
        "sas-statut-hors-flux",
        ("AGD-087",),
        "Le rendez-vous d'hiver est annoncé comme proposé.",
        _writes().only_if(_in_winter).json("status", "proposed"),
    ),
    Defect(
        "sas-annule-sans-horaire",
        ("AGD-087",),
        "Le rendez-vous annulé part sans ses heures.",
        _writes().only_if(changes.has_status("cancelled")).json("start", REMOVE).json("end", REMOVE),
    ),
    Defect(
        "sas-heure-d-ete-en-hiver",
        ("AGD-088",),
        "Le rendez-vous d'hiver part avec le décalage de l'été.",
        _writes().only_if(_in_winter).json("start", _in_summer_time).json("end", _in_summer_time),
    ),
    Defect(
        "sas-rendez-vous-d-outre-mer-a-paris",
        ("AGD-088",),
        "L'heure d'un cabinet d'outre-mer est annoncée comme une heure de Paris.",
        _writes().only_if(_overseas).json("start", _in_summer_time).json("end", _in_summer_time),
    ),
    Defect(
        "sas-patient-en-commentaire",
        ("AGD-089",),
        "Le nom du patient part en commentaire vers la plateforme du SAS.",
        _writes().and_then(_with_patient),
    ),
)

OUTAGES = (
    Defect(
        "sas-abandonne-en-panne",
        ("AGD-090",),
        "Ce que la plateforme du SAS n'a pas reçu pendant sa panne est perdu.",
        switch("sas_abandonne_en_panne"),
    ),
    Defect(
        "sas-inconnu-abandonne",
        (),
        "Un rendez-vous que la plateforme du SAS dit ne pas connaître est abandonné.",
        switch("sas_inconnu_abandonne"),
    ),
    Defect(
        "sas-file-a-l-envers",
        ("AGD-090",),
        "Après une panne de la plateforme du SAS, la dernière étape part la première.",
        switch("sas_file_a_l_envers"),
    ),
    Defect(
        "sas-reessai-en-double",
        ("AGD-090",),
        "Après une réponse perdue, le rendez-vous repart sous un autre identifiant.",
        switch("sas_reessai_en_double"),
        also={
            "AGD-039": "c'est la règle de tous les agendas sur le nouvel essai",
            "AGD-085": "le rendez-vous change d'identifiant",
        },
    ),
)

DEFECTS = BOOKINGS + CONTENTS + OUTAGES
