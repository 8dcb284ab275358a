"""The usager in an appointment of professionals (case 4', flow D'): the block reads and writes her agenda of MES."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from mocks.agendas import State, model_actors
from mocks.fhir import Resource
from mocks.fhir.dates import interval
from mocks.journal import events
from mocks.mes.fhir_api import FHIR as MES
from mocks.mes.model_events import Diary
from mocks.rdv.tables import AGREEMENTS, MES_EVENTS
from mocks.store import Session, Statement

_A, _E = AGREEMENTS.c, MES_EVENTS.c
_AGREED = Statement(select(AGREEMENTS).where(_A.tenant == bindparam("tenant"), _A.person == bindparam("wanted")))
_AGREE = Statement(insert(AGREEMENTS))
_WITHDRAW = Statement(delete(AGREEMENTS).where(_A.tenant == bindparam("where"), _A.person == bindparam("which")))
_EVENTS = Statement(select(MES_EVENTS).where(_E.tenant == bindparam("tenant"), _E.appointment == bindparam("wanted")))
_INSERT = Statement(insert(MES_EVENTS))
_BUSY = ("booked", "arrived", "checked-in", "fulfilled")


def set_agreement(session: Session, tenant: str, person: str, *, given: bool) -> None:
    """Whether the usager lets the block read and feed her agenda."""
    session.begin()
    session.write(_WITHDRAW, where=tenant, which=person)
    if given:
        session.write(_AGREE, tenant=tenant, person=person)


def agreed(state: State, person: str) -> bool:
    """Whether she does."""
    return state.session.first(_AGREED, tenant=state.tenant.name, wanted=person) is not None


def busy(state: State, person: str) -> list[tuple[int, int]]:
    """[start, end[ of her events that take place, in microseconds: neither their subject nor their source."""
    found = []
    for stored in _diary(state, person).events():
        event = stored.resource
        if event.get("status") in _BUSY and event.get("start") and event.get("end"):
            found.append((interval(event["start"])[0], interval(event["end"])[0]))
    return found


def write(state: State, id_: str, appointment: Resource) -> list[str]:
    """Write an appointment that is booked, or was and is cancelled, in the agenda of each usager who agrees.

    Returns the persons concerned. One event per appointment: a change changes it.
    """
    known = {row.person: row.event for row in state.session.all(_EVENTS, tenant=state.tenant.name, wanted=id_)}
    told = []
    for person in model_actors.persons_of(state, appointment):
        if person in known:
            _change(state, person, known[person], appointment)
        elif appointment["status"] == "booked" and agreed(state, person):
            _add(state, person, id_, appointment)
        else:
            continue
        told.append(person)
        what = {"rendez_vous": id_, "statut": appointment["status"], "debut": appointment.get("start")}
        events.act(state.session, state.tenant, "rdv.bloc.agenda_mes_ecrit", person, what)
    return told


def _add(state: State, person: str, id_: str, appointment: Resource) -> None:
    source = str(state.setting("oid_mes"))
    wanted = {
        "source": source,
        "identifiant": id_,
        "debut": appointment["start"],
        "fin": appointment["end"],
        "libelle": appointment.get("description", "Rendez-vous entre professionnels"),
        "professionnel": _professional(appointment),
    }
    stored = _diary(state, person).add(wanted, state.now)
    state.session.write(_INSERT, tenant=state.tenant.name, appointment=id_, person=person, event=stored.id)


def _change(state: State, person: str, event: str, appointment: Resource) -> None:
    diary = _diary(state, person)
    stored = diary.find(event)
    if stored is not None and stored.resource["status"] != appointment["status"]:
        diary.change(stored, {"source": stored.owner, "statut": appointment["status"]}, state.now)


def _professional(appointment: Resource) -> dict[str, str] | None:
    for participant in appointment.get("participant", ()):
        actor = participant.get("actor") or {}
        if actor.get("type") in ("Practitioner", "PractitionerRole") and actor.get("display"):
            return {"nom": str(actor["display"])}
    return None


def _diary(state: State, person: str) -> Diary:
    return Diary(MES.repository, state.session, state.tenant.name, person)
