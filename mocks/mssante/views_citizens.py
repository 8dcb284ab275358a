"""What usagers do with their messages, and receipts of mailboxes that the bench plays: operations of the admin API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from mocks import world
from mocks.admin.errors import AdminError
from mocks.call import Call
from mocks.journal import events
from mocks.mssante import MSSANTE, delivery, model_citizens, model_mailboxes, model_messages, receipts
from mocks.mssante.citizen_acts import Usager

Body = Mapping[str, Any]
Query = Mapping[str, Any]


def usager(_body: Body, _query: Query, personne: str) -> Any:
    return _described(_person(personne))


def changer_usager(body: Body, _query: Query, personne: str) -> Any:
    person = _person(personne)
    mailbox = model_citizens.mailbox_of(_call(), person)
    model_mailboxes.change(g.session, g.tenant.name, mailbox.address, {"state": body["etat"]})
    return _described(person)


def messages_usager(_body: Body, _query: Query, personne: str) -> Any:
    found = model_citizens.received(_call(), _person(personne))
    return {"messages": [one.as_json() for one in found], "contacts": model_citizens.contacts(found)}


def agir(body: Body, _query: Query, personne: str) -> Any:
    person, act = _person(personne), str(body["acte"])
    try:
        done = Usager(_call(), person).do(act, body)
    except model_citizens.IllegalActError as error:
        raise AdminError(409, "acte-impossible", str(error)) from None
    except model_messages.UnknownMessageError:
        raise AdminError(404, "message-inconnu", "Cet usager n'a pas reçu ce message.") from None
    events.act(g.session, g.tenant, f"mssante.usager.{act}", person.id, done)
    return done


def accuser(body: Body, _query: Query, adresse: str) -> Any:
    reader, session, tenant = adresse.lower(), g.session, g.tenant.name
    told = model_messages.deliveries_of(session, tenant, body["message"])
    if reader not in [one["adresse"] for one in told if one["etat"] != model_messages.BOUNCED]:
        raise AdminError(404, "message-inconnu", f"« {adresse} » n'a pas reçu ce message.")
    kept = model_messages.head(session, tenant, body["message"])
    asked_by = str(kept.facts.get("receipt_to", "")) or kept.sender
    if model_mailboxes.find(session, tenant, asked_by) is None:
        raise AdminError(409, "sans-destinataire", "Personne chez ce locataire n'attend d'accusé de ce message.")
    said = receipts.Told(
        body.get("disposition", "processed"),
        body.get("code", ""),
        body.get("libelle", ""),
        body.get("forme", receipts.NEW),
    )
    original = model_messages.content(session, tenant, kept.id)
    made = receipts.made(said, original, reader=reader, to=asked_by, now=g.tenant.now())
    number = delivery.post(_call(), made, "", asked_by)
    done = {"message": kept.id, "accuse": number, "de": reader, "a": asked_by, "code": said.error or None}
    events.act(session, g.tenant, "mssante.correspondant.accuse", None, done)
    return done


def _call() -> Call:
    return Call(g.tenant, g.session, MSSANTE, "", g.tenant.now(), b"")


def _described(person: world.Person) -> dict[str, Any]:
    address = model_citizens.address_of(person)
    found = model_mailboxes.find(g.session, g.tenant.name, address)
    state = model_mailboxes.OPEN if found is None else found.state
    return {"personne": person.id, "adresse": address, "etat": state, "representant": person.representative}


def _person(person_id: str) -> world.Person:
    try:
        return world.person(g.session, g.tenant.name, "" if "\x00" in person_id else person_id)
    except world.UnknownPersonError:
        raise AdminError(404, "personne-inconnue", f"Aucune personne « {person_id} » chez ce locataire.") from None
