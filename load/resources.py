"""The FHIR appointments that the load sends, of the size that products send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

Resource = dict[str, Any]
CORE_PROFILE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment"
HALF_HOUR = timedelta(minutes=30)


def appointment(
    identifier: str, start: datetime, participants: Sequence[Mapping[str, Any]], *, status: str = "booked"
) -> Resource:
    """A visit of half an hour. identifier: `system|value`. start: aware. participants: their FHIR actors."""
    system, _, value = identifier.partition("|")
    return {
        "resourceType": "Appointment",
        "meta": {"profile": [CORE_PROFILE]},
        "identifier": [{"system": system, "value": value}],
        "status": status,
        "description": "Séance de kinésithérapie au domicile de la personne",
        "start": start.isoformat(),
        "end": (start + HALF_HOUR).isoformat(),
        "minutesDuration": 30,
        "created": "2026-02-20T10:00:00+01:00",
        "comment": "Prévoir l'ordonnance et le carnet de liaison. " * 20,
        "participant": [{"actor": dict(one), "required": "required", "status": "accepted"} for one in participants],
    }


def patient(identifier: Mapping[str, str]) -> Resource:
    return {"type": "Patient", "identifier": dict(identifier)}
