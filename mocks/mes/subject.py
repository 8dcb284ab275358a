"""How the store names whom a resource is about, and how each service sees them named."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson

SYSTEM = "urn:banc:profil"


def identifier(person: str) -> dict[str, Any]:
    """The identifier of a profile in what is stored."""
    return {"system": SYSTEM, "value": person}


def shown_to(text: str, person: str, assign_auth: str, idpe: str) -> str:
    """A stored resource (JSON as the store writes it) with its subject named as one service knows them."""
    stored, shown = _named(person, assign_auth, idpe)
    return text.replace(stored, shown)


@lru_cache(maxsize=1024)
def _named(person: str, assign_auth: str, idpe: str) -> tuple[str, str]:
    shown = {"system": f"urn:oid:{assign_auth}", "value": idpe}
    return orjson.dumps(identifier(person)).decode(), orjson.dumps(shown).decode()
