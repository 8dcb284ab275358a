"""A fictitious professional, made by the sandbox for one scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Professional:
    """Who works in the DUI. national_id: SubjectNameID of Pro Santé Connect.

    practices: `exercices`, each with its `activites`, as the admin API shows them (contract of identity, §2).
    """

    id: str
    family_name: str
    given_name: str
    national_id: str
    profession: str
    login: str
    password: str
    practices: Sequence[Mapping[str, Any]]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Professional:
        """From an answer of the admin API."""
        return cls(
            id=data["id"],
            family_name=data["nom"],
            given_name=data["prenom"],
            national_id=data["identifiant_national"],
            profession=data["profession"],
            login=data["psc"]["identifiant"],
            password=data["psc"]["mot_de_passe"],
            practices=data["exercices"],
        )

    def as_declared(self) -> dict[str, Any]:
        """Parameters of the action `declarer_professionnel`, without rights."""
        return {"nom": self.family_name, "prenom": self.given_name, "identifiant_national": self.national_id}
