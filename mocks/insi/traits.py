"""Names as INSi wants them: capitals without accents, hyphen, apostrophe and space (sheet SEC §5.2)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SIGNS = str.maketrans({"Œ": "OE", "Æ": "AE", "ẞ": "SS", "Ø": "O", "Ð": "D", "Đ": "D", "Ł": "L", "’": "'", "‐": "-"})
_OTHER = re.compile(r"[^A-Z' -]+")
_SEPARATORS = re.compile(r"[' -]+")


@lru_cache(maxsize=8192)
def official(name: str) -> str:
    """The name in capitals without accents; what is no letter, hyphen nor apostrophe becomes a space."""
    capitals = unicodedata.normalize("NFKD", name.upper().translate(_SIGNS))
    bare = "".join(sign for sign in capitals if not unicodedata.combining(sign))
    return " ".join(_OTHER.sub(" ", bare.translate(_SIGNS)).split())


@lru_cache(maxsize=8192)
def comparable(name: str) -> str:
    """The official form, where hyphen, apostrophe and space are worth the same (banc)."""
    return _SEPARATORS.sub(" ", official(name)).strip()


def is_official(name: str) -> bool:
    """Tell whether a name is sent as INSi wants it."""
    return name == official(name)


def same_first_names(sent: str, known: tuple[str, ...], *, any_one: bool) -> bool:
    """Tell whether the names sent are the first ones of the list, in order.

    any_one: one name of the list, wherever it stands, will do too.
    """
    wanted = comparable(sent)
    leading = (comparable(" ".join(known[: count + 1])) for count in range(len(known)))
    return wanted in leading or (any_one and wanted in map(comparable, known))


def same_date(sent: str, known: str) -> bool:
    """Tell whether a date is the one known, of which day or month may be unknown (00)."""
    return sent == known or (
        "00" in known[5:]
        and len(sent) == len(known)
        and all(part in ("00", asked) for part, asked in zip(known.split("-"), sent.split("-"), strict=False))
    )
