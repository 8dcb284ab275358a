"""What is done at the manager itself: an appointment confirmed, moved, cancelled; each is an act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mocks.agendas import model_actors, model_booking, model_slots
from mocks.agendas.model_slots import Made
from mocks.agendas.model_status import may_become
from mocks.agendas.resources import CORE
from mocks.agendas.state import State
from mocks.clock import rfc3339
from mocks.fhir import Resource, Stored
from mocks.fhir.store import new_id
from mocks.journal import events

OTHERS = "https://banc.test/gap/autre-client"  # system of the appointments that another client makes
# What each act makes of the status; None leaves it.
ACTS: Mapping[str, str | None] = {
    "confirmer": "booked",
    "annuler": "cancelled",
    "deplacer": None,
    "honorer": "fulfilled",
    "absence": "noshow",
    "saisie_erronee": "entered-in-error",
}


class NoAppointmentError(LookupError):
    """No appointment of that id."""


class WrongTimeError(ValueError):
    """The new time makes no sense; the text is a French sentence."""


class IllegalActError(ValueError):
    """The status does not allow the act; the text is a French sentence."""


def make_again(state: State, schedule: Stored) -> Made:
    """Make the slots of a Schedule as of now. Raises AvailabilityError."""
    state.session.begin()
    made = model_slots.make(state, schedule.id, schedule.resource)
    _tell(state, "creneaux_calcules", None, {"schedule": schedule.id})
    return made


def take(state: State, schedule: Stored, wishes: Mapping[str, Any]) -> Stored:
    """Give time of an agenda to somebody else, as another client would. wishes: `debut`, `fin`, `libelle`, `statut`.

    Raises WrongTimeError, model_booking.TakenError.
    """
    if datetime.fromisoformat(wishes["debut"]) >= datetime.fromisoformat(wishes["fin"]):
        raise WrongTimeError("Un rendez-vous finit après son début.")
    state.session.begin()
    id_, status = new_id(), wishes.get("statut", "booked")
    answer = "accepted" if status == "booked" else "needs-action"
    resource: Resource = {
        "resourceType": "Appointment",
        "id": id_,
        "meta": {"profile": [f"{CORE}/fr-core-appointment"]},
        "identifier": [{"system": OTHERS, "value": id_}],
        "status": status,
        "start": wishes["debut"],
        "end": wishes["fin"],
        "created": rfc3339(state.now),
        "participant": [
            {"actor": actor, "required": "required", "status": answer} for actor in schedule.resource["actor"]
        ],
        **({"description": wishes["libelle"]} if "libelle" in wishes else {}),
    }
    model_booking.book(state, id_, resource, exclusive=state.setting("double_reservation") == "refuser")
    stored = state.put(resource)
    told = {"rendez_vous": id_, "schedule": schedule.id, "debut": wishes["debut"], "fin": wishes["fin"]}
    _tell(state, "rendez_vous_pris_ailleurs", None, told)
    return stored


def act(state: State, id_: str, name: str, wishes: Mapping[str, Any]) -> Stored:
    """Do something with an appointment. name: key of ACTS. wishes: `debut`, `fin` of a move.

    Raises NoAppointmentError, IllegalActError, WrongTimeError, model_booking.TakenError.
    """
    state.session.begin()
    old = state.get("Appointment", id_)
    if old is None:
        raise NoAppointmentError(id_)
    before = old.resource
    status = ACTS[name] or before["status"]
    if not may_become(before["status"], status):
        raise IllegalActError(f"Un rendez-vous « {before['status']} » ne peut pas devenir « {status} ».")
    after = {**before, "status": status}
    if name == "deplacer":
        if datetime.fromisoformat(wishes["debut"]) >= datetime.fromisoformat(wishes["fin"]):
            raise WrongTimeError("Un rendez-vous finit après son début.")
        after |= {"start": wishes["debut"], "end": wishes["fin"]}
        after.pop("slot", None)
        after.pop("minutesDuration", None)
    if name == "confirmer":
        after["participant"] = [{**participant, "status": "accepted"} for participant in after["participant"]]
    model_booking.book(state, id_, after, before, exclusive=state.setting("double_reservation") == "refuser")
    stored = state.put(after, old)
    told = {"rendez_vous": id_, "statut": status, "debut": after.get("start"), "fin": after.get("end")}
    _tell(state, f"rendez_vous_{name}", next(iter(model_actors.persons_of(state, after)), None), told)
    return stored


def _tell(state: State, what: str, person: str | None, details: Mapping[str, Any]) -> None:
    events.act(state.session, state.tenant, f"gap.gestionnaire.{what}", person, details)


def described(state: State, stored: Stored) -> dict[str, Any]:
    """An appointment as the admin API shows it."""
    resource = stored.resource
    return {
        "id": stored.id,
        "identifiants": list(model_actors.identifiers(resource)),
        "statut": resource.get("status"),
        "debut": resource.get("start"),
        "fin": resource.get("end"),
        "personnes": model_actors.persons_of(state, resource),
        "version": stored.version,
        "modifie": rfc3339(stored.instant),
        "resource": resource,
    }
