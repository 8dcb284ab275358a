"""What the product says that it can do for the SAS platform (R4, CapabilityStatement)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

START = "https://interop.esante.gouv.fr/ig/fhir/sas/SearchParameter/slot-sp-start"
_MANAGERS = "https://interop.esante.gouv.fr/ig/fhir/sas/CapabilityStatement/SAS-GestionnaireAgenda-"
_INSTANTIATED = {"ps": "PsIndiv", "cpts": "CPTS", "sos": "SOS"}


def statement(variants: Collection[str]) -> dict[str, Any]:
    """The statement of a product that serves these searches (`ps`, `cpts`, `sos`)."""
    resources = []
    if {"ps", "cpts"} & set(variants):
        resources.append(_slots("cpts" in variants))
    if "sos" in variants:
        resources.append(_schedules())
    if variants:
        resources.append(_regulators())
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-11-01",
        "kind": "instance",
        "instantiates": [_MANAGERS + _INSTANTIATED[variant] for variant in variants],
        "software": {"name": "DUI et portail de référence"},
        "implementation": {"description": "Créneaux ouverts au service d'accès aux soins, comptes de ses régulateurs"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{"mode": "server", "resource": resources}],
    }


def _slots(communities: bool) -> dict[str, Any]:
    includes = ["Slot:schedule", "Schedule:actor"]
    more = ["Slot:service-type-reference", "HealthcareService:organization"] if communities else []
    return {
        "type": "Slot",
        "interaction": [{"code": "search-type"}],
        "searchInclude": includes + more,
        "searchParam": [
            {"name": "start", "definition": START, "type": "date"},
            {"name": "status", "type": "token"},
            {"name": "schedule", "type": "reference"},
        ],
    }


def _schedules() -> dict[str, Any]:
    return {
        "type": "Schedule",
        "interaction": [{"code": "search-type"}],
        "searchInclude": ["Schedule:actor:Location", "Location:organization"],
        "searchRevInclude": ["Slot:schedule"],
        "searchParam": [{"name": "_has", "type": "special"}, {"name": "actor", "type": "reference"}],
    }


def _regulators() -> dict[str, Any]:
    return {
        "type": "Practitioner",
        "supportedProfile": ["https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/FrPractitionerRegul"],
        "interaction": [{"code": "create"}, {"code": "update"}],
        "conditionalUpdate": True,
        "searchParam": [{"name": "identifier", "type": "token"}],
    }
