"""Wrong values, by FHIR type."""

from __future__ import annotations

import re
from typing import Any

from profiles.elements import PRIMITIVES

ALIEN = "proprieteInconnue"
NOT_A_CODE = "code-inconnu"
NOT_A_SYSTEM = "https://exemple.test/systeme-inconnu"
OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$")

BAD: dict[str, tuple[tuple[str, Any], ...]] = {
    "base64Binary": (("base64 faux", "***"),),
    "canonical": (("URL avec espace", "https://exemple.test/a b"),),
    "code": (("code avec espaces", "a  b"),),
    "date": (("jour qui n'existe pas", "2026-02-30"),),
    "dateTime": (("jour qui n'existe pas", "2026-02-30"), ("date-heure naïve", "2026-02-03T09:00:00")),
    "decimal": (("nombre en texte", "1"),),
    "id": (("id mal formé", "a_b"), ("id trop long", "a" * 65)),
    "instant": (("jour qui n'existe pas", "2026-02-30T09:00:00Z"), ("instant sans secondes", "2026-02-03T09:00+01:00")),
    "integer": (("entier faux", 1.5),),
    "markdown": (("texte vide", ""),),
    "oid": (("OID mal formé", "urn:oid:3.x"),),
    "positiveInt": (("zéro", 0),),
    "string": (("texte vide", ""),),
    "time": (("heure fausse", "25:00:00"),),
    "unsignedInt": (("entier négatif", -1),),
    "uri": (("URI avec espace", "urn:a b"),),
    "url": (("URL avec espace", "https://exemple.test/a b"),),
    "uuid": (("UUID mal formé", "urn:uuid:xyz"),),
}
SAMPLES: dict[str, Any] = {
    "Address": {"city": "Lezoux"},
    "Age": {"value": 1},
    "Annotation": {"text": "x"},
    "Attachment": {"contentType": "text/plain"},
    "CodeableConcept": {"text": "x"},
    "Coding": {"system": "https://exemple.test/systeme", "code": "x"},
    "ContactPoint": {"system": "phone", "value": "+33639980000"},
    "Extension": {"url": "https://exemple.test/extension", "valueString": "x"},
    "HumanName": {"text": "x"},
    "Identifier": {"system": "https://exemple.test/systeme", "value": "x"},
    "Period": {"start": "2026-01-01"},
    "Quantity": {"value": 1},
    "Reference": {"display": "x"},
    "base64Binary": "YWJj",
    "boolean": True,
    "canonical": "https://exemple.test/x",
    "code": "x",
    "date": "2026-01-01",
    "dateTime": "2026-01-01",
    "decimal": 1.5,
    "id": "x",
    "instant": "2026-01-01T00:00:00Z",
    "integer": 1,
    "markdown": "x",
    "positiveInt": 1,
    "string": "x",
    "unsignedInt": 1,
    "uri": "urn:x",
    "url": "https://exemple.test/x",
}


def sample(code: str) -> Any:
    """Return a plain value of a type, None when there is none here."""
    return SAMPLES.get(code)


def bad_primitives(code: str, value: Any) -> list[tuple[str, Any]]:
    """Return (what is wrong, value) for a primitive type; the date-time at hand loses its offset."""
    found = list(BAD.get(code, ()))
    if code == "instant" and isinstance(value, str):
        found.append(("date-heure naïve", OFFSET.sub("", value)))
    return found


def other_json_type(code: str, value: Any) -> Any:
    """Return a value of another JSON type than the one at hand."""
    if isinstance(value, list):
        return value[0]
    if isinstance(value, dict):
        return "texte"
    if isinstance(value, bool):
        return "oui"
    return "douze" if isinstance(value, (int, float)) else {"texte": value} if code in PRIMITIVES else value


def altered(value: Any, wanted: Any) -> Any:
    """Return a value that differs from an imposed one in one leaf (the last that it states), in each item of a list."""
    if isinstance(wanted, dict):
        key = list(wanted)[-1]
        return {**value, key: altered(value.get(key), wanted[key])}
    if isinstance(wanted, list):
        return [altered(item, wanted[-1]) if isinstance(item, type(wanted[-1])) else item for item in value]
    if isinstance(wanted, bool):
        return not wanted
    return f"{wanted}-autre" if isinstance(wanted, str) else wanted + 1


def without_code(value: Any) -> Any:
    """Return a coded value with a code that no list has."""
    if isinstance(value, str):
        return NOT_A_CODE
    if "coding" in value:
        return {**value, "coding": [{**coding, "code": NOT_A_CODE} for coding in value["coding"]]}
    return {**value, "code": NOT_A_CODE}


def of_no_system(value: Any) -> Any:
    """Return a coded value whose codes are of a system that no list has, None for one without a system."""
    if not isinstance(value, dict):
        return None
    if "coding" in value:
        return {**value, "coding": [{**coding, "system": NOT_A_SYSTEM} for coding in value["coding"]]}
    return {**value, "system": NOT_A_SYSTEM} if "system" in value else None
