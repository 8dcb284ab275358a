"""Where a known extension may stand (StructureDefinition.context).

Only a place that is surely wrong is said: contexts written as FHIRPath, as profiles, or inside a data type that is
compiled once for all its uses are left alone. Unknown extensions are allowed anywhere (R4, extensibility).
"""

from __future__ import annotations

from profiles.elements import base
from profiles.library import Definition
from profiles.model import FHIR, Json

ANYWHERE = {"Element", "Resource", "DomainResource", "BackboneElement", "*"}


def place(element: str, owner: str, extensions: dict[str, Definition]) -> Json:
    """Return the `x-context` keyword of an `extension` or `modifierExtension` element, if it says anything."""
    modifier = element == "modifierExtension"
    if owner in ("Extension", "Element"):
        return {}
    misplaced = {url: names(d.content) for url, d in extensions.items() if not fits(owner, d.content)}
    if not misplaced and not modifier:
        return {}
    note = {"profile": FHIR + owner.split(".")[0], "known": sorted(extensions)}
    judge = {"x-context": {**note, "misplaced": misplaced, "modifier": modifier}}
    if modifier:
        return judge
    return {"if": {"properties": {"url": {"enum": list(misplaced)}}}, "then": judge}


def names(definition: Json) -> str:
    """Return the contexts of an extension, for a message."""
    return ", ".join(str(c.get("expression")) for c in definition.get("context", []))


def fits(owner: str, definition: Json) -> bool:
    """Tell whether an extension may stand on a type or backbone element; doubt means yes."""
    rows = definition.get("context", [])
    return not rows or any(row_fits(owner, row) for row in rows)


def row_fits(owner: str, row: Json) -> bool:
    """Tell whether one context row allows a type or backbone element."""
    expression = str(row.get("expression", ""))
    if row.get("type") != "element" or "/" in expression or expression in ANYWHERE:
        return True
    if expression == owner:
        return True
    in_resource = base().is_resource(owner.split(".")[0])
    return "." in expression and not in_resource
