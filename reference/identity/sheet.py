"""The identity as it is printed (R32): five items, the matricule with its nature, and the INS datamatrix.

The datamatrix follows « INS, format datamatrix » of the ANS, version of September 2023, as public encoders show it.
"""

from __future__ import annotations

from pystrich.datamatrix import DataMatrixEncoder

from reference.identity.matricule import nature
from reference.identity.names import official
from reference.identity.traits import UNKNOWN_PLACE
from reference.records import Usager

_HEADER = "IS01" + "0" * 22
_END = "\x1d"
_LONGEST_OID = 20
_SEXES = {"F": "Féminin", "M": "Masculin"}
Line = tuple[str, str]


def lines(usager: Usager, *, with_ins: bool) -> list[Line]:
    """Labels and values, in French. with_ins: the identity is qualified, and its reader may see the INS."""
    day = "/".join(reversed(usager.date_naissance.split("-")))
    shown = [
        ("Nom de naissance", usager.nom),
        ("Premier prénom de naissance", usager.prenoms[0]),
        ("Date de naissance", day),
        ("Sexe", _SEXES[usager.sexe]),
    ]
    if with_ins and usager.ins is not None:
        number, kind = usager.ins["matricule"], nature(usager.ins["oid"])
        shown.append(("Matricule INS", f"{number[:13]} {number[13:]} ({kind})"))
    return shown


def payload(usager: Usager) -> str:
    """What the datamatrix of a file with an INS says. KeyError or TypeError without INS."""
    ins = usager.ins or {}
    day = "-".join(reversed(usager.date_naissance.split("-")))
    names, place = " ".join(map(official, usager.prenoms)), usager.lieu_naissance
    return (
        f"{_HEADER}S1{ins['matricule']}S2{ins['oid']}{_END if len(ins['oid']) < _LONGEST_OID else ''}"
        f"S3{names}{_END}S4{official(usager.nom)}{_END}S5{usager.sexe}S6{day}"
        f"{'' if place in ('', UNKNOWN_PLACE) else f'S7{place}'}"
    )


def datamatrix(text: str) -> str:
    """An inline SVG image of a square Data Matrix (ECC 200)."""
    return str(DataMatrixEncoder(text).get_svg())
