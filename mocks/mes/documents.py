"""The documents API (DOC18, known by PDSM-EQ alone): add one document, search, fetch; nothing is updated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, g, request

from mocks import world
from mocks.call import Call
from mocks.dmp.deposit import sha1
from mocks.dmp.model_documents import Entry
from mocks.dmp.pdsm.names import bare
from mocks.dmp.pdsm.reading import decoded, utc
from mocks.dmp.refusals import RefusedError
from mocks.fhir import CREATE, READ, SEARCH, Demand, FhirEndpoint, FhirError, Query, Resource, Scope, date, token
from mocks.fhir.search import memory
from mocks.fhir.search.memory import Held
from mocks.fhir.search.params import Reading, plan_for
from mocks.fhir.search.values import Extractor
from mocks.fhir.store import Stored
from mocks.fhir.validation import validate
from mocks.fhir.web import Web, answer, query_of
from mocks.fhir.writes import atomic
from mocks.mes import guard
from mocks.mes.agenda import asked_in_query
from mocks.mes.document_types import CATEGORIES, is_of_type
from mocks.mes.errors import refuse
from mocks.mes.model_documents import VISIBLE_CODES, Shelf, as_resource

SUBJECT = ("patient:identifier",)
LARGEST_PAGE = 100
_CRITERIA = ("category", "period-start")


def asked(demand: Demand) -> guard.Asked:
    """Whom a demand names: in its query, or as the subject of what it sends."""
    subject = (demand.resource or {}).get("subject")
    identifier = subject.get("identifier") if isinstance(subject, dict) else None
    named = identifier if isinstance(identifier, dict) else {}
    sent = [(guard.bare_oid(str(named.get("system", ""))), str(named["value"]))] if named.get("value") else []
    return [*asked_in_query(demand.query, SUBJECT), *sent]


def create(web: Web) -> Response:
    """POST DocumentReference."""
    scope, resource = web.admit_resource(CREATE)
    validate(web.call, web.endpoint, resource)
    shelf = _shelf(web.call)
    wish, content = _read(web.call, resource)
    with atomic(web.call.session):
        if not shelf.is_open:
            raise _refused(web.call, "DOSSIER_FERME")
        twin = shelf.holds(wish["sha1"])
        if twin is not None:
            raise FhirError(409, "Ce document est déjà dans l'espace de l'usager.", code="duplicate")
        entry = _added(shelf, wish, content, str(scope.owner))
    made = _shown(web, shelf, entry)
    told = {"type": "DocumentReference", "id": made["id"], "version": 1, "created": True, "source": scope.owner}
    web.call.context["stored"] = {**told, "unique_id": entry.unique_id, "sha1": wish["sha1"]}
    return answer(201, made, {"Location": f"{web.base}/DocumentReference/{made['id']}"})


def search(web: Web) -> Response:
    """GET DocumentReference?patient:identifier=…"""
    query = query_of(web.call, request.query_string.decode("latin-1"))
    web.admit(SEARCH, query=query)
    rest, size = _checked(query)
    shelf = _shelf(web.call)
    reading = Reading(web.server.endpoints, web.endpoint.type, True, web.base, web.call.now, web.call.note)
    held = [_held(web, shelf, one) for one in shelf.documents()]
    found = memory.run(plan_for(reading, rest, Scope()), held)
    entries = [
        {
            "fullUrl": f"{web.base}/DocumentReference/{one.id}",
            "resource": one.resource,
            "search": {"mode": "match"},
        }
        for one in found[:size]
    ]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    return answer(200, {**bundle, "entry": entries} if entries else bundle, {})


def read(web: Web, id_: str) -> Response:
    """GET Binary/id: the content as it is."""
    web.admit(READ, id_)
    shelf = _shelf(web.call)
    entry = shelf.document(id_)
    content = None if entry is None else shelf.registry.content(entry.unique_id)
    if entry is None or content is None:
        raise FhirError(404, f"Binary/{id_} n'existe pas.")
    web.call.context["retrieve"] = {"unique_id": entry.unique_id, "sha1": content.sha1, "size": content.size}
    return Response(content.content, content_type=content.mime_type)


def _shelf(call: Call) -> Shelf:
    pairing = g.mes_access.pairing
    person = world.person(call.session, call.tenant.name, pairing.person)
    minor = pairing.majority is not None and not pairing.reapproved
    return Shelf(call.tenant, call.session, person, "representant" if minor else "usager", call.now)


def _refused(call: Call, code: str) -> FhirError:
    call.context["refusal"] = code
    return refuse(code)


def _added(shelf: Shelf, wish: Mapping[str, Any], content: bytes, source: str) -> Entry:
    try:
        return shelf.add(wish, content, source)
    except RefusedError as error:
        raise FhirError(422, " ".join(one.text for one in error.errors)) from None


def _read(call: Call, resource: Resource) -> tuple[dict[str, Any], bytes]:
    """What is added, and its bytes. Raises FhirError 413, 422."""
    if not asked(Demand(CREATE, "DocumentReference", resource=resource)):
        at = "DocumentReference.subject.identifier"
        raise FhirError(
            422, "L'usager est désigné par AssignAuth et idPe (subject.identifier).", code="required", at=at
        )
    if len(resource["content"]) != 1:
        raise _wrong("Un document, et un seul, par envoi.", "content")
    attachment = resource["content"][0]["attachment"]
    content = decoded(attachment.get("data"))
    if not content:
        raise _wrong("Le contenu est obligatoire, en base64, dans attachment.data.", "content[0].attachment.data")
    _check_content(call, attachment, content)
    return {
        "category": _category(resource),
        "hidden": _hidden(resource),
        "title": attachment.get("title") or resource.get("description") or "Document",
        "created": utc(attachment.get("creation") or resource.get("date")),
        "started": utc(resource.get("context", {}).get("period", {}).get("start")),
        "media_type": attachment.get("contentType"),
        "sha1": _digest(attachment, content),
    }, content


def _check_content(call: Call, attachment: Resource, content: bytes) -> None:
    most, types = int(call.setting("documents_taille_maximale")), call.setting("documents_types")
    if len(content) > most:
        raise FhirError(413, f"Un document fait {most} octets au plus ; reçu : {len(content)}.", code="too-long")
    kind = str(attachment.get("contentType"))
    if kind not in types:
        raise _wrong(
            f"Type « {kind} » non admis ; possibles : {', '.join(types)}.", "content[0].attachment.contentType"
        )
    if not is_of_type(content, kind):
        raise _wrong(f"Le contenu n'est pas du type annoncé : « {kind} ».", "content[0].attachment.contentType")


def _digest(attachment: Resource, content: bytes) -> str:
    found = sha1(content)
    given = attachment.get("hash")
    if given is not None and decoded(given) != bytes.fromhex(found):
        raise _wrong("« hash » n'est pas le SHA-1 du contenu, en base64.", "content[0].attachment.hash")
    if attachment.get("size") not in (None, len(content)):
        raise _wrong("« size » n'est pas le nombre d'octets du contenu.", "content[0].attachment.size")
    return found


def _category(resource: Resource) -> str:
    codings = [coding for one in resource.get("category", []) for coding in one.get("coding", [])]
    found = [one.get("code") for one in codings if one.get("code") in CATEGORIES]
    foreign = [one for one in codings if "mos.esante.gouv.fr" in one.get("system", "")]
    if len(found) != 1 or foreign:
        text = f"Une catégorie, et une seule, de Mon espace santé : {', '.join(CATEGORIES)}."
        raise _wrong(text, "category")
    return str(found[0])


def _hidden(resource: Resource) -> list[str]:
    """Visibility codes besides N."""
    codes = [coding.get("code") for one in resource.get("securityLabel", []) for coding in one.get("coding", [])]
    if any(code not in VISIBLE_CODES for code in codes):
        raise _wrong(f"Confidentialité : {', '.join(VISIBLE_CODES)}.", "securityLabel")
    return [str(code) for code in dict.fromkeys(codes) if code != "N"]


def _checked(query: Query) -> tuple[Query, int]:
    """The criteria of a search, and how many documents it wants. Raises FhirError 400."""
    if any(name in ("patient", "patient.identifier", "subject.identifier") for name, _ in query):
        raise FhirError(400, "L'usager se désigne par « patient:identifier », avec deux-points.")
    pairs = asked_in_query(query, SUBJECT)
    if len(pairs) != 1 or not all(pairs[0]):
        raise FhirError(400, "« patient:identifier » est obligatoire : AssignAuth%7CidPe.", code="required")
    others = [name for name, _ in query if name not in (*SUBJECT, *_CRITERIA, "_count", "_format")]
    if others:
        raise FhirError(400, f"Critère non proposé : {', '.join(others)}.", code="not-supported")
    counts = [value for name, value in query if name == "_count"]
    if any(not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= LARGEST_PAGE) for value in counts):
        raise FhirError(400, f"« _count » va de 1 à {LARGEST_PAGE}.")
    return [pair for pair in query if pair[0] in _CRITERIA], int(counts[-1]) if counts else LARGEST_PAGE


def _shown(web: Web, shelf: Shelf, entry: Entry) -> Resource:
    pairing = g.mes_access.pairing
    subject = {"system": f"urn:oid:{pairing.assign_auth}", "value": pairing.idpe}
    return as_resource(shelf, entry, subject, f"{web.base}/Binary/{bare(entry.lid)}")


def _held(web: Web, shelf: Shelf, entry: Entry) -> Held:
    made = _shown(web, shelf, entry)
    body = orjson.dumps(made).decode()
    stored = Stored(0, "mes/DocumentReference", made["id"], entry.version, True, False, 0, "", "", body)
    return Held(stored, Extractor(DOCUMENTS).rows(made))


def _wrong(text: str, at: str) -> FhirError:
    return FhirError(422, text, code="invalid", at=f"DocumentReference.{at}")


DOCUMENTS = FhirEndpoint(
    "DocumentReference",
    interactions=(CREATE, SEARCH),
    search=(token("category"), date("period-start", "context.period.start")),
    guard=guard.requires("documents", asked),
    views={CREATE: create, SEARCH: search},
)
CONTENTS = FhirEndpoint("Binary", interactions=(READ,), guard=guard.requires("documents", asked), views={READ: read})
