"""Transaction: the entries of a Bundle, all or nothing (FHIR R4, http.html#transaction)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Response, request

from mocks.call import Call, current_call
from mocks.fhir import negotiation
from mocks.fhir.declaration import (
    CONDITIONAL_CREATE,
    CONDITIONAL_UPDATE,
    CREATE,
    DELETE,
    READ,
    SEARCH,
    TRANSACTION,
    UPDATE,
    Demand,
    Interaction,
    Query,
    Resource,
    Scope,
)
from mocks.fhir.outcome import FhirError
from mocks.fhir.search.answer import search_bundle
from mocks.fhir.store import Stored, new_id
from mocks.fhir.validation import validate
from mocks.fhir.web import Web, answer, check_accept, query_of, read_body
from mocks.fhir.writes import Writer, Written, atomic, visible

if TYPE_CHECKING:
    from mocks.fhir.server import FhirServer

MOST = 500  # entries
_ORDER = (DELETE, CREATE, CONDITIONAL_CREATE, UPDATE, CONDITIONAL_UPDATE, READ, SEARCH)


@dataclass
class Entry:
    """One entry: its place, what it asks, and its answer once done."""

    rank: int
    web: Web
    interaction: Interaction
    id: str
    query: Query
    resource: Resource
    full_url: str
    if_match: str | None
    scope: Scope = field(default_factory=Scope)
    found: Stored | None = None  # by ifNoneExist
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """FHIRPath of the entry."""
        return f"Bundle.entry[{self.rank}]"


def transaction(server: FhirServer) -> Response:
    """POST of a transaction Bundle on the base."""
    call = current_call()
    if TRANSACTION not in server.system_interactions:
        raise FhirError(405, "Ce service n'accepte pas de transaction.")
    if server.transact is not None:
        return server.transact(call)
    bundle, refusal = read_body(call)
    entries = [] if bundle is None else _entries(server, call, bundle)
    for entry in entries:
        demand = Demand(entry.interaction, entry.web.endpoint.type, entry.id, entry.query, entry.resource or None)
        entry.scope = entry.web.endpoint.guard(call, demand)
    check_accept(call)
    if bundle is None:
        raise refusal or FhirError(400)
    if server.on_bundle is not None:
        server.on_bundle(call, bundle)
    for entry in entries:
        if entry.resource:
            _placed(entry, lambda entry=entry: validate(call, entry.web.endpoint, entry.resource))
    with atomic(call.session):
        _run(entries)
    answers = [entry.answer for entry in entries]
    return answer(200, {"resourceType": "Bundle", "type": "transaction-response", "entry": answers}, {})


def _run(entries: Sequence[Entry]) -> None:
    addresses: dict[str, str] = {}
    for entry in entries:
        _placed(entry, lambda entry=entry: addresses.update(_addresses(entry)))
    told = []
    for entry in sorted(entries, key=lambda entry: _ORDER.index(entry.interaction)):
        entry.resource = _rewritten(entry.resource, addresses)
        _placed(entry, lambda entry=entry: _do(entry))
        told.append(entry.web.call.context.get("stored"))
    if entries:
        entries[0].web.call.context["stored_entries"] = [one for one in told if one]


def _entries(server: FhirServer, call: Call, bundle: Resource) -> list[Entry]:
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "transaction":
        raise FhirError(400, "Un Bundle de type « transaction » est attendu.", at="Bundle.type")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > MOST:
        raise FhirError(400, f"« entry » est une liste d'au plus {MOST} éléments.", code="structure", at="Bundle.entry")
    read = [_entry(server, call, rank, raw) for rank, raw in enumerate(entries)]
    urls = [entry.full_url for entry in read if entry.full_url]
    if len(urls) != len(set(urls)):
        raise FhirError(400, "Un même fullUrl figure sur deux entrées.", at="Bundle.entry")
    return read


def _entry(server: FhirServer, call: Call, rank: int, raw: Any) -> Entry:
    at = f"Bundle.entry[{rank}]"
    asked = raw.get("request") if isinstance(raw, dict) else None
    asked = asked if isinstance(asked, dict) else {}
    method, url = asked.get("method"), asked.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise FhirError(400, "L'entrée n'a pas de « request » avec « method » et « url ».", code="required", at=at)
    path, _, text = url.partition("?")
    type_, _, id_ = path.removeprefix(f"{call.base_url}/fhir/").strip("/").partition("/")
    endpoint = server.endpoints.get(type_)
    if endpoint is None:
        raise FhirError(422, f"« {type_} » n'est pas une ressource de ce service.", code="not-supported", at=at)
    condition = _text(asked.get("ifNoneExist"))
    query = query_of(call, condition.partition("?")[2] or condition if method == "POST" else text)
    interaction = _interaction(method, id_, query)
    if interaction is None or interaction not in endpoint.interactions:
        raise FhirError(422, f"« {method} {url} » n'est pas proposé ici.", code="not-supported", at=at)
    resource = raw.get("resource")
    if (method in ("POST", "PUT")) != isinstance(resource, dict):
        raise FhirError(400, "Une ressource est attendue avec POST et PUT, et seulement avec eux.", at=f"{at}.resource")
    if_match = negotiation.wanted_version(_text(asked.get("ifMatch")))
    full_url = _text(raw.get("fullUrl"))
    return Entry(rank, Web(server, call, endpoint), interaction, id_, query, resource or {}, full_url, if_match)


def _interaction(method: str, id_: str, query: Query) -> Interaction | None:
    match method, bool(id_):
        case "POST", False:
            return CONDITIONAL_CREATE if query else CREATE
        case "PUT", True:
            return UPDATE
        case "PUT", False:
            return CONDITIONAL_UPDATE if query else None
        case "DELETE", True:
            return DELETE
        case "GET", _:
            return READ if id_ else SEARCH
    return None


def _addresses(entry: Entry) -> Mapping[str, str]:
    """How other entries may name this one, and the address that it will have."""
    writer, type_ = _writer(entry), entry.web.endpoint.type
    known = [entry.full_url] if entry.full_url else []
    if entry.interaction in (CREATE, CONDITIONAL_CREATE):
        if "id" in entry.resource:  # the MES examples refer to `Device/<id of the entry>`
            known.append(f"{type_}/{entry.resource['id']}")
        entry.found = writer.match(entry.query) if entry.interaction is CONDITIONAL_CREATE else None
        entry.id = entry.found.id if entry.found else new_id()
        entry.resource = {**entry.resource, "id": entry.id}
    elif entry.interaction is CONDITIONAL_UPDATE:
        found = writer.match(entry.query)
        entry.id = found.id if found else ""
    return {name: f"{type_}/{entry.id}" for name in known if entry.id}


def _rewritten(node: Any, addresses: Mapping[str, str]) -> Any:
    """The same content with references to entries of the Bundle turned into the addresses that they get."""
    if isinstance(node, dict):
        return {
            name: addresses.get(value, value)
            if name == "reference" and isinstance(value, str)
            else _rewritten(value, addresses)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_rewritten(item, addresses) for item in node]
    return node


def _do(entry: Entry) -> None:
    web, writer = entry.web, _writer(entry)
    match entry.interaction:
        case Interaction.CREATE:
            written = writer.create(entry.resource)
        case Interaction.CONDITIONAL_CREATE:
            # A second entry with the same condition finds what the first one made.
            written = writer.create(entry.resource, entry.query)
        case Interaction.UPDATE:
            if entry.resource.get("id") != entry.id:
                raise FhirError(400, "L'identifiant du corps n'est pas celui de l'adresse.", at="id")
            written = writer.update(entry.resource, entry.id, entry.if_match)
        case Interaction.CONDITIONAL_UPDATE:
            written = writer.update_where(entry.resource, entry.query, entry.if_match)
        case Interaction.DELETE:
            written = writer.delete(entry.id, entry.if_match)
        case Interaction.READ:
            entry.answer = _read(entry)
            return
        case _:
            bundle = search_bundle(web, entry.scope, entry.query)
            entry.answer = {"resource": bundle, "response": {"status": "200 OK"}}
            return
    entry.answer = _response(entry, written)


def _response(entry: Entry, written: Written) -> dict[str, Any]:
    stored = written.stored
    reasons = {200: "200 OK", 201: "201 Created", 204: "204 No Content"}
    response = {"status": reasons[written.status], "etag": negotiation.etag(stored.version)}
    if written.status == 204:
        return {"response": response}
    response["location"] = f"{stored.type}/{stored.id}/_history/{stored.version}"
    minimal = negotiation.preferences(request.headers.get("Prefer", "")).get("return") == "minimal"
    shown = {} if minimal else {"resource": entry.web.shown(stored)}
    return {"fullUrl": f"{entry.web.base}/{stored.type}/{stored.id}", **shown, "response": response}


def _read(entry: Entry) -> dict[str, Any]:
    web = entry.web
    found = web.server.repository.get(web.call.session, web.call.tenant.name, web.endpoint.type, entry.id)
    if found is None or found.deleted or not visible(found, entry.scope):
        raise FhirError(404, f"{web.endpoint.type}/{entry.id} n'existe pas.")
    return {"resource": web.shown(found), "response": {"status": "200 OK", "etag": negotiation.etag(found.version)}}


def _writer(entry: Entry) -> Writer:
    return Writer(entry.web.call, entry.web.server.repository, entry.web.endpoint, entry.scope)


def _placed(entry: Entry, action: Any) -> None:
    """Run an action; a refusal says in which entry."""
    try:
        action()
    except FhirError as error:
        error.place(entry.at)
        raise


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
