"""What each operation of the service's admin API does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g, request

from mocks.admin.errors import AdminError
from mocks.agendas import integrity, model_actors, model_booking, model_clients, opening
from mocks.agendas.availability import AvailabilityError
from mocks.agendas.state import State
from mocks.fhir import Scope, Stored
from mocks.gap import national
from mocks.gap.fhir_api import FHIR
from mocks.gap.settings import DEFAULTS
from mocks.world import professionals

Body = Mapping[str, Any]
Query = Mapping[str, Any]


def clients(_body: Body, _query: Query) -> Any:
    return {"clients": model_clients.clients(g.session, _state().space)}


def enregistrer(body: Body, _query: Query) -> Any:
    name = body.get("nom") or body["client_id"]
    try:
        token = model_clients.register(g.session, _state().space, body["client_id"], name, body.get("jeton", ""))
    except model_clients.KnownClientError:
        raise AdminError(409, "client-connu", f"Le client « {body['client_id']} » est déjà enregistré.") from None
    return {"client_id": body["client_id"], "nom": name, "jeton": token}


def agendas(_body: Body, _query: Query) -> Any:
    state = _state()
    counts: dict[str, Counter[str]] = {}
    for slot in state.repository.find(state.session, state.tenant.name, "Slot", [], Scope()):
        resource = slot.resource
        schedule = resource["schedule"]["reference"].removeprefix("Schedule/")
        counts.setdefault(schedule, Counter())[resource["status"]] += 1
    found = state.repository.find(state.session, state.tenant.name, "Schedule", [], Scope())
    return {
        "agendas": [
            {
                "schedule": one.id,
                "acteurs": one.resource["actor"],
                "identifiants": model_actors.names_of(state, one.id),
                "creneaux": dict(counts.get(one.id, ())),
            }
            for one in found
        ]
    }


def ouvrir_agenda(body: Body, _query: Query) -> Any:
    try:
        found = opening.professional(_state(), body.get("professionnel"))
        return opening.open_agenda(_state(), found, body)
    except professionals.UnknownProfessionalError as error:
        raise AdminError(404, "professionnel-inconnu", f"Aucun professionnel « {error} » chez ce locataire.") from None
    except AvailabilityError as error:
        raise _refused(error) from None


def calculer(_body: Body, _query: Query, agenda: str) -> Any:
    state = _state()
    try:
        made = national.make_again(state, _schedule(state, agenda))
    except AvailabilityError as error:
        raise _refused(error) from None
    return {"crees": made.created, "retires": made.removed, "gardes": made.kept}


def creneaux(_body: Body, _query: Query, agenda: str) -> Any:
    state = _state()
    wanted = [("schedule", f"Schedule/{_schedule(state, agenda).id}")]
    found = state.repository.find(state.session, state.tenant.name, "Slot", wanted, Scope())
    shown = [
        {"id": one.id, "debut": one.resource["start"], "fin": one.resource["end"], "statut": one.resource["status"]}
        for one in found
    ]
    return {"creneaux": sorted(shown, key=lambda slot: datetime.fromisoformat(slot["debut"]))}


def prendre(body: Body, _query: Query, agenda: str) -> Any:
    state = _state()
    try:
        stored = national.take(state, _schedule(state, agenda), body)
    except national.WrongTimeError as error:
        raise AdminError(400, "horaire-invalide", str(error)) from None
    except model_booking.TakenError:
        raise AdminError(409, "creneau-pris", "Ce temps est déjà pris par un autre rendez-vous.") from None
    return national.described(state, stored)


def rendez_vous(_body: Body, query: Query) -> Any:
    state = _state()
    found = state.repository.find(state.session, state.tenant.name, "Appointment", [], Scope())
    shown = [national.described(state, stored) for stored in found]
    wanted = query.get("personne")
    return {"rendez_vous": [one for one in shown if wanted is None or wanted in one["personnes"]]}


def agir(body: Body, _query: Query, rdv: str) -> Any:
    state = _state()
    try:
        stored = national.act(state, "" if "\x00" in rdv else rdv, body["acte"], body)
    except national.NoAppointmentError:
        raise AdminError(404, "rendez-vous-inconnu", f"Aucun rendez-vous « {rdv} » chez ce locataire.") from None
    except national.WrongTimeError as error:
        raise AdminError(400, "horaire-invalide", str(error)) from None
    except national.IllegalActError as error:
        raise AdminError(409, "transition-interdite", str(error)) from None
    except model_booking.TakenError:
        raise AdminError(409, "creneau-pris", "Ce temps est déjà pris par un autre rendez-vous.") from None
    return national.described(state, stored)


def bilan(_body: Body, _query: Query) -> Any:
    return integrity.report(_state())


def _schedule(state: State, agenda: str) -> Stored:
    found = None if "\x00" in agenda else state.get("Schedule", agenda)
    if found is None:
        raise AdminError(404, "agenda-inconnu", f"Aucun agenda « {agenda} » chez ce locataire.")
    return found


def _state() -> State:
    base = f"{request.host_url.rstrip('/')}/t/{g.tenant.name}/gap/fhir"
    return State(g.session, g.tenant, FHIR.repository, g.tenant.now(), DEFAULTS, base)


def _refused(error: AvailabilityError) -> AdminError:
    return AdminError(400, "disponibilite-refusee", str(error))
