"""Defects of the portal itself: contents, sessions, ways in."""

from __future__ import annotations

from reference.defects.kind import Defect
from reference.spoil import switch

DEFECTS = (
    Defect(
        "portail-par-mes-seulement",
        ("MES-71",),
        "On ne peut se connecter au portail qu'en passant par Mon espace santé.",
        switch("portail_par_mes_seulement"),
    ),
    Defect(
        "synchronisation-impasse",
        ("MES-75",),
        "L'adresse de synchronisation du catalogue ne mène à aucune page.",
        switch("synchronisation_impasse"),
    ),
    Defect(
        "synthese-sans-session",
        (),
        "La synthèse du dossier s'ouvre sans session.",
        switch("synthese_sans_session"),
    ),
    Defect(
        "calendrier-sans-session",
        (),
        "Le calendrier s'ouvre sans session.",
        switch("calendrier_sans_session"),
    ),
    Defect("contrat-absent", (), "Le portail ne montre pas le contrat.", switch("contrat_absent")),
    Defect("synthese-absente", (), "Le portail ne montre pas la synthèse.", switch("synthese_absente")),
    Defect("portail-sans-agenda", (), "Le portail n'offre pas d'agenda.", switch("portail_sans_agenda")),
    Defect(
        "dossier-de-la-derniere-session",
        (),
        "Le portail montre à tous le dossier du dernier usager connecté.",
        switch("dossier_de_la_derniere_session"),
    ),
    Defect(
        "rendez-vous-du-dui-cache",
        (),
        "Le portail ne montre pas les rendez-vous saisis dans le DUI.",
        switch("rendez_vous_du_dui_cache"),
    ),
    Defect(
        "annulation-cachee-du-portail",
        (),
        "Un rendez-vous annulé dans le DUI reste confirmé sur le portail.",
        switch("annulation_cachee_du_portail"),
    ),
    Defect(
        "heure-propre-d-hiver",
        ("AGD-044",),
        "Les rendez-vous du produit sont affichés toute l'année à l'heure d'hiver.",
        switch("heure_propre_d_hiver"),
    ),
    Defect(
        "session-qui-reste-ouverte",
        (),
        "Après la déconnexion, la session de l'usager reste ouverte.",
        switch("session_qui_reste_ouverte"),
        {"SEC-25": "une session de FranceConnect reste ouverte comme les autres"},
    ),
)
