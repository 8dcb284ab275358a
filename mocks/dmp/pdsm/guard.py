"""Who calls the FHIR face, and about whom: the VIHF of the SOAP face, in the header Authorization (banc)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, request

from mocks.call import Call
from mocks.dmp import admission, transaction
from mocks.dmp.access import Kind
from mocks.dmp.model_documents import Entry
from mocks.dmp.names import SAML
from mocks.dmp.pdsm.refusal import SCHEME, told
from mocks.dmp.refusals import RefusedError, XdsError, own
from mocks.dmp.transaction import Transaction
from mocks.fhir import SEARCH, Demand, Scope
from mocks.soap.envelope import parse

_PATIENT = ("patient.identifier", "patient:identifier", "identifier")


@dataclass(frozen=True)
class Reader:
    """A caller that reads the DMP of one person. sees: whether it finds an entry."""

    tx: Transaction
    sees: Callable[[Entry], bool]


def opened(call: Call, kind: Kind) -> Transaction:
    """The transaction of a call that may do this. Raises FhirError 401, 403, 404, 503."""
    call.context["experimental"] = True
    with told(call):
        tx = transaction.opened(call, *admission.admit_assertions(call, assertions()))
        if call.play(("registre_occupe",)) is not None:
            raise RefusedError(XdsError("XDSRegistryBusy", "Le service est occupé."))
        tx.require(kind)
    return tx


def reading(call: Call, demand: Demand) -> Scope:
    """Guard of documents and lots that are searched or read; the repository then shows what the caller may see."""
    local = demand.interaction is SEARCH and any(name == "identifier" for name, _ in demand.query)
    tx = opened(call, "recherche_locale" if local else "consultation")
    alone = local and tx.authorisation != "valide" and not tx.who.exempt
    g.dmp_reader = Reader(tx, tx.is_author if alone else tx.sees)
    with told(call):
        for name, value in demand.query:
            if name in ("patient", "subject", *_PATIENT[:2]):
                _same_person(tx, name, value)
    assert tx.person is not None  # `require` has seen to it
    return Scope(tx.person.id)


def same_subject(tx: Transaction, matricule: str, oid: str) -> None:
    """Raises RefusedError when a resource is of another patient than the VIHF."""
    ins = tx.said["ins"] or {}
    if (matricule, oid) != (ins.get("value"), ins.get("oid")):
        raise RefusedError(own("vihf-patient", tx.setting("codes_refus")))


def _same_person(tx: Transaction, name: str, value: str) -> None:
    if name in _PATIENT:
        system, bar, matricule = value.rpartition("|")
        if bar:
            same_subject(tx, matricule, system.removeprefix("urn:oid:"))
    elif tx.person is None or value.rpartition("/")[2] != tx.person.id:
        raise RefusedError(own("vihf-patient", tx.setting("codes_refus")))


def assertions() -> list[Any]:
    """The assertion of the header, as SOAP has those of wsse:Security. Raises SoapFaultError."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME.lower():
        return []
    bare = encoded.strip().translate(str.maketrans("-_", "+/"))
    try:
        content = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return []
    root = parse(content)
    return [root] if root.tag == f"{{{SAML}}}Assertion" else []
