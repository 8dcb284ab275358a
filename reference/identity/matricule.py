"""The INS matricule: 13 characters of NIR or NIA and a key of two digits; its nature is told by the OID."""

from __future__ import annotations

import re

LENGTH = 15
_FORM = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}")
_CORSICA = {"2A": "19", "2B": "18"}
_NATURES = {"1.2.250.1.213.1.4.9": "NIA"}


def key(number: str, *, corsica: bool = True) -> str:
    """Key of the 13 characters of a number: 97 minus its remainder by 97, Corsica read 19 and 18.

    corsica: False reads the letter as 0, which is wrong.
    """
    department = number[5:7]
    digits = _CORSICA[department] if corsica and department in _CORSICA else re.sub("[AB]", "0", department)
    return f"{97 - int(number[:5] + digits + number[7:]) % 97:02d}"


def is_valid(matricule: str, *, corsica: bool = True) -> bool:
    """Whether the text has fifteen characters, of the right form, and a right key (INS/va1.41)."""
    if len(matricule) != LENGTH or not _FORM.fullmatch(matricule):
        return False
    return key(matricule[:13], corsica=corsica) == matricule[13:]


def nature(oid: str) -> str:
    """`NIR` or `NIA`, as it is written beside the matricule (R32). A test OID holds NIRs."""
    return _NATURES.get(oid, "NIR")
