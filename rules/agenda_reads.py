"""AGD rules on reading an agenda: paging, what is shown, and the agreement of the person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rules.agenda_slots import SLOT_SEARCHES
from rules.conventions import is_convention
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.foreign import Foreign, foreign_events
from rules.gap import APPOINTMENTS, R4
from rules.halts import halts, judged_calls
from rules.instants import PARIS, local_text, parse_instant
from rules.mes_consent import CONSENT_GIVEN, CONSENT_WITHDRAWN, finalities
from rules.mes_pairing import before_pairing, paired_calls
from rules.paging import judged_paging
from rules.reading import dig, objects, shown, text
from rules.selectors import (
    APPOINTMENT_CREATES,
    APPOINTMENT_SEARCHES,
    APPOINTMENT_UPDATES,
    BSP_BUSINESS,
    DONE,
    MES_AGENDA_WRITES,
    MES_BUSINESS,
    USAGER_AGENDA,
    On,
    about,
    action,
)
from rules.visits import Key, identifiers, visits

CADRE = "Cadre d'urbanisation axe 1.1"
_GIVEN_TO_PROFESSIONALS = On(lambda e: e.operation == "bsp.usager.consentement_donne")
_WITHDRAWN_FROM_PROFESSIONALS = On(lambda e: e.operation == "bsp.usager.consentement_retire")
_LETS_READ = CONSENT_GIVEN | _GIVEN_TO_PROFESSIONALS
READS = APPOINTMENT_SEARCHES & USAGER_AGENDA
_SYNCHRONISE, _SHOW = action("synchroniser_agenda"), action("lire_agenda")
_TO_PROFESSIONALS = action("lire_agenda_professionnel")


def shown_events(screen: Exchange) -> Iterator[tuple[str, Any]]:
    """Each event of a screen (`lire_agenda`), with its place."""
    for place, event in objects(dig(screen.answer_json, "evenements")):
        yield f"{screen.operation.removeprefix('produit.')}.evenements[{place}]", event


@rule(
    "AGD-033",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, http.html#paging",
    title="Les pages d'une recherche sont lues jusqu'à la dernière, par le lien next tel quel.",
    over="scenario",
)
def pages_of_agenda(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    yield from judged_paging(exchanges, APPOINTMENT_SEARCHES | SLOT_SEARCHES)


@rule(
    "AGD-035",
    Level.SHALL,
    Authority.DEDUITE,
    f"{CADRE}, cas d'usage 2, rec. 1.1.10",
    title="Le consentement retiré, l'agenda de l'usager n'est plus lu, et ce qui en venait n'est plus montré.",
    over="person",
)
def reading_stops_with_consent(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """By the portal and by professionals apart: the two consents are not the same. What one of them still lets be read
    may be shown."""
    yield from _stops(exchanges, CONSENT_GIVEN, CONSENT_WITHDRAWN, MES_BUSINESS)
    yield from _stops(exchanges, _GIVEN_TO_PROFESSIONALS, _WITHDRAWN_FROM_PROFESSIONALS, BSP_BUSINESS)


def _stops(exchanges: Sequence[Exchange], gives: On, withdraws: On, business: On) -> Iterator[Finding | Examined]:
    withdrawn = [e for e in exchanges if withdraws(e) and ("agenda", "lecture") in finalities(e)]
    for found in halts(exchanges, "CONSENT_REQUIRED", gives, business=business):
        reads = about(found.refused) == ("agenda", "lecture")
        if not reads or not any(e.id < found.refused.id for e in withdrawn):
            continue
        yield from judged_calls([found], "aucune lecture de l'agenda après le retrait")
        given = next((e.id for e in exchanges if e.id > found.refused.id and _LETS_READ(e)), None)
        if any(READS(e) and DONE(e) and not business(e) for e in exchanges):
            continue
        for screen in filter(_SHOW, exchanges):
            if screen.id > found.refused.id and (given is None or screen.id < given):
                yield from _still_shown(screen, Authority.BANC if is_convention("AGD-035", found.refused) else None)


def _still_shown(screen: Exchange, authority: Authority | None) -> Iterator[Finding]:
    for at, event in shown_events(screen):
        if event.get("origine") in ("usager", "autre"):
            expected, seen = "plus aucun événement venu d'ailleurs", shown(event.get("intitule"))
            yield Finding(at, expected, seen, exchange=screen.id, level=Level.SHOULD, authority=authority)


@rule(
    "AGD-036",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{CADRE}, rec. 1.1.10 ; axe 4.1, rec. 4.1.6",
    title="Rien n'est écrit dans l'agenda de l'usager avant son accord.",
    over="scenario",
)
def no_write_before_agreement(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Before the pairing there is no agreement. A paired product learns a missing consent by the 403 (MES-44)."""
    for call, paired in paired_calls(exchanges):
        if not MES_AGENDA_WRITES(call):
            continue
        if not paired:
            yield before_pairing(call)
        elif DONE(call):
            yield Examined(call.id)


@rule(
    "AGD-037",
    Level.SHALL,
    Authority.DEDUITE,
    f"{CADRE}, cas d'usage 1 (doublons)",
    title="Un événement reçu de Mon espace santé n'y est pas renvoyé.",
    over="person",
)
def no_echo(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A rendez-vous typed in the product is its own, even when it looks like a foreign event."""
    for e, known in _made_after_reading(exchanges):
        if any(event.same_as(e.resource) for event in known):
            seen = shown(e.resource.get("description"))
            yield Finding("Appointment", "aucun renvoi d'un événement reçu", seen, exchange=e.id)
        else:
            yield Examined(e.id)


@rule(
    "AGD-038",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (doublons de plusieurs sources)",
    title="Un événement relayé garde son identifiant d'origine.",
    over="person",
)
def relayed_event_keeps_its_identifier(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e, known in _made_after_reading(exchanges):
        for event in (event for event in known if event.keys and event.same_as(e.resource)):
            if event.keeps_identifier(e.resource):
                yield Examined(e.id)
            else:
                expected, seen = shown(event.keys), shown(identifiers(e.json))
                yield Finding("Appointment.identifier", expected, seen, exchange=e.id)


def _made_after_reading(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, list[Foreign]]]:
    """Events that nobody typed in the product and that it makes in the agenda of the usager, with those seen before."""
    foreign = foreign_events(exchanges)
    own: set[Key] = {key for visit in visits(exchanges) for key in visit.keys}
    for e in filter(APPOINTMENTS & USAGER_AGENDA, exchanges):
        known = [event for event in foreign if event.exchange < e.id]
        made = APPOINTMENT_CREATES(e) or (APPOINTMENT_UPDATES(e) and dig(e.context, "stored", "created") is True)
        if known and made:
            yield e, [] if own & set(identifiers(e.json)) else known


@rule(
    "AGD-043",
    Level.SHALL,
    Authority.DEDUITE,
    f"{R4}, extensibility et required bindings",
    title="Un code inconnu dans une réponse n'empêche pas de montrer l'agenda.",
    on=APPOINTMENT_SEARCHES | _SYNCHRONISE | _SHOW,
    over="person",
)
def unknown_code_is_survived(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    met = False
    for e in exchanges:
        if APPOINTMENT_SEARCHES(e):
            met = met or (e.entry.get("fault") == "code_inconnu" and DONE(e))
        elif met and e.status == 200:
            yield Examined(e.id)
        elif met and e.status in (422, 500):
            expected = "l'agenda, malgré le code inconnu"
            yield Finding(e.operation.removeprefix("produit."), expected, f"statut {e.status}", exchange=e.id)


@rule(
    "AGD-044",
    Level.SHALL,
    Authority.DEDUITE,
    f"{R4}, type instant",
    title="Un événement est montré à l'heure locale juste, aussi de part et d'autre d'un changement d'heure.",
    over="scenario",
)
def shown_at_local_time(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Right in the zone of the product, or in that of the place where the rendez-vous was typed."""
    zone = PARIS
    places: dict[Key, str] = {key: visit.zone for visit in visits(exchanges) for key in visit.keys}
    for e in exchanges:
        if action("configurer")(e):
            zone = text(e.resource.get("fuseau")) or PARIS
        for at, event in shown_events(e) if (_SHOW | _TO_PROFESSIONALS)(e) else ():
            instant, seen = parse_instant(event.get("debut")), text(event.get("debut_affiche"))
            held = (text(dig(event, "identifiant", "system")), text(dig(event, "identifiant", "value")))
            right = [local_text(instant, z) for z in (zone, places.get(held, zone))] if instant else []
            if not instant or not seen or not right[0]:
                continue
            if seen in right:
                yield Examined(e.id)
            else:
                yield Finding(f"{at}.debut_affiche", right[-1], shown(seen), exchange=e.id)
