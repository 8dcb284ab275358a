"""What a document may be: its category in Mon espace santé, its media type, its bytes (fact sheet §6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson

CATEGORIES: dict[str, dict[str, Any]] = orjson.loads((Path(__file__).parent / "data" / "categories.json").read_bytes())
CATEGORY_SYSTEM = "https://banc.test/mes/categorie-document"
OTHER = "AUTR_DOC"
_BY_CLASS = {"10": "CPT_REND", "11": "SYNTHESE", "31": "RADIO_SC", "42": "ORD_SOIN", "43": "ORD_SOIN", "44": "SYNTHESE"}
_BY_CLASS |= {"45": "ORD_SOIN", "52": "CERT_MED", "60": "REMB", "95": "DOC_ADM"}


def category_of(facts: Mapping[str, Any]) -> str:
    """The category under which Mon espace santé shows a document of the DMP (banc). facts: of its entry."""
    kind, class_ = (facts["type"] or {}).get("code"), (facts["class"] or {}).get("code")
    named = next((code for code, row in CATEGORIES.items() if row["type"][0] == kind and code != OTHER), None)
    return named or _BY_CLASS.get(str(class_), OTHER)


def is_of_type(content: bytes, media_type: str) -> bool:
    """Whether bytes are of a media type; a type that is not known is not judged."""
    check = _SIGNS.get(media_type)
    return check is None or check(content)


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode()
    except UnicodeDecodeError:
        return False


_SIGNS: Mapping[str, Callable[[bytes], bool]] = {
    "application/pdf": lambda content: content[:1024].lstrip().startswith(b"%PDF-"),
    "image/jpeg": lambda content: content.startswith(b"\xff\xd8\xff"),
    "image/tiff": lambda content: content.startswith((b"II*\x00", b"MM\x00*")),
    "application/rtf": lambda content: content.startswith(b"{\\rtf"),
    "text/rtf": lambda content: content.startswith(b"{\\rtf"),
    "text/plain": _is_text,
}
