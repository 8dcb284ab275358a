"""National identifiers: their shape and their control key, as pure functions.

Each `wrong_…` takes a value as it is transmitted (no blank, no separator) and returns None when it is right, else a
`Wrong` that says whether the shape or only the key is at fault. The difference matters: samples and test data of the
agency have right shapes and wrong keys, so a guide that does not impose the key cannot be broken by it.

Where the treatment of a key is not published (FINESS of Corsica, SIRET of La Poste), the key is not judged.

Sources: INSEE, key of the NIR (xml.insee.fr/schema/2004/nir.html) and SIRENE identifiers; ANS, référentiel INS;
ANS, identifiants nationaux des acteurs (PS_IdNat, Struct_IdNat; nomenclature TRE_G07 for structures); Annuaire Santé
and SAS 1.2.0 guides for the prefixes; FHIR R4 (type oid) for OIDs; RFC 9562 for UUIDs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

TEST_INS_OID = "1.2.250.1.213.1.4.10"
# NIR, NIA, NIR of test, NIR of demonstration (ANS, "Liste des OID des autorités d'affectation des INS").
INS_OIDS = frozenset(("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9", TEST_INS_OID, "1.2.250.1.213.1.4.11"))
LA_POSTE = "356000000"  # its establishments follow another rule than Luhn (INSEE), which our sources do not state

OID = r"[0-2](?:\.(?:0|[1-9][0-9]*))+"  # as a pattern, also for JSON Schemas

# Sex (3, 4: registration under way; 7, 8: temporary), year, month (20 and more: unknown), commune, rank.
_NIR = re.compile(r"[123478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}", re.ASCII)
_ADELI = re.compile(r"\d[\dA-F]\d{7}", re.ASCII)  # the department may be 2A, 2B, or 9A to 9F overseas
_FINESS = re.compile(r"\d{9}|2[AB]\d{7}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a value is not the identifier it is meant to be; `reason` is a French sentence without its full stop."""

    what: Literal["shape", "key"]
    reason: str


Check = Callable[[str], Wrong | None]


def luhn_key(digits: str) -> str:
    """Return the Luhn key (ISO/IEC 7812-1) of a string of digits: that of an RPPS (10), FINESS (8), SIREN (8)…

    Raises ValueError when there is anything else than digits.
    """
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits)))
    return str(-sum(number // 10 + number % 10 for number in doubled) % 10)


def passes_luhn(value: str) -> bool:
    """Tell whether the last digit of a value is its Luhn key; anything else than ASCII digits does not pass."""
    return value.isascii() and value.isdecimal() and len(value) > 1 and luhn_key(value[:-1]) == value[-1]


def nir_key(body: str) -> str:
    """Return the two-digit key (01 to 97) of the 13 characters of a NIR or INS matricule.

    97 minus the rest of the division by 97; Corsican departments 2A and 2B (characters 6 and 7) count as 19 and 18.
    Raises ValueError when the rest is not made of digits.
    """
    department = {"2A": "19", "2B": "18"}.get(body[5:7], body[5:7])
    return f"{97 - int(body[:5] + department + body[7:]) % 97:02d}"


def wrong_ins(value: str) -> Wrong | None:
    """An INS matricule: NIR or NIA of 13 characters and its key, 15 in all; Corsica keeps its capital letter."""
    if len(value) != 15 or not _NIR.fullmatch(value[:13]) or not _digits(value[13:]):
        return Wrong("shape", "un matricule INS a 15 caractères : NIR ou NIA de 13 caractères puis clé de 2 chiffres")
    return _wrong_key("du matricule INS", value[13:], nir_key(value[:13]))


def wrong_nir(value: str) -> Wrong | None:
    """A NIR without its key, 13 characters."""
    return None if _NIR.fullmatch(value) else Wrong("shape", "un NIR sans sa clé a 13 caractères")


def wrong_rpps(value: str) -> Wrong | None:
    """An RPPS number: 11 digits, the last one is the Luhn key."""
    return _wrong_number("un numéro RPPS", value, 11)


def wrong_adeli(value: str) -> Wrong | None:
    """An ADELI number (gone from the annuaire, still cited by the SAS guide 1.2.0): 9 characters, no key judged."""
    return None if _ADELI.fullmatch(value) else Wrong("shape", "un numéro ADELI a 9 caractères")


def wrong_finess(value: str) -> Wrong | None:
    """A FINESS number: 9 characters, the last one is the Luhn key (not judged in Corsica)."""
    if not _FINESS.fullmatch(value):
        return Wrong("shape", "un numéro FINESS a 9 caractères, tous des chiffres sauf en Corse (2A, 2B)")
    return None if value[1] in "AB" else _wrong_key("du numéro FINESS", value[-1], luhn_key(value[:-1]))


def wrong_siren(value: str) -> Wrong | None:
    """A SIREN number: 9 digits, Luhn."""
    return _wrong_number("un numéro SIREN", value, 9)


def wrong_siret(value: str) -> Wrong | None:
    """A SIRET number: SIREN then 5 digits, Luhn over all (not judged for La Poste)."""
    if len(value) == 14 and _digits(value) and value.startswith(LA_POSTE):
        return None
    return _wrong_number("un numéro SIRET", value, 14)


def wrong_structure_id(value: str) -> Wrong | None:
    """A national identifier of a structure (Struct_IdNat, urn:oid:1.2.250.1.71.4.2.2).

    1 FINESS, 2 SIREN, 3 SIRET, 0 an ADELI practice and 4 an RPPS practice (opaque after the prefix). The system also
    holds technical numbers that no form describes: a wrong shape is no proof that the number does not exist.
    """
    forms: dict[str, Check] = {"1": wrong_finess, "2": wrong_siren, "3": wrong_siret, "0": _opaque, "4": _opaque}
    return _wrong_prefixed("d'une structure", value, forms)


def wrong_professional_id(value: str) -> Wrong | None:
    """A national identifier of a person or system (PS_IdNat, urn:oid:1.2.250.1.71.4.2.1).

    8 RPPS, 0 ADELI; inside a structure (`number/internal id`): 3 FINESS, 4 SIREN, 5 SIRET, 1 ADELI practice, 6 RPPS
    practice. A FINESS number is prefixed 3 here and 1 for a structure.
    """
    forms: dict[str, Check] = {
        "8": wrong_rpps,
        "0": wrong_adeli,
        "3": _inside(wrong_finess),
        "4": _inside(wrong_siren),
        "5": _inside(wrong_siret),
        "1": _inside(_opaque),
        "6": _inside(_opaque),
    }
    return _wrong_prefixed("d'un professionnel", value, forms)


def wrong_oid(value: str) -> Wrong | None:
    """An OID in dotted form, as FHIR R4 has it: a first arc of 0 to 2, at least two arcs, no leading zero."""
    return None if re.fullmatch(OID, value) else Wrong("shape", "un OID est une suite de nombres liés par des points")


def wrong_uuid(value: str) -> Wrong | None:
    """A UUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, in either case, any version."""
    return None if _UUID.fullmatch(value) else Wrong("shape", "un UUID a 32 chiffres hexadécimaux, en 8-4-4-4-12")


def _digits(value: str) -> bool:
    return value.isascii() and value.isdecimal()


def _wrong_number(name: str, value: str, length: int) -> Wrong | None:
    if len(value) != length or not _digits(value):
        return Wrong("shape", f"{name} a {length} chiffres")
    return _wrong_key(f"d'{name}", value[-1], luhn_key(value[:-1]))


def _wrong_key(of_what: str, seen: str, expected: str) -> Wrong | None:
    if seen == expected:
        return None
    return Wrong("key", f"la clé {of_what} est fausse : attendu {expected}, vu {seen}")


def _wrong_prefixed(of_what: str, value: str, forms: dict[str, Check]) -> Wrong | None:
    check = forms.get(value[:1])
    if check is None:
        prefixes = ", ".join(sorted(forms))
        return Wrong("shape", f"l'identifiant national {of_what} commence par l'un des préfixes {prefixes}")
    found = check(value[1:])
    return found and Wrong(found.what, f"après le préfixe {value[0]}, {found.reason}")


def _inside(check: Check) -> Check:
    def inside(value: str) -> Wrong | None:
        number, slash, internal = value.partition("/")
        if not slash or not internal:
            return Wrong("shape", "il faut un numéro de structure, une barre oblique et un identifiant interne")
        return check(number)

    return inside


def _opaque(value: str) -> Wrong | None:
    return None if value else Wrong("shape", "il manque le numéro")
