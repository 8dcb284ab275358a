"""Traits of an identity as the rules compare them: without case, accents, hyphens or apostrophes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from rules.reading import text

STRICT = ("nom_naissance", "prenoms", "premier_prenom", "sexe", "date_naissance", "lieu_naissance")
UNKNOWN_PLACE = "99999"


def plain(value: object) -> str:
    """A name reduced to capital letters and single spaces: "Éléonore-Anne d'Arc" is "ELEONORE ANNE D ARC"."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text(value)) if not unicodedata.combining(c))
    bare = bare.upper().replace("Œ", "OE").replace("Æ", "AE")
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", bare).split())


def first_names(value: object) -> list[str]:
    """First names of a list, or of a text that separates them by spaces or commas, reduced as `plain` does."""
    parts = value if isinstance(value, list) else re.split(r"[\s,]+", text(value))
    return [name for name in map(plain, parts) if name]


def same_names(one: object, other: object) -> bool:
    """Whether two lists of first names say the same, in any order."""
    return sorted(" ".join(first_names(one)).split()) == sorted(" ".join(first_names(other)).split())


def declared(params: Mapping[str, Any]) -> dict[str, Any]:
    """Traits given to `declarer_usager`, under the names of the other actions."""
    kept = ("prenoms", "sexe", "date_naissance", "lieu_naissance", "nom_utilise", "prenom_utilise")
    return {"nom_naissance": params.get("nom"), **{name: params[name] for name in kept if name in params}}


def differences(local: Mapping[str, Any], national: Mapping[str, Any]) -> list[str]:
    """Strict traits on which a local identity and what INSi says do not agree.

    Both have the names of the vocabulary (`nom_naissance`…). An unknown or missing place of birth is no difference;
    of first names, the first one typed must be in INSi's list (guide d'implémentation de l'INS, R6).
    """
    found = []
    if plain(local.get("nom_naissance")) != plain(national.get("nom_naissance")):
        found.append("nom_naissance")
    mine, theirs = first_names(local.get("prenoms"))[:1], " ".join(first_names(national.get("prenoms")))
    if mine and f" {mine[0]} " not in f" {theirs} ":
        found.append("prenoms")
    found += [name for name in ("sexe", "date_naissance") if text(local.get(name)) != text(national.get(name))]
    place, given = text(local.get("lieu_naissance")), text(national.get("lieu_naissance"))
    if place not in ("", UNKNOWN_PLACE) and given and place != given:
        found.append("lieu_naissance")
    return found
