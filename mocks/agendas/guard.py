"""Who calls, and about whom (contract of agendas §1, access: banc)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request

from mocks.agendas import model_actors, model_clients
from mocks.agendas.state import State, space_of
from mocks.call import Call
from mocks.fhir import PATCH, Demand, FhirError, Scope
from mocks.journal.masking import fingerprint

# Search parameters that name a Patient by an identifier or an address.
_NAMED = ("patient.identifier", "patient:identifier", "actor:Patient.identifier", "schedule.actor:Patient.identifier")
_ADDRESSED = ("patient", "actor:Patient")


def authenticate(call: Call) -> None:
    """Know the client by its bearer token. Raises FhirError 401."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else ""
    known = (
        model_clients.of_token(call.session, space_of(call.tenant.name, call.service.name), token) if token else None
    )
    state = "absent" if not token else "unknown" if known is None else "valid"
    call.context["token"] = {"fingerprint": fingerprint(token) if token else None, "state": state}
    if known is not None:
        call.client_id = call.context["client_id"] = known
    elif call.setting("acces") == "jeton":
        text = "Un jeton d'accès connu est attendu (Authorization: Bearer)."
        raise FhirError(401, text, headers={"WWW-Authenticate": "Bearer"})


def admit(state: State, call: Call, demand: Demand) -> Scope:
    """The scope of a demand: a known client reaches everything. Raises FhirError 401, 405."""
    authenticate(call)
    if demand.interaction is PATCH and call.setting("patch") == "refuse":
        raise FhirError(405, "PATCH n'est pas proposé sur cet agenda.", headers={"Allow": "GET, PUT, DELETE"})
    wanted = list(_keys(state, demand))
    if wanted:
        call.identify(model_actors.person_named(state, wanted))
    return Scope()


def _keys(state: State, demand: Demand) -> Iterator[str]:
    for name, value in demand.query:
        if name in _NAMED and "," not in value:
            yield value
        elif name in _ADDRESSED:
            yield value if "/" in value else f"Patient/{value}"
    resource: Any = demand.resource or {}
    if demand.type == "Patient":
        yield from model_actors.identifiers(resource)
    for participant in _list(resource.get("participant")):
        if isinstance(participant, dict):
            yield from model_actors.keys(state, participant.get("actor"), ("Patient",))
    if demand.type == "Patient" and demand.id:
        yield f"Patient/{demand.id}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
