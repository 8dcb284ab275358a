"""CapabilityStatement of a server, made from its declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from mocks.call import current_call
from mocks.clock import rfc3339
from mocks.fhir import declaration as d
from mocks.fhir import web
from mocks.fhir.declaration import FhirEndpoint, SearchParam
from mocks.fhir.json_patch import JSON_PATCH

if TYPE_CHECKING:
    from mocks.fhir.server import FhirServer

# Interactions of R4 and what of ours brings them; the conditional ones have flags of their own.
_CODES = (
    ("read", {d.READ}),
    ("vread", {d.VREAD}),
    ("update", {d.UPDATE}),
    ("patch", {d.PATCH, d.CONDITIONAL_PATCH}),
    ("delete", {d.DELETE}),
    ("history-instance", {d.HISTORY}),
    ("create", {d.CREATE}),
    ("search-type", {d.SEARCH}),
)


def answer(server: FhirServer) -> Response:
    """GET metadata."""
    call = current_call()
    web.check_accept(call, server.media_types)
    return web.answer(200, statement(server, f"{call.base_url}/fhir", rfc3339(call.now)), {})


def statement(server: FhirServer, base: str, instant: str) -> dict[str, Any]:
    """The CapabilityStatement. base: URL of the API; instant: date of the statement, RFC 3339."""
    rest: dict[str, Any] = {
        "mode": "server",
        "resource": [_resource(endpoint) for endpoint in server.endpoints.values()],
    }
    if server.system_interactions:
        rest["interaction"] = [{"code": str(code)} for code in server.system_interactions]
    patched = any({d.PATCH, d.CONDITIONAL_PATCH} & set(endpoint.interactions) for endpoint in server.endpoints.values())
    return {
        "resourceType": "CapabilityStatement",
        "name": f"Banc_{server.service}",
        "title": server.title,
        "version": server.version,
        "status": "active",
        "date": instant,
        "publisher": "banc",
        "kind": "instance",
        "implementation": {"description": f"Simulateur « {server.title} »", "url": base},
        "software": {"name": "banc"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        **({"patchFormat": [JSON_PATCH]} if patched else {}),
        "rest": [rest],
    }


def _resource(endpoint: FhirEndpoint) -> dict[str, Any]:
    offered = endpoint.interactions
    described: dict[str, Any] = {
        "type": endpoint.type,
        "interaction": [{"code": code} for code, interactions in _CODES if interactions & set(offered)],
        "versioning": "versioned-update" if d.UPDATE in offered or d.CONDITIONAL_UPDATE in offered else "versioned",
        "readHistory": d.VREAD in offered,
        "updateCreate": endpoint.update_creates,
        "conditionalCreate": d.CONDITIONAL_CREATE in offered,
        "conditionalRead": "not-match" if d.READ in offered else "not-supported",
        "conditionalUpdate": d.CONDITIONAL_UPDATE in offered,
        "conditionalDelete": "not-supported",
    }
    if endpoint.profile is not None:
        described["profile"] = endpoint.profile
    includes = [f"{endpoint.type}:{param.name}" for param in endpoint.search if param.kind == "reference"]
    if includes:
        described["searchInclude"] = includes
    if endpoint.search:
        described["searchParam"] = [_param(param) for param in endpoint.search]
    return described


def _param(param: SearchParam) -> dict[str, str]:
    described = {"name": param.name, "type": str(param.kind)}
    if param.definition:
        described["definition"] = param.definition
    if param.documentation:
        described["documentation"] = param.documentation
    if param.logical_only:
        described["documentation"] = f"Seulement par l'identifiant : {param.name}.identifier, {param.name}:identifier."
    return described
