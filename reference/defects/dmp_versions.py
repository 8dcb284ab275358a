"""Defects of the product in front of the DMP: whom it names, what it knows before it acts, which version it has."""

from __future__ import annotations

from reference.defects import dmp_pieces
from reference.defects.kind import Defect
from reference.spoil import switch, written

IDENTITY = (
    Defect(
        "ins-corse-en-chiffres",
        ("DMP-002",),
        "Le matricule d'une personne née en Corse est envoyé au DMP avec 19 ou 18 à la place de 2A ou 2B.",
        written("VIHF", "TD0.2").and_then(dmp_pieces.attribute(dmp_pieces.RESOURCE_ID, dmp_pieces.corsican_digits)),
    ),
    Defect(
        "dmp-nom-rendu-montre",
        ("DMP-011",),
        "Le produit montre le nom de naissance que rend le DMP.",
        switch("nom_du_dmp_montre"),
    ),
    Defect(
        "dmp-nom-utilise-rendu-montre",
        ("DMP-012",),
        "Le produit montre le nom utilisé que rend le DMP, renseigné ou non.",
        switch("nom_utilise_du_dmp_montre"),
    ),
    Defect(
        "dmp-etat-non-demande",
        ("DMP-008", "DMP-009"),
        "Le produit alimente et consulte le DMP sans en demander l'état.",
        switch("dmp_etat_non_demande"),
    ),
    Defect(
        "vihf-et-connexion-meme-certificat",
        ("DMP-018", "DMP-017"),
        "Un seul certificat ouvre la connexion et signe le VIHF.",
        switch("vihf_et_connexion_meme_certificat"),
        sockets=True,
    ),
    Defect(
        "dmp-filtre-non-montre",
        ("DMP-057",),
        "Le filtre de types d'une recherche n'est pas montré à l'utilisateur.",
        switch("filtre_non_montre"),
    ),
    Defect(
        "dmp-depots-sans-trace",
        ("DMP-028",),
        "Les dépôts ne laissent pas de trace dans le produit.",
        switch("appels_dmp_sans_trace"),
    ),
)

VERSIONS = (
    Defect(
        "dmp-version-perimee-remplacee",
        ("DMP-053",),
        "Le produit remplace un document qu'une autre structure a déjà remplacé.",
        switch("version_perimee_remplacee"),
    ),
    Defect(
        "dmp-entree-perimee",
        ("DMP-061",),
        "Pour archiver ou sortir des archives, le produit garde le premier entryUUID qu'il a connu.",
        switch("entree_perimee"),
    ),
    Defect(
        "dmp-changement-reessaye-tel-quel",
        ("DMP-064",),
        "Un changement refusé pour une version périmée est renvoyé tel quel.",
        switch("changement_reessaye_tel_quel"),
    ),
)

PARAMETERS = (
    Defect(
        "parametres-redirection-ignoree",
        (),
        "Le fichier de paramètres du DMP n'est pas cherché là où la redirection l'indique.",
        switch("parametres_redirection_ignoree"),
    ),
    Defect(
        "cumul-toujours-permis",
        ("DMP-042",),
        "Un document se cache à la fois à l'usager et aux professionnels, quoi que dise le fichier de paramètres.",
        switch("cumul_toujours_permis"),
    ),
)

DEFECTS = (*IDENTITY, *VERSIONS, *PARAMETERS)
