"""The words of the sentences and what they stand for; one converter per kind of word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from parse import with_pattern  # type: ignore[import-untyped]
from pytest_bdd import parsers

from harness import dates
from harness.actors.meetings import Day

FINALITIES = {
    "l'alimentation de son agenda": ("AGENDA_ECRITURE",),
    "l'alimentation de l'agenda": ("AGENDA_ECRITURE",),
    "la lecture de son agenda": ("AGENDA_LECTURE",),
    "la lecture de l'agenda": ("AGENDA_LECTURE",),
    "l'alimentation et à la lecture de son agenda": ("AGENDA_ECRITURE", "AGENDA_LECTURE"),
    "la lecture de ses mesures": ("MESURES_LECTURE",),
    "la lecture des mesures": ("MESURES_LECTURE",),
    "la lecture des documents": ("DOCUMENTS_LECTURE",),
    "la lecture de ses documents": ("DOCUMENTS_LECTURE",),
    "l'ajout de documents": ("DOCUMENTS_ECRITURE",),
    "l'ajout et à la lecture de ses documents": ("DOCUMENTS_ECRITURE", "DOCUMENTS_LECTURE"),
}
PAIRING_STATES = {
    "établi": "apparie",
    "absent": "non_apparie",
    "rompu": "rompu",
    "suspendu": "suspendu",
    "en attente de reconnaissance": "a_reconnaitre",
    "à confirmer par l'usager devenu majeur": "a_reapprouver",
}
STATUSES = {
    "demandé": "proposed",
    "confirmé": "booked",
    "annulé": "cancelled",
    "honoré": "fulfilled",
    "non honoré": "noshow",
    "en attente": "pending",
    "saisi par erreur": "entered-in-error",
}
OUTCOMES = {"honoré": "honore", "non honoré": "non_honore", "saisi par erreur": "saisi_par_erreur"}
VISIBILITIES = {"masqué aux professionnels": "MASQUE_PS", "invisible pour lui": "INVISIBLE_PATIENT"}
DOCUMENT_AUTHORS = {"de l'usager": "usager", "d'un professionnel": "professionnel", "du portail": "service"}
OUTAGES = {"indisponible": "503", "surchargé": "429"}
SPOILT_TOKENS = {
    "mal signé": "jeton_mal_signe",
    "d'une autre demande": "mauvais_nonce",
    "d'un autre service": "oid_different",
}
DMP_DOCUMENTS = {
    "une synthèse": "synthese",
    "un volet médical": "volet_medical",
    "une fiche de liaison à la MDPH": "fiche_liaison_mdph",
}
DMP_STATUSES = {"archivé": "Archived", "supprimé": "Deleted"}
AUTHORISATIONS = {"valide": "valide", "expirée": "expiree", "absente": "aucune"}
DMP_STATES = {"fermé": "ferme", "absent": "absent"}
PLACES = {"à La Réunion": "Indian/Reunion", "en Guadeloupe": "America/Guadeloupe"}
ORIGINS = {"de l'usager": "usager", "d'ailleurs": "autre"}
NUMBERS = {"aucun": 0, "deux": 2, "trois": 3}
MEANS = {"sa carte CPS": "CPS", "son application e-CPS": "ECPS"}
CHANNELS = {"sa carte": "CARD", "son téléphone": "MOBILE"}
SPOILT_ID_TOKENS = {
    "mal signé": "jeton_mal_signe",
    "sans signature": "alg_none",
    "signé d'une clé inconnue": "kid_inconnu",
    "d'un autre émetteur": "mauvais_emetteur",
    "destiné à un autre service": "mauvaise_audience",
    "d'une autre demande": "mauvais_nonce",
    "expiré": "jeton_expire",
    "de niveau insuffisant": "niveau_inferieur",
}
SPOILT_USERINFO = {"d'un autre usager": "userinfo_autrui", "mal signées": "userinfo_mal_signe"}
SPOILT_RETURNS = {
    "avec l'état d'une autre demande": "etat_melange",
    "sans état": "sans_etat",
    "au nom d'un autre émetteur": "emetteur_melange",
    "avec un code déjà employé": "code_rejoue",
}
DESCRIPTIONS = {"sans aucun exercice": "sans_exercice", "sans numéro FINESS": "finess_vide"}
PROVIDERS = {"FranceConnect+": True, "FranceConnect": False}
ADDRESSES = {"complète": True, "sans protocole": False}
BIRTHS = {
    "né en métropole": {},
    "né à l'étranger": {"ne_a_l_etranger": True},
    "né en Corse-du-Sud": {"corse": "2A"},
    "né en Haute-Corse": {"corse": "2B"},
    "au jour de naissance inconnu": {"jour_inconnu": True},
    "aux prénoms composés": {"prenoms_composes": True},
}
IDENTITY_STATUSES = {
    "provisoire": "provisoire",
    "validée": "validee",
    "récupérée": "recuperee",
    "qualifiée": "qualifiee",
}
TRAITS = {
    "le nom de naissance": "nom_naissance",
    "les prénoms": "prenoms",
    "le sexe": "sexe",
    "la date de naissance": "date_naissance",
    "le lieu de naissance": "lieu_naissance",
    "le nom utilisé": "nom_utilise",
    "le prénom utilisé": "prenom_utilise",
}
MARKS = {"douteuse": "douteuse", "fictive": "fictive"}
INSI_OUTAGES = {"en erreur technique": "siram_40", "indisponible": "503"}
SPOILT_IDENTITIES = {
    "au jour de naissance nul": "jour_00",
    "sans nom de naissance": "nom_vide",
    "aux traits différents": "traits_differents",
}
SPOILT_MATRICULES = {"sans sa clé": "sans_cle", "à la clé fausse": "cle_fausse", "tronqué": "tronque"}
WRITINGS = {
    "de naissance": "naissance",
    "de naissance, sans accent": "sans_accent",
    "de naissance, en minuscules": "minuscules",
    "utilisé": "utilise",
}
SAS_NUMBERS = {
    "sous son RPPS avec préfixe": "rpps",
    "sous son RPPS sans préfixe": "rpps_nu",
    "sous son ADELI avec préfixe": "adeli",
    "sous son ADELI sans préfixe": "adeli_nu",
}
SAS_STRUCTURES = {"son FINESS": "finess", "son SIRET": "siret", "le rang du praticien": "rang"}
SAS_OFFERS: Mapping[str, Mapping[str, Any]] = {
    "ouvert au public": {},
    "ouvert au public et aux régulateurs": {"publics": ("PUBLIC", "SNP")},
    "ouvert aux professionnels": {"publics": ("PRO",)},
    "ouvert aux régulateurs": {"publics": ("SNP",)},
    "réservé à sa patientèle": {"reserved": True},
    "au cabinet": {"consultations": ("AMB",)},
    "à domicile": {"consultations": ("HH",)},
    "en téléconsultation": {"consultations": ("VR",)},
    "au cabinet ou en téléconsultation": {"consultations": ("AMB", "VR")},
    "sans rendez-vous": {"bookable": False},
}
SAS_WRITINGS = {
    "en temps universel": "universel",
    "sans millisecondes": "sans_millisecondes",
    "avec un « + » non encodé": "brut",
}
SEASONS = {"en juillet": 7, "en janvier": 1}
WRONG_ACCOUNTS = {
    "sans identifiant": "sans_identifiant",
    "sans nom": "sans_nom",
    "sans dire si le droit est tenu": "sans_droit",
    "sans adresse électronique": "sans_courriel",
    "au nom vide": "nom_vide",
    "à l'adresse électronique vide": "courriel_vide",
    "au téléphone mis pour adresse": "telephone",
    "dont l'identifiant n'est pas de son type": "type_faux",
}
PROOFS = {"le passeport": "passeport", "un autre papier": "autre"}

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "sans statut": {"status": None},
    "au statut inconnu": {"status": "reserve"},
    "sans participant": {"participant": None},
    "sans fin": {"end": None},
    "dont le participant ne répond rien": {"participant": [{"actor": {"display": "Cabinet de ville"}}]},
}
WINDOWS = {"en temps universel": "universel", "avec un « + » non encodé": "brut"}

REPLIES = {
    "accepte": "accepter",
    "refuse": "refuser",
    "propose un autre horaire": "proposer",
    "annule": "annuler",
}
REPLIES_SHOWN = {"acceptée": "acceptee", "refusée": "refusee", "un autre horaire": "autre_horaire"}
MEETING_STATES = {"demandé": "demande", "en attente": "en_attente", "conclu": "conclu", "annulé": "annule"}
REQUEST_STATES = {"demandé": "proposed", "en attente": "pending", "conclu": "booked", "annulé": "cancelled"}


def one_of(words: Mapping[str, Any]) -> Callable[[str], Any]:
    """Converter of a word of a table; the longest word that fits is taken."""
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return with_pattern(pattern)(lambda word: words[word])  # type: ignore[no-any-return]


def decimal(text: str) -> float:
    """« 62,4 »."""
    return float(text.replace(",", "."))


TYPES: Mapping[str, Callable[[str], Any]] = {
    "Moment": with_pattern(r"\d{2}/\d{2}/\d{4} à \d{2}:\d{2}")(dates.moment),
    "Jour": with_pattern(r"\d{2}/\d{2}/\d{4}")(dates.day),
    "Finalites": one_of(FINALITIES),
    "Appariement": one_of(PAIRING_STATES),
    "Statut": one_of(STATUSES),
    "Constat": one_of(OUTCOMES),
    "Panne": one_of(OUTAGES),
    "Jeton": one_of(SPOILT_TOKENS),
    "Lieu": one_of(PLACES),
    "Origine": one_of(ORIGINS),
    "Nombre": one_of(NUMBERS),
    "Moyen": one_of(MEANS),
    "Canal": one_of(CHANNELS),
    "JetonIdentite": one_of(SPOILT_ID_TOKENS),
    "Informations": one_of(SPOILT_USERINFO),
    "Retour": one_of(SPOILT_RETURNS),
    "Description": one_of(DESCRIPTIONS),
    "Fournisseur": one_of(PROVIDERS),
    "Adresse": one_of(ADDRESSES),
    "Naissance": one_of(BIRTHS),
    "StatutIdentite": one_of(IDENTITY_STATUSES),
    "Trait": one_of(TRAITS),
    "Attribut": one_of(MARKS),
    "PanneInsi": one_of(INSI_OUTAGES),
    "IdentiteRendue": one_of(SPOILT_IDENTITIES),
    "Matricule": one_of(SPOILT_MATRICULES),
    "Ecriture": one_of(WRITINGS),
    "Justificatif": one_of(PROOFS),
    "Reponse": one_of(REPLIES),
    "ReponseMontree": one_of(REPLIES_SHOWN),
    "EtatReunion": one_of(MEETING_STATES),
    "EtatDemande": one_of(REQUEST_STATES),
    "Futur": with_pattern(r"dans \d+ jours")(lambda text: Day(int(text.split()[1]))),
    "Heure": with_pattern(r"\d{2}:\d{2}")(lambda text: time.fromisoformat(text)),
    "Heures": with_pattern(r"\d{2}:\d{2}(?:, \d{2}:\d{2})*(?: et \d{2}:\d{2})?")(
        lambda text: [time.fromisoformat(hour) for hour in re.findall(r"\d{2}:\d{2}", text)]
    ),
    "Bientot": with_pattern(r"(?:après-)?demain à \d{2}:\d{2}")(dates.soon),
    "Numero": one_of(SAS_NUMBERS),
    "Structure": one_of(SAS_STRUCTURES),
    "Offre": one_of(SAS_OFFERS),
    "EtatDmp": one_of(DMP_STATES),
    "EtatDocument": one_of(DMP_STATUSES),
    "Autorisation": one_of(AUTHORISATIONS),
    "SorteDeDocument": one_of(DMP_DOCUMENTS),
    "Fenetre": one_of(SAS_WRITINGS),
    "Saison": one_of(SEASONS),
    "FauteCompte": one_of(WRONG_ACCOUNTS),
    "Faute": one_of(FAULTS),
    "Visibilite": one_of(VISIBILITIES),
    "AuteurDeDocument": one_of(DOCUMENT_AUTHORS),
    "EcritureDeFenetre": one_of(WINDOWS),
    "Decimal": with_pattern(r"\d+(?:,\d+)?")(decimal),
}


def sentence(text: str) -> parsers.parse:
    """A sentence with its words between braces: `le {debut:Moment}` reads « le 27/10/2024 à 09:00 »."""
    return parsers.parse(text, extra_types=dict(TYPES))
