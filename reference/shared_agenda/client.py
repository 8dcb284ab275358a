"""Calls to the manager of shared agendas, each answer put in its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import urljoin

import httpx

from reference.config import AgendaSettings, Settings
from reference.defects import Defects
from reference.refusal import Refusal
from reference.wire import Wire, query_of, request_to

Json = dict[str, Any]
Kind = Literal["ok", "refused", "taken", "stale", "unsupported", "gone", "later", "lost"]

MAX_PAGES = 200
_PATCH_REFUSED = (405, 415, 422, 501)


@dataclass(frozen=True)
class Answer:
    """ok: done; refused: not accepted; taken: somebody else has that time; stale: 412; unsupported: no PATCH here;
    gone: 404 or 410; later: asked to wait (429, 5xx); lost: no answer, the write may have been made."""

    kind: Kind
    resource: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    wait_s: float = 0.0


class SharedAgendaClient:
    """The manager that the product is told of."""

    def __init__(
        self, wire: Wire, settings: Callable[[], Settings], defects: Defects, now: Callable[[], float]
    ) -> None:
        self._wire, self._settings, self._defects, self._now = wire, settings, defects, now

    @property
    def connected(self) -> bool:
        """Whether the product has a manager."""
        return self._settings().agenda is not None

    @property
    def base(self) -> str:
        """FHIR base of the manager; Refusal when there is none."""
        return self._manager.base_url.rstrip("/")

    @property
    def _manager(self) -> AgendaSettings:
        settings = self._settings().agenda
        if settings is None:
            raise Refusal("sans_agenda_partage", "Le produit n'est relié à aucun agenda partagé.")
        return settings

    def create(self, resource: Json) -> Answer:
        """Create a resource."""
        return self.call("POST", f"/{resource['resourceType']}", body=resource)

    def update(self, resource: Json, etag: str = "") -> Answer:
        """Replace a resource, of which this version is known."""
        path = f"/{resource['resourceType']}/{resource['id']}"
        return self.call("PUT", path, body=resource, headers=_if_match(etag))

    def update_where(self, resource: Json, etag: str = "") -> Answer:
        """Replace the resource of this identifier, or create it (flow 6b)."""
        identifier = resource["identifier"][0]
        query = query_of(("identifier", f"{identifier['system']}|{identifier['value']}"))
        return self.call("PUT", f"/{resource['resourceType']}", query, resource, _if_match(etag))

    def patch(self, path: str, operations: list[Json], etag: str = "") -> Answer:
        """Change a part of a resource (JSON Patch, RFC 6902)."""
        headers = {"Content-Type": "application/json-patch+json", **_if_match(etag)}
        return self.call("PATCH", path, body=operations, headers=headers)

    def read(self, reference: str) -> Answer:
        """Read one resource."""
        return self.call("GET", f"/{reference}")

    def delete(self, reference: str) -> Answer:
        """Delete one resource."""
        return self.call("DELETE", f"/{reference}")

    def search(self, type_: str, *pairs: tuple[str, str]) -> tuple[list[Json], str]:
        """Entries of all pages, and why the reading stopped early (empty: it reached the end)."""
        entries: list[Json] = []
        for answer in self._pages(f"{self.base}/{type_}", query_of(*pairs)):
            if answer.kind != "ok":
                return [], answer.message
            entries += [e for e in answer.resource.get("entry") or [] if isinstance(e.get("resource"), dict)]
        return entries, ""

    def _pages(self, address: str, query: str) -> Iterator[Answer]:
        """Each `next` is followed as it was given, once, and never to another server."""
        visited: set[str] = set()
        while len(visited) < MAX_PAGES:
            visited.add(f"{address}?{query}" if query else address)
            answer = self._again_when_lost("GET", address, query)
            yield answer
            links = answer.resource.get("link") or []
            following = next((str(link.get("url")) for link in links if link.get("relation") == "next"), "")
            if not following or self._defects.has("creneaux_premiere_page"):
                return
            address, query = urljoin(address, following), ""
            if address in visited or not address.startswith((f"{self.base}/", f"{self.base}?")):
                yield Answer("refused", message="La page suivante annoncée par l'agenda partagé n'est pas utilisable.")
                return

    def _again_when_lost(self, method: str, address: str, query: str) -> Answer:
        answer = self._sent(method, address, query)
        return self._sent(method, address, query) if answer.kind == "lost" else answer

    def call(
        self, method: str, path: str, query: str = "", body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One call; the body travels as `application/fhir+json` unless the headers say otherwise."""
        return self._sent(method, self.base + path, query, body, headers)

    def _sent(
        self,
        method: str,
        address: str,
        query: str = "",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        request = request_to(method, address)
        request.query = query or request.query
        request.headers = {"Authorization": f"Bearer {self._manager.jeton}", "Accept": "application/fhir+json"}
        if body is not None:
            request.json = deepcopy(body)
            request.headers["Content-Type"] = "application/fhir+json; charset=utf-8"
        request.headers |= dict(headers or {})
        try:
            return self._sorted(method, self._wire.send(request), stale="If-Match" in request.headers)
        except httpx.TransportError:
            return Answer("lost", message="L'agenda partagé n'a pas répondu.")

    def _sorted(self, method: str, response: httpx.Response, *, stale: bool) -> Answer:
        status, body = response.status_code, _json(response)
        if response.is_success:
            return Answer("ok", body, response.headers)
        said = _diagnostics(body) or f"Refus de l'agenda partagé ({status})."
        if status == 429 or status in (500, 502, 503, 504):
            wait = self._wait(response.headers.get("Retry-After", ""))
            return Answer("later", body, response.headers, "L'agenda partagé demande d'attendre.", wait)
        if status == 412 and stale:
            return Answer("stale", body, response.headers, "L'agenda partagé a changé entre-temps.")
        if method == "PATCH" and status in _PATCH_REFUSED:
            return Answer("unsupported", body, response.headers, said)
        if status in (409, 412, 422) and "conflict" in {issue.get("code") for issue in _issues(body)}:
            return Answer("taken", body, response.headers, said)
        return Answer("gone" if status in (404, 410) else "refused", body, response.headers, said)

    def _wait(self, retry_after: str) -> float:
        """Seconds asked by Retry-After (RFC 9110 §10.2.3): a number, or a date."""
        if not retry_after or self._defects.has("agenda_retry_after_ignore"):
            return 0.0
        if retry_after.strip().isdigit():
            return float(retry_after)
        try:
            return max(0.0, parsedate_to_datetime(retry_after).timestamp() - self._now())
        except ValueError:
            return 0.0


def matches(entries: list[Json], type_: str) -> list[Json]:
    """The results of a search; what is added beside them (`include`, `outcome`) is not (FHIR R4, search.mode)."""
    found = [e["resource"] for e in entries if (e.get("search") or {}).get("mode", "match") == "match"]
    return [resource for resource in found if resource.get("resourceType") == type_]


def named(entries: list[Json]) -> dict[str, Json]:
    """Every resource of a search, by `Type/id`."""
    return {f"{e['resource'].get('resourceType')}/{e['resource'].get('id')}": e["resource"] for e in entries}


def local(reference: str) -> str:
    """`Type/id` of a reference, which may be absolute or name a version."""
    return "/".join(reference.partition("/_history/")[0].split("/")[-2:])


def _if_match(etag: str) -> dict[str, str]:
    return {"If-Match": etag} if etag else {}


def _json(response: httpx.Response) -> Json:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _issues(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    issues = body.get("issue")
    return [issue for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []


def _diagnostics(body: Mapping[str, Any]) -> str:
    texts = [str(i.get("diagnostics") or (i.get("details") or {}).get("text") or "") for i in _issues(body)]
    return " ; ".join(text for text in texts if text)
