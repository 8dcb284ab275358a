"""Defects of what is read in MES: agenda, measures, pages, and how they are shown."""

from __future__ import annotations

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import Spoil, outgoing, switch

_NOT_OURS = dict.fromkeys(
    ("AGD-002", "AGD-003", "AGD-012", "AGD-014", "MES-56", "MES-61"),
    "l'événement d'autrui, renvoyé tel quel, n'a pas la forme de ceux du produit",
)


def _search() -> Spoil:
    return outgoing("GET", "/fhir/Appointment", beside=changes.OTHER_AGENDAS).only_if(changes.is_search)


def _all_measures() -> Spoil:
    return outgoing("GET", "/fhir/Observation").only_if(lambda request: "_offset=" in request.query)


def _last_measure() -> Spoil:
    return outgoing("GET", "/fhir/Observation").only_if(lambda request: "_sort=" in request.query)


AGENDA = (
    Defect(
        "barre-nue",
        ("MES-23",),
        "La barre verticale n'est pas encodée dans les adresses.",
        outgoing("GET PUT", "/fhir/Appointment", beside=changes.OTHER_AGENDAS).query(changes.decoded("|")),
        {"AGD-032": "la même barre nue y est relevée"},
    ),
    Defect(
        "plus-nu",
        ("AGD-032",),
        "Le signe + du décalage n'est pas encodé : il est lu comme une espace.",
        _search().query(changes.decoded("+")),
    ),
    Defect(
        "premiere-page-seule",
        ("AGD-033", "MES-26"),
        "Seule la première page de résultats est lue.",
        switch("premiere_page_seule"),
    ),
    Defect(
        "page-reconstruite",
        ("AGD-033",),
        "L'adresse de la page suivante est reconstruite au lieu d'être suivie.",
        switch("page_reconstruite"),
        {"MES-26": "les pages suivantes ne sont pas celles des liens"},
    ),
    Defect(
        "evenements-lus-gardes",
        ("AGD-035",),
        "Après le retrait du consentement, les événements déjà lus restent affichés.",
        switch("evenements_lus_gardes"),
    ),
    Defect(
        "echo-meme-identifiant",
        ("AGD-037",),
        "Les événements lus dans Mon espace santé y sont renvoyés.",
        switch("echo_meme_identifiant"),
    ),
    Defect(
        "echo-identifiant-change",
        ("AGD-037", "AGD-038"),
        "Les événements lus dans Mon espace santé y sont renvoyés sous un nouvel identifiant.",
        switch("echo_identifiant_change"),
    ),
    Defect(
        "modifie-evenement-recu",
        ("MES-62",),
        "Un événement créé ailleurs est modifié par le produit.",
        switch("modifie_evenement_recu"),
        {**_NOT_OURS},
    ),
    Defect(
        "code-inconnu-casse",
        ("AGD-043",),
        "Un état inconnu dans un événement reçu empêche d'afficher l'agenda.",
        switch("code_inconnu_casse"),
    ),
    Defect(
        "heure-z-telle-quelle",
        ("AGD-044",),
        "Une heure reçue en UTC est affichée sans être convertie.",
        switch("heure_z_telle_quelle"),
    ),
    Defect(
        "affichage-offset-fixe",
        ("AGD-044",),
        "L'heure affichée l'été est celle de l'hiver.",
        switch("affichage_offset_fixe"),
    ),
    Defect(
        "vue-portail-incomplete",
        (),
        "Le portail ne montre pas les événements venus de Mon espace santé.",
        switch("vue_portail_incomplete"),
    ),
    Defect(
        "origine-effacee",
        (),
        "Un événement venu d'ailleurs est montré comme venant du produit.",
        switch("origine_effacee"),
    ),
    Defect(
        "accents-abimes",
        (),
        "Les intitulés reçus en UTF-8 sont lus comme du latin-1.",
        switch("accents_abimes"),
    ),
    Defect(
        "retour-affiche-en-double",
        (),
        "Un rendez-vous du produit, relu dans Mon espace santé, est affiché deux fois.",
        switch("retour_affiche_en_double"),
    ),
)

MEASURES = (
    Defect(
        "mesures-valeur-nue",
        ("MES-21",),
        "La personne est désignée par une valeur sans système.",
        outgoing("GET", "/fhir/Observation")
        .only_if(lambda request: request.query.startswith("subject.identifier="))
        .query(changes.bare_value),
    ),
    Defect(
        "mesures-parametre-patient",
        ("MES-22",),
        "Les mesures sont cherchées par l'ancien paramètre patient.",
        outgoing("GET", "/fhir/Observation").query(changes.replaced("subject.identifier=", "patient=")),
    ),
    Defect(
        "mesures-une-seule-borne",
        ("MES-24",),
        "Les mesures d'une période sont cherchées avec une seule borne de date.",
        _all_measures().query(changes.only("date=le")),
    ),
    Defect(
        "derniere-mesure-sans-tri",
        ("MES-25",),
        "La dernière mesure est cherchée sans tri décroissant.",
        _last_measure().query(changes.replaced("_sort=-date", "_sort=date")),
    ),
    Defect(
        "mesures-page-trop-grande",
        ("MES-26",),
        "Les mesures sont demandées par pages de plus de 100.",
        _all_measures().query(changes.replaced("_count=50", "_count=500")),
    ),
    Defect(
        "auteur-des-mesures-efface",
        ("MES-55",),
        "Les mesures lues sont montrées sans leur auteur.",
        switch("auteur_des_mesures_efface"),
    ),
    Defect(
        "offset-en-lignes",
        ("MES-27",),
        "Le numéro de page (_offset) est calculé comme un numéro de ligne.",
        switch("offset_en_lignes"),
        {"MES-26": "les liens next ne sont pas suivis"},
    ),
)

DEFECTS = AGENDA + MEASURES
