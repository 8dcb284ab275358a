"""AGD rules on the free slots that a product looks for, and on what it shows of the answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import GAP, R4, gap_authority
from rules.paging import first_pages
from rules.reading import dig, objects, shown, text
from rules.selectors import APPOINTMENT_CREATES, APPOINTMENT_SEARCHES, DONE, SPOILED, action, began_after, http, refusal

SLOT_SEARCHES = http("*.fhir.slot.search")
SLOT_TAKEN = "creneau-pris"
"""Refusal of the manager, as its journal names it: another appointment has that time."""
_LOWER = ("ge", "gt", "sa")
_ONE_SLOT = ("_id", "identifier")
_SHOWN = {"rechercher_creneaux": "creneaux", "lire_agenda_professionnel": "evenements"}


@rule(
    "AGD-031",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, volet fonctionnel §5.10",
    title="La recherche de disponibilités donne une borne de début (start=ge…) et status=free.",
    over="scenario",
)
def slots_are_free_from_a_start(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A search of one slot that is known already is none of availabilities."""
    for search in first_pages([e for e in exchanges if SLOT_SEARCHES(e)]):
        asked = {name: (*search.values(name), *_posted(search, name)) for name in ("start", "status", *_ONE_SLOT)}
        if any(asked[name] for name in _ONE_SLOT):
            continue
        wrong = []
        if not any(value.startswith(_LOWER) for value in asked["start"]):
            wrong.append(("start", "ge et l'instant du début", shown(", ".join(asked["start"]))))
        if asked["status"] != ("free",):
            wrong.append(("status", "free", shown(", ".join(asked["status"]))))
        for at, expected, seen in wrong:
            yield Finding(at, expected, seen, exchange=search.id, authority=gap_authority(search))
        if not wrong:
            yield Examined(search.id)


def _posted(search: Exchange, name: str) -> tuple[str, ...]:
    found = search.form.get(name, "") if search.method == "POST" else ""
    return (found,) if found else ()


@rule(
    "AGD-034",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, search.html (search.mode) ; {GAP}, Bundles 5a et 5b",
    title="Ce qu'une recherche apporte en plus (search.mode include) n'est pas montré comme un résultat.",
    over="scenario",
)
def includes_are_not_results(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for screen in filter(action(*_SHOWN), exchanges):
        began, name = began_after(screen), screen.operation.removeprefix("produit.")
        if began is None or screen.status != 200:
            continue
        read = [e for e in exchanges if began < e.id < screen.id and _READS(e) and DONE(e) and not SPOILED(e)]
        beside = {reference for e in read for mode, reference in _entries(e) if mode == "include"}
        beside -= {reference for e in read for mode, reference in _entries(e) if mode == "match"}
        wrong = [
            (place, seen)
            for place, item in objects(dig(screen.answer_json, _SHOWN[name]))
            if (seen := text(item.get("reference"))) in beside
        ]
        for place, seen in wrong:
            at = f"{name}.{_SHOWN[name]}[{place}].reference"
            yield Finding(at, "un résultat de la recherche", seen, exchange=screen.id)
        if beside and not wrong:
            yield Examined(screen.id)


def other_slots_offered(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """After the refusal of a slot that somebody else has taken, others are offered, or looked for (AGD-040)."""
    for asked in filter(action("demander_rendez_vous"), exchanges):
        began = began_after(asked)
        mine = [] if began is None else [e for e in exchanges if began < e.id < asked.id]
        taken = [e for e in mine if APPOINTMENT_CREATES(e) and refusal(e) == SLOT_TAKEN]
        if not taken or dig(asked.answer_json, "envoi", "etat") == "envoye":
            continue
        searched = any(SLOT_SEARCHES(e) and e.id > taken[-1].id for e in mine)
        if searched or dig(asked.answer_json, "autres_creneaux"):
            yield Examined(asked.id)
        else:
            at, expected = "demander_rendez_vous.autres_creneaux", "d'autres créneaux"
            yield Finding(at, expected, "aucun", exchange=asked.id, level=Level.SHOULD, authority=Authority.BANC)


_READS = SLOT_SEARCHES | APPOINTMENT_SEARCHES


def _entries(answer: Exchange) -> Iterator[tuple[str, str]]:
    """Mode and `Type/id` of each entry of a search."""
    for _, entry in objects(answer.answer_resource.get("entry")):
        resource: Mapping[str, Any] = entry.get("resource") or {}
        mode = text(dig(entry, "search", "mode")) or "match"
        yield mode, f"{dig(resource, 'resourceType')}/{dig(resource, 'id')}"
