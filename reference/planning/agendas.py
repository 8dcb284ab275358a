"""The agenda of each professional: the slots that it offers, and which of them are left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from reference import clock
from reference.defects import Defects
from reference.planning.diary import FREEING, Diary
from reference.planning.plannings import Plannings
from reference.planning.records import Availability
from reference.planning.slots import LONGEST, Hours, Opening, Period, due
from reference.professionals import Professional

HORIZON = timedelta(days=60)
"""How far slots are offered when nobody says until when."""
_TYPED = "%Y-%m-%dT%H:%M"


class Agendas:
    """Slots of the professionals: computed when somebody asks, never kept."""

    def __init__(
        self,
        plannings: Plannings,
        diary: Diary,
        defects: Defects,
        now: Callable[[], datetime],
    ) -> None:
        self._plannings, self._diary = plannings, diary
        self._defects, self._now = defects, now

    def slots(self, account: Professional, within: Period) -> Iterator[tuple[Period, str]]:
        """Slots of this professional that begin in `within`, and the status of each; none without an agenda."""
        planning = self._plannings.known(account.id)
        if planning is None:
            return
        openings = [_opening(one) for one in self._plannings.of(account.id)]
        first = max(within[0], self._now() - HORIZON)
        last = min(within[1], max(first, self._now()) + 6 * HORIZON)
        freeing = FREEING - {"cancelled"} if self._defects.has("tiers_annulation_sans_effet") else FREEING
        taken = list(self._diary.taken(account.identifiant_national, (first, last + LONGEST), freeing))
        for start, end in due(openings, clock.zone(planning.zone), planning.minutes, (first, last), self._faults()):
            met = [one for one in taken if start < one.period[1] and one.period[0] < end]
            for switch, received in (("tiers_evenement_recu_sans_effet", True), ("tiers_dui_sans_effet", False)):
                if self._defects.has(switch):
                    met = [one for one in met if one.event.startswith("evt-") is not received]
            firm = any(not one.tentative for one in met)
            yield (start, end), "busy" if firm else "busy-tentative" if met else "free"

    def offers(self, account_id: str, slot: Period) -> bool:
        """Whether the agenda of this account has that slot, taken or not."""
        planning = self._plannings.known(account_id)
        if planning is None:
            return False
        openings = [_opening(one) for one in self._plannings.of(account_id)]
        found = due(openings, clock.zone(planning.zone), planning.minutes, (slot[0], slot[0]), self._faults())
        return slot in found

    def zone(self, account: Professional) -> str:
        """Time zone of the place where she receives."""
        planning = self._plannings.known(account.id)
        return "Europe/Paris" if planning is None else planning.zone

    def _faults(self) -> Hours:
        return Hours(
            universal=self._defects.has("tiers_recurrence_en_heure_fixe"),
            twice=self._defects.has("tiers_heure_double_deux_fois"),
            closed_ignored=self._defects.has("tiers_absence_ignoree"),
        )


def _opening(one: Availability) -> Opening:
    start, end = (datetime.strptime(text, _TYPED) for text in (one.start, one.end))
    until = datetime.combine(date.fromisoformat(one.until), time.max) if one.until else None
    return Opening(one.kind, start, end, one.frequency, tuple(one.days), until)
