"""Metadata of entries and lots against the tables of CI-SIS (`data/metadonnees.json`, sheet DMP §5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from mocks.dmp import hl7
from mocks.dmp.names import (
    CONFIDENTIALITY,
    CONFIDENTIALITY_SYSTEM,
    HIDDEN_FROM_PATIENT,
    MASKED,
    VISIBILITY,
    VISIBILITY_SYSTEM,
)
from mocks.dmp.refusals import XdsError
from mocks.dmp.settings import DATA

Facts = Mapping[str, Any]
_TABLES: dict[str, Any] = orjson.loads((DATA / "metadonnees.json").read_bytes())
_CODES: dict[str, dict[str, list[str]]] = orjson.loads((DATA / "codes.json").read_bytes())
_LISTS = {name: {f"{code}^{system}" for system, codes in row.items() for code in codes} for name, row in _CODES.items()}
_MEDIA_TYPE = re.compile(r"[!-.0-~]{1,49}/[!-.0-~]{1,49}")
SIGNATURE = ("E1762", "ASTM")
_SHAPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "code": (lambda code: bool(code["code"] and code["system"]), "un code et son système (codingScheme)"),
    "instant": (hl7.is_time, "une date en chiffres, en temps universel, sans décalage"),
    "cx": (lambda text: hl7.cx(text) is not None, "un identifiant CX (valeur^^^&OID&ISO^type)"),
    "identifiant": (hl7.is_unique_id, "un OID, suivi ou non de ^ et d'une extension"),
    "oid": (hl7.is_oid, "un OID"),
    "type-mime": (lambda text: bool(_MEDIA_TYPE.fullmatch(text)), "un type de média (type/sous-type)"),
}


def of_entry(facts: Facts, *, together: bool) -> Iterator[XdsError]:
    """Errors of an entry. together: MASQUE_PS and INVISIBLE_PATIENT may go together."""
    signature = is_signature(facts)
    for row in _TABLES["document"]:
        if not signature or row["nom"] in _TABLES["signature"]:
            yield from _row_errors(row, facts, str(facts["entry_uuid"]))
    if not signature:
        yield from confidentiality(facts, together=together)
        yield from _authors(facts, str(facts["entry_uuid"]))


def of_lot(facts: Facts) -> Iterator[XdsError]:
    """Errors of a lot."""
    for row in _TABLES["lot"]:
        yield from _row_errors(row, facts, str(facts["id"]))


def is_signature(facts: Facts) -> bool:
    """Whether an entry is the signature of its lot (sheet DMP §4.7)."""
    kind = facts["type"] or {}
    return (kind.get("code"), kind.get("system")) == SIGNATURE


def unknown_codes(facts: Facts) -> list[str]:
    """Codes that are not in the lists that the mock ships: `type : X^système`."""
    found = []
    for name, known in _LISTS.items():
        code = facts[name]
        if code is not None and f"{code['code']}^{code['system']}" not in known:
            found.append(f"{name} : {code['code']}^{code['system']}")
    return found


def confidentiality(facts: Facts, *, together: bool) -> Iterator[XdsError]:
    """Errors of the confidentiality codes of an entry."""
    codes = [(one["code"], one["system"]) for one in facts["confidentiality"]]
    where = str(facts["entry_uuid"])
    levels = [code for code in codes if code[0] in CONFIDENTIALITY]
    others = [code for code in codes if code[0] not in CONFIDENTIALITY]
    if len(levels) != 1 or levels[0][1] != CONFIDENTIALITY_SYSTEM:
        text = f"confidentialityCode : un code, et un seul, de N, R, V ({CONFIDENTIALITY_SYSTEM})."
        yield XdsError("XDSRegistryMetadataError", text, where)
    if any(code not in VISIBILITY or system != VISIBILITY_SYSTEM for code, system in others):
        text = f"confidentialityCode : les autres codes sont ceux de visibilité ({VISIBILITY_SYSTEM})."
        yield XdsError("XDSRegistryMetadataError", text, where)
    if not together and {MASKED, HIDDEN_FROM_PATIENT} <= {code for code, _ in codes}:
        text = f"confidentialityCode : {MASKED} et {HIDDEN_FROM_PATIENT} ne vont pas ensemble."
        yield XdsError("XDSRegistryMetadataError", text, where)


def _authors(facts: Facts, where: str) -> Iterator[XdsError]:
    for author in facts["authors"]:
        if author["persons"] != 1 or not hl7.person_id(author["person"] or ""):
            yield XdsError("XDSRegistryMetadataError", "author : un authorPerson, et un seul, identifié.", where)


def _row_errors(row: Facts, facts: Facts, where: str) -> Iterator[XdsError]:
    seen = facts[row["nom"]]
    values = seen if isinstance(seen, list) else [seen] if seen not in (None, "") else []
    if len(values) < row["min"]:
        yield XdsError("XDSRegistryMetadataError", f"{row['libelle']} manque.", where)
    if len(values) > row.get("max", len(values)):
        yield XdsError("XDSRegistryMetadataError", f"{row['libelle']} : {row['max']} valeurs au plus.", where)
    if "valeurs" in row and any(value not in row["valeurs"] for value in values):
        text = f"{row['libelle']} : attendu {' ou '.join(row['valeurs'])} ; vu « {values[0]} »."
        yield XdsError("XDSRegistryMetadataError", text, where)
    if "forme" in row:
        holds, expected = _SHAPES[row["forme"]]
        for value in values:
            if not holds(value):
                yield XdsError("XDSRegistryMetadataError", f"{row['libelle']} : attendu {expected}.", where)
