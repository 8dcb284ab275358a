"""Search answers: one page of matches, what they include once each, and the links from page to page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from flask import request

from reference.config import AGENDA_PATH
from reference.server.agenda_query import AFTER, Query
from reference.server.fhir import FhirError
from reference.web.session import product

Resource = dict[str, Any]


def page(keys: Sequence[str], wanted: Collection[str], query: Query) -> tuple[list[str], str]:
    """Keys of the page asked for, and the last of them when others follow.

    keys: all that might be asked for, in an order to which new ones are added at the end: a page begins after a key,
    which stays there even when it is wanted no more. wanted: those that match now. Raises FhirError 410 for a page
    whose beginning is gone.
    """
    if query.after and query.after not in keys:
        raise FhirError(410, "expired", "Cette page n'existe plus : recommencez la recherche.")
    begin = keys.index(query.after) + 1 if query.after else 0
    if query.after and product().defects.has("tiers_page_recouvrante"):
        begin -= 1
    left = [key for key in keys[begin:] if key in wanted]
    shown = left[: query.count]
    return shown, shown[-1] if len(left) > len(shown) else ""


def searchset(
    matches: Iterable[Resource],
    includes: Iterable[Resource],
    total: int,
    known: frozenset[str],
    query: Query,
    last: str,
) -> Resource:
    """The bundle. known: parameters that were understood, which the links repeat. last: see `page`."""
    entries = [_entry(one, "match") for one in matches]
    seen = {entry["fullUrl"] for entry in entries}
    for one in includes:
        entry = _entry(one, "include")
        if entry["fullUrl"] not in seen:
            seen.add(entry["fullUrl"])
            entries.append(entry)
    kept = [(name, value) for name, value in query.pairs if name in known and name != AFTER]
    here = [(AFTER, query.after)] if query.after else []
    links = [{"relation": "self", "url": _url([*kept, *here])}]
    if last and not product().defects.has("tiers_page_unique"):
        links.append({"relation": "next", "url": _url([*kept, (AFTER, last)])})
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": total, "link": links}
    return {**bundle, "entry": entries} if entries else bundle


def _entry(resource: Resource, mode: str) -> Resource:
    url = f"{request.host_url.rstrip('/')}{AGENDA_PATH}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}


def _url(pairs: Iterable[tuple[str, str]]) -> str:
    query = "&".join(f"{quote(name, safe=':._')}={quote(value, safe=':.')}" for name, value in pairs)
    return request.base_url + (f"?{query}" if query else "")
