"""What each operation of the service's admin API does."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from flask import g

from mocks import real_people, world
from mocks.admin.errors import AdminError
from mocks.call import Call
from mocks.journal import events
from mocks.mssante import MSSANTE, delivery, facts, model_folders, model_mailboxes, model_messages, ports
from mocks.mssante.envelope import Envelope, Recipient
from mocks.mssante.model_mailboxes import CITIZENS, Mailbox, domain_of
from mocks.pki import UnknownCertificateError

Body = Mapping[str, Any]
Query = Mapping[str, Any]
_NAMES = {
    "etat": "state",
    "titulaires": "holders",
    "structure": "structure",
    "libelle": "label",
    "annuaire": "listed",
    "liste_rouge": "red_list",
    "rang": "rank",
    "description": "description",
    "service": "service",
    "responsable": "responsible",
}


def ecouter(body: Body, _query: Query) -> Any:
    if g.sandbox.listeners is None:
        text = "Ce bac à sable a plusieurs processus : il n'ouvre pas de ports de messagerie."
        raise AdminError(501, "sans-ecoute", text)
    server, certificates = body.get("serveur", "serveur"), body.get("certificats", ())
    try:
        return ports.opened(g.sandbox, g.tenant.name, server=server, weak="tls" in body, certificates=certificates)
    except UnknownCertificateError as error:
        text = f"Aucun certificat d'essai « {error} » ; voir « banc pki »."
        raise AdminError(400, "certificat-inconnu", text) from None


def boites(_body: Body, _query: Query) -> Any:
    return {"boites": [one.as_json() for one in model_mailboxes.everybody(g.session, g.tenant.name)]}


def ouvrir_boite(body: Body, _query: Query) -> Any:
    domain = domain_of(body["adresse"])
    if domain == CITIZENS or domain not in _call().setting("domaines"):
        text = f"« {domain} » n'est pas un domaine de professionnels de la liste blanche (réglage mssante.domaines)."
        raise AdminError(400, "domaine-hors-liste", text)
    made = Mailbox(
        body["adresse"],
        body["type"],
        _holders(body.get("titulaires", ())),
        body.get("structure", ""),
        body.get("libelle", ""),
    )
    try:
        return model_mailboxes.add(g.session, g.tenant.name, made).as_json()
    except model_mailboxes.TakenError:
        raise AdminError(409, "adresse-prise", f"« {body['adresse']} » est déjà l'adresse d'une boîte.") from None


def changer_boite(body: Body, _query: Query, adresse: str) -> Any:
    what = {_NAMES[key]: value for key, value in body.items()}
    if "holders" in what:
        what["holders"] = _holders(what["holders"])
    return model_mailboxes.change(g.session, g.tenant.name, _known(adresse).address, what).as_json()


def courrier(_body: Body, _query: Query, adresse: str) -> Any:
    mailbox = _known(adresse)
    found = []
    for folder in model_folders.of(g.session, g.tenant.name, mailbox.address):
        copies = model_folders.changed(g.session, g.tenant.name, mailbox.address, folder.name)
        found += [_copy(folder.name, one) for one in copies if not one.gone]
    return {"messages": sorted(found, key=lambda one: (one["id"], one["dossier"]))}


def messages(_body: Body, query: Query) -> Any:
    whose = query.get("boite", "").lower()
    found = model_messages.all_of(g.session, g.tenant.name)
    return {
        "messages": [
            kept.as_json(deliveries)
            for kept, deliveries in found
            if not whose or whose == kept.sender or whose in [one["adresse"] for one in deliveries]
        ]
    }


def message(_body: Body, _query: Query, numero: str) -> Any:
    kept = _message(numero)
    told = kept.as_json(model_messages.deliveries_of(g.session, g.tenant.name, kept.id))
    content = model_messages.content(g.session, g.tenant.name, kept.id)
    return {**told, "contenu_base64": base64.b64encode(content).decode()}


def deposer(body: Body, _query: Query) -> Any:
    try:
        content = base64.b64decode(body["contenu_base64"], validate=True)
    except ValueError:
        raise AdminError(400, "contenu-invalide", "« contenu_base64 » n'est pas du base64.") from None
    try:
        facts.message(content)
    except real_people.RealPersonError:
        raise AdminError(real_people.STATUS, real_people.CODE, real_people.MESSAGE) from None
    call = _call()
    recipients = [Recipient(one) for one in dict.fromkeys(map(str.lower, body["a"]))]
    envelope = Envelope(body["de"].lower(), recipients=recipients)
    number = delivery.accept(call, envelope, content)
    details = {"message": number, "de": envelope.sender, "a": [one.address for one in envelope.recipients]}
    events.act(g.session, g.tenant, "mssante.operateur.message_depose", None, details)
    return _message(str(number)).as_json(model_messages.deliveries_of(g.session, g.tenant.name, number))


def bilan(_body: Body, _query: Query) -> Any:
    return model_messages.balance(g.session, g.tenant.name)


def _call() -> Call:
    return Call(g.tenant, g.session, MSSANTE, "", g.tenant.now(), b"")


def _known(address: str) -> Mailbox:
    try:
        return model_mailboxes.get(g.session, g.tenant.name, address)
    except model_mailboxes.UnknownMailboxError:
        raise AdminError(404, "boite-inconnue", f"Aucune boîte « {address} » chez ce locataire.") from None


def _message(number: str) -> model_messages.Kept:
    try:
        if not number.isascii() or not number.isdigit() or len(number) > 15:
            raise model_messages.UnknownMessageError(number)
        return model_messages.head(g.session, g.tenant.name, int(number))
    except model_messages.UnknownMessageError:
        raise AdminError(404, "message-inconnu", f"Aucun message « {number} » chez ce locataire.") from None


def _copy(folder: str, one: model_folders.Copy) -> dict[str, Any]:
    kept = model_messages.head(g.session, g.tenant.name, one.message)
    return {
        "id": kept.id,
        "uid": one.uid,
        "dossier": folder,
        "drapeaux": list(one.flags),
        "recu": one.received,
        "message_id": kept.message_id,
        "objet": kept.facts.get("subject", ""),
        "de": kept.facts.get("from", ""),
        "octets": kept.size,
        "sha256": kept.sha256,
    }


def _holders(ids: Any) -> tuple[str, ...]:
    for one in ids:
        try:
            world.professionals.by_id(g.session, g.tenant.name, one)
        except world.professionals.UnknownProfessionalError:
            text = f"Aucun professionnel « {one} » chez ce locataire."
            raise AdminError(400, "professionnel-inconnu", text) from None
    return tuple(ids)
