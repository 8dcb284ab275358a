"""When our professionals can be met: their openings, without what is already in their agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from reference import clock
from reference.agenda import NEXT_STATUSES
from reference.coordination import resources
from reference.coordination.client import BlockClient
from reference.coordination.meetings import Meetings
from reference.coordination.records import Published
from reference.coordination.resources import Period
from reference.defects import Defects
from reference.professionals import Professional, Professionals
from reference.records import RendezVous
from reference.store import Store


class Availability:
    """The agendas that we publish at the block."""

    def __init__(
        self,
        store: Store,
        professionals: Professionals,
        block: BlockClient,
        meetings: Meetings,
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._professionals, self._block = store, professionals, block
        self._meetings, self._defects, self._now = meetings, defects, now

    def publish(self, account: str, openings: Sequence[Period], minutes: int) -> list[Period]:
        """Publish the openings to come of a professional, less what is taken. Returns the periods published."""
        who = self._professionals.get(account)
        taken = (
            []
            if self._defects.has("rdv_temps_pris_publie")
            else [*self._appointments(who), *self._meetings.booked(account)]
        )
        free = without(openings, taken)
        if not self._defects.has("rdv_passe_publie"):
            free = [(start, end) for start, end in free if start >= self._now()]
        known = self._store.get(Published, account) or self._introduced(who)
        schedule = resources.schedule(known.practitioner, known.role, free, minutes)
        known.schedule = self._block.store(schedule, known.schedule)["id"]
        self._store.save(known)
        return free

    def _introduced(self, who: Professional) -> Published:
        """Make a professional known to the block (flow 1a): the person, then the role."""
        person = self._block.store(resources.practitioner(who))["id"]
        role = self._block.store(resources.role(person))["id"]
        known = Published(who.id, person, role)
        self._store.save(known)
        return known

    def _appointments(self, who: Professional) -> Iterable[Period]:
        """Appointments of usagers with this professional, that take place."""
        for one in self._store.all(RendezVous):
            number = f"8{(one.professional or {}).get('rpps', '')}"
            if number == who.identifiant_national and NEXT_STATUSES[one.status] and one.status != "cancelled":
                start = clock.instant(one.start, one.zone)
                yield start, clock.after(start, one.minutes)


def without(openings: Iterable[Period], taken: Iterable[Period]) -> list[Period]:
    """What remains of the openings."""
    left = sorted(openings)
    for start, end in taken:
        cut = [((low, min(high, start)), (max(low, end), high)) for low, high in left]
        left = [(low, high) for pair in cut for low, high in pair if low < high]
    return left
