"""Finding a file: by the whole matricule, or by the birth date and the beginning of a name (R17)."""

from __future__ import annotations

import re

from reference.defects import Defects
from reference.identity.matricule import is_valid
from reference.identity.names import comparable
from reference.records import Usager
from reference.refusal import Refusal
from reference.store import Store


class Search:
    """Searches among the files."""

    def __init__(self, store: Store, defects: Defects) -> None:
        self._store, self._defects = store, defects

    def by_matricule(self, typed: str) -> list[str]:
        """Files of this matricule. Refusal unless it has fifteen characters and a right key."""
        matricule = typed.strip().upper()
        if self._defects.has("recherche_matricule_tronque"):
            return [one.id for one in self._with_ins() if _matricule(one).startswith(matricule[:13])]
        corsican = matricule[5:7] in ("2A", "2B")
        misread = corsican and self._defects.has("cle_corse_fausse")
        if not is_valid(matricule, corsica=not misread):
            message = "Un matricule INS a quinze caractères, et sa clé doit être juste."
            raise Refusal("matricule_invalide", message)
        if matricule.isdecimal() and self._defects.has("matricule_lu_comme_un_nombre"):
            return []
        return [one.id for one in self._with_ins() if _matricule(one) == matricule]

    def by_birth(self, date: str, start: str) -> list[str]:
        """Files born that day whose birth name or used name begins so; accents and punctuation do not count."""
        born = [one for one in self._store.all(Usager) if one.date_naissance == date]
        return [one.id for one in born if any(self._begins(name, start) for name in self._names(one))]

    def _names(self, usager: Usager) -> list[str]:
        if usager.nom_utilise and self._defects.has("recherche_sans_nom_utilise"):
            return [usager.nom]
        return [name for name in (usager.nom, usager.nom_utilise) if name]

    def _begins(self, name: str, start: str) -> bool:
        if start.islower() and self._defects.has("recherche_sensible_a_la_casse"):
            return False
        if not start.isascii() and self._defects.has("saisie_accentuee_non_lue"):
            return False
        exact = name.upper().startswith(start.strip().upper())
        if exact:
            return True
        loose = comparable(name).startswith(comparable(start)) and bool(re.search(r"\w", start))
        return loose and not self._defects.has("recherche_avec_accents")

    def _with_ins(self) -> list[Usager]:
        return [one for one in self._store.all(Usager) if one.ins is not None]


def _matricule(usager: Usager) -> str:
    return (usager.ins or {}).get("matricule", "")
