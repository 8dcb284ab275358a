"""How values are shown in a French sentence."""

from __future__ import annotations

from typing import Any


def shown(value: Any) -> str:
    """Return a value as a vendor reads it, cut at 80 characters."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"« {value[:80]}{'…' if len(value) > 80 else ''} »"
    if isinstance(value, list):
        return f"une liste de {len(value)} élément(s)"
    return "un objet" if isinstance(value, dict) else str(value)


def elements_shown(value: Any, names: tuple[str, ...]) -> str:
    """Return what some elements of a value hold: `status « booked », end absent`."""
    if not isinstance(value, dict):
        return shown(value)
    if not names:
        return "le contraire"
    return ", ".join(f"{name} {shown(value[name]) if name in value else 'absent'}" for name in names)
