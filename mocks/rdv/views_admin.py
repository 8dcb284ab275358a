"""What each operation of the service's admin API does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request

from mocks import world
from mocks.admin.errors import AdminError
from mocks.agendas import State, integrity, model_actors, model_booking, model_clients, model_slots, opening
from mocks.agendas.availability import AvailabilityError
from mocks.fhir import FhirError, Scope
from mocks.journal import events
from mocks.rdv import acts, block, courier, model_deliveries, model_software, usagers
from mocks.rdv.fhir_api import MANAGER
from mocks.rdv.model_software import Software
from mocks.rdv.participants import IDNPS
from mocks.rdv.settings import DEFAULTS
from mocks.world import UnknownPersonError, professionals

Body = Mapping[str, Any]
Query = Mapping[str, Any]


def logiciels(_body: Body, _query: Query) -> Any:
    held = model_software.held(g.session, g.tenant.name)
    return {
        "logiciels": [
            {"client_id": one.client_id, "agenda": one.agenda, "professionnels": held.get(one.client_id, [])}
            for one in model_software.all_of(g.session, g.tenant.name)
        ]
    }


def raccorder(body: Body, _query: Query) -> Any:
    client_id = body["client_id"]
    token = _token(client_id, body.get("nom") or client_id, body.get("jeton"))
    software = Software(client_id, body.get("agenda", ""), body.get("autorisation", ""))
    model_software.connect(g.session, g.tenant.name, software)
    model_software.hold(g.session, g.tenant.name, client_id, body.get("professionnels", ()))
    return {"client_id": client_id, "jeton": token, "agenda": software.agenda}


def _token(client_id: str, name: str, chosen: str | None) -> str:
    if chosen is not None:
        model_clients.admit(g.session, _state().space, client_id, name, chosen)
        return chosen
    try:
        return model_clients.register(g.session, _state().space, client_id, name)
    except model_clients.KnownClientError:
        raise AdminError(409, "client-connu", f"Le logiciel « {client_id} » est déjà raccordé.") from None


def ouvrir_agenda(body: Body, _query: Query) -> Any:
    wanted, client = body.get("professionnel"), body.get("logiciel")
    if client is not None and model_software.of_id(g.session, g.tenant.name, client) is None:
        raise AdminError(404, "logiciel-inconnu", f"Aucun logiciel « {client} » n'est raccordé au bloc.")
    try:
        found = opening.professional(_state(), wanted)
        opened = opening.open_agenda(_state(), found, body)
    except professionals.UnknownProfessionalError as error:
        raise AdminError(404, "professionnel-inconnu", f"Aucun professionnel « {error} » chez ce locataire.") from None
    except AvailabilityError as error:
        raise AdminError(400, "disponibilite-refusee", str(error)) from None
    if client is not None:
        model_software.hold(g.session, g.tenant.name, client, [found.national_id])
    return opened


def creneaux(_body: Body, query: Query) -> Any:
    state, who = _state(), query.get("professionnel", "")
    schedules = [] if "\x00" in who else model_actors.schedules_known_by(state, f"{IDNPS}|{who}")
    found = [slot for schedule in schedules for slot in model_slots.resources(state, schedule)]
    shown = [{"debut": slot["start"], "fin": slot["end"], "statut": slot["status"]} for slot in found]
    return {"creneaux": sorted(shown, key=lambda slot: str(slot["debut"]))}


def accorder(body: Body, _query: Query, personne: str) -> Any:
    person = _person(personne)
    usagers.set_agreement(g.session, g.tenant.name, person.id, given=body["accord"])
    act = "accord_donne" if body["accord"] else "accord_retire"
    events.act(g.session, g.tenant, f"rdv.usager.{act}", person.id, {})
    return {"personne": person.id, "accord": body["accord"]}


def _person(id_: str) -> world.Person:
    try:
        return world.person(g.session, g.tenant.name, id_)
    except UnknownPersonError:
        raise AdminError(404, "personne-inconnue", f"Aucune personne « {id_} » chez ce locataire.") from None


def demandes(_body: Body, query: Query) -> Any:
    state = _state()
    block.close_late(state)
    found = state.repository.find(state.session, state.tenant.name, "Appointment", [], Scope())
    shown = [acts.described(state, stored) for stored in found]
    wanted = query.get("personne")
    return {"demandes": [one for one in shown if wanted is None or wanted in one["personnes"]]}


def demander(body: Body, _query: Query) -> Any:
    state = _state()
    person = None if "personne" not in body else _person(body["personne"])
    try:
        return acts.described(state, acts.ask(state, person, body))
    except model_booking.TakenError:
        raise _taken() from None
    except FhirError as error:
        raise _refused(error) from None


def repondre(body: Body, _query: Query, demande: str) -> Any:
    state = _state()
    try:
        stored, to_write = acts.answer(state, "" if "\x00" in demande else demande, body["professionnel"], body)
    except acts.NoRequestError:
        raise AdminError(404, "demande-inconnue", f"Aucune demande « {demande} » chez ce locataire.") from None
    except acts.NotInvitedError as error:
        raise AdminError(404, "invite-inconnu", f"Le professionnel « {error} » n'est pas invité.") from None
    except model_booking.TakenError:
        raise _taken() from None
    except FhirError as error:
        raise _refused(error) from None
    shown = acts.described(state, stored)
    if to_write and state.setting("envoi") == "automatique":
        _deliver()
    return shown


def envois(_body: Body, _query: Query) -> Any:
    return {"envois": model_deliveries.shown(g.session, g.tenant.name)}


def envoyer(body: Body, query: Query) -> Any:
    if body.get("refaire"):
        model_deliveries.again(g.session, g.tenant.name)
    _deliver()
    return envois(body, query)


def _taken() -> AdminError:
    return AdminError(409, "creneau-pris", "Ce temps est déjà pris par un autre rendez-vous.")


def _refused(error: FhirError) -> AdminError:
    status = error.status if error.status in (403, 409) else 400
    issue = error.issues[0]
    return AdminError(status, issue.details[1] if issue.details else issue.code, issue.text)


def bilan(_body: Body, _query: Query) -> Any:
    return integrity.report(_state())


def _deliver() -> None:
    """Write in the agendas before answering; they may call us back meanwhile, so nothing stays open."""
    g.session.commit()
    g.sandbox.store.notify()
    courier.deliver(g.sandbox.store, g.tenant.name)


def _state() -> State:
    base = f"{request.host_url.rstrip('/')}/t/{g.tenant.name}/rdv/fhir"
    return State(g.session, g.tenant, MANAGER.repository, g.tenant.now(), DEFAULTS, base)
