"""Pages of a FHIR search, one after the other through the `next` links, and what their entries say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urljoin

from reference import clock
from reference.defects import Defects
from reference.gateway import Answer, fhir_request
from reference.spoil import Outgoing

MAX_PAGES = 200

Json = Mapping[str, Any]


class Pages(NamedTuple):
    """Entries read so far and why the reading stopped early (empty: it reached the end).

    kind: of the answer that ended it, see `reference.gateway.Answer`.
    """

    entries: list[Json]
    problem: str = ""
    kind: str = "ok"


def read_pages(
    call: Callable[[Outgoing], Answer],
    same_server: Callable[[str], bool],
    defects: Defects,
    url: str,
    query: str,
    *,
    only_one: bool = False,
) -> Pages:
    """Entries of all pages; each `next` is followed as it was given, once, and never to another server."""
    entries: list[Json] = []
    visited: set[str] = set()
    address, first_query = url, query
    while len(visited) < MAX_PAGES:
        answer = call(fhir_request("GET", address, query))
        if answer.kind == "lost":
            answer = call(fhir_request("GET", address, query))
        if answer.kind != "ok":
            return Pages([], answer.message, answer.kind)
        visited.add(address if not query else f"{address}?{query}")
        entries += _entries(answer.resource)
        following = _next(defects, answer.resource, f"{url}?{first_query}", len(visited), len(entries))
        if only_one or not following:
            return Pages(entries)
        address, query = urljoin(address, following), ""
        if address in visited or not same_server(address):
            return Pages(entries, "La lecture s'est arrêtée : la page suivante annoncée n'est pas utilisable.")
    return Pages(entries, "La lecture s'est arrêtée : trop de pages.")


def _next(defects: Defects, bundle: Json, first: str, pages: int, received: int) -> str:
    links = bundle.get("link") or []
    following = next((str(link["url"]) for link in links if link.get("relation") == "next" and link.get("url")), "")
    if not following or defects.has("premiere_page_seule"):
        return ""
    if defects.has("page_reconstruite"):
        return f"{first}&page={pages + 1}"
    if defects.has("offset_en_lignes") and "_offset=0" in first:
        return first.replace("_offset=0", f"_offset={received}")
    return following


def _entries(bundle: Json) -> list[Json]:
    entries = bundle.get("entry") or []
    return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)]


def matches(entries: list[Json], kind: str) -> list[Json]:
    """The resources of that type that are results.

    Resources added beside the result (`include`, `outcome`) are none (FHIR R4, search.mode).
    """
    return [entry["resource"] for entry in entries if entry["resource"].get("resourceType") == kind and _match(entry)]


def _match(entry: Json) -> bool:
    return bool((entry.get("search") or {}).get("mode", "match") == "match")


def identifiers_of(resource: Json) -> set[tuple[str, str]]:
    """System and value of each identifier."""
    return {(str(i.get("system")), str(i.get("value"))) for i in resource.get("identifier") or []}


def event_id(resource: Json) -> str:
    """What an event is known by here: its id, else a fingerprint of it."""
    if resource.get("id"):
        return str(resource["id"])
    return hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()


def starts_within(resource: Json, window: tuple[str, str]) -> bool:
    """Whether an event begins between two instants; one without start does."""
    start = clock.parsed(resource.get("start"), "UTC")
    first, after = (clock.parsed(bound, "UTC") for bound in window)
    return start is None or (first is not None and after is not None and first <= start < after)
