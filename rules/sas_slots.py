"""Slots that the product gives the SAS platform: free, of the window, for whom, and where they are booked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.reading import dig, objects, shown, text
from rules.sas_bundle import PUBLICS, Answer, Slot
from rules.sas_opened import Opened, matching, opened
from rules.sas_searches import ANSWERS, SAS, SITES_FOUND, SLOTS_FOUND, earliest, variant, window
from rules.selectors import PRODUCT_PAGES

_KNOWN = {"ps": {"PUBLIC", "PRO", "SNP", "CPTS"}, "cpts": {"PUBLIC", "PRO", "SNP", "CPTS"}, "sos": {"PUBLIC", "SNP"}}


@rule(
    "AGD-070",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, recherche de créneaux et profils de Slot ; HL7 FHIR R4, type instant",
    title="Un créneau rendu à la plateforme du SAS est libre, à venir, dans la fenêtre demandée, et a une fin.",
    on=ANSWERS,
)
def slots_are_free_and_asked_for(search: Exchange) -> Iterator[Finding]:
    for slot in Answer.of(search).slots:
        yield from _times(slot)
        # Of a query on Schedule, pure R4 gives all the slots: AGD-077 says what the SAS expects there.
        if SLOTS_FOUND(search):
            yield from _fitting(search, slot)


@rule(
    "AGD-077",
    Level.SHALL,
    Authority.DEDUITE,
    f"{SAS}, recherche de créneaux SOS Médecins",
    title="Bien que la recherche porte sur les agendas, seuls les créneaux libres de la fenêtre sont rendus.",
    on=SITES_FOUND,
)
def sites_show_free_slots_of_the_window_only(search: Exchange) -> Iterator[Finding]:
    for slot in Answer.of(search).slots:
        yield from _fitting(search, slot)


@rule(
    "AGD-072",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, spécifications fonctionnelles et profils de Slot, meta.security (TRE_R314)",
    title="Un créneau dit tous ses publics, et celui qui est réservé à la patientèle n'est jamais rendu.",
    over="scenario",
)
def slots_say_whom_they_are_for(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    known = opened(exchanges)
    for search in filter(ANSWERS, exchanges):
        answer = Answer.of(search)
        for slot in answer.slots:
            yield from _publics(search, slot, matching(slot, answer, known))


@rule(
    "AGD-074",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, profils de Slot (comment) et connexion des régulateurs",
    title="Slot.comment est l'adresse web de l'agenda du praticien, et elle s'ouvre aussi avec le paramètre origin.",
    over="scenario",
)
def comment_is_where_to_book(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    addresses = set()
    for search in filter(ANSWERS, exchanges):
        for slot in Answer.of(search).slots:
            seen = text(slot.resource.get("comment"))
            addresses.add(_page(seen))
            if _is_address(seen) or (not seen and _without_booking(slot)):
                yield Examined(search.id)
            else:
                expected = "une adresse http ou https"
                yield Finding(f"{slot.at}.comment", expected, shown(seen), exchange=search.id)
    for visit in filter(PRODUCT_PAGES, exchanges):
        if "origin" in parse_qs(urlsplit(visit.target).query) and _page(visit.target) in addresses:
            if visit.status >= 400:
                message = "L'adresse donnée dans Slot.comment ne s'ouvre plus quand origin lui est ajouté."
                yield Finding("Slot.comment", "une page", f"HTTP {visit.status}", message, exchange=visit.id)
            else:
                yield Examined(visit.id)


def _publics(search: Exchange, slot: Slot, made: Opened | None) -> Iterator[Finding | Examined]:
    """made: the slot as it was opened, when the bench knows it."""
    if made is not None and made.reserved:
        message = "Un créneau réservé à la patientèle du praticien est rendu à la plateforme : retirez-le."
        yield Finding(slot.at, "rien", shown(slot.resource.get("start")), message, exchange=search.id)
        return
    at, which, seen = f"{slot.at}.meta.security", variant(search), slot.publics
    if not seen or not seen <= _KNOWN[which]:
        expected = f"un code au moins de {PUBLICS}, parmi {', '.join(sorted(_KNOWN[which]))}"
        yield Finding(at, expected, shown(dig(slot.resource, "meta", "security")), exchange=search.id)
        return
    # Outside the search of communities, those need not be told.
    apart = frozenset() if which == "cpts" else frozenset({"CPTS"})
    if made is not None and made.publics - apart != seen - apart:
        expected = ", ".join(sorted(made.publics - apart))
        yield Finding(at, expected, ", ".join(sorted(seen)), exchange=search.id)
        return
    yield Examined(search.id)


def _times(slot: Slot) -> Iterator[Finding]:
    for element, instant in (("start", slot.start), ("end", slot.end)):
        if instant is None:
            expected = "un instant avec secondes et décalage horaire (« Z » et les millisecondes sont permis)"
            yield Finding(f"{slot.at}.{element}", expected, shown(slot.resource.get(element)))
    if slot.start and slot.end and slot.end <= slot.start:
        yield Finding(f"{slot.at}.end", "une fin après le début", shown(slot.resource.get("end")))


def _fitting(search: Exchange, slot: Slot) -> Iterator[Finding]:
    """A free slot, that has not begun, within what was asked."""
    status, asked, start = slot.resource.get("status"), window(search), slot.start
    if status != "free":
        message = "Un créneau qui n'est pas libre est rendu à la plateforme : elle ne doit voir que les libres."
        yield Finding(f"{slot.at}.status", "free", shown(status), message)
    if start is not None and start < earliest(search):
        message = "Un créneau déjà commencé est rendu : ne rendez que ceux à venir."
        yield Finding(f"{slot.at}.start", "un début à venir", shown(slot.resource.get("start")), message)
    elif start is not None and asked is not None and not asked.holds(start):
        expected = f"un début entre {asked.start.isoformat()} et {asked.end.isoformat()}"
        yield Finding(f"{slot.at}.start", expected, shown(slot.resource.get("start")))


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _without_booking(slot: Slot) -> bool:
    """A consultation without appointment (WALKIN) has nowhere to be booked."""
    codings = objects(dig(slot.resource, "appointmentType", "coding"))
    return any(coding.get("code") == "WALKIN" for _, coding in codings)


def _page(address: str) -> str:
    """Path of an address: how the page of a slot is known again in the journal of the browser."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
