"""The words of the sentences and what they stand for; one converter per kind of word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from parse import with_pattern  # type: ignore[import-untyped]
from pytest_bdd import parsers

from harness import dates

FINALITIES = {
    "l'alimentation de son agenda": ("AGENDA_ECRITURE",),
    "l'alimentation de l'agenda": ("AGENDA_ECRITURE",),
    "la lecture de son agenda": ("AGENDA_LECTURE",),
    "la lecture de l'agenda": ("AGENDA_LECTURE",),
    "l'alimentation et à la lecture de son agenda": ("AGENDA_ECRITURE", "AGENDA_LECTURE"),
    "la lecture de ses mesures": ("MESURES_LECTURE",),
    "la lecture des mesures": ("MESURES_LECTURE",),
    "la lecture des documents": ("DOCUMENTS_LECTURE",),
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
    "saisi par erreur": "entered-in-error",
}
OUTCOMES = {"honoré": "honore", "non honoré": "non_honore", "saisi par erreur": "saisi_par_erreur"}
OUTAGES = {"indisponible": "503", "surchargé": "429"}
SPOILT_TOKENS = {
    "mal signé": "jeton_mal_signe",
    "d'une autre demande": "mauvais_nonce",
    "d'un autre service": "oid_different",
}
PLACES = {"à La Réunion": "Indian/Reunion", "en Guadeloupe": "America/Guadeloupe"}
ORIGINS = {"de l'usager": "usager", "d'ailleurs": "autre"}
NUMBERS = {"aucun": 0, "deux": 2, "trois": 3}


def one_of(words: Mapping[str, Any]) -> Callable[[str], Any]:
    """Converter of a word of a table; the longest word that fits is taken."""
    pattern = "|".join(sorted(words, key=len, reverse=True))
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
    "Decimal": with_pattern(r"\d+(?:,\d+)?")(decimal),
}


def sentence(text: str) -> parsers.parse:
    """A sentence with its words between braces: `le {debut:Moment}` reads « le 27/10/2024 à 09:00 »."""
    return parsers.parse(text, extra_types=dict(TYPES))
