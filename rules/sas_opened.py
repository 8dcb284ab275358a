"""Slots that the bench had the product open (`ouvrir_creneaux_sas`), as its actions tell in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rules.exchange import Exchange
from rules.instants import PARIS, wall_clock
from rules.reading import dig, objects, text
from rules.sas_bundle import Answer, Slot
from rules.sas_searches import prefixed
from rules.selectors import DONE, action

_FINESS = 9
OPENINGS = action("ouvrir_creneaux_sas") & DONE


@dataclass(frozen=True)
class Opened:
    """A slot as it was opened. numbers: of its practitioner, prefixed; "" for a site. communities: FINESS, prefixed."""

    number: str
    instants: tuple[datetime, ...]
    publics: frozenset[str]
    reserved: bool
    communities: frozenset[str]


def opened(exchanges: Sequence[Exchange]) -> list[Opened]:
    """All the slots opened in these exchanges."""
    return [slot for exchange in exchanges if OPENINGS(exchange) for slot in _slots(exchange.json)]


def matching(slot: Slot, answer: Answer, known: Sequence[Opened]) -> Opened | None:
    """The slot that was opened with this practitioner at this instant; None when there is none, or more than one."""
    owners = answer.numbers_of(slot)
    found = [one for one in known if one.number in owners and slot.start in one.instants]
    return found[0] if len(found) == 1 else None


def _slots(asked: Any) -> Iterator[Opened]:
    owner = prefixed(text(dig(asked, "praticien", "identifiant")))
    places = [place for _, place in objects(dig(asked, "lieux"))]
    for _, slot in objects(dig(asked, "creneaux")):
        rank = slot.get("lieu")
        place: Mapping[str, Any] = places[rank] if isinstance(rank, int) and 0 <= rank < len(places) else {}
        yield Opened(
            number=owner,
            instants=wall_clock(slot.get("debut"), text(place.get("fuseau")) or PARIS),
            publics=_texts(slot.get("publics")),
            reserved=slot.get("reserve_patientele") is True,
            communities=frozenset(f"1{one}" if len(one) == _FINESS else one for one in _texts(slot.get("cpts"))),
        )


def _texts(value: Any) -> frozenset[str]:
    return frozenset(filter(None, map(text, value))) if isinstance(value, list) else frozenset()
