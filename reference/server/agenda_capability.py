"""What the product says that it can do for a third-party agenda (R4, CapabilityStatement)."""

from __future__ import annotations

from typing import Any

_MANAGER = "https://interop.esante.gouv.fr/ig/fhir/gap/CapabilityStatement/GAP-GestionnaireAgenda"

_RESOURCES: dict[str, tuple[tuple[str, ...], dict[str, str], tuple[str, ...]]] = {
    "Slot": (
        ("read", "search-type"),
        {"schedule": "reference", "start": "date", "status": "token"},
        ("Slot:schedule", "Schedule:actor"),
    ),
    "Appointment": (
        ("read", "search-type", "create", "update"),
        {"identifier": "token", "date": "date", "status": "token", "practitioner": "reference", "patient": "reference"},
        ("Appointment:actor",),
    ),
    "Schedule": (("read", "delete"), {}, ()),
    "Practitioner": (("read",), {}, ()),
    "PractitionerRole": (("read",), {}, ()),
}
"""By type: interactions, search parameters and their types, includes."""


def statement() -> dict[str, Any]:
    """The statement of a manager of agendas (GAP 3.0.0)."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-01",
        "kind": "instance",
        "instantiates": [_MANAGER],
        "software": {"name": "DUI et portail de référence"},
        "implementation": {"description": "Agendas des professionnels, ouverts à l'agenda de leur choix"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{"mode": "server", "resource": [_resource(kind) for kind in _RESOURCES]}],
    }


def _resource(kind: str) -> dict[str, Any]:
    interactions, parameters, includes = _RESOURCES[kind]
    described: dict[str, Any] = {"type": kind, "interaction": [{"code": code} for code in interactions]}
    if kind == "Appointment":
        described |= {"versioning": "versioned-update", "conditionalCreate": True, "conditionalUpdate": True}
        described["conditionalRead"] = "not-match"
    if includes:
        described["searchInclude"] = list(includes)
    if parameters:
        described["searchParam"] = [{"name": name, "type": type_} for name, type_ in parameters.items()]
    return described
