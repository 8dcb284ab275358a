"""Settings of the service: all of it is a convention, and what may be understood otherwise is a setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

_DATA = Path(__file__).parent / "data"
_SETTINGS: dict[str, dict[str, Any]] = orjson.loads((_DATA / "reglages.json").read_bytes())
DEFAULTS: dict[str, Any] = {key: setting["defaut"] for key, setting in _SETTINGS.items()}
CHOICES: dict[str, list[Any]] = {key: setting["choix"] for key, setting in _SETTINGS.items() if "choix" in setting}
