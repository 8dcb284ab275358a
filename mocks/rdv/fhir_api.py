"""What the block offers under `/fhir`: a manager of agendas, whose appointments are requests to be answered."""

from __future__ import annotations

from functools import partial

from mocks.agendas import Manager, State
from mocks.call import Call
from mocks.fhir import FhirError, Resource
from mocks.rdv import block, model_requests, model_software
from mocks.rdv.errors import refusal
from mocks.rdv.model_software import Speaker
from mocks.rdv.participants import national_id


def _write_schedule(call: Call, state: State, old: Resource | None, new: Resource) -> None:
    """Flow D(1): whoever publishes the agenda of a professional speaks for her; nobody else writes in it."""
    client = str(call.client_id)
    named = {name for name in (national_id(state, {}, actor) for actor in (old or new).get("actor", ())) if name}
    if old is not None:
        others = {one for name in named for one in model_software.holders(state.session, state.tenant.name, name)}
        if others and client not in others:
            raise refusal("agenda-d-autrui")
    published = {national_id(state, {}, actor) for actor in new.get("actor", ())} - {""}
    model_software.hold(state.session, state.tenant.name, client, sorted(published))
    call.context["agenda"] = {"professionnels": sorted(published)}


def _write_appointment(call: Call, state: State, old: Resource | None, new: Resource) -> None:
    speaker, id_ = Speaker(str(call.client_id)), str((old or new)["id"])
    try:
        if old is None:
            said = model_requests.ask(state, id_, speaker, new, call.note)
        else:
            said = model_requests.answer(state, id_, speaker, old, new, call.note)
    except FhirError as error:
        call.context["refusal"] = error.issues[0].details[1] if error.issues[0].details else ""
        raise
    call.context["rendez_vous_pro"] = said.as_json(new, speaker.client_id)
    if block.concluded(state, id_, old, new) and call.setting("envoi") == "automatique":
        from mocks.rdv import courier  # it knows this API

        call.errands.append(partial(courier.deliver, state.session.store, state.tenant.name))


def _on_call(_call: Call, state: State) -> None:
    """Whoever looks finds cancelled what was not answered in time."""
    block.close_late(state)


MANAGER = Manager(
    "rdv",
    title="Rendez-vous entre professionnels (banc)",
    version="DE1 1.0",
    before={"Schedule": _write_schedule, "Appointment": _write_appointment},
    on_call=_on_call,
)
FHIR = MANAGER.server
