"""Who is found, and whether an identity is the one that the register knows. Pure: the register is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mocks.insi.model_register import Identity
from mocks.insi.traits import comparable, is_official, same_date, same_first_names

Traits = Mapping[str, Any]


def by_traits(register: Sequence[Identity], sent: Traits, *, any_first_name: bool) -> list[Identity]:
    """Those who bear these traits (sheet SEC §5.3); a trait that the register does not know stops nobody (banc).

    sent: texts by name of element; `Prenom` is a list.
    """
    names = " ".join(sent["Prenom"])
    return [
        one
        for one in register
        if _born(sent["DateNaissance"], one)
        and _same(sent["Sexe"], one.sex)
        and _same(comparable(sent["NomNaissance"]), comparable(one.family))
        and (not any(map(comparable, one.given)) or same_first_names(names, one.given, any_one=any_first_name))
        and _same(sent.get("LieuNaissance") or one.birth_place, one.birth_place)
    ]


def by_card(register: Sequence[Identity], sent: Traits) -> list[Identity]:
    """The beneficiary that a card designates: by its own number, else among those whose rights this number opens.

    A former number of the same person will do (banc).
    """
    own, opener = sent.get("MatriculeIndividu"), sent.get("MatriculeOD")
    if own:
        found = [one for one in register if own in _numbers(one)]
    else:
        openers = {one.person for one in register if opener in _numbers(one)}
        found = [one for one in register if one.person in openers or one.representative in openers]
    if sent.get("DateNaissance"):
        found = [one for one in found if _born(sent["DateNaissance"], one)]
    if sent.get("NomNaissance"):
        found = [one for one in found if _same(comparable(sent["NomNaissance"]), comparable(one.family))]
    rank = (sent.get("RangNaissance") or "").strip()
    if not own and len(found) > 1 and rank in map(str, range(1, len(found) + 1)):
        return [found[int(rank) - 1]]  # twins: those of one opener and one day, in the order of the register
    return found


def is_verified(register: Sequence[Identity], sent: Traits, oid_of: Callable[[Identity], str]) -> Identity | None:
    """The identity whose matricule, OID and strict traits are all those sent (R49), None for KO.

    A trait that the client may leave out (place, list of first names) is not compared when it does. A former
    matricule is no longer the one of anybody.
    """
    for one in register:
        strict = (
            one.matricule == sent["NumIdentifiant"] + sent["Cle"]
            and oid_of(one) == sent["OID"].strip()
            and comparable(sent["NomNaissance"]) == comparable(one.family)
            and same_first_names(" ".join(sent["Prenom"]), one.given, any_one=False)
            and sent["Sexe"] == one.sex
            and sent["DateNaissance"] == one.birth_date
            and sent.get("LieuNaissance", one.birth_place) == one.birth_place
            and comparable(sent.get("ListePrenom", " ".join(one.given))) == comparable(" ".join(one.given))
        )
        if strict:
            return one
    return None


def not_official(sent: Traits) -> list[str]:
    """Names of the elements whose text is not in capitals without accents."""
    texts = {"NomNaissance": [sent.get("NomNaissance") or ""], "Prenom": sent.get("Prenom") or []}
    return [name for name, values in texts.items() if not all(map(is_official, values))]


def _born(sent: str, one: Identity) -> bool:
    return not one.birth_date or same_date(sent, one.birth_date)


def _same(sent: str, known: str) -> bool:
    return known in ("", sent)


def _numbers(one: Identity) -> list[str]:
    return [one.matricule[:13], *(former.matricule[:13] for former in one.history)]
