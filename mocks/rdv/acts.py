"""What a professional of another structure does at the block, played by the bench; each answer is an act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks.agendas import State, model_actors, model_booking
from mocks.fhir import Resource, Stored
from mocks.journal import events
from mocks.rdv import block, model_requests
from mocks.rdv.model_software import Speaker
from mocks.rdv.participants import answering, invited

ANSWERS = ("accepter", "refuser", "proposer", "annuler")
_STATUS = {"accepter": "accepted", "refuser": "declined", "proposer": "tentative"}


class NoRequestError(LookupError):
    """No request of that id."""


class NotInvitedError(LookupError):
    """That professional does not take part."""


def answer(state: State, id_: str, professional: str, wishes: Mapping[str, Any]) -> tuple[Stored, bool]:
    """Answer for one professional. wishes: `reponse` (ANSWERS), `debut` and `fin` of another time, `motif`.

    Returns the appointment, and whether it is now to be written in the agendas. Raises NoRequestError,
    NotInvitedError, mocks.fhir.FhirError, mocks.agendas.model_booking.TakenError.
    """
    state.session.begin()
    block.close_late(state)
    stored = state.get("Appointment", id_)
    if stored is None:
        raise NoRequestError(id_)
    old = stored.resource
    guest = invited(state, old).get(professional)
    if guest is None:
        raise NotInvitedError(professional)
    new = _written(old, guest.places, wishes)
    model_requests.answer(state, id_, Speaker("", alone=professional), old, new, lambda _code, _text: None)
    model_booking.book(state, id_, new, old, exclusive=state.setting("double_reservation") == "refuser")
    to_write = block.concluded(state, id_, old, new)
    kept = state.put(new, stored)
    person = next(iter(model_actors.persons_of(state, new)), None)
    told = {"rendez_vous": id_, "professionnel": professional, "reponse": wishes["reponse"], "statut": new["status"]}
    told |= {name: new[element] for name, element in (("debut", "start"), ("fin", "end")) if element in new}
    events.act(state.session, state.tenant, "rdv.professionnel.repond", person, told)
    return kept, to_write


def _written(old: Resource, places: tuple[int, ...], wishes: Mapping[str, Any]) -> Resource:
    """The appointment as her software would send it."""
    if wishes["reponse"] == "annuler":
        return {**old, "status": "cancelled", "cancelationReason": {"text": wishes.get("motif", "Empêchement")}}
    new = {**old, "participant": answering(old, dict.fromkeys(places, _STATUS[wishes["reponse"]]))}
    if wishes["reponse"] == "proposer":
        new |= {"start": wishes["debut"], "end": wishes["fin"]}
        new.pop("minutesDuration", None)
    return new


def described(state: State, stored: Stored) -> dict[str, Any]:
    """A request as the admin API shows it."""
    resource = stored.resource
    request = model_requests.of(state, stored.id)
    return {
        "id": stored.id,
        "identifiants": list(model_actors.identifiers(resource)),
        "statut": resource.get("status"),
        "debut": resource.get("start"),
        "fin": resource.get("end"),
        "demandeur": None if request is None else request.client_id,
        "reponses": {name: guest.answer for name, guest in invited(state, resource).items()},
        "personnes": model_actors.persons_of(state, resource),
        "version": stored.version,
        "resource": resource,
    }
