"""Reading MES: the consolidated agenda of the usager and his measures, page after page, through the `next` links."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urljoin

from reference import clock
from reference.config import FINALITY_LABELS
from reference.defects import Defects
from reference.gateway import Gateway, fhir_request
from reference.mapping import patient_identifier
from reference.origin import origin_of
from reference.pairing import MESSAGES, Pairings
from reference.people import People
from reference.records import Received, RendezVous
from reference.refusal import Refusal
from reference.store import Store
from reference.wire import query_of

AGENDA, MEASURES = "AGENDA_LECTURE", "MESURES_LECTURE"
PAGE_SIZE = 50
MAX_PAGES = 200

Json = Mapping[str, Any]


class Page(NamedTuple):
    """Entries read so far and why the reading stopped early (empty: it reached the end)."""

    entries: list[Json]
    problem: str = ""


@dataclass
class Reading:
    """Reads for one usager at a time; what comes from elsewhere is kept apart and never changed."""

    store: Store
    people: People
    pairings: Pairings
    gateway: Gateway
    defects: Defects

    def agenda(self, usager: str, du: str, au: str, zone: str) -> tuple[int, str]:
        """Read the agenda of this period; number of events received and a message when there is something to say."""
        first, after = clock.day_bounds(du, au, zone)
        if not self.gateway.allows(usager, AGENDA):
            return 0, self._why_not(usager, AGENDA)
        query = query_of(
            ("patient.identifier", self._patient(usager)),
            ("date", f"ge{first.isoformat(timespec='seconds')}"),
            ("date", f"lt{after.isoformat(timespec='seconds')}"),
        )
        read = self._pages(usager, AGENDA, self.gateway.fhir("/Appointment"), query)
        if read.problem and not read.entries:
            return 0, read.problem
        events = [entry for entry in read.entries if _type_of(entry) == "Appointment" and _is_match(entry)]
        self._keep(usager, events, (first.isoformat(), after.isoformat()), complete=not read.problem)
        return len(events), read.problem

    def measures(self, usager: str, code: str, mode: str, du: str | None, au: str | None) -> tuple[list[Json], str]:
        """Observations of that code: `toutes` between two dates, or `derniere` (API Mesures 1.5.2, §2.3.1.1)."""
        if not self.gateway.allows(usager, MEASURES):
            return [], self._why_not(usager, MEASURES)
        pairs = [("subject.identifier", self._patient(usager)), ("code", code)]
        if mode == "derniere":
            pairs += [("_sort", "-date"), ("_count", "1")]
        elif mode == "toutes" and du and au:
            pairs += [("date", f"ge{du}"), ("date", f"le{au}"), ("_offset", "0"), ("_count", str(PAGE_SIZE))]
        else:
            raise Refusal("mode_incomplet", "Demander la dernière mesure, ou toutes celles d'une période (du, au).")
        read = self._pages(
            usager, MEASURES, self.gateway.fhir("/Observation"), query_of(*pairs), only_one=mode == "derniere"
        )
        return [e["resource"] for e in read.entries if _type_of(e) == "Observation" and _is_match(e)], read.problem

    def _pages(self, usager: str, finality: str, url: str, query: str, *, only_one: bool = False) -> Page:
        """Entries of all pages; each `next` is followed as it was given, once, and never to another server."""
        entries: list[Json] = []
        visited: set[str] = set()
        address, first_query = url, query
        while len(visited) < MAX_PAGES:
            answer = self.gateway.call(usager, finality, fhir_request("GET", address, query))
            if answer.kind == "lost":
                answer = self.gateway.call(usager, finality, fhir_request("GET", address, query))
            if answer.kind != "ok":
                return Page([], answer.message)
            visited.add(address if not query else f"{address}?{query}")
            entries += _entries(answer.resource)
            following = self._next(answer.resource, f"{url}?{first_query}", len(visited), len(entries))
            if only_one or not following:
                return Page(entries)
            address, query = urljoin(address, following), ""
            if address in visited or not self.gateway.same_server(address):
                return Page(entries, "La lecture s'est arrêtée : la page suivante annoncée n'est pas utilisable.")
        return Page(entries, "La lecture s'est arrêtée : trop de pages.")

    def _next(self, bundle: Json, first: str, pages: int, received: int) -> str:
        links = bundle.get("link") or []
        following = next((str(link["url"]) for link in links if link.get("relation") == "next" and link.get("url")), "")
        if not following or self.defects.has("premiere_page_seule"):
            return ""
        if self.defects.has("page_reconstruite"):
            return f"{first}&page={pages + 1}"
        if self.defects.has("offset_en_lignes") and "_offset=0" in first:
            return first.replace("_offset=0", f"_offset={received}")
        return following

    def _keep(self, usager: str, entries: list[Json], window: tuple[str, str], *, complete: bool) -> None:
        """Replace what had been read of that period; our own events, which come back, are not kept twice."""
        if complete:
            for old in self.store.all(Received, usager):
                if _starts_within(old.resource, window):
                    self.store.delete(old)
        ours = {(r.system, r.value) for r in self.store.all(RendezVous, usager)}
        for entry in entries:
            resource = entry["resource"]
            again = bool(ours & set(_identifiers(resource))) and not self.defects.has("retour_affiche_en_double")
            if not again:
                self.store.save(Received(_event_id(resource), usager, dict(resource)))

    def _why_not(self, usager: str, finality: str) -> str:
        pairing = self.pairings.of(usager)
        if pairing.state == "apparie" and not pairing.alert:
            return f"L'usager n'a pas donné son accord pour : {FINALITY_LABELS[finality]} ({finality})."
        return pairing.alert or MESSAGES[pairing.state]

    def _patient(self, usager: str) -> str:
        named = patient_identifier(self.pairings.of(usager), self.people.usager(usager))
        return f"{named['system']}|{named['value']}"


def _entries(bundle: Json) -> list[Json]:
    entries = bundle.get("entry") or []
    return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)]


def _type_of(entry: Json) -> str:
    return str(entry["resource"].get("resourceType", ""))


def _is_match(entry: Json) -> bool:
    """Resources added beside the result (`include`, `outcome`) are not results (FHIR R4, search.mode)."""
    return bool((entry.get("search") or {}).get("mode", "match") == "match")


def _identifiers(resource: Json) -> list[tuple[str, str]]:
    return [(str(i.get("system")), str(i.get("value"))) for i in resource.get("identifier") or []]


def _event_id(resource: Json) -> str:
    if resource.get("id"):
        return str(resource["id"])
    return hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()


def _starts_within(resource: Json, window: tuple[str, str]) -> bool:
    start = clock.parsed(resource.get("start"), "UTC")
    first, after = (clock.parsed(bound, "UTC") for bound in window)
    return start is None or (first is not None and after is not None and first <= start < after)


def measured(observations: list[Json], defects: Defects) -> Iterator[dict[str, Any]]:
    """Measures as the product shows them: one line per value, with author and source."""
    for observation in observations:
        parts = [observation, *(observation.get("component") or [])]
        for part in parts:
            quantity = part.get("valueQuantity") or {}
            instant = clock.parsed(observation.get("effectiveDateTime"), "Europe/Paris")
            if "value" not in quantity or instant is None:
                continue
            yield {
                "instant": instant.isoformat(timespec="seconds"),
                "valeur": quantity["value"],
                "unite": str(quantity.get("unit") or quantity.get("code") or ""),
                "auteur": "" if defects.has("auteur_des_mesures_efface") else _author(observation),
            }


def _author(observation: Json) -> str:
    performers = [str(p["display"]) for p in observation.get("performer") or [] if p.get("display")]
    return ", ".join(performers) or origin_of(observation)[1]
