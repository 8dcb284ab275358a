"""Defects of the doors of the DUI: who is kept out, what is not said, what is shown that should not be."""

from __future__ import annotations

from reference.defects.kind import Defect
from reference.spoil import switch

DEFECTS = (
    Defect(
        "psc-rpps-plus-refuse",
        (),
        "Un professionnel sans profession réglementée, enregistré au RPPS, ne peut pas se connecter.",
        switch("rpps_plus_refuse"),
    ),
    Defect(
        "psc-identifiant-de-structure-refuse",
        (),
        "Un professionnel que sa structure identifie ne peut pas se connecter.",
        switch("identifiant_de_structure_refuse"),
    ),
    Defect(
        "psc-cps-refusee",
        (),
        "Une connexion par carte CPS est refusée.",
        switch("cps_refusee"),
        also={"PSC-13": "sans session ouverte, la déconnexion n'a pas de session Pro Santé Connect à fermer"},
    ),
    Defect(
        "psc-ecps-refusee",
        (),
        "Une connexion par e-CPS est refusée.",
        switch("ecps_refusee"),
    ),
    Defect(
        "psc-structure-pretee",
        (),
        "Toute situation d'exercice est dite celle de l'établissement.",
        switch("structure_pretee"),
    ),
    Defect(
        "psc-abandon-en-erreur",
        (),
        "Le professionnel qui renonce sur la page de Pro Santé Connect reçoit une erreur.",
        switch("psc_abandon_en_erreur"),
    ),
    Defect(
        "psc-jeton-au-journal",
        ("SEC-07",),
        "Le jeton de Pro Santé Connect est écrit dans le journal technique.",
        switch("psc_jeton_au_journal"),
        also={"MES-09": "le journal technique est lu pour les jetons de tous les services"},
    ),
    Defect(
        "ciba-expiration-ignoree",
        (),
        "Une demande CIBA expirée reste montrée en attente.",
        switch("ciba_expiration_ignoree"),
    ),
    Defect(
        "ciba-refus-muet",
        (),
        "Rien n'explique que Pro Santé Connect refuse la demande CIBA.",
        switch("ciba_refus_muet"),
    ),
)
