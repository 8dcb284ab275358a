"""The parameter of an authorization request that is MES's own: external_user."""

from __future__ import annotations

from typing import Any

import orjson

from mocks.call import current_call

EXTERNAL_USER = ("id", "firstName", "lastName", "email", "login")
LONGEST = 200  # characters of a field of external_user


def external_user_problem(text: str | None) -> str:
    """What is wrong with the parameter external_user (ASCII, for error_description); empty when nothing is."""
    if text is None:
        return "Missing 'external_user'" if current_call().setting("external_user_requis") else ""
    try:
        user = orjson.loads(text)
    except ValueError:
        return "The 'external_user' is not JSON."
    if not isinstance(user, dict):
        return "The 'external_user' is not a JSON object."
    wrong = [name for name in EXTERNAL_USER if not _plain(user.get(name, ""))]
    return f"Invalid 'external_user' field: {wrong[0]}" if wrong else ""


def _plain(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and value.isprintable() and "|" not in value
