"""TD0.2: is there a DMP, and may I see it; TD0.3: the patient lets me see it (sheet DMP §2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from mocks.call import current_call
from mocks.dmp import hl7v3, model_records
from mocks.dmp.hl7v3 import ADD, REMOVE, Asked, Traits
from mocks.dmp.refusals import RefusedError, XdsError, own
from mocks.dmp.transaction import Answer, Handler, Transaction
from mocks.soap.attachments import Message
from mocks.soap.faults import SoapFaultError

IDENTITY_FAULTS = ("traits_differents", "nom_non_renseigne")


def exists(tx: Transaction, asked: Asked) -> Answer:
    """TD0.2."""
    tx.call.context["transaction"] = "TD0.2"
    _same_patient(tx, asked)
    if tx.person is None or tx.record.status == model_records.ABSENT:
        return Answer(hl7v3.not_found(asked, tx.call.now), "AA")
    traits = Traits.of(tx.person, tx.record.usual_name)
    spoilt = tx.call.play(IDENTITY_FAULTS)
    if spoilt is not None:
        changed = {
            "traits_differents": {"birth": f"{traits.birth}-AUTRE"},
            "nom_non_renseigne": {"usual": hl7v3.NO_NAME},
        }
        traits = replace(traits, **changed[str(spoilt["nature"])])
    said = hl7v3.observations(tx.record, tx.authorisation, treating=tx.who.professional in tx.record.treating)
    tx.call.context["answer_traits"] = {**asdict(traits), "observations": said}
    return Answer(hl7v3.found(asked, tx.record, traits, said, tx.call.now), "AA")


def authorise(tx: Transaction, asked: Asked) -> Answer:
    """TD0.3."""
    tx.call.context["transaction"] = "TD0.3"
    _same_patient(tx, asked)
    person = tx.require("autorisation")
    status = {ADD: model_records.VALID, REMOVE: model_records.NONE}.get(asked.action or "")
    if status is None:
        raise RefusedError(XdsError("XDSRegistryError", f"Action inconnue : attendu {ADD} ou {REMOVE}."))
    tx.call.session.begin()
    current = model_records.record(tx.call.session, tx.call.tenant.name, person.id, tx.setting("statut_initial"))
    changed = current.authorised(tx.who.holder, status, tx.call.now)
    model_records.save(tx.call.session, tx.call.tenant.name, changed)
    tx.call.context["authorisation_change"] = {
        "holder": tx.who.holder,
        "action": asked.action,
        "from": tx.authorisation,
        "to": status,
    }
    return Answer(hl7v3.accepted(asked, tx.call.now), "AA")


def _same_patient(tx: Transaction, asked: Asked) -> None:
    ins = tx.said["ins"] or {}
    if (asked.extension, asked.root) != (ins.get("value"), ins.get("oid")):
        raise RefusedError(own("vihf-patient", tx.setting("codes_refus")))


def _read(request: Any, _message: Message) -> Asked:
    return hl7v3.read(request)


def _read_authorisation(request: Any, _message: Message) -> Asked:
    asked = hl7v3.read(request)
    if asked.action is None:
        raise SoapFaultError("banc_action", "Le message ne porte pas d'autorisation : TD1.x n'est pas offert.")
    return asked


def _refuse(*, authorisation: bool) -> Callable[[Sequence[XdsError], bool], Any]:
    name = hl7v3.refused_interaction(authorisation=authorisation)
    return lambda errors, _partial: hl7v3.refused(name, errors[0], current_call().now)


TD02 = Handler(_read, exists, _refuse(authorisation=False))
TD03 = Handler(_read_authorisation, authorise, _refuse(authorisation=True))
