"""The agenda of an actor, or the time of a Schedule, as an iCalendar file (flow C; banc)."""

from __future__ import annotations

from flask import Response

from mocks.agendas import guard, model_actors
from mocks.agendas.resources import ACTORS
from mocks.agendas.state import State
from mocks.call import current_call
from mocks.fhir import FhirError, Scope, Stored
from mocks.fhir.web import refusal
from mocks.gap import calendar
from mocks.gap.fhir_api import MANAGER


def agenda(type_: str, id_: str) -> Response:
    """GET /ical/<type>/<id>.ics."""
    try:
        guard.authenticate(current_call())
        body = _calendar(MANAGER.state_of(current_call()), type_, id_)
    except FhirError as error:
        return refusal(error)
    return Response(body, content_type=calendar.MEDIA_TYPE)


def _calendar(state: State, type_: str, id_: str) -> bytes:
    known = state.get(type_, id_) if type_ in (*ACTORS, "Schedule") and "\x00" not in id_ else None
    if known is None:
        raise FhirError(404, f"Aucun agenda de {type_}/{id_}.")
    if type_ == "Schedule":
        return calendar.free_busy(known, _find(state, "Slot", "schedule", f"Schedule/{id_}"), state.base)
    # Who takes part is named by address or by identifier.
    found = _find(state, "Appointment", "actor", f"{type_}/{id_}")
    for identifier in model_actors.identifiers(known.resource):
        found += _find(state, "Appointment", f"actor:{type_}.identifier", identifier)
    return calendar.events({stored.id: stored for stored in found}.values(), state.base)


def _find(state: State, type_: str, name: str, value: str) -> list[Stored]:
    query = [(name, model_actors.escaped(value))]
    return state.repository.find(state.session, state.tenant.name, type_, query, Scope())
