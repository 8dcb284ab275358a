"""Defects of the agendas that the product opens to a third-party agenda: what it reads there, what it writes there."""

from __future__ import annotations

from reference.defects.kind import Defect
from reference.spoil import REMOVE, Answering, answering, switch


def _not_there(answer: Answering) -> None:
    answer.status, answer.json = 404, {"resourceType": "OperationOutcome", "issue": []}


def _broken(answer: Answering) -> None:
    answer.status = 500


READING = (
    Defect(
        "tiers-jeton-non-verifie",
        ("SEC-16",),
        "L'agenda des professionnels est ouvert à qui ne montre pas de jeton.",
        switch("tiers_jeton_non_verifie"),
    ),
    Defect(
        "tiers-sans-description",
        ("AGD-048",),
        "Le produit ne dit pas ce qu'il offre à un agenda tiers.",
        answering("GET", "/agenda/fhir/metadata").and_then(_not_there),
    ),
    Defect(
        "tiers-rendez-vous-non-rendus",
        (),
        "Les rendez-vous pris dans le DUI ne sont pas rendus à l'agenda tiers.",
        switch("tiers_rendez_vous_non_rendus"),
    ),
    Defect(
        "tiers-evenements-recus-non-rendus",
        (),
        "Les événements reçus d'un agenda tiers ne lui sont pas rendus.",
        switch("tiers_evenements_recus_non_rendus"),
    ),
    Defect(
        "tiers-annulation-cachee",
        (),
        "Un rendez-vous annulé dans le DUI est rendu confirmé.",
        switch("tiers_annulation_cachee"),
    ),
    Defect(
        "tiers-usagers-entiers",
        ("AGD-050",),
        "Avec ses rendez-vous, l'agenda tiers reçoit tous ceux de ses usagers, avec d'autres professionnels.",
        switch("tiers_usagers_entiers"),
    ),
    Defect(
        "tiers-date-ignoree",
        ("AGD-050",),
        "La recherche de rendez-vous ne regarde pas la date.",
        switch("tiers_date_ignoree"),
    ),
    Defect(
        "tiers-statut-ignore",
        ("AGD-050",),
        "La recherche de rendez-vous ne regarde pas le statut.",
        switch("tiers_statut_ignore"),
    ),
    Defect(
        "tiers-ins-inconnu",
        (),
        "Les rendez-vous d'un usager ne se trouvent pas par son INS.",
        switch("tiers_ins_inconnu"),
    ),
    Defect(
        "tiers-page-recouvrante",
        ("AGD-065",),
        "Chaque page d'une recherche reprend la fin de la précédente.",
        switch("tiers_page_recouvrante"),
    ),
    Defect(
        "tiers-page-unique",
        ("AGD-065",),
        "La première page d'une recherche ne mène pas à la suivante.",
        switch("tiers_page_unique"),
    ),
    Defect(
        "tiers-sans-lien-self",
        ("AGD-051",),
        "La réponse à une recherche de créneaux n'a pas de lien self.",
        answering("GET", "/agenda/fhir/Slot").json("link", REMOVE),
    ),
    Defect(
        "tiers-tout-trouve",
        ("AGD-051",),
        "L'agenda et le professionnel, qui accompagnent les créneaux, sont dits trouvés (search.mode match).",
        answering("GET", "/agenda/fhir/Slot").json("entry.*.search.mode", "match"),
    ),
)

SLOTS = (
    Defect(
        "tiers-fenetre-sans-fin",
        ("AGD-049",),
        "La recherche de créneaux ne regarde pas la fin de la fenêtre.",
        switch("tiers_fenetre_sans_fin"),
    ),
    Defect(
        "tiers-collegue-rendu",
        ("AGD-049",),
        "Les créneaux du collègue inscrit après le professionnel sont rendus avec les siens.",
        switch("tiers_collegue_rendu"),
        {"AGD-064": "les heures du collègue ne sont pas celles du professionnel"},
    ),
    Defect(
        "tiers-fenetre-en-heure-locale",
        ("AGD-053",),
        "Une fenêtre écrite en temps universel est lue en heure de Paris.",
        switch("tiers_fenetre_en_heure_locale"),
        {"AGD-049": "les créneaux rendus sont hors de la fenêtre"},
    ),
    Defect(
        "tiers-plus-decale",
        ("AGD-052",),
        "Une fenêtre dont le « + » n'est pas encodé est lue en temps universel.",
        switch("tiers_plus_decale"),
    ),
    Defect(
        "tiers-inclusion-sans-suite",
        ("AGD-054",),
        "Les créneaux viennent avec leur agenda, sans le professionnel qui le tient.",
        switch("tiers_inclusion_sans_suite"),
    ),
    Defect(
        "tiers-rendez-vous-du-dui-sans-effet",
        (),
        "Un rendez-vous pris dans le DUI laisse libre le créneau qu'il occupe.",
        switch("tiers_dui_sans_effet"),
    ),
    Defect(
        "tiers-double-reservation",
        ("AGD-057",),
        "Deux réservations du même créneau sont acceptées.",
        switch("tiers_double_reservation"),
    ),
    Defect(
        "tiers-annulation-sans-effet",
        ("AGD-058",),
        "Le créneau d'un rendez-vous annulé reste occupé.",
        switch("tiers_annulation_sans_effet"),
    ),
    Defect(
        "tiers-suppression-sans-effet",
        ("AGD-061",),
        "L'agenda supprimé continue d'offrir des créneaux.",
        switch("tiers_suppression_sans_effet"),
    ),
    Defect(
        "tiers-absence-ignoree",
        ("AGD-064",),
        "Des créneaux sont offerts pendant les absences du professionnel.",
        switch("tiers_absence_ignoree"),
    ),
    Defect(
        "tiers-recurrence-en-heure-fixe",
        ("AGD-064",),
        "Une disponibilité qui revient ne suit pas le changement d'heure.",
        switch("tiers_recurrence_en_heure_fixe"),
    ),
    Defect(
        "tiers-heure-double-deux-fois",
        ("AGD-064",),
        "L'heure qui revient une nuit d'automne donne deux fois les mêmes créneaux.",
        switch("tiers_heure_double_deux_fois"),
    ),
)

WRITING = (
    Defect(
        "tiers-evenement-recu-sans-effet",
        ("AGD-058", "AGD-059"),
        "Un événement reçu d'un agenda tiers laisse le professionnel libre à cette heure.",
        switch("tiers_evenement_recu_sans_effet"),
    ),
    Defect(
        "tiers-evenement-pour-tous",
        (),
        "Un événement reçu d'un agenda tiers rend tous les professionnels indisponibles.",
        switch("tiers_evenement_pour_tous"),
    ),
    Defect(
        "tiers-evenement-recu-cache",
        (),
        "Le professionnel ne voit pas dans le DUI les événements de son autre agenda.",
        switch("tiers_evenement_recu_cache"),
    ),
    Defect(
        "tiers-mise-a-jour-sans-creation",
        ("AGD-055",),
        "Un événement à confirmer que le produit ne connaît pas est refusé (404) au lieu d'être créé.",
        switch("tiers_mise_a_jour_sans_creation"),
    ),
    Defect(
        "tiers-envoi-repete-double",
        ("AGD-055",),
        "Un événement envoyé une seconde fois sans changement en fait un second.",
        switch("tiers_envoi_repete_double"),
    ),
    Defect(
        "tiers-premier-de-plusieurs",
        ("AGD-055", "AGD-060"),
        "Un événement peut être créé deux fois, et de deux le premier est changé.",
        switch("tiers_premier_de_plusieurs"),
    ),
    Defect(
        "tiers-doublons-acceptes",
        ("AGD-060",),
        "Le même événement créé deux fois en fait deux.",
        switch("tiers_doublons_acceptes"),
    ),
    Defect(
        "tiers-systeme-ignore",
        ("AGD-056",),
        "Un événement est reconnu à son numéro, quel que soit le système.",
        switch("tiers_systeme_ignore"),
    ),
    Defect(
        "tiers-sans-etag",
        ("AGD-063",),
        "Les événements sont rendus sans leur version.",
        switch("tiers_sans_etag"),
    ),
    Defect(
        "tiers-version-ignoree",
        ("AGD-063",),
        "Une modification qui part d'une version dépassée est acceptée.",
        switch("tiers_version_ignoree"),
    ),
    Defect(
        "tiers-ressource-invalide-acceptee",
        ("AGD-062", "AGD-066"),
        "Un événement est gardé sans être vérifié.",
        switch("tiers_ressource_invalide_acceptee"),
    ),
    Defect(
        "tiers-heure-sans-decalage-acceptee",
        ("AGD-066",),
        "Un événement dont le début n'a pas de décalage horaire est accepté.",
        switch("tiers_heure_sans_decalage_acceptee"),
    ),
    Defect(
        "tiers-refus-sans-explication",
        ("AGD-062",),
        "Un corps illisible est refusé sans OperationOutcome.",
        answering("POST", "/agenda/fhir/Appointment")
        .only_if(lambda answer: answer.status == 400)
        .json("resourceType", "Binary"),
    ),
    Defect(
        "tiers-demesure-en-erreur",
        (),
        "Un événement démesuré fait une erreur du serveur (500).",
        answering("POST", "/agenda/fhir/Appointment").only_if(lambda answer: answer.status == 413).and_then(_broken),
    ),
)

DEFECTS = READING + SLOTS + WRITING
