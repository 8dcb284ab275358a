"""What each operation of the service's admin API does."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import g

from mocks import world
from mocks.admin.errors import AdminError
from mocks.dmp import access, acts, foreign, model_records, shown, signatures
from mocks.dmp.access import Caller
from mocks.dmp.admin import VIEW
from mocks.dmp.model_documents import Entry, Registry
from mocks.dmp.model_records import Record
from mocks.dmp.names import DELETED, DEPRECATED
from mocks.dmp.refusals import RefusedError
from mocks.dmp.settings import DEFAULTS
from mocks.journal import events

Body = Mapping[str, Any]
Query = Mapping[str, Any]
_FIELDS = {"statut": "status", "rattache_mes": "mes", "nom_utilise": "usual_name", "fermeture": "closing"}


def faire_confiance(body: Body, _query: Query) -> Any:
    authorities, revocations = body["autorites"], body.get("revocations", "")
    try:
        signatures.check_pem(authorities, revocations)
    except ValueError:
        text = "« autorites » attend des certificats en PEM, « revocations » des listes de révocation en PEM."
        raise AdminError(400, "pem-illisible", text) from None
    model_records.save_trust(g.session, g.tenant.name, authorities, revocations)
    return {}


def dossier(_body: Body, _query: Query, personne: str) -> Any:
    return _record(_person(personne)).as_json()


def changer(body: Body, _query: Query, personne: str) -> Any:
    person = _locked(personne)
    changes = {_FIELDS[name]: value for name, value in body.items() if name in _FIELDS}
    if "medecins_traitants" in body:
        changes["treating"] = tuple(body["medecins_traitants"])
    changed = replace(_record(person), **changes)
    if changed.status != model_records.CLOSED:
        changed = replace(changed, closing={})
    return _saved(changed, "dmp.gestionnaire.dossier_modifie", {"change": sorted(body), "statut": changed.status})


def autoriser(body: Body, _query: Query, personne: str) -> Any:
    changed = _record(_locked(personne)).authorised(body["titulaire"], body["statut"], g.tenant.now())
    return _saved(changed, "dmp.gestionnaire.autorisation_modifiee", dict(body))


def documents(_body: Body, query: Query, personne: str) -> Any:
    person, registry, view = _person(personne), _registry(), query.get("vue", "tout")
    if view not in VIEW["enum"]:
        raise AdminError(400, "parametre-invalide", f"« vue » attend l'une de : {', '.join(VIEW['enum'])}.")
    entries = registry.entries("person", person.id)
    if view == "professionnel":
        who = Caller(query.get("titulaire", ""), query.get("structure", ""), "direct")
        record = _record(person)
        kept = [one for one in entries if one.latest and one.status not in (DELETED, DEPRECATED)]
        entries = [one for one in kept if access.sees(one.facts, who, record, _setting)]
    elif view != "tout":
        entries = shown.visible(entries, view)
    return {"documents": shown.documents(registry, entries)}


def document(_body: Body, _query: Query, personne: str, document: str) -> Any:
    registry = _registry()
    found = _last(registry, _person(personne), document)
    content = registry.content(found.unique_id)
    assert content is not None  # an entry never goes without its document
    return {**shown.documents(registry, [found])[0], "contenu_base64": base64.b64encode(content.content).decode()}


def deposer(body: Body, _query: Query, personne: str) -> Any:
    person, registry = _locked(personne), _registry()
    depositor = foreign.Depositor(registry, person, g.tenant.now(), _setting)
    try:
        unique_id = depositor.deposit(body)
    except foreign.UnusableDocumentError as error:
        raise AdminError(400, "document-refuse", str(error)) from None
    except RefusedError as error:
        raise AdminError(409, "depot-refuse", " ".join(one.text for one in error.errors)) from None
    operation = "structure.document_depose" if body["origine"] == "autre_structure" else "usager.document_ajoute"
    details = {"document": unique_id, "origine": body["origine"]}
    events.act(g.session, g.tenant, f"dmp.{operation}", person.id, details)
    return shown.documents(registry, [_last(registry, person, unique_id)])[0]


def agir(body: Body, _query: Query, personne: str) -> Any:
    person, act = _locked(personne), body["acte"]
    details = {name: value for name, value in body.items() if name != "acte"}
    try:
        if act in acts.ON_RECORD:
            changed = acts.on_record(_record(person), act, body, g.tenant.now().date().isoformat())
            return _saved(changed, f"dmp.usager.{act}", details)
        registry = _registry()
        target = _last(registry, person, body.get("document", ""))
        changed_entry = acts.DocumentAct(registry, target).do(act)
    except acts.IllegalActError as error:
        raise AdminError(409, "acte-impossible", str(error)) from None
    events.act(g.session, g.tenant, f"dmp.usager.{act}", person.id, details)
    return shown.documents(registry, [changed_entry])[0]


def bilan(_body: Body, _query: Query) -> Any:
    return shown.integrity(_registry())


def _person(person_id: str) -> world.Person:
    try:
        return world.person(g.session, g.tenant.name, "" if "\x00" in person_id else person_id)
    except world.UnknownPersonError:
        raise AdminError(404, "personne-inconnue", f"Aucune personne « {person_id} » chez ce locataire.") from None


def _locked(person_id: str) -> world.Person:
    """The person, in a transaction: what is saved next undoes nobody's change."""
    g.session.begin()
    return _person(person_id)


def _record(person: world.Person) -> Record:
    return model_records.record(g.session, g.tenant.name, person.id, _setting("statut_initial"))


def _saved(changed: Record, operation: str, details: Mapping[str, Any]) -> Any:
    model_records.save(g.session, g.tenant.name, changed)
    events.act(g.session, g.tenant, operation, changed.person, details)
    return changed.as_json()


def _last(registry: Registry, person: world.Person, unique_id: str) -> Entry:
    entries = [] if "\x00" in unique_id else registry.entries("unique_id", unique_id)
    for one in entries:
        if one.latest and one.person == person.id:
            return one
    raise AdminError(404, "document-inconnu", f"Aucun document « {unique_id} » dans le DMP de cette personne.")


def _registry() -> Registry:
    return Registry(g.session, g.tenant.name, g.tenant.now())


def _setting(key: str) -> Any:
    return g.tenant.settings.get(f"dmp.{key}", DEFAULTS[key])
