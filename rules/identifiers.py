"""National identifiers, by shape and key: INS (NIR), RPPS, FINESS, e-mail addresses, OIDs."""

from __future__ import annotations

import re
from collections.abc import Iterator

# OIDs of the INS: NIR, NIA, test, demonstration (ANS, "Liste des OID des autorités d'affectation des INS").
INS_OIDS = frozenset(f"1.2.250.1.213.1.4.{arc}" for arc in (8, 9, 10, 11))
# Professionals and structures: CI-SIS national identifiers, then the systems of the annuaire santé.
PROFESSIONAL_SYSTEMS = frozenset({"urn:oid:1.2.250.1.71.4.2.1", "https://rpps.esante.gouv.fr"})
STRUCTURE_SYSTEMS = frozenset({"urn:oid:1.2.250.1.71.4.2.2", "https://finess.esante.gouv.fr"})

_NIR = r"[12378]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)(?:\d{2}|2[AB])\d{6}"
_NIR_13 = re.compile(r"[1278]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[1-8]\d|9[0-57-9]|2[AB])\d{6}")
_INS_15 = re.compile(rf"({_NIR})(\d{{2}})")
_WORDS = re.compile(r"[0-9A-Za-z]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def is_ins(value: str) -> bool:
    """A 15-character INS matricule or NIR whose key is right (97 rule; 2A counts as 19, 2B as 18)."""
    match = _INS_15.fullmatch(value.upper())
    if not match:
        return False
    number = match[1].replace("2A", "19").replace("2B", "18")
    return 97 - int(number) % 97 == int(match[2])


def is_nir_without_key(value: str) -> bool:
    """A 13-character NIR: sex, year, month 01-12, department (Corsica included) in their ranges."""
    return bool(_NIR_13.fullmatch(value.upper()))


def ins_in(text: str) -> Iterator[str]:
    """Words of a text that are an INS with a right key."""
    yield from (word for word in _WORDS.findall(text) if is_ins(word))


def is_email(value: str) -> bool:
    return bool(_EMAIL.fullmatch(value))


def is_oid(value: str) -> bool:
    return bool(_OID.fullmatch(value))


def is_absolute_uri(value: str) -> bool:
    """A URI with a scheme; a `urn:oid:` must hold a well-formed OID."""
    if value.lower().startswith("urn:oid:"):
        return is_oid(value[8:])
    return bool(_ABSOLUTE_URI.fullmatch(value))


def is_ins_system(value: str) -> bool:
    """The system, or bare OID, of an INS assigning authority."""
    return value.removeprefix("urn:oid:") in INS_OIDS


def passes_luhn(value: str) -> bool:
    """Whether the last digit of an RPPS, FINESS, SIREN or SIRET number is its Luhn key."""
    if not (value.isascii() and value.isdecimal()):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(value)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def looks_like_rpps(value: str) -> bool:
    """11 digits with their key, or the same after the national prefix 8."""
    bare = value[1:] if len(value) == 12 and value.startswith("8") else value
    return len(bare) == 11 and passes_luhn(bare)


def looks_like_finess(value: str) -> bool:
    """9 digits with their key, or the same after the national prefix 1."""
    bare = value[1:] if len(value) == 10 and value.startswith("1") else value
    return len(bare) == 9 and passes_luhn(bare)
