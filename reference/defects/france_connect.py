"""Defects of the login of usagers by FranceConnect and FranceConnect+."""

from __future__ import annotations

from reference.defects.kind import Defect
from reference.spoil import outgoing, switch

_AUTHORIZE = outgoing("GET", "/api/v2/authorize")

REQUEST = (
    Defect(
        "fc-state-constant",
        ("FC-01",),
        "Le state de FranceConnect est toujours le même.",
        switch("fc_state_constant"),
    ),
    Defect(
        "fc-nonce-constant",
        ("FC-01",),
        "Le nonce de FranceConnect est toujours le même.",
        switch("fc_nonce_constant"),
    ),
    Defect(
        "fc-state-non-verifie",
        ("FC-01",),
        "Un retour de FranceConnect dont le state est inconnu est accepté.",
        switch("fc_state_non_verifie"),
    ),
    Defect(
        "fc-state-sans-navigateur",
        (),
        "Un retour de FranceConnect est accepté dans un autre navigateur que celui de la demande.",
        switch("fc_state_sans_navigateur"),
    ),
    Defect(
        "fc-iss-de-retour-non-verifie",
        (),
        "Un retour au nom d'un autre émetteur que FranceConnect est accepté.",
        switch("fc_iss_de_retour_non_verifie"),
    ),
    Defect(
        "fc-retour-ouvert",
        (),
        "Après la connexion par FranceConnect, le navigateur est envoyé à n'importe quelle adresse.",
        switch("fc_retour_ouvert"),
    ),
    Defect(
        "fc-niveau-trop-haut",
        ("FC-02",),
        "Le niveau demandé à FranceConnect n'est pas l'un des siens.",
        _AUTHORIZE.only_if(lambda request: "-plus/" not in request.path and ".plus" not in request.origin).form(
            "acr_values", "eidas1 eidas2"
        ),
    ),
    Defect(
        "fc-donnees-inutiles",
        ("FC-03",),
        "Le portail demande à FranceConnect des données dont le rapprochement n'a pas l'usage.",
        _AUTHORIZE.form("scope", lambda scope: f"{scope} rnipp_identite_pivot"),
    ),
)

TOKENS = (
    Defect(
        "fc-nonce-non-verifie",
        ("FC-01",),
        "Le nonce de l'id_token de FranceConnect n'est pas comparé à celui de la demande.",
        switch("fc_nonce_non_verifie"),
    ),
    Defect(
        "fc-niveau-non-verifie",
        ("FC-02",),
        "Un niveau inférieur à celui demandé à FranceConnect est accepté.",
        switch("fc_niveau_non_verifie"),
    ),
    Defect(
        "fc-signature-non-verifiee",
        (),
        "La signature de l'id_token de FranceConnect n'est pas vérifiée.",
        switch("fc_signature_non_verifiee"),
    ),
    Defect(
        "fc-alg-none-accepte",
        (),
        "Un id_token de FranceConnect sans signature (alg none) est accepté.",
        switch("fc_alg_none_accepte"),
    ),
    Defect(
        "fc-emetteur-non-verifie",
        (),
        "L'émetteur (iss) de l'id_token de FranceConnect n'est pas vérifié.",
        switch("fc_emetteur_non_verifie"),
    ),
    Defect(
        "fc-audience-non-verifiee",
        (),
        "Un id_token de FranceConnect destiné à un autre service (aud) est accepté.",
        switch("fc_audience_non_verifiee"),
    ),
    Defect(
        "fc-expiration-non-verifiee",
        (),
        "Un id_token de FranceConnect expiré est accepté.",
        switch("fc_expiration_non_verifiee"),
    ),
    Defect(
        "fc-cles-jamais-relues",
        (),
        "Les clés de FranceConnect ne sont jamais relues.",
        switch("fc_cles_jamais_relues"),
    ),
    Defect(
        "fc-code-echange-plus-tard",
        ("FC-04",),
        "Un code que FranceConnect a refusé lui est présenté de nouveau plus tard.",
        switch("fc_code_echange_plus_tard"),
    ),
    Defect(
        "fc-userinfo-d-un-autre",
        ("FC-05",),
        "Le sub de UserInfo n'est pas comparé à celui de l'id_token de FranceConnect.",
        switch("fc_sub_non_compare"),
    ),
    Defect(
        "fc-userinfo-non-verifie",
        ("FC-05",),
        "La signature de UserInfo n'est pas vérifiée.",
        switch("userinfo_non_verifie"),
    ),
)

ACCOUNT = (
    Defect(
        "fc-naissance-a-l-etranger-refusee",
        ("FC-06",),
        "Une naissance à l'étranger, sans commune, empêche de se connecter.",
        switch("fc_naissance_a_l_etranger_refusee"),
    ),
    Defect(
        "fc-rapprochement-litteral",
        ("FC-07",),
        "Un dossier n'est rapproché que si les noms sont écrits lettre pour lettre.",
        switch("fc_rapprochement_litteral"),
    ),
    Defect(
        "fc-doute-tranche-seul",
        ("FC-07",),
        "Dans le doute, le portail choisit lui-même le dossier.",
        switch("fc_doute_tranche_seul"),
    ),
    Defect(
        "fc-compte-par-courriel",
        ("FC-07",),
        "Le compte est retrouvé par l'adresse électronique.",
        switch("fc_compte_par_courriel"),
    ),
    Defect(
        "fc-sub-oublie",
        ("FC-08",),
        "Le sub de FranceConnect n'est pas gardé : chaque connexion ouvre un dossier de plus.",
        switch("fc_sub_oublie"),
        {"FC-07": "le dossier était déjà le sien"},
    ),
    Defect(
        "fc-donne-un-matricule",
        ("FC-12",),
        "Une connexion par FranceConnect écrit un matricule INS dans le dossier.",
        switch("fc_donne_un_matricule"),
        {"INS-11": "l'identité change de statut sans l'INSi"},
    ),
)

SESSION = (
    Defect(
        "fc-abandon-en-erreur",
        ("FC-09",),
        "Un abandon sur la page de FranceConnect fait tomber le portail en erreur.",
        switch("fc_abandon_en_erreur"),
    ),
    Defect(
        "fc-deconnexion-locale-seulement",
        ("FC-10",),
        "La déconnexion laisse la session ouverte chez FranceConnect.",
        switch("fc_deconnexion_locale_seulement"),
    ),
    Defect(
        "fc-deconnexion-sans-indice",
        ("FC-10",),
        "La déconnexion de FranceConnect ne porte pas id_token_hint.",
        switch("fc_deconnexion_sans_indice"),
    ),
)

DOORS = (
    Defect(
        "fc-plus-niveau-trop-bas",
        ("FC-02",),
        "Le portail demande à FranceConnect+ le niveau de FranceConnect.",
        _AUTHORIZE.only_if(lambda request: "-plus/" in request.path or ".plus" in request.origin).form(
            "acr_values", "eidas1"
        ),
    ),
    Defect(
        "fc-naissance-en-corse-refusee",
        ("FC-06",),
        "Un code de commune de Corse empêche de se connecter par FranceConnect.",
        switch("fc_naissance_en_corse_refusee"),
    ),
    Defect(
        "fc-jour-inconnu-refuse",
        (),
        "Une date de naissance au premier du mois, que FranceConnect donne pour un jour inconnu, est refusée.",
        switch("fc_jour_inconnu_refuse"),
    ),
    Defect(
        "fc-prenom-compose-refuse",
        (),
        "Un prénom composé empêche de se connecter par FranceConnect.",
        switch("fc_prenom_compose_refuse"),
    ),
    Defect(
        "fc-code-refuse-en-erreur",
        (),
        "Un code que FranceConnect refuse fait tomber le portail en erreur.",
        switch("fc_code_refuse_en_erreur"),
    ),
    Defect(
        "fc-retour-rejouable",
        (),
        "Un retour de FranceConnect sert plusieurs fois.",
        switch("fc_retour_rejouable"),
    ),
    Defect(
        "fc-identification-toujours-demandee",
        (),
        "Le portail demande une nouvelle identification à chaque connexion (prompt=login).",
        _AUTHORIZE.form("prompt", "login"),
    ),
)

DEFECTS = REQUEST + TOKENS + ACCOUNT + SESSION + DOORS
