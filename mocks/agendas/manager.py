"""A manager of agendas as a FHIR API: the declared types, and what a write of each does to the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import profiles
from mocks.agendas import guard, model_actors, model_booking, model_slots, resources
from mocks.agendas.availability import AvailabilityError
from mocks.agendas.model_status import may_become, unanswered
from mocks.agendas.state import State
from mocks.call import Call
from mocks.fhir import Demand, FhirEndpoint, FhirError, FhirServer, OutcomeIssue, Resource, Scope
from mocks.fhir.store import Repository, new_id

# What a service does first when a resource of its manager is written: (call, state, old, new); may change `new` in
# place, or raise FhirError. Everything runs in the write transaction.
Before = Callable[[Call, State, Resource | None, Resource], None]
OnCall = Callable[[Call, State], None]
_POLICIES = {"refuser": "reject", "fusionner": "merge", "accepter": "accept"}


class Manager:
    """The manager of one service, whose settings are those of `mocks/gap/data/reglages.json` at least.

    service: its name. title, version: for the CapabilityStatement. before: what the service does first when a
    resource of this type is written. on_call: what it does at each call, once it knows who calls.
    """

    def __init__(
        self,
        service: str,
        *,
        title: str,
        version: str,
        before: Mapping[str, Before] | None = None,
        on_call: OnCall | None = None,
    ) -> None:
        self._before = before or {}
        self._on_call = on_call
        hooks: dict[str, dict[str, Any]] = {
            "Schedule": {"on_write": self._write_schedule, "on_delete": self._delete_schedule},
            "Slot": {},
            "Appointment": {"on_write": self._write_appointment, "duplicates": _on_same_identifier},
        }
        actor = {"on_write": self._write_actor, "on_delete": self._delete_actor}
        endpoints = [self._declared(type_, hooks.get(type_, actor)) for type_ in resources.PROFILES]
        self.server = FhirServer(service, endpoints, title=title, version=version)

    @property
    def repository(self) -> Repository:
        """The resources of the service."""
        return self.server.repository

    def state_of(self, call: Call) -> State:
        """The state that a call works on."""
        return State.of(call, self.repository)

    def _declared(self, type_: str, hooks: dict[str, Any]) -> FhirEndpoint:
        return FhirEndpoint(
            type_,
            profile=resources.PROFILES[type_],
            interactions=resources.INTERACTIONS.get(type_, resources.RESOURCE),
            search=resources.SEARCH_PARAMS[type_],
            guard=self._admit,
            validate=_judge,
            **hooks,
        )

    def _admit(self, call: Call, demand: Demand) -> Scope:
        state = self.state_of(call)
        scope = guard.admit(state, call, demand)
        if self._on_call is not None:
            self._on_call(call, state)
        return scope

    def _first(self, call: Call, old: Resource | None, new: Resource) -> tuple[State, str]:
        """The state, and the id of what is written, which its slots or its time refer to; the service goes first."""
        state, id_ = self.state_of(call), _named(old, new)
        before = self._before.get(new["resourceType"])
        if before is not None:
            before(call, state, old, new)
        return state, id_

    def _write_schedule(self, call: Call, old: Resource | None, new: Resource) -> None:
        state, id_ = self._first(call, old, new)
        model_actors.know_schedule(state, id_, new)
        if old is None or old.get("actor") != new.get("actor"):
            model_booking.adopt(state, id_)
        try:
            made = model_slots.make(state, id_, new)
        except AvailabilityError as error:
            raise FhirError(422, str(error), at="Schedule.extension") from None
        told = {"created": made.created, "removed": made.removed, "kept": made.kept}
        call.context["slots"] = {"schedule": id_, **told}

    def _delete_schedule(self, call: Call, old: Resource) -> None:
        _forget_schedule(self.state_of(call), old["id"])

    def _write_actor(self, call: Call, old: Resource | None, new: Resource) -> None:
        """Identifiers may have changed: whoever is known by them must be known anew."""
        state, id_ = self._first(call, old, new)
        if new["resourceType"] == "Patient":
            model_actors.know_patient(state, id_, new)
        elif new["resourceType"] in model_actors.EXCLUSIVE and old is not None:
            model_actors.rename(state, f"{old['resourceType']}/{old['id']}", old, new)

    def _delete_actor(self, call: Call, old: Resource) -> None:
        """An agenda left without owner is deleted by its manager (GAP-SF §2.1.1)."""
        state, address = self.state_of(call), f"{old['resourceType']}/{old['id']}"
        if old["resourceType"] == "Patient":
            model_actors.know_patient(state, old["id"], None)
        for id_ in model_actors.schedules_naming(state, old["resourceType"], old["id"]):
            stored = state.get("Schedule", id_)
            assert stored is not None  # a search gives what exists
            schedule = stored.resource
            actors = [a for a in schedule["actor"] if "/".join(state.local(a.get("reference"))) != address]
            if actors:
                state.put({**schedule, "actor": actors}, stored)
                model_actors.know_schedule(state, id_, {**schedule, "actor": actors})
            else:
                _forget_schedule(state, id_)
                state.remove(stored)

    def _write_appointment(self, call: Call, old: Resource | None, new: Resource) -> None:
        state, id_ = self._first(call, old, new)
        _check_status(call, old, new)
        exclusive = call.setting("double_reservation") == "refuser"
        try:
            booked = model_booking.book(state, id_, new, old, exclusive=exclusive)
        except model_booking.UnknownSlotError as error:
            call.context["refusal"] = "creneau-inconnu"
            text = f"Le créneau « {error} » n'existe pas."
            raise FhirError(422, text, code="not-found", at="Appointment.slot") from None
        except model_booking.TakenError as error:
            call.context["refusal"] = "creneau-pris"
            call.context["booking"] = model_booking.Booked((), (), error.by or None).as_json()
            status = int(call.setting("double_reservation_code"))
            text = "Ce temps n'est plus libre : un autre rendez-vous l'occupe, ou l'agenda ne l'offre plus."
            raise FhirError(status, text, code="conflict", at=error.at) from None
        call.context["booking"] = booked.as_json()
        if booked.conflict is not None:
            call.note("double-reservation", f"le même temps est déjà pris par Appointment/{booked.conflict}")


def _named(old: Resource | None, new: Resource) -> str:
    """The id of what is written; a new resource is given one, for its slots or its time must refer to it."""
    if old is not None:
        return str(old["id"])
    id_: str = new.setdefault("id", new_id())
    return id_


def _judge(call: Call, resource: Resource) -> list[OutcomeIssue]:
    issues = [
        OutcomeIssue(issue.code, issue.message, issue.severity, issue.expression)
        for issue in profiles.validate(resource, resources.PROFILES[resource["resourceType"]])
    ]
    # A body that is not a FHIR resource cannot be kept, whatever the setting.
    if call.setting("profil") == "refuser" or any(issue.code == "structure" for issue in issues):
        return issues
    for issue in issues:
        if issue.severity in ("error", "fatal"):
            call.note("profil-non-respecte", f"{issue.at} : {issue.text}")
    return []


def _forget_schedule(state: State, id_: str) -> None:
    """What goes with a Schedule: its slots, what occupied it."""
    model_actors.forget_schedule(state, id_)
    model_slots.forget(state, id_)


def _check_status(call: Call, old: Resource | None, new: Resource) -> None:
    before, after = (old or {}).get("status"), str(new.get("status"))
    allowed = may_become(before or "", after)
    call.context["transition"] = {"from": before, "to": after, "allowed": allowed}
    if not allowed:
        text = f"Un rendez-vous « {before} » ne peut pas devenir « {after} »."
        _refuse_or_note(call, "transition-interdite", text, "Appointment.status")
    if unanswered(new):
        text = "Le rendez-vous est confirmé alors qu'un participant requis n'a pas accepté."
        _refuse_or_note(call, "reponse-manquante", text, "Appointment.participant")


def _refuse_or_note(call: Call, code: str, text: str, at: str) -> None:
    if call.setting("statuts") == "strict":
        call.context["refusal"] = code
        raise FhirError(422, text, at=at)
    call.note(code, text)


def _on_same_identifier(call: Call) -> str:
    return _POLICIES[call.setting("doublon_identifiant")]
