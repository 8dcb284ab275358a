"""Names as INSi writes them, and as people compare them."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "ẞ": "SS", "Ø": "O", "Đ": "D", "Ł": "L", "’": "'", "‑": "-", "–": "-"}
)


def official(name: str) -> str:
    """Capitals without accents; only letters, hyphens, apostrophes and single spaces are left."""
    capitals = unicodedata.normalize("NFD", name.upper().translate(_LIGATURES))
    bare = "".join(sign for sign in capitals if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^A-Z' -]+", " ", bare).split())


def accented(name: str) -> str:
    """Capitals whose accents are kept: only a defect sends them."""
    return " ".join(name.upper().split())


def comparable(name: str) -> str:
    """What is left of a name when hyphens, apostrophes and spaces are worth the same."""
    return " ".join(re.split(r"[' -]+", official(name))).strip()
