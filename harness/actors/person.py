"""A fictitious person, made by the sandbox for one scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Who plays the usager. login and password are those of Mon espace santé. birth_place: INSEE code.

    representative: id of the person who represents this one, or None. profile: OD (own account) or AD (child profile).
    """

    id: str
    family_name: str
    given_names: tuple[str, ...]
    sex: str
    birth_date: date
    email: str
    phone: str
    ins: str
    ins_oid: str
    login: str
    password: str
    profile: str
    representative: str | None
    birth_place: str = ""
    france_connect_login: str = ""
    france_connect_password: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Person:
        """From an answer of the admin API (architecture §4)."""
        return cls(
            id=data["id"],
            family_name=data["nom"],
            given_names=tuple(data["prenoms"]),
            sex=data["sexe"],
            birth_date=date.fromisoformat(data["date_naissance"]),
            email=data["courriel"],
            phone=data["telephone"],
            ins=data["ins"]["matricule"],
            ins_oid=data["ins"]["oid"],
            login=data["mes"]["identifiant"],
            password=data["mes"]["mot_de_passe"],
            profile=data["mes"]["profil"],
            representative=data["representant"],
            birth_place=data.get("commune_naissance", ""),
            france_connect_login=data.get("franceconnect", {}).get("identifiant", ""),
            france_connect_password=data.get("franceconnect", {}).get("mot_de_passe", ""),
        )

    def as_declared(self) -> dict[str, Any]:
        """Parameters of the action `declarer_usager`, without the representative."""
        return {
            "nom": self.family_name,
            "prenoms": list(self.given_names),
            "sexe": self.sex,
            "date_naissance": self.birth_date.isoformat(),
            "courriel": self.email,
            "ins": {"matricule": self.ins, "oid": self.ins_oid},
            **({"lieu_naissance": self.birth_place} if self.birth_place else {}),
        }
