"""Professionals read the agenda of Mon espace santé, as long as the person lets their structure do so.

What was read is forgotten as soon as a reading is refused: nothing else tells that a consent was withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reference import clock
from reference.bsp.client import BspClient
from reference.bsp.feeding import UNQUALIFIED, ProFeeding
from reference.bsp.records import ProRead
from reference.defects import Defects
from reference.gateway import Answer
from reference.login.records import ProSession
from reference.mapping import ins_identifier
from reference.paging import Json, event_id, identifiers_of, matches, read_pages, starts_within
from reference.people import People
from reference.records import RendezVous
from reference.spoil import Outgoing
from reference.store import Store
from reference.wire import query_of


@dataclass
class ProConsulting:
    """Readings of professionals."""

    store: Store
    people: People
    client: BspClient
    feeding: ProFeeding
    defects: Defects
    refused: set[str] = field(default_factory=set)

    def read(self, usager: str, session: ProSession, du: str, au: str, zone: str) -> tuple[int, str]:
        """Read the agenda of this period; number of events received and a message when there is something to say."""
        first, after = clock.day_bounds(du, au, zone)
        person = self.people.usager(usager)
        if not self.feeding.may_name(person):
            return 0, UNQUALIFIED
        if self.defects.has("bsp_lecture_oubliee") or (
            usager in self.refused and self.defects.has("bsp_refus_definitif")
        ):
            return 0, ""
        named = ins_identifier(person)
        query = query_of(
            ("patient.identifier", f"{named['system']}|{named['value']}"),
            ("date", f"ge{first.isoformat(timespec='seconds')}"),
            ("date", f"lt{after.isoformat(timespec='seconds')}"),
        )

        def call(request: Outgoing) -> Answer:
            answer = self.client.call(session, request)
            if answer.kind == "stopped" and self.defects.has("bsp_relit_apres_refus"):
                return self.client.call(session, request)
            return answer

        read = read_pages(call, self.client.same_server, self.defects, self.client.fhir("/Appointment"), query)
        if read.kind == "stopped":
            self.refused.add(usager)
            self._forget(usager)
        if read.kind != "ok":
            return 0, read.problem
        events = matches(read.entries, "Appointment")
        self._keep(usager, events, (first.isoformat(), after.isoformat()), complete=not read.problem)
        self._echo(usager, session)
        return len(events), read.problem

    def _forget(self, usager: str) -> None:
        for known in self.store.all(ProRead, usager):
            if not self.defects.has("bsp_evenements_gardes"):
                self.store.delete(known)

    def _keep(self, usager: str, events: list[Json], window: tuple[str, str], *, complete: bool) -> None:
        """Replace what had been read of that period; our own events, which come back, are not kept."""
        if not events and self.defects.has("bsp_vide_ignore"):
            return
        for old in self.store.all(ProRead, usager):
            if complete and starts_within(old.resource, window):
                self.store.delete(old)
        ours = {(r.system, r.value) for r in self.store.all(RendezVous, usager)}
        for event in events:
            if not ours & identifiers_of(event) or self.defects.has("bsp_retour_affiche_en_double"):
                self.store.save(ProRead(event_id(event), usager, dict(event)))

    def _echo(self, usager: str, session: ProSession) -> None:
        """Nothing read is sent back; a defect does it, under an identifier of its own."""
        for known in self.store.all(ProRead, usager) if self.defects.has("bsp_echo") else ():
            kept = {name: value for name, value in known.resource.items() if name not in ("id", "meta")}
            own = {"system": "urn:oid:1.2.250.1.999.10.1.4", "value": f"echo-{known.id}"}
            self.feeding.echo({**kept, "identifier": [own]}, session)
