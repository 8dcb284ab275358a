"""Settings of the service: what only the full text of the "Référentiel socle" could confirm (banc)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

DATA = Path(__file__).parent / "data"
_SETTINGS: dict[str, dict[str, Any]] = orjson.loads((DATA / "reglages.json").read_bytes())
DEFAULTS: dict[str, Any] = {key: setting["defaut"] for key, setting in _SETTINGS.items()}
CHOICES: dict[str, list[Any]] = {key: setting["choix"] for key, setting in _SETTINGS.items() if "choix" in setting}
