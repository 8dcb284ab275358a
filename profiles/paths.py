"""Places in a resource: from the JSON path of an error to a FHIRPath that a vendor can read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from profiles.elements import base, capital
from profiles.model import Json

Step = str | int

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def value_at(resource: Any, path: Sequence[Step]) -> Any:
    """Return the value at a path, None when the path leads nowhere."""
    current = resource
    for step in path:
        try:
            current = current[step]
        except (KeyError, IndexError, TypeError):
            return None
    return current


def fhirpath(resource: Json, path: Sequence[Step]) -> str:
    """Return the FHIRPath of a place.

    `_status` reads as `status`; `valueCoding` as `value.ofType(Coding)` where the type has a choice there;
    a nested resource starts its own typing (`Bundle.entry[0].resource.status`).
    """
    type_name: str | None = str(resource.get("resourceType", "Resource"))
    text = str(type_name)
    current: Any = resource
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            label, type_name = described(type_name, step.removeprefix("_"))
            text += f".{label}"
        current = value_at(current, [step])
        if type_name == "Resource" and isinstance(current, dict):
            type_name = str(current.get("resourceType", "Resource"))
    return text


def described(type_name: str | None, name: str) -> tuple[str, str | None]:
    """Return how a property reads in FHIRPath, and its type when the base knows it."""
    if type_name is None or type_name not in base():
        return identifier(name), None
    elements = base().elements(type_name if type_name[:1].isupper() else "Element")
    if name in elements:
        return name, elements[name].types[0].code
    for each in elements.values():
        stem = each.name.removesuffix("[x]")
        if stem != each.name and name.startswith(stem):
            for type_ref in each.types:
                if name == stem + capital(type_ref.code):
                    return f"{stem}.ofType({type_ref.code})", type_ref.code
    return identifier(name), None


def identifier(name: str) -> str:
    """Return a name as FHIRPath writes it: between backquotes when it is not made like a name."""
    if IDENTIFIER.fullmatch(name):
        return name
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
