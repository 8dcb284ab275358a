"""When professionals receive, as the bench had the product keep it (`declarer_disponibilites`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rules.exchange import Exchange
from rules.instants import PARIS, local_text, wall_clock
from rules.reading import dig, objects, text
from rules.selectors import DONE, action

_DECLARES_PROFESSIONAL = action("declarer_professionnel") & DONE
_DECLARES = action("declarer_disponibilites") & DONE
_CHANGES = action("modifier_disponibilite", "retirer_disponibilite", "fermer_agenda")
CLOSED = "busy-unavailable"


class Openings:
    """Openings and absences of each professional, by national identifier; forgotten once changed one by one."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}
        self._told: dict[str, Mapping[str, Any]] = {}

    def note(self, exchange: Exchange) -> None:
        """Follow an action of the product."""
        told = exchange.resource
        if _DECLARES_PROFESSIONAL(exchange):
            number = text(told.get("identifiant_national"))
            self._numbers[text(dig(exchange.answer_json, "professionnel"))] = number
        elif _DECLARES(exchange):
            self._told[self._number(told)] = told
        elif _CHANGES(exchange):
            self._told.pop(self._number(told), None)

    def known(self, professional: str) -> bool:
        """Whether it is known when she receives."""
        return bool(professional) and professional in self._told

    def zone(self, professional: str) -> str:
        """Time zone of the place (IANA name)."""
        return text(self._told[professional].get("fuseau")) or PARIS

    def against(self, professional: str, start: datetime, end: datetime) -> str:
        """What a free slot goes against, in French; empty when nothing that was declared speaks against it."""
        zone = self.zone(professional)
        openings = [one for _, one in objects(self._told[professional].get("disponibilites"))]
        away = [one for one in openings if one.get("type") == CLOSED and not one.get("frequence")]
        if any(_shares(one, start, end, zone) for one in away):
            return "rien pendant une absence"
        received = [one for one in openings if one.get("type", "free") == "free"]
        return "" if any(_may_hold(one, start, zone) for one in received) else "rien hors des heures déclarées"

    def _number(self, told: Mapping[str, Any]) -> str:
        return self._numbers.get(text(told.get("professionnel")), "")


def _shares(absence: Mapping[str, Any], start: datetime, end: datetime, zone: str) -> bool:
    first, last = wall_clock(absence.get("debut"), zone), wall_clock(absence.get("fin"), zone)
    return bool(first and last) and start < last[0] and first[-1] < end


def _may_hold(opening: Mapping[str, Any], start: datetime, zone: str) -> bool:
    """Whether a slot that begins then may come of this opening. One that repeats is known by its hours only."""
    first, last = wall_clock(opening.get("debut"), zone), wall_clock(opening.get("fin"), zone)
    if not (first and last):
        return True
    if not opening.get("frequence"):
        return first[0] <= start < last[-1]
    hours = [text(opening.get(name))[11:16] for name in ("debut", "fin")]
    whole_day = text(opening.get("debut"))[:10] != text(opening.get("fin"))[:10]
    return whole_day or hours[0] <= local_text(start, zone)[-5:] < hours[1]
