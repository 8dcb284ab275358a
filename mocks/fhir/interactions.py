"""The interactions on one type: read the call, do it, shape the answer."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from mocks.fhir import negotiation
from mocks.fhir.declaration import (
    CONDITIONAL_CREATE,
    CONDITIONAL_UPDATE,
    CREATE,
    DELETE,
    HISTORY,
    PATCH,
    READ,
    UPDATE,
    VREAD,
    Scope,
)
from mocks.fhir.json_patch import patched, read_patch
from mocks.fhir.outcome import FhirError
from mocks.fhir.store import Stored
from mocks.fhir.validation import validate
from mocks.fhir.web import Web, answer, not_offered, preferred, query_of, version_headers
from mocks.fhir.writes import Writer, Written, atomic, visible


def create(web: Web) -> Response:
    """POST type, plain or with If-None-Exist."""
    raw = request.environ.get("HTTP_IF_NONE_EXIST")
    condition = None if raw is None else query_of(web.call, raw.partition("?")[2] or raw)
    interaction = CREATE if condition is None else CONDITIONAL_CREATE
    _require(web, interaction)
    scope, resource = web.admit_resource(interaction, query=condition or ())
    if resource.pop("id", None) is not None:
        web.call.note("id-ignore", "identifiant technique « id » d'une création, ignoré : le serveur le choisit")
    validate(web.call, web.endpoint, resource)
    with atomic(web.call.session):
        written = _writer(web, scope).create(resource, condition)
    return _written(web, written)


def update(web: Web, id_: str) -> Response:
    """PUT type/id."""
    _require(web, UPDATE)
    scope, resource = web.admit_resource(UPDATE, id_)
    if resource.get("id") != id_:
        seen = resource.get("id", "absent")
        raise FhirError(400, f"L'identifiant du corps ({seen}) n'est pas celui de l'adresse ({id_}).", at="id")
    validate(web.call, web.endpoint, resource)
    with atomic(web.call.session):
        written = _writer(web, scope).update(resource, id_, _if_match())
    return _written(web, written)


def conditional_update(web: Web) -> Response:
    """PUT type?condition."""
    _require(web, CONDITIONAL_UPDATE)
    condition = query_of(web.call, request.query_string.decode("latin-1"))
    condition = [(name, value) for name, value in condition if name not in ("_format", "_pretty")]
    scope, resource = web.admit_resource(CONDITIONAL_UPDATE, query=condition)
    validate(web.call, web.endpoint, resource)
    with atomic(web.call.session):
        written = _writer(web, scope).update_where(resource, condition, _if_match())
    return _written(web, written)


def patch(web: Web, id_: str) -> Response:
    """PATCH type/id with a JSON Patch; what it gives is judged like a resource sent whole."""
    _require(web, PATCH)
    scope = web.admit(PATCH, id_)
    operations = read_patch(request.environ.get("CONTENT_TYPE", ""), web.call.body)
    with atomic(web.call.session):  # what is patched must not change meanwhile: it is judged in the transaction
        writer = _writer(web, scope)
        old = writer.own(id_)
        if old is None or old.deleted:
            raise FhirError(404 if old is None else 410, f"{web.endpoint.type}/{id_} n'existe pas.")
        resource = patched(old.resource, operations)
        if (resource.get("resourceType"), resource.get("id")) != (old.type, old.id):
            raise FhirError(422, "Un PATCH ne change ni le type ni l'identifiant.", at="id")
        validate(web.call, web.endpoint, resource)
        written = writer.update(resource, id_, _if_match())
    return _written(web, written)


def delete(web: Web, id_: str) -> Response:
    """DELETE type/id: 204, also when it was deleted before."""
    _require(web, DELETE)
    scope = web.admit(DELETE, id_)
    with atomic(web.call.session):
        written = _writer(web, scope).delete(id_, _if_match())
    return answer(204, None, {"ETag": negotiation.etag(written.stored.version)})


def read(web: Web, id_: str) -> Response:
    """GET type/id, with If-None-Match."""
    _require(web, READ)
    scope = web.admit(READ, id_)
    found = web.server.repository.get(web.call.session, web.call.tenant.name, web.endpoint.type, id_)
    return _one(web, _readable(web, found, scope, id_))


def vread(web: Web, id_: str, version: str) -> Response:
    """GET type/id/_history/version."""
    _require(web, VREAD)
    scope = web.admit(VREAD, id_)
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    found = web.server.repository.version(web.call.session, web.call.tenant.name, web.endpoint.type, id_, number)
    return _one(web, _readable(web, found, scope, f"{id_}, version {version},"))


def history(web: Web, id_: str) -> Response:
    """GET type/id/_history, newest first."""
    _require(web, HISTORY)
    scope = web.admit(HISTORY, id_)
    versions = web.server.repository.history(web.call.session, web.call.tenant.name, web.endpoint.type, id_)
    if not versions or not visible(versions[0], scope):
        raise FhirError(404, f"{web.endpoint.type}/{id_} n'existe pas.")
    bundle = {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(versions),
        "link": [{"relation": "self", "url": f"{web.base}/{web.endpoint.type}/{id_}/_history"}],
        "entry": [_history_entry(web, stored) for stored in versions],
    }
    return answer(200, bundle, {})


def _history_entry(web: Web, stored: Stored) -> dict[str, Any]:
    address = f"{stored.type}/{stored.id}"
    entry: dict[str, Any] = {"fullUrl": f"{web.base}/{address}"}
    if stored.deleted:
        method, status = "DELETE", "204"
    else:
        entry["resource"] = web.shown(stored)
        method, status = ("POST", "201") if stored.version == 1 else ("PUT", "200")
    entry["request"] = {"method": method, "url": stored.type if method == "POST" else address}
    entry["response"] = {"status": status, "etag": negotiation.etag(stored.version)}
    return entry


def _require(web: Web, interaction: str) -> None:
    if interaction not in web.endpoint.interactions:
        one = interaction in (READ, VREAD, HISTORY, UPDATE, PATCH, DELETE)
        raise not_offered(web.endpoint, f"L'interaction « {interaction} » n'est pas proposée", one=one)


def _writer(web: Web, scope: Scope) -> Writer:
    return Writer(web.call, web.server.repository, web.endpoint, scope)


def _if_match() -> str | None:
    return negotiation.wanted_version(request.environ.get("HTTP_IF_MATCH", ""))


def _readable(web: Web, found: Stored | None, scope: Scope, asked: str) -> Stored:
    if found is None or not visible(found, scope):
        raise FhirError(404, f"{web.endpoint.type}/{asked} n'existe pas.")
    if found.deleted:
        raise FhirError(410, f"{web.endpoint.type}/{asked} a été supprimée.", headers=version_headers(found))
    return found


def _one(web: Web, stored: Stored) -> Response:
    headers = version_headers(stored)
    if str(stored.version) in negotiation.known_versions(request.environ.get("HTTP_IF_NONE_MATCH", "")):
        return answer(304, None, headers)
    return answer(200, web.shown(stored), headers)


def _written(web: Web, written: Written) -> Response:
    stored = written.stored
    location = f"{web.base}/{stored.type}/{stored.id}/_history/{stored.version}"
    headers = {**version_headers(stored), "Location": location}
    return preferred(web, written.status, stored, headers)
