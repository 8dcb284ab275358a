r"""The primitive types of FHIR R4 as JSON Schema.

Source: HL7 FHIR R4 (4.0.1), "Data Types", primitive types and their regular expressions. Where R4's own
expression accepts what its text forbids, the text is followed: a day must exist in the calendar
(`2023-02-29` does not), base64 must be padded, a string must hold something.
"""

from __future__ import annotations

from typing import Any

from profiles.keys import OID

YEAR = r"(?:[0-9](?:[0-9](?:[0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)"
LEAP_YEAR = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
MONTH_DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
DAY = rf"(?:{YEAR}-{MONTH_DAY}|{LEAP_YEAR}-02-29)"
MONTH = rf"{YEAR}-(?:0[1-9]|1[0-2])"
CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
OFFSET = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
BASE64 = r"\s*(?:[A-Za-z0-9+/]{4}\s*)*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})\s*"
TEXT = r"[^\x00-\x08\x0b\x0c\x0e-\x1f]+"
NO_SPACE = r"[^\s]+"

PATTERNS: dict[str, str] = {
    "string": TEXT,
    "markdown": TEXT,
    "xhtml": TEXT,
    "code": r"[^\s]+(?: [^\s]+)*",
    "id": r"[A-Za-z0-9.\-]{1,64}",
    "uri": NO_SPACE,
    "url": NO_SPACE,
    "canonical": NO_SPACE,
    "oid": rf"urn:oid:{OID}",
    "uuid": r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "date": rf"(?:{YEAR}|{MONTH}|{DAY})",
    "dateTime": rf"(?:{YEAR}|{MONTH}|{DAY}|{DAY}T{CLOCK}{OFFSET})",
    "instant": rf"{DAY}T{CLOCK}{OFFSET}",
    "time": CLOCK,
    "base64Binary": BASE64,
}
RANGES: dict[str, tuple[int, int]] = {
    "integer": (-(2**31), 2**31 - 1),
    "unsignedInt": (0, 2**31 - 1),
    "positiveInt": (1, 2**31 - 1),
}

EXPECTED: dict[str, str] = {
    "string": "un texte non vide",
    "markdown": "un texte non vide",
    "xhtml": "un fragment XHTML",
    "code": "un code sans espace au début, à la fin ni doublé",
    "id": "un identifiant de 1 à 64 caractères parmi lettres, chiffres, tiret et point",
    "uri": "une URI sans espace",
    "url": "une URL sans espace",
    "canonical": "une URL canonique sans espace",
    "oid": "un OID de la forme urn:oid:1.2.3",
    "uuid": "un UUID en minuscules de la forme urn:uuid:…",
    "date": "une date réelle AAAA, AAAA-MM ou AAAA-MM-JJ",
    "dateTime": "une date réelle, avec secondes et décalage horaire si l'heure est donnée",
    "instant": "un instant réel avec secondes et décalage horaire",
    "time": "une heure HH:MM:SS",
    "base64Binary": "un contenu en base64",
    "integer": "un entier sur 32 bits",
    "unsignedInt": "un entier positif ou nul",
    "positiveInt": "un entier strictement positif",
    "decimal": "un nombre",
    "boolean": "true ou false",
}


def primitive_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a primitive type."""
    note = {"x": {"rule": f"type:{name}", "expected": EXPECTED[name]}}
    if name == "boolean":
        return {"type": "boolean", **note}
    if name == "decimal":
        return {"type": "number", **note}
    if name in RANGES:
        low, high = RANGES[name]
        return {"type": "integer", "minimum": low, "maximum": high, **note}
    return {"type": "string", "pattern": f"^{PATTERNS[name]}$", **note}
