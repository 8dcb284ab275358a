"""A search from the call to its Bundle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from flask import Response, request

from mocks.clock import rfc3339
from mocks.fhir import paging
from mocks.fhir.declaration import SEARCH, FhirEndpoint, Query, Resource, Scope
from mocks.fhir.negotiation import preferences
from mocks.fhir.outcome import FhirError
from mocks.fhir.paging import Page
from mocks.fhir.search.include import included
from mocks.fhir.search.params import Reading, plan_for
from mocks.fhir.search.plan import Plan
from mocks.fhir.search.request import PAGE, SearchRequest, read_request
from mocks.fhir.store import Stored
from mocks.fhir.web import Web, answer, not_offered, query_of

_FORM = "application/x-www-form-urlencoded"
_ALWAYS = ("resourceType", "id", "meta")
_SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}


def search(web: Web) -> Response:
    """GET type?… and POST type/_search."""
    if SEARCH not in web.endpoint.interactions:
        raise not_offered(web.endpoint, "La recherche n'est pas proposée", one=False)
    query = _query(web)
    scope = web.admit(SEARCH, query=query)
    return answer(200, search_bundle(web, scope, query), {})


def search_bundle(web: Web, scope: Scope, query: Query) -> dict[str, Any]:
    """The Bundle of a search that the guard admitted."""
    hook = web.endpoint.on_search
    changed = None if hook is None else hook(web.call, query)
    run = query if changed is None else changed
    asked = read_request(web.call, web.server, web.endpoint, run)
    plan = plan_for(_reading(web), asked.conditions, scope, asked.sort)
    page = _page(web, scope, asked, plan)
    extras = included(web, scope, page.matches, asked.includes) if asked.includes else []
    entries = [_entry(web, stored, asked, "match") for stored in page.matches]
    entries += [_entry(web, stored, asked, "include") for stored in extras]
    dropped = [pair for pair in query if pair[0] not in {name for name, _ in run}]
    return _bundle(web, page.total, _links(web, asked, [*dropped, *plan.used], page), entries)


def _query(web: Web) -> list[tuple[str, str]]:
    raw = request.query_string.decode("latin-1")
    if request.method != "POST":
        return query_of(web.call, raw)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if web.call.body and kind != _FORM:
        raise FhirError(415, f"Le type du corps est « {kind or 'absent'} » ; attendu pour _search : {_FORM}.")
    return query_of(web.call, raw, form=web.call.body)


def _reading(web: Web) -> Reading:
    strict = preferences(request.headers.get("Prefer", "")).get("handling") == "strict"
    return Reading(web.server.endpoints, web.endpoint.type, strict, web.base, web.call.now, web.call.note)


def _page(web: Web, scope: Scope, asked: SearchRequest, plan: Plan) -> Page:
    if asked.count_only:
        keys = web.server.repository.keys(web.call.session, web.call.tenant.name, web.endpoint.type, plan)
        return Page((), len(keys), 0, 0)
    if asked.page is not None:
        return paging.continued(web, scope, asked.page, asked.size)
    if web.endpoint.page_parameter is not None:
        return paging.numbered(web, plan, asked.number or "0", asked.size)
    return paging.first(web, plan, scope, asked.size)


def _links(web: Web, asked: SearchRequest, conditions: Query, page: Page) -> list[dict[str, str]]:
    used = [*conditions, *asked.kept]
    here = _mark(web.endpoint, page, page.start)
    links = [("self", here if asked.page is not None or asked.number else [])]
    if page.following is not None:
        links.append(("next", _mark(web.endpoint, page, page.following)))
    if page.preceding is not None:
        links.append(("previous", _mark(web.endpoint, page, page.preceding)))
    shown = {relation: _address(web, [*used, *mark]) for relation, mark in links}
    if web.call.play(("lien_boucle",)) is not None:
        shown["next"] = shown["self"]
    return [{"relation": relation, "url": url} for relation, url in shown.items()]


def _mark(endpoint: FhirEndpoint, page: Page, start: int) -> list[tuple[str, str]]:
    if endpoint.page_parameter is not None:
        return [(endpoint.page_parameter, str(start // page.size if page.size else 0))]
    return [(PAGE, f"{page.token}.{start}")]


def _address(web: Web, pairs: Query) -> str:
    path = f"{web.base}/{web.endpoint.type}"
    return f"{path}?{urlencode(pairs, quote_via=quote, safe=':,')}" if pairs else path


def _entry(web: Web, stored: Stored, asked: SearchRequest, mode: str) -> dict[str, Any]:
    resource = web.shown(stored)
    if asked.elements or asked.summary not in ("", "false"):
        resource = _subset(web, orjson.loads(orjson.dumps(resource)), asked)
    return {"fullUrl": f"{web.base}/{stored.type}/{stored.id}", "resource": resource, "search": {"mode": mode}}


def _subset(web: Web, resource: Resource, asked: SearchRequest) -> Resource:
    """The elements asked for; what R4 calls a subset carries the tag SUBSETTED, so that nobody writes it back."""
    endpoint = web.server.endpoints[resource["resourceType"]]
    if asked.elements:
        names = set(asked.elements)
    elif asked.summary == "text":
        names = {"text", "status", "participant", "code", "subject"}
    elif asked.summary == "data" or not endpoint.summary:
        names = set(resource) - {"text"}
    else:
        names = set(endpoint.summary)
    kept = {name: value for name, value in resource.items() if name in names or name in _ALWAYS}
    meta = kept.get("meta", {})
    return {**kept, "meta": {**meta, "tag": [*meta.get("tag", ()), _SUBSETTED]}}


def _bundle(web: Web, total: int, links: Sequence[dict[str, str]], entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    bundle: dict[str, Any] = {
        "resourceType": "Bundle",
        "meta": {"lastUpdated": rfc3339(web.call.now)},
        "type": "searchset",
        "total": total,
        "link": links,
    }
    return {**bundle, "entry": entries} if entries else bundle
