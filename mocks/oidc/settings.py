"""Settings of every provider: what the public texts leave open, or a product should not take for granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

_DATA = Path(__file__).parent / "data"
SETTINGS: dict[str, dict[str, Any]] = orjson.loads((_DATA / "reglages.json").read_bytes())


def defaults(**own: Any) -> dict[str, Any]:
    """The defaults of a provider: those of the engine, changed by its own. Raises KeyError for an unknown one."""
    unknown = own.keys() - SETTINGS.keys()
    if unknown:
        raise KeyError(*unknown)
    return {key: own.get(key, setting["defaut"]) for key, setting in SETTINGS.items()}


def choices() -> Mapping[str, Sequence[Any]]:
    """Values admitted for the settings that have a list of them."""
    return {key: setting["choix"] for key, setting in SETTINGS.items() if "choix" in setting}
