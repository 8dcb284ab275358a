"""Situations of practice of a professional, read from the UserInfo of PSC (`SubjectRefPro`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_PROFESSIONS = {
    "10": "Médecin",
    "21": "Pharmacien",
    "40": "Chirurgien-dentiste",
    "50": "Sage-femme",
    "60": "Infirmier",
    "70": "Masseur-kinésithérapeute",
    "80": "Pédicure-podologue",
}
_STRUCTURE = ("numeroFinessSite", "numeroFinessetablissementJuridique", "numeroSiretSite", "numeroSirenSite")
_NAME = ("raisonSocialeSite", "enseigneCommercialeSite")


def situations_of(userinfo: Mapping[str, Any]) -> list[dict[str, str]]:
    """`{id, libelle, structure}` of each activity of each exercice.

    PSC writes an absent value as an empty text: a structure without FINESS is known by its SIRET, else by nothing.
    """
    return list(_situations(userinfo.get("SubjectRefPro")))


def _situations(reference: Any) -> Iterator[dict[str, str]]:
    for place, exercice in enumerate(_list(reference, "exercices"), 1):
        profession = _PROFESSIONS.get(_first(exercice, ("codeProfession",)), "Professionnel")
        for rank, activity in enumerate(_list(exercice, "activities"), 1):
            where = _first(activity, _NAME) or _first(activity, _STRUCTURE) or "structure non précisée"
            yield {
                "id": f"{place}.{rank}",
                "libelle": f"{profession}, {where}",
                "structure": _first(activity, _STRUCTURE),
            }


def _list(holder: Any, key: str) -> list[Mapping[str, Any]]:
    found = holder.get(key) if isinstance(holder, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _first(holder: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := str(holder.get(key) or "").strip())), "")
