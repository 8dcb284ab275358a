"""What the booking block writes in the agendas of our professionals: meetings that all have accepted (flow D(5))."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from reference.refusal import Refusal
from reference.server.fhir import FhirError, answer, body_of
from reference.web.session import product


def write() -> Response:
    """Conditional update: what is known by that identifier is changed, what is not is added."""
    resource = body_of("Appointment")
    identifier: dict[str, Any] = next(iter(resource.get("identifier") or []), {})
    named = f"{identifier.get('system')}|{identifier.get('value')}"
    if request.args.get("identifier") != named:
        raise FhirError(
            400, "invalid", "La condition ne porte pas l'identifiant du rendez-vous.", at="Appointment.identifier"
        )
    if not all(isinstance(resource.get(name), str) for name in ("status", "start", "end")):
        raise FhirError(422, "required", "Statut, début et fin sont nécessaires.", at="Appointment")
    if product().defects.has("rdv_final_refuse"):
        raise FhirError(422, "business-rule", "Les rendez-vous d'ailleurs ne sont pas acceptés.")
    try:
        kept = product().coordination.meetings.receive(resource)
    except Refusal as refusal:
        raise FhirError(422, "business-rule", refusal.message) from refusal
    product().diary.keep_meeting(kept.id, resource)
    return answer({**resource, "id": kept.id})
