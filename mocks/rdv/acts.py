"""What a professional of another structure does at the block, played by the bench; each answer is an act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks.agendas import State, model_actors, model_booking
from mocks.fhir import Resource, Stored
from mocks.fhir.store import new_id
from mocks.journal import events
from mocks.rdv import block, model_requests, model_software
from mocks.rdv.model_software import Speaker
from mocks.rdv.participants import IDNPS, answering, invited
from mocks.world import Person, professionals
from profiles.keys import TEST_INS_OID

OPERATOR = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-appointment-operator"
ANSWERS = ("accepter", "refuser", "proposer", "annuler")
_STATUS = {"accepter": "accepted", "refuser": "declined", "proposer": "tentative"}


class NoRequestError(LookupError):
    """No request of that id."""


class NotInvitedError(LookupError):
    """That professional does not take part."""


def ask(state: State, person: Person | None, wishes: Mapping[str, Any]) -> Stored:
    """Ask, as the software of a professional of elsewhere would. wishes: body of the admin API.

    Raises mocks.fhir.FhirError, mocks.agendas.model_booking.TakenError.
    """
    state.session.begin()
    id_, who = new_id(), wishes["demandeur"]
    clients = model_software.holders(state.session, state.tenant.name, who)
    new = _request(state, id_, person, wishes)
    model_requests.ask(state, id_, Speaker(next(iter(clients), "")), new, lambda _code, _text: None)
    model_booking.book(state, id_, new, exclusive=state.setting("double_reservation") == "refuser")
    stored = state.put(new)
    told = {"rendez_vous": id_, "professionnel": who, "invites": wishes["invites"], "debut": wishes["debut"]}
    events.act(state.session, state.tenant, "rdv.professionnel.demande", None if person is None else person.id, told)
    return stored


def _request(state: State, id_: str, person: Person | None, wishes: Mapping[str, Any]) -> Resource:
    answers = {wishes["demandeur"]: "accepted", **dict.fromkeys(wishes["invites"], "needs-action")}
    taking_part = [one for name, answer in answers.items() for one in _taking_part(state, name, answer)]
    if person is not None:
        actor = {"type": "Patient", "identifier": {"system": f"urn:oid:{TEST_INS_OID}", "value": person.ins}}
        taking_part.insert(0, {"actor": actor, "required": "required", "status": "accepted"})
    return {
        "resourceType": "Appointment",
        "id": id_,
        "contained": [_role(name) for name in answers],
        "extension": [{"url": OPERATOR, "valueReference": taking_part[-2 * len(answers)]["actor"]}],
        "identifier": [{"system": "urn:oid:1.2.250.1.999.40.1", "value": id_}],
        "status": "proposed",
        "description": wishes["intitule"],
        "reasonCode": [{"text": wishes["motif"]}],
        "created": state.now.isoformat(timespec="seconds"),
        "start": wishes["debut"],
        "end": wishes["fin"],
        "participant": taking_part,
    }


def _role(name: str) -> Resource:
    practitioner = {"type": "Practitioner", "identifier": {"system": IDNPS, "value": name}}
    return {"resourceType": "PractitionerRole", "id": f"role-{_token(name)}", "practitioner": practitioner}


def _token(name: str) -> str:
    return name.replace("/", "-")  # an id of FHIR has no bar


def _taking_part(state: State, name: str, answer: str) -> list[Resource]:
    known = professionals.by_login(state.session, state.tenant.name, name)
    shown = {} if known is None else {"display": f"{known.given} {known.family}"}
    actor = {"type": "Practitioner", "identifier": {"system": IDNPS, "value": name}, **shown}
    role = {"reference": f"#role-{_token(name)}", "type": "PractitionerRole", **shown}
    return [{"actor": one, "required": "required", "status": answer} for one in (actor, role)]


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
