"""What each operation of the service's admin API does."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import g, request

from mocks import world
from mocks.admin.errors import AdminError
from mocks.fhir import Stored
from mocks.journal import events
from mocks.mes import (
    acts,
    direct,
    model_activity,
    model_consent,
    model_events,
    model_measures,
    model_pairings,
    model_services,
)
from mocks.mes.fhir_api import FHIR
from mocks.mes.model_agenda import USAGER
from mocks.mes.model_documents import Shelf, told
from mocks.mes.model_events import Diary, ForeignEventError, IllegalEventError
from mocks.mes.model_services import DuplicateServiceError, Snr, UnknownFinalityError
from mocks.oidc.secrets import new
from mocks.world import Person, UnknownPersonError

Body = Mapping[str, Any]
Query = Mapping[str, Any]


def services(_body: Body, _query: Query) -> Any:
    return {"services": [snr.as_json() for snr in model_services.all_services(g.session, g.tenant.name)]}


def enregistrer(body: Body, _query: Query) -> Any:
    wanted = {
        "client_id": f"snr-{secrets.token_hex(6)}",
        "client_secret": new("cs"),
        **body,
    }
    try:
        snr = model_services.register(g.session, g.tenant.name, wanted, acts.setting(g.tenant, "assign_auth"))
    except DuplicateServiceError:
        raise AdminError(409, "client-deja-connu", "Ce client_id est déjà celui d'un autre OID.") from None
    except UnknownFinalityError as error:
        raise _unknown_finality(error) from None
    return {**snr.as_json(), "client_secret": wanted["client_secret"]}


def service(_body: Body, _query: Query, oid: str) -> Any:
    return _snr(oid).as_json()


def changer(body: Body, _query: Query, oid: str) -> Any:
    g.session.begin()
    before = _snr(oid)
    try:
        after = model_services.change(g.session, g.tenant.name, before, body)
    except UnknownFinalityError as error:
        raise _unknown_finality(error) from None
    if (before.status, before.exchange) != (after.status, after.exchange):
        details = {"oid": oid, "statut": after.status, "reference_avec_echange": after.exchange}
        events.act(g.session, g.tenant, "mes.service.statut", None, details)
    if (before.version, before.finalities) != (after.version, after.finalities):
        codes = [finality["codeFinalite"] for finality in after.finalities]
        details = {"oid": oid, "version": after.version, "finalites": codes}
        events.act(g.session, g.tenant, "mes.service.version", None, details)
    return after.as_json()


def agenda(_body: Body, _query: Query, personne: str) -> Any:
    minutes = acts.setting(g.tenant, "doublon_probable_minutes")
    return {"evenements": model_events.view(_diary(personne).events(), _names(), minutes)}


def appariements(_body: Body, _query: Query, personne: str) -> Any:
    found = model_pairings.of_person(g.session, g.tenant.name, _person(personne).id)
    days, now, names = acts.setting(g.tenant, "reapprobation_delai_j"), g.tenant.now(), _names()
    return {
        "appariements": [
            {
                **pairing.as_json(now, days),
                "service": names.get(pairing.oid, pairing.oid),
                "historique": model_pairings.history(g.session, g.tenant.name, pairing.id),
            }
            for pairing in found
        ]
    }


def apparier(body: Body, _query: Query, personne: str) -> Any:
    g.session.begin()
    snr = _snr(body.get("oid") or _only_service())
    known = {finality["codeFinalite"] for finality in snr.finalities}
    for code in body["finalites"]:
        if code not in known:
            raise _unknown_finality(code)
    issuer = body.get("base") or f"{request.host_url.rstrip('/')}/t/{g.tenant.name}/mes"
    return direct.pair(g.session, g.tenant, snr, _person(personne), body["finalites"], body.get("idpe"), issuer)


def activite(_body: Body, _query: Query, personne: str) -> Any:
    return {"activite": model_activity.trace(g.session, g.tenant.name, _person(personne).id, _names())}


def documents(_body: Body, _query: Query, personne: str) -> Any:
    person, now = _person(personne), g.tenant.now()
    minor = person.representative is not None and not model_consent.is_adult(person, now)
    shelf = Shelf(g.tenant, g.session, person, "representant" if minor else "usager", now)
    return {"documents": [told(shelf, entry) for entry in shelf.documents()]}


def ajouter(body: Body, _query: Query, personne: str) -> Any:
    g.session.begin()
    try:
        stored = _diary(personne).add(body, g.tenant.now())
    except IllegalEventError as error:
        raise AdminError(400, "evenement-invalide", str(error)) from None
    return _event("evenement_ajoute", personne, stored)


def modifier(body: Body, _query: Query, personne: str, id_: str) -> Any:
    g.session.begin()
    diary = _diary(personne)
    try:
        stored = diary.change(_found(diary, id_), body, g.tenant.now())
    except IllegalEventError as error:
        raise AdminError(409, "evenement-invalide", str(error)) from None
    except ForeignEventError as error:
        raise _foreign(error) from None
    return _event("evenement_modifie", personne, stored)


def supprimer(_body: Body, query: Query, personne: str, id_: str) -> Any:
    g.session.begin()
    diary = _diary(personne)
    stored = _found(diary, id_)
    try:
        diary.remove(stored, query.get("source"), g.tenant.now())
    except ForeignEventError as error:
        raise _foreign(error) from None
    _event("evenement_supprime", personne, stored)


def agir(body: Body, _query: Query, personne: str) -> Any:
    person, oid = _person(personne), body.get("oid") or _only_service()
    try:
        pairing = acts.play(g.session, g.tenant, body["acte"], person.id, _snr(oid), body.get("finalite", ""))
    except acts.UnknownActError:
        text = f"L'acte « {body['acte']} » n'existe pas ; possibles : {', '.join(acts.ACTS)}."
        raise AdminError(400, "acte-inconnu", text) from None
    except acts.NoPairingError:
        text = "Ce profil n'est pas apparié à ce service."
        raise AdminError(409, "pas-d-appariement", text) from None
    except acts.UnknownFinalityError as error:
        raise _unknown_finality(error) from None
    return pairing.as_json(g.tenant.now(), acts.setting(g.tenant, "reapprobation_delai_j"))


def mesurer(body: Body, _query: Query, personne: str) -> Any:
    person, code = _person(personne), body["code"]
    if code not in model_measures.CODES or code == model_measures.BMI:
        text = f"« {code} » n'est pas une mesure qui se saisit (l'IMC est calculé)."
        raise AdminError(400, "mesure-inconnue", text)
    if isinstance(body["valeur"], Mapping) != (code == model_measures.PRESSURE):
        text = "La pression artérielle, et elle seule, prend « systolique » et « diastolique »."
        raise AdminError(400, "mesure-invalide", text)
    source = body.get("source") or USAGER
    made = model_measures.observation(person.id, code, body["valeur"], body.get("unite", ""), body["instant"], source)
    stored = model_measures.add(
        FHIR.repository, g.session, g.tenant.name, g.tenant.now(), person.id, made, body.get("appareil")
    )
    return {"id": stored.id, "resource": stored.resource}


def _person(person_id: str) -> Person:
    try:
        return world.person(g.session, g.tenant.name, person_id)
    except UnknownPersonError:
        raise AdminError(404, "personne-inconnue", f"Aucune personne « {person_id} » chez ce locataire.") from None


def _snr(oid: str) -> Snr:
    snr = model_services.by_oid(g.session, g.tenant.name, oid)
    if snr is None:
        raise AdminError(404, "service-inconnu", f"Aucun service d'OID « {oid} » chez ce locataire.")
    return snr


def _only_service() -> str:
    """The OID of the only service of the tenant, when an act names none."""
    known = model_services.all_services(g.session, g.tenant.name)
    if len(known) != 1:
        raise AdminError(400, "oid-manquant", "« oid » est nécessaire : le locataire n'a pas un seul service.")
    return known[0].oid


def _diary(personne: str) -> Diary:
    return Diary(FHIR.repository, g.session, g.tenant.name, _person(personne).id, _names())


def _found(diary: Diary, id_: str) -> Stored:
    stored = diary.find(id_)
    if stored is None:
        raise AdminError(404, "evenement-inconnu", f"Aucun événement « {id_} » dans l'agenda de cette personne.")
    return stored


def _event(act: str, personne: str, stored: Stored) -> dict[str, Any]:
    """Journal what was done with an event, and show it as the agenda does."""
    shown = model_events.view([stored], _names(), 0)[0]
    details = {key: shown[key] for key in ("id", "debut", "statut", "libelle", "source", "auteur")}
    events.act(g.session, g.tenant, f"mes.usager.{act}", personne, {"evenement": details})
    return shown


def _names() -> dict[str, str]:
    return {snr.oid: snr.name for snr in model_services.all_services(g.session, g.tenant.name)}


def _unknown_finality(error: object) -> AdminError:
    return AdminError(400, "finalite-inconnue", f"La finalité « {error} » n'existe pas.")


def _foreign(error: ForeignEventError) -> AdminError:
    text = f"Cet événement vient de « {error} », qui seul peut le changer."
    return AdminError(409, "evenement-d-une-autre-source", text)
