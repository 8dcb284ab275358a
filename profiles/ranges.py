"""Lowest and highest values (`minValue[x]`, `maxValue[x]`) of numbers, dates and quantities."""

from __future__ import annotations

from typing import Any

from profiles.faults import Fault, Judge
from profiles.model import Json
from profiles.moments import earlier
from profiles.wording import shown


def judge_range(value: Json) -> Judge:
    """Return the judge of a value between `lowest` and `highest` (None: no limit on that side)."""
    lowest, highest = value["lowest"], value["highest"]

    def judge(instance: Any) -> list[Fault]:
        faults = []
        if lowest is not None and below(instance, lowest):
            faults.append(Fault("error", "value", "minValue", f"au moins {plain(lowest)}", plain(instance)))
        if highest is not None and below(highest, instance):
            faults.append(Fault("error", "value", "maxValue", f"au plus {plain(highest)}", plain(instance)))
        return faults

    return judge


def below(first: Any, second: Any) -> bool:
    """Tell whether a value is surely lower than another; what cannot be compared is not."""
    if isinstance(first, dict) and isinstance(second, dict):
        same = all(first.get(k) == second.get(k) for k in ("system", "code"))
        return same and below(first.get("value"), second.get("value"))
    if isinstance(first, str) and isinstance(second, str):
        return earlier(first, second)
    if isinstance(first, bool) or isinstance(second, bool):
        return False
    return isinstance(first, int | float) and isinstance(second, int | float) and first < second


def plain(value: Any) -> str:
    """Return a value, a quantity with its unit, for a message."""
    if isinstance(value, dict):
        return f"{value.get('value', '')} {value.get('code', value.get('unit', ''))}".strip()
    return shown(value)
