"""Settings of the service: everything that the public texts leave open (MC in the fact sheet)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

_DATA = Path(__file__).parent / "data"
SETTINGS: dict[str, dict[str, Any]] = orjson.loads((_DATA / "reglages.json").read_bytes())
DEFAULTS: dict[str, Any] = {key: setting["defaut"] for key, setting in SETTINGS.items()}
CHOICES: dict[str, list[Any]] = {key: setting["choix"] for key, setting in SETTINGS.items() if "choix" in setting}
FINALITIES: dict[str, dict[str, Any]] = {
    finality["codeFinalite"]: finality for finality in orjson.loads((_DATA / "finalites.json").read_bytes())
}
