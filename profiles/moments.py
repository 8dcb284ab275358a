"""Dates and instants of FHIR in their order, as far as their precision tells it."""

from __future__ import annotations

from datetime import datetime


def moment(value: object) -> datetime | None:
    """Return a full instant, None for a partial date (which cannot be ordered safely)."""
    if not isinstance(value, str) or "T" not in value:
        return None
    return datetime.fromisoformat(value)


def earlier(first: str, second: str) -> bool:
    """Tell whether a moment is surely before another; partial dates are compared on what they share."""
    try:
        start, end = moment(first), moment(second)
        if start and end:
            return start < end
    except (ValueError, TypeError):
        return False
    shared = min(len(first), len(second), 10)
    return first[:shared] < second[:shared]
