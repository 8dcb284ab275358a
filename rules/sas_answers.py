"""How the product answers a search of the SAS platform: in time, to all that are known, and when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.reading import shown
from rules.sas_bundle import Answer
from rules.sas_searches import (
    ASKED,
    CLOCKS,
    SAS,
    SEARCHES,
    SLOTS_FOUND,
    earliest,
    numbers,
    variant,
    well_formed,
    window,
)
from rules.selectors import ANY_ACTION, On

PATIENCE_S = 7.0
_NOTHING_THERE = (204, 404, 410)
_BUSY = (429, 503)
WELL_FORMED = On(well_formed)


@rule(
    "AGD-067",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, annexes, temps de réponse",
    title="Le produit répond à la plateforme du SAS en moins de 7 secondes : au-delà, sa réponse est perdue.",
    on=SEARCHES,
)
def answers_come_in_time(search: Exchange) -> Iterator[Finding]:
    expected = f"une réponse en moins de {PATIENCE_S:g} s"
    waited = search.context.get("delai_s")
    if search.context.get("silence") == "delai" and isinstance(waited, int | float):
        # A shorter patience of cible.toml is the vendor's own choice, not what the SAS says.
        own = None if waited >= PATIENCE_S else Authority.BANC
        yield Finding("temps de réponse", expected, f"rien après {waited:g} s", authority=own)
    elif float(search.entry.get("duration_ms") or 0) > PATIENCE_S * 1000:
        yield Finding("temps de réponse", expected, f"{float(search.entry['duration_ms']) / 1000:.1f} s")


@rule(
    "AGD-068",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, recherche de créneaux, schedule.actor:Practitioner.identifier 1..25",
    title="Une recherche de 1 à 25 praticiens aboutit, et ceux qui sont inconnus n'ôtent rien aux autres.",
    over="scenario",
)
def all_known_practitioners_are_answered(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for search in filter(ASKED & WELL_FORMED, exchanges):
        if search.status >= 400 and search.status not in (*_NOTHING_THERE, *_BUSY):
            expected = f"HTTP 200 pour {len(numbers(search))} identifiant(s)"
            # `_count` shows in the links of the guide's examples only: no text says that a product must take it.
            own = Authority.DEDUITE if search.values("_count") else None
            yield Finding("statut HTTP", expected, f"HTTP {search.status}", exchange=search.id, authority=own)
        else:
            yield Examined(search.id)
    for two in comparisons(exchanges):
        if not set(numbers(two.first)) < set(numbers(two.second)):
            continue
        if two.lost:
            message = "Chercher d'autres praticiens avec ceux-ci fait perdre des créneaux de ceux-ci."
            lost = ", ".join(f"{start.isoformat()} ({number})" for number, start in sorted(two.lost)[:3])
            yield Finding("Bundle.entry", lost, "rien", message, exchange=two.second.id)
        else:
            yield Examined(two.second.id)


@rule(
    "AGD-069",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, FAQ, recherche sans résultat",
    title="Une recherche sans résultat rend 200 et un Bundle searchset de total 0, sans entrée.",
    on=ASKED & WELL_FORMED,
)
def nothing_found_is_an_empty_bundle(search: Exchange) -> Iterator[Finding]:
    if search.status in _NOTHING_THERE:
        yield Finding("statut HTTP", "HTTP 200 et un Bundle de total 0", f"HTTP {search.status}")
        return
    bundle = search.answer_resource
    if search.status != 200 or Answer.of(search).slots:
        return
    for element, expected in (("resourceType", "Bundle"), ("type", "searchset"), ("total", 0)):
        if bundle.get(element) != expected:
            yield Finding(f"Bundle.{element}", str(expected), shown(bundle.get(element)))
    if bundle.get("entry"):
        seen = [found.get("resourceType") for _, found, _ in Answer.of(search).entries]
        yield Finding("Bundle.entry", "rien", shown(seen))


@dataclass(frozen=True)
class Comparison:
    """Two searches of the same window, with nothing done in between. lost: slots of the first that the second lacks."""

    first: Exchange
    second: Exchange
    lost: frozenset[tuple[str, datetime]]


def comparisons(exchanges: Sequence[Exchange]) -> Iterator[Comparison]:
    """Searches of practitioners to be compared with the one before them, for the practitioners that both ask for."""
    before: Exchange | None = None
    for exchange in exchanges:
        if ANY_ACTION(exchange):
            before = None
        if not SLOTS_FOUND(exchange) or not well_formed(exchange):
            continue
        if before is not None and (variant(before), window(before)) == (variant(exchange), window(exchange)):
            common = set(numbers(before)) & set(numbers(exchange))
            lost = {
                (number, start)
                for number, start in _shown(before) - _shown(exchange)
                if number in common and start > _by_now(exchange)
            }
            yield Comparison(before, exchange, frozenset(lost))
        before = exchange


def _by_now(search: Exchange) -> datetime:
    """A slot that begins before this instant may have gone in the meantime."""
    return earliest(search) + 2 * CLOCKS


def _shown(search: Exchange) -> set[tuple[str, datetime]]:
    answer = Answer.of(search)
    return {(number, slot.start) for slot in answer.slots if slot.start for number in answer.numbers_of(slot)}
