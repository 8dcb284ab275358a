"""Reading MES: the consolidated agenda of the usager and his measures, page after page, through the `next` links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reference import clock
from reference.config import FINALITY_LABELS
from reference.defects import Defects
from reference.gateway import Answer, Gateway
from reference.mapping import patient_identifier
from reference.origin import origin_of
from reference.paging import Pages, event_id, identifiers_of, matches, read_pages, starts_within
from reference.pairing import MESSAGES, Pairings
from reference.people import People
from reference.records import Received, RendezVous
from reference.refusal import Refusal
from reference.spoil import Outgoing
from reference.store import Store
from reference.wire import query_of

AGENDA, MEASURES = "AGENDA_LECTURE", "MESURES_LECTURE"
PAGE_SIZE = 50

Json = Mapping[str, Any]


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
        events = matches(read.entries, "Appointment")
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
        return matches(read.entries, "Observation"), read.problem

    def _pages(self, usager: str, finality: str, url: str, query: str, *, only_one: bool = False) -> Pages:
        def call(request: Outgoing) -> Answer:
            return self.gateway.call(usager, finality, request)

        return read_pages(call, self.gateway.same_server, self.defects, url, query, only_one=only_one)

    def _keep(self, usager: str, events: list[Json], window: tuple[str, str], *, complete: bool) -> None:
        """Replace what had been read of that period; our own events, which come back, are not kept twice."""
        if complete:
            for old in self.store.all(Received, usager):
                if starts_within(old.resource, window):
                    self.store.delete(old)
        ours = {(r.system, r.value) for r in self.store.all(RendezVous, usager)}
        for resource in events:
            again = bool(ours & identifiers_of(resource)) and not self.defects.has("retour_affiche_en_double")
            if not again:
                self.store.save(Received(event_id(resource), usager, dict(resource)))

    def _why_not(self, usager: str, finality: str) -> str:
        pairing = self.pairings.of(usager)
        if pairing.state == "apparie" and not pairing.alert:
            return f"L'usager n'a pas donné son accord pour : {FINALITY_LABELS[finality]} ({finality})."
        return pairing.alert or MESSAGES[pairing.state]

    def _patient(self, usager: str) -> str:
        named = patient_identifier(self.pairings.of(usager), self.people.usager(usager))
        return f"{named['system']}|{named['value']}"


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
