"""Whose file is it? The pivot identity of FranceConnect against the files of the establishment. Pure functions.

Identity values come from providers and vary slightly: they are compared without accents, case, hyphens or order, and
whoever is not certain is left to a person of the establishment (FranceConnect+, données d'identité; Ségur va1.25).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from reference.records import Usager

Verdict = Literal["automatique", "a_confirmer", "nouveau"]
UNKNOWN_PLACES = ("", "99999")
_SEX = {"female": "F", "male": "M"}


@dataclass(frozen=True)
class Match:
    """What the files say. usagers: the one found, or those that a person must look at."""

    verdict: Verdict
    usagers: tuple[str, ...] = ()


def words(text: str) -> tuple[str, ...]:
    """Words of a name in capitals, without accents, hyphens or apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    letters = "".join(one for one in plain if not unicodedata.combining(one)).upper()
    return tuple(re.findall(r"[A-Z0-9]+", letters))


def reconciled(identity: Mapping[str, str], files: Iterable[Usager], taken: Iterable[str] = ()) -> Match:
    """Look for the file of a pivot identity (claims of FranceConnect). taken: files of other FranceConnect accounts."""
    found: dict[str, list[str]] = {"same": [], "near": [], "kin": []}
    held = frozenset(taken)
    for usager in files:
        likeness = _likeness(identity, usager)
        if likeness:
            found["near" if likeness == "same" and usager.id in held else likeness].append(usager.id)
    if len(found["same"]) == 1 and not found["near"]:
        return Match("automatique", (found["same"][0],))
    doubtful = (*found["same"], *found["near"]) or tuple(found["kin"])
    return Match("a_confirmer", doubtful) if doubtful else Match("nouveau")


def _likeness(identity: Mapping[str, str], usager: Usager) -> str:
    """`same`; `near`: one trait differs; `kin`: the first names do, as those of twins; "": somebody else.

    A name of birth may have been filed for the used one, and the reverse: that is never certain.
    """
    born, used = words(identity.get("family_name", "")), words(identity.get("preferred_username", ""))
    family = _same(born, words(usager.nom))
    alias = _same(used, words(usager.nom)) or _same(born, words(usager.nom_utilise))
    given = _given(words(identity.get("given_name", "")), words(" ".join(usager.prenoms)))
    birth = identity.get("birthdate") == usager.date_naissance
    sex = _SEX.get(identity.get("gender", "")) == usager.sexe
    place = _place(identity, usager.lieu_naissance)
    if family and birth and sex and given == "all" and place != "other":
        return "same"
    if given and (family or alias) and (birth or sex):
        return "near"
    return "kin" if family and birth and sex else ""


def _same(seen: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return bool(seen) and sorted(seen) == sorted(known)


def _given(seen: tuple[str, ...], known: tuple[str, ...]) -> str:
    """`all`: the same first names, in whatever order; `first`: some of them, with the first; "": others."""
    if _same(seen, known):
        return "all"
    return "first" if seen and known and (seen[0] in known or known[0] in seen) else ""


def _place(identity: Mapping[str, str], known: str) -> str:
    """`known`: the same place; `unknown`: not said on one side; `other`. Born abroad, only the country is said."""
    seen = identity.get("birthplace") or identity.get("birthcountry") or ""
    if known in UNKNOWN_PLACES or not seen or (seen == "99100"):
        return "unknown"
    return "known" if seen == known else "other"
