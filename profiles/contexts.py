"""Where a known extension may stand (StructureDefinition.context).

Only a place that is surely wrong is said: contexts written as FHIRPath, as profiles, or inside a data type that is
compiled once for all its uses are left alone. Unknown extensions are allowed anywhere (R4, extensibility).
"""

from __future__ import annotations

from profiles.elements import base
from profiles.model import Json

ANYWHERE = {"Element", "Resource", "DomainResource", "BackboneElement", "*"}


def names(definition: Json) -> str:
    """Return the contexts of an extension, for a message."""
    return ", ".join(str(c.get("expression")) for c in definition.get("context", []))


def fits(owner: str, definition: Json) -> bool:
    """Tell whether an extension may stand on a type or backbone element; doubt means yes."""
    if owner in ("Extension", "Element"):
        return True
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
