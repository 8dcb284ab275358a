"""What the rules recognise in an exchange: an INS, an RPPS, a FINESS, an e-mail address, a URI."""

from __future__ import annotations

import re
from collections.abc import Iterator

from profiles.keys import INS_OIDS, wrong_finess, wrong_ins, wrong_oid, wrong_rpps

# Professionals and structures: CI-SIS national identifiers, then the systems of the annuaire santé.
PROFESSIONAL_SYSTEMS = frozenset({"urn:oid:1.2.250.1.71.4.2.1", "https://rpps.esante.gouv.fr"})
STRUCTURE_SYSTEMS = frozenset({"urn:oid:1.2.250.1.71.4.2.2", "https://finess.esante.gouv.fr"})

# Narrower than a NIR may be: a rule accuses by this shape alone, and other numbers also have 13 digits.
_NIR_13 = re.compile(r"[1278]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[1-8]\d|9[0-57-9]|2[AB])\d{6}")
_WORDS = re.compile(r"[0-9A-Za-z]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def is_ins(value: str) -> bool:
    """An INS matricule whose key is right, in either case of the Corsican letter."""
    return wrong_ins(value.upper()) is None


def is_nir_without_key(value: str) -> bool:
    """A 13-character NIR: sex, year, month 01-12, department (Corsica included) in their ranges."""
    return bool(_NIR_13.fullmatch(value.upper()))


def ins_in(text: str) -> Iterator[str]:
    """Words of a text that are an INS with a right key."""
    yield from (word for word in _WORDS.findall(text) if is_ins(word))


def is_email(value: str) -> bool:
    return bool(_EMAIL.fullmatch(value))


def is_absolute_uri(value: str) -> bool:
    """A URI with a scheme; a `urn:oid:` must hold a well-formed OID."""
    if value.lower().startswith("urn:oid:"):
        return wrong_oid(value[8:]) is None
    return bool(_ABSOLUTE_URI.fullmatch(value))


def is_ins_system(value: str) -> bool:
    """The system, or bare OID, of an INS assigning authority."""
    return value.removeprefix("urn:oid:") in INS_OIDS


def looks_like_rpps(value: str) -> bool:
    """11 digits with their key, or the same after the national prefix 8."""
    return wrong_rpps(value[1:] if len(value) == 12 and value.startswith("8") else value) is None


def looks_like_finess(value: str) -> bool:
    """9 characters with their key, or the same after the national prefix 1."""
    return wrong_finess(value[1:] if len(value) == 10 and value.startswith("1") else value) is None
