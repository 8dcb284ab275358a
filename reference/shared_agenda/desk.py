"""The parts that make the product a client of a manager of shared agendas, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from reference.config import Settings
from reference.defects import Defects
from reference.identity.life import Identities
from reference.people import People
from reference.planning.plannings import Plannings
from reference.professionals import Professional, Professionals
from reference.shared_agenda.booking import Booking
from reference.shared_agenda.client import Json, SharedAgendaClient
from reference.shared_agenda.directory import Directory
from reference.shared_agenda.publication import Publication
from reference.shared_agenda.search import Search
from reference.store import Store
from reference.wire import Wire


class SharedAgenda:
    """Publication of our agendas, search in those of others, appointments asked there."""

    def __init__(
        self,
        store: Store,
        people: People,
        professionals: Professionals,
        plannings: Plannings,
        identities: Identities,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        client = SharedAgendaClient(wire, settings, defects, lambda: now().timestamp())
        directory = Directory(store, client, identities)
        self._client = client
        self.publication = Publication(store, client, directory, professionals, plannings, defects)
        self.search = Search(store, client, settings, defects)
        self.booking = Booking(store, client, directory, self.search, people, defects, now)

    def agenda_of(self, account: Professional, du: str, au: str) -> tuple[list[Json], str]:
        """What a professional sees of her shared agenda, and a message when it could not be read; nothing without one.

        du, au: first and last day.
        """
        if not self._client.connected:
            return [], ""
        return self.search.events(account.id, account.identifiant_national, du, au)

    def resume(self, usager: str | None) -> tuple[int, int]:
        """Send what waits: appointments of an usager, or all, and the agendas that could not be published."""
        sent, waiting = self.booking.resume(usager)
        published, kept = self.publication.resume() if usager is None else (0, 0)
        return sent + published, waiting + kept
