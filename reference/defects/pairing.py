"""Defects of the pairing: sessions, OAuth, tokens, and reactions to what MES refuses.

Those that keep a pairing from being made are narrowed to the pairing of a minor, so that the other scenarios go on.
"""

from __future__ import annotations

import json
from typing import Any

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Spoil, outgoing, switch


def _par() -> Spoil:
    return outgoing("POST", "/oauth2/par")


def _minor() -> Spoil:
    return _par().only_if(changes.for_a_minor)


def _fhir() -> Spoil:
    return outgoing("POST PUT GET", "/fhir/Appointment", beside=changes.OTHER_AGENDAS)


def _external(**values: str) -> Any:
    return lambda text: json.dumps({**json.loads(text), **values}, ensure_ascii=False)


JOURNEY = (
    Defect(
        "envoi-sans-appariement",
        ("MES-01", "AGD-036"),
        "Le produit envoie les rendez-vous d'un usager qui n'est pas apparié.",
        switch("envoie_sans_appariement"),
        {"MES-14": "il n'y a pas encore de jetons"},
    ),
    Defect(
        "appariement-sans-session",
        ("MES-02",),
        "L'appariement commence sans que l'usager soit connecté au portail.",
        switch("appariement_sans_session"),
    ),
    Defect(
        "demande-le-mot-de-passe-de-mes",
        ("MES-03",),
        "Le portail demande l'identifiant et le mot de passe de Mon espace santé.",
        switch("demande_le_mot_de_passe_mes"),
    ),
    Defect(
        "adresse-de-retour-non-declaree",
        ("MES-04",),
        "L'adresse de retour n'est pas celle qui est déclarée, quand un représentant légal apparie un mineur.",
        _minor().form("redirect_uri", lambda uri: f"{uri}/bis"),
    ),
    Defect("state-constant", ("MES-05",), "Le paramètre state est toujours le même.", switch("state_constant")),
    Defect(
        "state-non-verifie",
        ("MES-05",),
        "Un retour dont le state est inconnu est accepté.",
        switch("state_non_verifie"),
    ),
    Defect(
        "state-sans-session",
        ("MES-05",),
        "Un retour est accepté dans une autre session que celle de la demande.",
        switch("state_sans_session"),
    ),
    Defect(
        "retour-rejouable",
        ("MES-07",),
        "Un retour rejoué provoque un second échange du code.",
        switch("retour_rejouable"),
    ),
    Defect(
        "pkce-plain",
        ("MES-06",),
        "Le défi PKCE est annoncé en clair (plain), quand un représentant légal apparie un mineur.",
        _minor().form("code_challenge_method", "plain"),
    ),
    Defect(
        "pkce-absent",
        ("MES-06",),
        "La demande d'autorisation est faite sans PKCE, quand un représentant légal apparie un mineur.",
        _minor().form("code_challenge", REMOVE).form("code_challenge_method", REMOVE),
    ),
    Defect(
        "pkce-verifier-reutilise",
        ("MES-06",),
        "Le même vérifieur PKCE sert à tous les appariements.",
        switch("pkce_verifier_reutilise"),
    ),
    Defect(
        "code-echange-deux-fois",
        ("MES-07",),
        "Le code d'autorisation est échangé deux fois, quand un représentant légal apparie un mineur.",
        switch("code_echange_deux_fois"),
    ),
    Defect(
        "nonce-non-verifie",
        (),
        "Le nonce de l'id_token n'est pas comparé à celui de la demande.",
        switch("nonce_non_verifie"),
    ),
    Defect(
        "signature-non-verifiee",
        (),
        "La signature de l'id_token n'est pas vérifiée.",
        switch("signature_non_verifiee"),
    ),
    Defect(
        "refus-montre-apparie",
        ("MES-08",),
        "Après un refus de l'usager, le portail montre un compte apparié.",
        switch("refus_montre_apparie"),
    ),
    Defect(
        "idpe-ins",
        ("MES-19",),
        "L'identifiant externe donné à Mon espace santé est le matricule INS.",
        switch("idpe_ins"),
        {
            "MES-18": "la personne est alors désignée par son INS",
            "MES-20": "le matricule passe dans les recherches",
            "INS-16": "l'identité n'est pas qualifiée",
        },
    ),
    Defect(
        "idpe-courriel",
        ("MES-19",),
        "L'identifiant externe donné à Mon espace santé est l'adresse électronique.",
        switch("idpe_courriel"),
        {"MES-18": "la personne est alors désignée par son adresse"},
    ),
    Defect(
        "enfant-confondu",
        ("MES-50",),
        "L'enfant et son représentant légal ont le même identifiant externe.",
        switch("enfant_confondu"),
    ),
    Defect(
        "identite-externe-inversee",
        ("MES-77",),
        "Le nom et le prénom donnés pour l'écran de confirmation ne sont pas ceux de l'usager.",
        _par().form("external_user", _external(firstName="Compte", lastName="Portail")),
    ),
    Defect(
        "identite-externe-incomplete",
        ("MES-77",),
        "L'adresse électronique de l'usager manque sur l'écran de confirmation.",
        _par().form("external_user", _external(email="")),
    ),
)

TOKENS = (
    Defect(
        "jeton-dans-l-adresse",
        ("MES-09",),
        "Le jeton d'accès est écrit dans l'adresse des appels, pour les visites à domicile.",
        _fhir().only_if(changes.at_home).and_then(changes.token_in_query),
    ),
    Defect(
        "jeton-dans-la-page", ("MES-09",), "Le jeton d'accès est écrit dans une page.", switch("jeton_dans_la_page")
    ),
    Defect(
        "jeton-dans-le-journal",
        ("MES-09",),
        "Le jeton d'accès est écrit dans le journal technique.",
        switch("jeton_dans_le_journal"),
        {"SEC-07": "le journal technique est lu pour les jetons de tous les services"},
    ),
    Defect(
        "jeton-d-un-autre",
        ("MES-10",),
        "Le jeton d'accès d'un autre usager est présenté.",
        switch("jeton_d_un_autre"),
    ),
    Defect(
        "id-token-d-un-autre",
        ("MES-15",),
        "L'id_token d'un autre usager est présenté.",
        switch("id_token_d_un_autre"),
    ),
    Defect(
        "id-token-absent",
        ("MES-14",),
        "Les appels sont faits sans id_token, pour les visites à domicile.",
        _fhir().only_if(changes.at_home).header("ID_TOKEN", REMOVE),
    ),
    Defect(
        "jeton-d-acces-absent",
        ("MES-14",),
        "Les appels sont faits sans jeton d'accès, pour les visites à domicile.",
        _fhir().only_if(changes.at_home).header("Authorization", REMOVE),
        {
            "AGD-036": "sans jeton, rien ne montre que l'usager est apparié",
            "MES-01": "sans jeton, rien ne montre que l'usager est apparié",
        },
    ),
    Defect(
        "ne-rafraichit-pas",
        ("MES-11",),
        "Un jeton expiré n'est pas rafraîchi : la liaison est dite rompue.",
        switch("ne_rafraichit_pas"),
    ),
    Defect("boucle-401", ("MES-11",), "Un 401 est suivi d'essais répétés.", switch("boucle_401")),
    Defect(
        "refresh-reutilise",
        ("MES-12",),
        "L'ancien jeton de rafraîchissement sert encore après la rotation.",
        switch("refresh_reutilise"),
    ),
    Defect(
        "401-final-ignore",
        ("MES-13",),
        "Après un refus définitif (401), le produit continue d'appeler et se dit apparié.",
        switch("ignore_401_final"),
    ),
    Defect(
        "oid-non-verifie",
        ("MES-16",),
        "L'OID de l'id_token n'est pas comparé à celui du produit : Mon espace santé répond 409.",
        switch("oid_non_verifie"),
    ),
    Defect(
        "reessaie-409",
        ("MES-17",),
        "Un 409 sur l'OID est traité comme une panne : le produit réessaie.",
        switch("reessaie_409"),
    ),
    Defect(
        "anciens-jetons",
        ("MES-49",),
        "Après un nouvel appariement, l'ancien jeton d'accès sert encore.",
        switch("anciens_jetons"),
    ),
    Defect(
        "ins-dans-l-adresse",
        ("MES-20",),
        "Le matricule INS passe dans l'adresse d'une recherche.",
        outgoing("GET", "/fhir/Appointment", beside=changes.OTHER_AGENDAS)
        .only_if(changes.is_search)
        .and_then(changes.ins_in_query),
    ),
    Defect(
        "ins-dans-un-entete",
        ("MES-20",),
        "Le matricule INS passe dans un en-tête des appels.",
        _fhir().and_then(changes.ins_in_header),
        {"INS-16": "l'identité n'est pas qualifiée"},
    ),
    Defect(
        "ins-dans-le-journal",
        ("MES-20",),
        "Le matricule INS est écrit dans le journal technique.",
        switch("ins_dans_le_journal"),
    ),
)

CONSENTS = (
    Defect(
        "refus-de-consentement-ignore",
        ("MES-44",),
        "Après un refus faute de consentement, le produit continue d'appeler et ne le dit pas.",
        switch("refus_de_consentement_ignore"),
        {"MES-45": "la file continue d'être envoyée", "AGD-035": "les lectures continuent aussi"},
    ),
    Defect(
        "retrait-coupe-tout",
        (),
        "Le retrait d'une seule finalité arrête aussi les autres.",
        switch("retrait_coupe_tout"),
    ),
    Defect(
        "consentement-manquant-tu",
        ("MES-44",),
        "Le portail ne dit pas quel accord manque.",
        switch("consentement_manquant_tu"),
    ),
    Defect(
        "file-videe-apres-retrait",
        ("MES-45",),
        "La file d'attente part après le retrait du consentement.",
        switch("file_videe_apres_retrait"),
        {"MES-17": "l'appel refusé pour l'OID est refait lui aussi"},
    ),
    Defect(
        "lecture-sans-consentement",
        ("MES-46",),
        "L'agenda est lu alors que seule l'écriture est consentie.",
        switch("lecture_sans_consentement"),
    ),
    Defect(
        "ecriture-sans-consentement",
        ("MES-46",),
        "Les rendez-vous sont envoyés alors que seule la lecture est consentie.",
        switch("ecriture_sans_consentement"),
        {"MES-45": "l'écriture continue après le retrait", "MES-44": "l'écriture refusée est refaite"},
    ),
    Defect(
        "desappariement-sans-revocation",
        ("MES-47",),
        "Le désappariement fait dans le produit ne révoque pas les jetons.",
        switch("desappariement_sans_revocation"),
    ),
    Defect(
        "revocation-ignoree",
        ("MES-48",),
        "Le désappariement fait dans Mon espace santé n'est pas montré.",
        switch("revocation_ignoree"),
    ),
    Defect(
        "majorite-ignoree",
        ("MES-51",),
        "Les échanges continuent alors que l'usager devenu majeur n'a pas confirmé.",
        switch("majorite_ignoree"),
    ),
    Defect(
        "version-ignoree",
        ("MES-52",),
        "Les nouveaux échanges commencent avant que l'usager ait pris connaissance de la version.",
        switch("version_ignoree"),
    ),
    Defect(
        "suspension-ignoree",
        ("MES-53",),
        "Les appels continuent pendant la suspension du service.",
        switch("suspension_ignoree"),
    ),
    Defect(
        "dereferencement-ignore",
        (),
        "Retiré du catalogue, le produit continue d'appeler Mon espace santé.",
        switch("dereferencement_ignore"),
    ),
    Defect(
        "suspension-perd-les-envois",
        (),
        "Les envois en attente sont perdus pendant la suspension du service.",
        switch("suspension_perd_les_envois"),
    ),
    Defect(
        "appel-sans-echange",
        ("MES-70",),
        "Référencé sans échange de données, le produit appelle tout de même les API.",
        switch("appel_sans_echange"),
    ),
)

DEFECTS = JOURNEY + TOKENS + CONSENTS
