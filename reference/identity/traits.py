"""The strict traits of an identity, and how two sets of traits are compared before one is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reference.identity.names import comparable
from reference.records import Usager

UNKNOWN_PLACE = "99999"
STRICT = ("nom_naissance", "prenoms", "premier_prenom", "sexe", "date_naissance", "lieu_naissance")
USED = ("nom_utilise", "prenom_utilise")
LABELS = {
    "nom_naissance": "nom de naissance",
    "prenoms": "prénoms de naissance",
    "premier_prenom": "premier prénom de naissance",
    "sexe": "sexe",
    "date_naissance": "date de naissance",
    "lieu_naissance": "lieu de naissance",
    "nom_utilise": "nom utilisé",
    "prenom_utilise": "prénom utilisé",
}


@dataclass(frozen=True)
class Traits:
    """Birth name, birth first names in order, sex (F, M), birth date (AAAA-MM-JJ), INSEE code of the place."""

    nom_naissance: str
    prenoms: tuple[str, ...]
    sexe: str
    date_naissance: str
    lieu_naissance: str

    @property
    def premier_prenom(self) -> str:
        return self.prenoms[0] if self.prenoms else ""

    def told(self) -> dict[str, Any]:
        """The traits under the names of the vocabulary; those that are empty are left out."""
        named = {
            "nom_naissance": self.nom_naissance,
            "prenoms": list(self.prenoms),
            "premier_prenom": self.premier_prenom,
            "sexe": self.sexe,
            "date_naissance": self.date_naissance,
            "lieu_naissance": self.lieu_naissance,
        }
        return {name: value for name, value in named.items() if value}


def traits_of(usager: Usager) -> Traits:
    """The strict traits of a file."""
    place = usager.lieu_naissance
    return Traits(usager.nom, tuple(usager.prenoms), usager.sexe, usager.date_naissance, place)


def traits_from(told: Mapping[str, Any]) -> Traits:
    """Strict traits from those of the vocabulary (`recevoir_identite`, INSi's answer kept)."""
    names = told.get("prenoms") or [name for name in (told.get("premier_prenom"),) if name]
    return Traits(
        str(told.get("nom_naissance") or ""),
        tuple(names),
        str(told.get("sexe") or ""),
        str(told.get("date_naissance") or ""),
        str(told.get("lieu_naissance") or ""),
    )


def missing(traits: Traits) -> list[str]:
    """French names of the traits without which no identity is created (R5); the unknown place is 99999."""
    empty = [name for name in STRICT if name != "premier_prenom" and not getattr(traits, name)]
    blank = [name for name in ("nom_naissance", "premier_prenom") if not comparable(getattr(traits, name))]
    return [
        LABELS[name] for name in dict.fromkeys((*empty, *blank)) if name != "premier_prenom" or "prenoms" not in empty
    ]


def differences(local: Traits, national: Traits) -> list[str]:
    """Strict traits on which a file and INSi do not agree (R6): names of the vocabulary.

    Accents, hyphens and apostrophes make no difference; the first first-name must be in INSi's list; a place that
    one of the two does not know makes none.
    """
    found = []
    if comparable(local.nom_naissance) != comparable(national.nom_naissance):
        found.append("nom_naissance")
    if not _holds(national.prenoms, local.premier_prenom):
        found.append("prenoms")
    found += [name for name in ("sexe", "date_naissance") if getattr(local, name) != getattr(national, name)]
    places = {local.lieu_naissance, national.lieu_naissance} - {"", UNKNOWN_PLACE}
    if len(places) > 1:
        found.append("lieu_naissance")
    return found


def same_person(one: Traits, other: Traits) -> bool:
    """Whether two sets of traits agree on everything, all first names included."""
    names = [" ".join(map(comparable, traits.prenoms)) for traits in (one, other)]
    return not differences(one, other) and names[0] == names[1]


def filled(local: Traits, national: Traits) -> Traits:
    """The traits of the file once INSi's are accepted: INSi's own writing (R6), first names cut as they were typed."""
    listed = " ".join(national.prenoms)
    typed = [comparable(name) for name in local.prenoms]
    names = _cut(listed.split(), typed) if comparable(listed) == " ".join(typed) else national.prenoms
    place = national.lieu_naissance or local.lieu_naissance
    return Traits(national.nom_naissance, names, national.sexe, national.date_naissance, place)


def _holds(names: Sequence[str], wanted: str) -> bool:
    return bool(comparable(wanted)) and f" {comparable(wanted)} " in f" {comparable(' '.join(names))} "


def _cut(words: list[str], typed: list[str]) -> tuple[str, ...]:
    """INSi's words grouped as the names that were typed: "Anne Sophie" typed as one name stays one."""
    names, rest = [], list(words)
    for name in typed:
        group = [rest.pop(0)]
        while rest and comparable(" ".join(group)) != name:
            group.append(rest.pop(0))
        names.append(" ".join(group))
    return (*names, *rest)
