"""AGD rules on the time of a professional: what an event takes, what a cancellation gives back, what is offered."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import GAP
from rules.instants import local_text, parse_instant
from rules.reading import dig, objects, shown, text
from rules.selectors import DONE, On, action
from rules.third_party import (
    BUNDLES,
    CREATES,
    FLOW_C,
    JUDGED,
    SLOT_SEARCHES,
    Json,
    codes_asked,
    is_whole,
    matches,
    professional_asked,
    span,
    third_party,
    window,
)
from rules.third_party_events import ASKED, Diary, followed, takes_time
from rules.third_party_openings import Openings

Period = tuple[datetime, datetime]
FREE_SEARCHES = SLOT_SEARCHES & BUNDLES & On(lambda e: codes_asked(e, "status") == {"free"})
_CLOSES = third_party("schedule.delete") & JUDGED
_REFUSALS = (409, 412, 422)


@rule(
    "AGD-057",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (réservations simultanées)",
    title="De deux réservations simultanées d'un créneau, l'une est faite, l'autre refusée (409, 412 ou 422).",
    over="scenario",
)
def one_booking_wins(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for rivals in _rivals([e for e in exchanges if CREATES(e) and JUDGED(e)]):
        statuses = [one.status for one in rivals]
        done = sum(map(bool, map(DONE, rivals)))
        if done == 1 and all(DONE(one) or one.status in _REFUSALS for one in rivals):
            yield Examined(rivals[-1].id)
        else:
            expected = "une réservation faite, les autres refusées (409, 412 ou 422)"
            yield Finding("statut HTTP", expected, shown(sorted(statuses)), exchange=rivals[-1].id)


def _rivals(creates: Sequence[Exchange]) -> Iterator[list[Exchange]]:
    """Bookings of one slot that were under way at the same moment."""
    by_slot: defaultdict[str, list[Exchange]] = defaultdict(list)
    for create in creates:
        for _, slot in objects(create.resource.get("slot")):
            by_slot[text(slot.get("reference"))].append(create)
    for group in by_slot.values():
        times = [_under_way(one) for one in group]
        if len(group) > 1 and max(start for start, _ in times) < min(end for _, end in times):
            yield group


def _under_way(call: Exchange) -> Period:
    sent = parse_instant(call.context.get("envoye_a")) or call.instant
    return sent, sent + timedelta(milliseconds=float(call.entry.get("duration_ms") or 0))


@rule(
    "AGD-058",
    Level.SHOULD,
    Authority.OFFICIELLE,
    f"{GAP}, flux de gestion des agendas (créneaux calculés des rendez-vous)",
    title="Un créneau réservé n'est plus libre ; le rendez-vous annulé, il l'est de nouveau.",
    over="scenario",
)
def booking_takes_and_gives_back(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for search, diary in followed(exchanges):
        if not FREE_SEARCHES(search):
            continue
        for name, event in diary.of(professional_asked(search)):
            if name not in diary.booked:
                continue
            if takes_time(event):
                yield from _taken(search, event)
            elif is_whole(search) and _would_be_seen(search, event, diary):
                yield from _given_back(search, event)


@rule(
    "AGD-059",
    Level.SHALL,
    Authority.DEDUITE,
    FLOW_C,
    title="Un événement reçu d'un agenda tiers rend le professionnel indisponible à cette heure.",
    over="scenario",
)
def pushed_event_takes_its_time(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for search, diary in followed(exchanges):
        if not FREE_SEARCHES(search):
            continue
        for name, event in diary.of(professional_asked(search)):
            if name not in diary.booked and takes_time(event):
                yield from _taken(search, event)


def _taken(search: Exchange, event: Json) -> Iterator[Finding | Examined]:
    """No free slot of this answer meets this event."""
    period, asked = span(event), window(search, "start")
    assert period is not None
    met = [(at, slot) for at, slot in matches(search) if not slot.get("overbooked") and _meet(span(slot), period)]
    # No text says that what is asked for only (proposed, pending) takes time already.
    own = Authority.BANC if text(event.get("status")) in ASKED else None
    for at, slot in met:
        expected = f"aucun créneau libre pendant l'événement ({event.get('start')} à {event.get('end')})"
        yield Finding(at, expected, f"libre à {slot.get('start')}", exchange=search.id, authority=own)
    if not met and asked is not None and asked.holds(period[0]):
        yield Examined(search.id)


def _given_back(search: Exchange, event: Json) -> Iterator[Finding | Examined]:
    """A free slot of this answer begins when the event that took it did."""
    if parse_instant(event.get("start")) in {parse_instant(slot.get("start")) for _, slot in matches(search)}:
        yield Examined(search.id)
    else:
        expected = "le créneau du rendez-vous annulé, libre de nouveau"
        yield Finding("Bundle.entry", expected, f"rien à {event.get('start')}", exchange=search.id)


def _would_be_seen(search: Exchange, event: Json, diary: Diary) -> bool:
    """Whether the slot of an event cancelled belongs in this answer: in the window, and nobody else has taken it."""
    period, asked = span(event), window(search, "start")
    gone = event.get("status") == "cancelled"
    if not gone or period is None or asked is None or not asked.holds(period[0]):
        return False
    others = [other for _, other in diary.of(professional_asked(search)) if takes_time(other)]
    return not any(_meet(span(other), period) for other in others)


def _meet(one: Period | None, other: Period) -> bool:
    """Whether two periods share time: those that follow each other do not."""
    return one is not None and one[0] < other[1] and other[0] < one[1]


@rule(
    "AGD-061",
    Level.SHALL,
    Authority.DEDUITE,
    f"{GAP}, flux 2c",
    title="L'agenda supprimé (200 ou 204) n'offre plus de créneaux.",
    over="scenario",
)
def closed_agenda_offers_nothing(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    closed: set[str] = set()
    for exchange in exchanges:
        if action("declarer_disponibilites")(exchange):
            closed.clear()
        elif _CLOSES(exchange):
            closed.add("/".join(exchange.path.split("/")[-2:]))
            if exchange.status in (200, 204):
                yield Examined(exchange.id)
            else:
                yield Finding("statut HTTP", "HTTP 200 ou 204", f"HTTP {exchange.status}", exchange=exchange.id)
        elif SLOT_SEARCHES(exchange) and BUNDLES(exchange) and closed:
            left = [(at, slot) for at, slot in matches(exchange) if _agenda(slot) in closed]
            for at, slot in left[:1]:
                seen = f"{len(left)}, dont {slot.get('start')}"
                yield Finding(at, "aucun créneau de l'agenda supprimé", seen, exchange=exchange.id)
            if not left:
                yield Examined(exchange.id)


def _agenda(slot: Json) -> str:
    return "/".join(text(dig(slot, "schedule", "reference")).split("/")[-2:])


@rule(
    "AGD-064",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{GAP}, flux de gestion des agendas ; convention du banc (changements d'heure)",
    title="Aucun créneau n'est offert pendant une absence, hors des heures déclarées, ni deux fois à la même heure.",
    over="scenario",
)
def slots_keep_to_the_openings(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    openings = Openings()
    for exchange in exchanges:
        openings.note(exchange)
        if FREE_SEARCHES(exchange) and openings.known(professional_asked(exchange)):
            faults = list(_against(exchange, openings))
            yield from faults
            if not faults:
                yield Examined(exchange.id)


def _against(search: Exchange, openings: Openings) -> Iterator[Finding]:
    professional = professional_asked(search)
    seen: set[tuple[str, ...]] = set()
    for at, slot in matches(search):
        start = parse_instant(slot.get("start"))
        if start is None:
            continue
        _, end = span(slot) or (start, start)
        shown_at = local_text(start, openings.zone(professional))
        same = (_agenda(slot), shown_at, json.dumps(slot.get("serviceType"), sort_keys=True))
        why = "une seule fois à cette heure" if same in seen else openings.against(professional, start, end)
        seen.add(same)
        if why:
            yield Finding(f"{at}.start", why, shown_at, exchange=search.id)
