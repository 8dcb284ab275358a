"""ITI-105: one document, with its content inside (PDSm 3.1.1, simplified-publish)."""

from __future__ import annotations

from flask import Response

from mocks.dmp import submissions
from mocks.dmp.foreign import new_oid
from mocks.dmp.model_documents import Entry
from mocks.dmp.pdsm import deposits, guard, reading
from mocks.dmp.pdsm.judging import judge
from mocks.dmp.pdsm.names import SIMPLIFIED, Resource
from mocks.dmp.pdsm.refusal import told
from mocks.dmp.pdsm.repository import document
from mocks.dmp.transaction import Transaction
from mocks.fhir import FhirError
from mocks.fhir.negotiation import etag
from mocks.fhir.web import Web, answer, check_accept, read_body
from mocks.fhir.writes import atomic

SYMBOL = "Document"


def create(web: Web) -> Response:
    """POST DocumentReference."""
    call = web.call
    call.context["transaction"] = "ITI-105"
    resource, refusal = read_body(call)
    tx = guard.opened(call, "alimentation")
    check_accept(call)
    if resource is None:
        raise refusal or FhirError(400)
    if resource.get("resourceType") != "DocumentReference":
        raise FhirError(400, "Une ressource DocumentReference est attendue.", at="resourceType")
    judge(call, resource, SIMPLIFIED)
    places = {SYMBOL: "DocumentReference"}
    with told(call, places), atomic(call.session):
        made = document(tx, _published(tx, resource))
    location = f"{web.base}/DocumentReference/{made['id']}/_history/{made['meta']['versionId']}"
    return answer(201, made, {"ETag": etag(int(made["meta"]["versionId"])), "Location": location})


def _published(tx: Transaction, resource: Resource) -> Entry:
    attachment = resource["content"][0]["attachment"]
    content = reading.decoded(attachment.get("data"))
    if content is None:
        raise FhirError(422, "Le contenu n'est pas du base64.", at="DocumentReference.content[0].attachment.data")
    patient = deposits.patient_of(tx, resource, {})
    facts = deposits.derived(tx, reading.document(resource, SYMBOL, patient, {}), content)
    links = [(SYMBOL, old.uuid) for old in deposits.replaced(tx, resource)]
    lot = deposits.lot_around(tx, facts, new_oid())
    deposits.register(tx, [facts], [lot], links, {SYMBOL: submissions.attached(content)})
    return last(tx, facts["unique_id"])


def last(tx: Transaction, unique_id: str) -> Entry:
    """The last version of a document that was just registered."""
    return next(one for one in tx.registry.entries("unique_id", unique_id) if one.latest)
