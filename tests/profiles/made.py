"""Small definitions that tests make for themselves, and the issues of a resource against them."""

from __future__ import annotations

from typing import Any

from profiles import Registry, validate
from profiles.guides import Guide
from profiles.library import Library, definition_of

Json = dict[str, Any]
URL = "https://exemple.test/StructureDefinition/"
SETS = "https://exemple.test/ValueSet/"
SYSTEMS = "https://exemple.test/CodeSystem/"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
GUIDE = Guide("exemple", "1.0.0", "Exemple", "test")


def profile(name: str, kind: str, *rows: Json, parent: str = "", **more: Any) -> Json:
    """Return a StructureDefinition on a type, with the rows of its differential (paths from ids)."""
    elements = [{"path": row["id"].split(":")[0], **row} for row in ({"id": kind}, *rows)]
    return {
        "resourceType": "StructureDefinition",
        "url": URL + name,
        "version": "1.0.0",
        "type": kind,
        "baseDefinition": parent or HL7 + kind,
        "derivation": "constraint",
        "differential": {"element": elements},
        **more,
    }


def extension(name: str, *rows: Json, context: str = "Element") -> Json:
    """Return an Extension definition."""
    url = {"id": "Extension.url", "fixedUri": URL + name}
    return profile(name, "Extension", url, *rows, context=[{"type": "element", "expression": context}])


def sliced(id: str, *discriminators: tuple[str, str], rules: str = "open", ordered: bool = False) -> Json:
    """Return the row that slices an element."""
    rows = [{"type": kind, "path": path} for kind, path in discriminators]
    return {"id": id, "slicing": {"discriminator": rows, "rules": rules, "ordered": ordered}}


def cut(id: str, **more: Any) -> Json:
    """Return the row of a slice, named by the end of its id."""
    return {"id": id, "sliceName": id.rpartition(":")[2], **more}


def registry(*definitions: Json) -> Registry:
    """Return a registry of these definitions alone."""
    return Registry(Library([definition_of(each, GUIDE) for each in definitions]))


def said(resource: Json, name: str, known: Registry, severity: str = "error") -> list[tuple[str, str]]:
    """Return the place and rule of the issues of a severity against a profile."""
    issues = validate(resource, URL + name, registry=known)
    return [(i.expression, i.rule) for i in issues if i.severity == severity]
