"""Settings of the service: what the guide leaves open (banc)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

_FILE = Path(__file__).parent / "data" / "reglages.json"
_SETTINGS: dict[str, dict[str, Any]] = orjson.loads(_FILE.read_bytes())
DEFAULTS: dict[str, Any] = {key: setting["defaut"] for key, setting in _SETTINGS.items()}
CHOICES: dict[str, list[Any]] = {key: setting["choix"] for key, setting in _SETTINGS.items() if "choix" in setting}
