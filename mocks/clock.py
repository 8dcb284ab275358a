"""The clock of a tenant: real, shifted or frozen. Only the tenant's services read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

REAL: Mapping[str, Any] = {"mode": "reelle"}


class ClockError(ValueError):
    """The setting of a clock does not make sense."""


def read(setting: Mapping[str, Any], real: datetime | None = None) -> datetime:
    """The instant (UTC) that a clock so set shows.

    setting: `{"mode": "reelle"}`, `{"mode": "figee", "instant": RFC 3339}` or
    `{"mode": "decalee", "secondes": number}`.
    real: the real instant, now when None.
    """
    real = real or datetime.now(UTC)
    if setting["mode"] == "figee":
        return datetime.fromisoformat(str(setting["instant"])).astimezone(UTC)
    if setting["mode"] == "decalee":
        return real + timedelta(seconds=float(setting["secondes"]))
    return real


def checked(setting: Any) -> Mapping[str, Any]:
    """The setting, if it is one. Raises ClockError with a French sentence otherwise."""
    match setting:
        case {"mode": "reelle"}:
            return REAL
        case {"mode": "figee", "instant": str(text)}:
            try:
                instant = datetime.fromisoformat(text)
            except ValueError:
                instant = None
            if instant is None or instant.tzinfo is None:
                raise ClockError(f"« instant » doit être un instant avec décalage horaire ; reçu : « {text} »")
            return {"mode": "figee", "instant": instant.isoformat()}
        case {"mode": "decalee", "secondes": int() | float() as seconds} if abs(seconds) < 10**10:
            return {"mode": "decalee", "secondes": seconds}
    raise ClockError("« mode » doit être « reelle », « figee » (avec « instant ») ou « decalee » (avec « secondes »)")


@lru_cache(maxsize=64)  # one call writes its instant in several places
def rfc3339(instant: datetime) -> str:
    """The instant in UTC with milliseconds, as the journal writes it."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
