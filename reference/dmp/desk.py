"""The parts that put the product in front of the DMP, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from reference.config import Settings
from reference.defects import Defects
from reference.dmp.access import Access
from reference.dmp.changes import Changes
from reference.dmp.client import Dmp, Who
from reference.dmp.deposit import Deposits
from reference.dmp.drafts import Drafts
from reference.dmp.feeding import Feedings
from reference.dmp.opening import Opening
from reference.dmp.parameters import Parameters
from reference.dmp.records import SENT, WAITING, Document
from reference.dmp.search import Search
from reference.identity.life import Identities
from reference.people import People
from reference.professionals import Professionals
from reference.refusal import Refusal
from reference.store import Store
from reference.wire import Wire


class DmpDesk:
    """Documents of the file, and what becomes of them in the DMP."""

    def __init__(
        self,
        store: Store,
        people: People,
        professionals: Professionals,
        identities: Identities,
        wire: Wire,
        settings: Callable[[], Settings],
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._people, self._professionals = store, people, professionals
        self.dmp = Dmp(store, wire, settings, defects, now)
        self.access = Access(store, self.dmp, identities, defects, now)
        self.drafts = Drafts(store, defects, now, lambda: settings().fuseau)
        self.deposits = Deposits(
            self.dmp, self.access, self.drafts, Parameters(wire, settings, defects, now), defects, now
        )
        self.feeding = Feedings(store, defects)
        self.search = Search(store, self.dmp, self.access, defects, now)
        self.opening = Opening(self.dmp, self.access, self.search, self.drafts, defects, now)
        self.changes = Changes(self.dmp, self.access, self.deposits, defects, now)

    def who(self, usager: str, par: str, *, emergency: bool = False) -> Who:
        """Who acts for whom; Refusal for somebody unknown."""
        return Who(self._professionals.get(par), self._people.usager(usager), emergency)

    def resume(self, usager: str | None) -> tuple[int, int]:
        """Send again the documents that wait, of an usager or of all: how many left, how many still wait."""
        sent = waiting = 0
        for document in self._store.all(Document, usager):
            if document.sending != WAITING:
                continue
            try:
                done = self.deposits.resume(document, self.who(document.usager, document.author))
            except Refusal:
                done = document
            sent, waiting = sent + (done.sending == SENT), waiting + (done.sending == WAITING)
        return sent, waiting
