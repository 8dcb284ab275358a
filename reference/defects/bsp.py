"""Defects of what professionals write and read in the agenda of Mon espace santé."""

from __future__ import annotations

from typing import Any

from reference.defects.kind import Defect
from reference.spoil import Outgoing, Spoil, outgoing, switch


def _writes() -> Spoil:
    return outgoing("POST PUT", "/bsp/fhir/Appointment")


def _matricule_in_words(request: Outgoing) -> None:
    request.json["description"] = f"{request.json['description']} (INS {request.about['ins']})"


def _token_in_query(request: Outgoing) -> None:
    """The token is in the header too, so that the call succeeds."""
    glue = "&" if request.query else ""
    request.query += f"{glue}access_token={request.headers.get('Authorization', '').removeprefix('Bearer ')}"


def _always_required(participants: Any) -> Any:
    return [{**one, "required": "required"} for one in participants]


USES = (
    Defect(
        "bsp-reunion-sans-usager-tue",
        (),
        "Une réunion au sujet de l'usager, sans lui, n'est pas envoyée à Mon espace santé.",
        switch("bsp_sans_participation_tu"),
    ),
    Defect(
        "bsp-usager-toujours-attendu",
        (),
        "L'usager est annoncé parmi les participants d'une réunion à laquelle il n'est pas convié.",
        _writes().json("participant", _always_required),
    ),
    Defect(
        "bsp-usager-jamais-attendu",
        (),
        "L'usager est annoncé comme absent de ses propres rendez-vous.",
        _writes().json("participant.*.required", "information-only"),
    ),
    Defect(
        "bsp-annulation-tue",
        ("AGD-021",),
        "Un rendez-vous annulé par le professionnel reste réservé dans Mon espace santé.",
        switch("bsp_annulation_tue"),
    ),
    Defect(
        "bsp-patient-d-un-autre",
        ("AGD-018",),
        "Le rendez-vous est envoyé à l'INS d'un autre usager.",
        switch("bsp_patient_d_un_autre"),
    ),
    Defect(
        "bsp-identite-non-qualifiee",
        ("INS-16",),
        "L'INS d'une identité qui n'est pas qualifiée part vers l'agenda de Mon espace santé.",
        switch("bsp_identite_non_qualifiee"),
    ),
    Defect(
        "bsp-ins-dans-le-texte",
        ("AGD-017",),
        "L'intitulé du rendez-vous porte le matricule de l'usager.",
        _writes().and_then(_matricule_in_words),
    ),
    Defect(
        "bsp-insiste-apres-refus",
        (),
        "Un envoi que l'usager a refusé est aussitôt recommencé.",
        switch("bsp_insiste_apres_refus"),
        {"SEC-14": "le refus d'un jeton est un refus comme un autre"},
    ),
    Defect(
        "bsp-abandonne-en-panne",
        (),
        "Un rendez-vous saisi pendant une panne de l'agenda n'est jamais envoyé.",
        switch("bsp_abandonne_en_panne"),
    ),
    Defect(
        "bsp-reessai-nouvel-identifiant",
        ("AGD-039",),
        "Après une réponse perdue, le rendez-vous est envoyé de nouveau sous un autre identifiant.",
        switch("bsp_reessai_nouvel_identifiant"),
    ),
    Defect(
        "bsp-envoi-aussi-par-le-portail",
        (),
        "Le rendez-vous du professionnel part deux fois : par son agenda et par le portail, sous deux identifiants.",
        switch("bsp_envoi_aussi_par_le_portail"),
    ),
    Defect(
        "bsp-structure-tue",
        (),
        "L'événement d'une autre structure est montré sans dire laquelle.",
        switch("bsp_structure_tue"),
    ),
    Defect(
        "bsp-evenements-gardes",
        ("AGD-035",),
        "Le consentement retiré, les événements que le professionnel avait lus restent affichés.",
        switch("bsp_evenements_gardes"),
    ),
    Defect(
        "bsp-relit-apres-refus",
        ("AGD-035",),
        "Refusée faute de consentement, la lecture de l'agenda est aussitôt recommencée.",
        switch("bsp_relit_apres_refus"),
    ),
    Defect(
        "bsp-vide-ignore",
        (),
        "Un agenda rendu vide n'efface pas ce que le professionnel avait lu.",
        switch("bsp_vide_ignore"),
    ),
    Defect(
        "bsp-refus-definitif",
        (),
        "Après un refus, le professionnel ne lit plus jamais l'agenda de l'usager, même s'il y consent.",
        switch("bsp_refus_definitif"),
    ),
    Defect(
        "bsp-lecture-oubliee",
        (),
        "L'agenda que le professionnel demande à lire n'est pas lu.",
        switch("bsp_lecture_oubliee"),
    ),
    Defect(
        "bsp-retour-affiche-en-double",
        (),
        "Un rendez-vous du produit, relu par le professionnel, est affiché deux fois.",
        switch("bsp_retour_affiche_en_double"),
    ),
    Defect(
        "bsp-echo",
        ("AGD-037", "AGD-038"),
        "Les événements que le professionnel lit sont renvoyés à Mon espace santé sous un nouvel identifiant.",
        switch("bsp_echo"),
        {
            "AGD-011": "l'événement de l'hôpital, renvoyé tel quel, n'a pas de date de création",
            "AGD-012": "l'événement de l'hôpital, renvoyé tel quel, n'a qu'un participant",
            "AGD-014": "l'événement de l'hôpital, renvoyé tel quel, ne dit pas qui l'a demandé",
        },
    ),
)

TOKENS = (
    Defect(
        "bsp-jeton-dans-l-adresse",
        ("SEC-07",),
        "Le jeton de l'agenda des professionnels est aussi écrit dans l'adresse de l'appel.",
        outgoing("POST", "/bsp/fhir/Appointment").and_then(_token_in_query),
    ),
    Defect(
        "bsp-jeton-psc-d-abord",
        ("SEC-12",),
        "Le jeton de Pro Santé Connect est d'abord présenté à l'agenda, et n'est échangé qu'après un refus.",
        switch("bsp_jeton_psc_d_abord"),
    ),
    Defect(
        "bsp-echange-a-chaque-appel",
        ("SEC-13",),
        "Le jeton de Pro Santé Connect est échangé à chaque appel de l'agenda.",
        switch("bsp_echange_a_chaque_appel"),
    ),
    Defect(
        "bsp-401-abandonne",
        ("SEC-14",),
        "Un jeton que l'agenda refuse n'est pas renouvelé : le rendez-vous ne part pas.",
        switch("bsp_401_abandonne"),
    ),
    Defect(
        "bsp-boucle-401",
        ("SEC-14",),
        "Un 401 de l'agenda est suivi d'appels répétés.",
        switch("bsp_boucle_401"),
    ),
    Defect(
        "bsp-jeton-d-un-autre",
        ("SEC-15",),
        "Le jeton obtenu pour un professionnel sert à tous.",
        switch("bsp_jeton_d_un_autre"),
    ),
)

DEFECTS = (*USES, *TOKENS)
