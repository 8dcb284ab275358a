"""Defects of the login of professionals by Pro Santé Connect."""

from __future__ import annotations

from reference.defects.kind import Defect
from reference.spoil import REMOVE, Outgoing, outgoing, switch

_AUTHORIZE = outgoing("GET", "/psc/auth")
_CIBA = outgoing("POST", "/ext/ciba/auth")


def _acr_alone(request: Outgoing) -> None:
    form = request.form or {}
    form["acr"] = form.pop("acr_values", "")


REQUEST = (
    Defect(
        "psc-demande-sans-nonce",
        ("PSC-01",),
        "La demande de connexion à Pro Santé Connect ne porte pas de nonce.",
        switch("psc_sans_nonce"),
    ),
    Defect(
        "psc-scope-incomplet",
        ("PSC-02",),
        "Le scope scope_all n'est pas demandé à Pro Santé Connect.",
        _AUTHORIZE.form("scope", "openid"),
    ),
    Defect(
        "psc-acr-au-lieu-de-acr-values",
        ("PSC-03",),
        "Le niveau est demandé par le paramètre acr, que Pro Santé Connect ne lit pas.",
        _AUTHORIZE.and_then(_acr_alone),
    ),
    Defect(
        "psc-sans-pkce",
        ("PSC-08",),
        "La connexion par Pro Santé Connect se fait sans PKCE.",
        switch("psc_sans_pkce"),
    ),
    Defect(
        "psc-state-constant",
        ("PSC-04",),
        "Le state de Pro Santé Connect est toujours le même.",
        switch("psc_state_constant"),
    ),
    Defect(
        "psc-nonce-constant",
        (),
        "Le nonce de Pro Santé Connect est toujours le même.",
        switch("psc_nonce_constant"),
    ),
    Defect(
        "psc-state-non-verifie",
        ("PSC-04",),
        "Un retour de Pro Santé Connect dont le state est inconnu est accepté.",
        switch("psc_state_non_verifie"),
    ),
    Defect(
        "psc-state-sans-navigateur",
        (),
        "Un retour de Pro Santé Connect est accepté dans un autre navigateur que celui de la demande.",
        switch("psc_state_sans_navigateur"),
    ),
    Defect(
        "psc-iss-de-retour-non-verifie",
        (),
        "Un retour au nom d'un autre émetteur que Pro Santé Connect est accepté.",
        switch("psc_iss_de_retour_non_verifie"),
    ),
    Defect(
        "psc-retour-ouvert",
        (),
        "Après la connexion par Pro Santé Connect, le navigateur est envoyé à n'importe quelle adresse.",
        switch("psc_retour_ouvert"),
    ),
    Defect(
        "psc-code-echange-deux-fois",
        ("PSC-07",),
        "Quand la réponse de Pro Santé Connect est douteuse, le produit échange le même code une seconde fois.",
        switch("psc_code_echange_deux_fois"),
    ),
    Defect(
        "psc-retour-rejouable",
        ("PSC-07",),
        "Un retour de Pro Santé Connect rejoué fait échanger son code une seconde fois.",
        switch("psc_retour_rejouable"),
    ),
    Defect(
        "psc-code-refuse-en-erreur",
        (),
        "Le code que Pro Santé Connect refuse fait tomber la connexion en erreur.",
        switch("psc_code_refuse_en_erreur"),
    ),
)

ID_TOKEN = (
    Defect(
        "psc-signature-non-verifiee",
        ("PSC-05",),
        "La signature de l'id_token de Pro Santé Connect n'est pas vérifiée.",
        switch("psc_signature_non_verifiee"),
    ),
    Defect(
        "psc-alg-none-accepte",
        ("PSC-05",),
        "Un id_token sans signature (alg none) est accepté.",
        switch("psc_alg_none_accepte"),
    ),
    Defect(
        "psc-emetteur-non-verifie",
        ("PSC-05",),
        "L'émetteur (iss) de l'id_token de Pro Santé Connect n'est pas vérifié.",
        switch("psc_emetteur_non_verifie"),
    ),
    Defect(
        "psc-audience-non-verifiee",
        ("PSC-05",),
        "Un id_token de Pro Santé Connect destiné à un autre logiciel (aud) est accepté.",
        switch("psc_audience_non_verifiee"),
    ),
    Defect(
        "psc-nonce-non-verifie",
        ("PSC-05",),
        "Le nonce de l'id_token de Pro Santé Connect n'est pas comparé à celui de la demande.",
        switch("psc_nonce_non_verifie"),
    ),
    Defect(
        "psc-expiration-non-verifiee",
        ("PSC-05",),
        "Un id_token de Pro Santé Connect expiré est accepté.",
        switch("psc_expiration_non_verifiee"),
    ),
    Defect(
        "psc-niveau-non-verifie",
        ("PSC-05",),
        "Le niveau (acr) de l'id_token de Pro Santé Connect n'est pas vérifié.",
        switch("psc_niveau_non_verifie"),
    ),
    Defect(
        "psc-cles-jamais-relues",
        ("PSC-06",),
        "Les clés de Pro Santé Connect ne sont jamais relues.",
        switch("psc_cles_jamais_relues"),
    ),
    Defect(
        "psc-userinfo-d-un-autre",
        (),
        "Le sub de UserInfo n'est pas comparé à celui de l'id_token de Pro Santé Connect.",
        switch("psc_sub_non_compare"),
    ),
)

ACCOUNT = (
    Defect(
        "compte-psc-a-part",
        ("PSC-14",),
        "Un professionnel connecté par son compte local en reçoit un autre quand il vient par Pro Santé Connect.",
        switch("compte_psc_a_part"),
    ),
    Defect(
        "compte-par-le-nom",
        ("PSC-15",),
        "Faute d'identifiant national connu, le compte est retrouvé par le nom.",
        switch("compte_par_le_nom"),
    ),
    Defect(
        "premiere-situation-prise",
        ("PSC-16",),
        "La première situation d'exercice est prise sans que le professionnel choisisse.",
        switch("premiere_situation_prise"),
    ),
    Defect(
        "choix-de-situation-oublie",
        ("PSC-16",),
        "La situation d'exercice choisie n'est pas gardée.",
        switch("choix_de_situation_oublie"),
    ),
    Defect(
        "sans-exercice-en-erreur",
        ("PSC-17",),
        "Un professionnel sans exercice fait tomber la connexion en erreur.",
        switch("sans_exercice_en_erreur"),
    ),
)

SESSION = (
    Defect(
        "psc-ne-rafraichit-pas",
        ("PSC-10",),
        "Un jeton de Pro Santé Connect expiré n'est pas rafraîchi : la connexion est redemandée.",
        switch("psc_ne_rafraichit_pas"),
        {"SEC-14": "le jeton n'est pas non plus renouvelé après un 401"},
    ),
    Defect(
        "psc-refresh-reutilise",
        ("PSC-11",),
        "L'ancien jeton de rafraîchissement de Pro Santé Connect sert encore après la rotation.",
        switch("psc_refresh_reutilise"),
    ),
    Defect(
        "fin-de-session-psc-ignoree",
        ("PSC-12",),
        "La fin de la session Pro Santé Connect est une erreur technique, que chaque appel renouvelle.",
        switch("fin_de_session_psc_ignoree"),
    ),
    Defect(
        "psc-deconnexion-locale-seulement",
        ("PSC-13",),
        "La déconnexion laisse la session ouverte chez Pro Santé Connect.",
        switch("psc_deconnexion_locale_seulement"),
    ),
    Defect(
        "psc-deconnexion-sans-indice",
        ("PSC-13",),
        "La déconnexion de Pro Santé Connect ne porte pas id_token_hint.",
        switch("psc_deconnexion_sans_indice"),
    ),
    Defect(
        "session-pro-reste-ouverte",
        ("SEC-25",),
        "Après la déconnexion, la session du professionnel reste ouverte.",
        switch("session_pro_reste_ouverte"),
    ),
    Defect(
        "panne-psc-tue",
        ("PSC-22",),
        "Quand Pro Santé Connect ne répond pas, le professionnel n'en est pas averti.",
        switch("panne_psc_tue"),
    ),
)

CIBA = (
    Defect(
        "ciba-code-long",
        ("PSC-18",),
        "Le binding_message de la demande CIBA n'a pas deux chiffres, quand le professionnel emploie sa carte.",
        switch("ciba_code_long"),
    ),
    Defect(
        "ciba-code-non-affiche",
        ("PSC-18",),
        "Les deux chiffres de la demande CIBA ne sont pas montrés au professionnel.",
        switch("ciba_code_non_affiche"),
    ),
    Defect(
        "ciba-sans-canal",
        ("PSC-18",),
        "La demande CIBA ne dit pas le canal (CARD ou MOBILE).",
        _CIBA.form("channel", REMOVE),
    ),
    Defect(
        "ciba-scope-incomplet",
        ("PSC-02",),
        "Le scope scope_all manque à la demande CIBA.",
        _CIBA.form("scope", "openid"),
    ),
    Defect(
        "ciba-sans-niveau",
        ("PSC-03",),
        "La demande CIBA ne porte pas acr_values.",
        _CIBA.form("acr_values", REMOVE),
    ),
    Defect(
        "ciba-sans-intervalle",
        ("PSC-19",),
        "L'attente CIBA interroge Pro Santé Connect plus vite que l'intervalle.",
        switch("ciba_sans_intervalle"),
    ),
    Defect(
        "ciba-insiste-apres-refus",
        ("PSC-19",),
        "L'attente CIBA continue après le refus du professionnel.",
        switch("ciba_insiste_apres_refus"),
    ),
)

DEFECTS = REQUEST + ID_TOKEN + ACCOUNT + SESSION + CIBA
