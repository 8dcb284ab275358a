"""What comes of appointments between professionals: AGD-047, RDV-001, RDV-004, RDV-005, RDV-007."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.instants import parse_instant, wall_clock
from rules.rdv import (
    ASKS,
    DE1,
    PUBLISHES,
    PUSHES,
    REPLIES,
    WRITES,
    Meetings,
    Period,
    keys,
    overlap,
    period,
    professionals,
    same_meeting,
)
from rules.reading import dig, objects, shown, text
from rules.selectors import DONE, MES_AGENDA_WRITES, action
from rules.served import ANSWERED

_SHOWS = action("lire_rendez_vous_pro")
_TYPES = action("creer_rendez_vous")
_CHANGES = action("annuler_rendez_vous", "deplacer_rendez_vous")
_AVAILABILITY = "fr-core-schedule-availability-time"
_SAID = {"accepter": "acceptee", "refuser": "refusee", "proposer": "autre_horaire"}
_STATES = {"proposed": "demande", "pending": "en_attente", "booked": "conclu", "cancelled": "annule"}


@rule(
    "AGD-047",
    Level.SHALL,
    Authority.DEDUITE,
    DE1,
    title="Le rendez-vous conclu entre dans l'agenda de chaque professionnel ; c'est le bloc qui l'écrit dans MES.",
    over="scenario",
)
def final_appointment_is_taken(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """An agenda that cannot be reached proves nothing; one that answers an error has refused."""
    meetings = Meetings()
    for e in exchanges:
        meetings.follow(e)
        if PUSHES(e) and ANSWERED(e):
            if DONE(e):
                yield Examined(e.id)
            else:
                yield Finding("réponse du produit", "200 ou 201", str(e.status), exchange=e.id)
        elif MES_AGENDA_WRITES(e) and any(same_meeting(e.resource, known) for known in meetings.concluded.values()):
            at, expected = "Appointment.identifier", "aucun événement : le bloc l'écrit lui-même"
            yield Finding(at, expected, shown(e.resource.get("description")), exchange=e.id)


@rule(
    "RDV-005",
    Level.SHALL,
    Authority.DEDUITE,
    DE1,
    title="Rien n'est écrit dans l'agenda de l'usager avant que tous les professionnels aient accepté.",
    over="scenario",
)
def nothing_in_mes_before(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    meetings = Meetings()
    for e in exchanges:
        meetings.follow(e)
        if ASKS(e) and DONE(e):
            yield Examined(e.id)
        elif MES_AGENDA_WRITES(e) and any(same_meeting(e.resource, known) for known in meetings.open.values()):
            expected, seen = "aucun événement avant l'accord de tous", shown(e.resource.get("description"))
            yield Finding("Appointment", expected, seen, exchange=e.id)


@rule(
    "RDV-001",
    Level.SHALL,
    Authority.DEDUITE,
    DE1,
    title="Les disponibilités publiées sont à venir, et libres dans l'agenda du professionnel.",
    over="scenario",
)
def published_time_is_free(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged on plain periods only: a recurrence with its exceptions is for the block to unroll."""
    taken: dict[str, tuple[str, Period]] = {}
    for e in exchanges:
        if _TYPES(e) and e.status == 200:
            taken |= dict(_typed(e))
        elif _CHANGES(e):
            taken.pop(text(e.resource.get("rendez_vous")), None)
        elif PUSHES(e) and DONE(e):
            taken |= _pushed(e, taken)
        elif PUBLISHES(e) and DONE(e):
            whose = set(dig(e.context, "agenda", "professionnels") or ())
            busy = [when for number, when in taken.values() if number in whose]
            found: list[Finding | Examined] = list(_not_free(e, busy))
            yield from found or [Examined(e.id)]


def _typed(e: Exchange) -> Iterator[tuple[str, tuple[str, Period]]]:
    rpps, minutes = text(dig(e.resource, "professionnel", "rpps")), e.resource.get("duree_minutes", 30)
    starts = wall_clock(e.resource.get("debut"), text(e.resource.get("fuseau")) or "Europe/Paris")
    if rpps and len(starts) == 1 and isinstance(minutes, int) and 0 < minutes < 1440:
        when = (starts[0], starts[0] + timedelta(minutes=minutes))
        yield text(dig(e.answer_json, "rendez_vous")), (f"8{rpps}", when)


def _pushed(e: Exchange, taken: Mapping[str, tuple[str, Period]]) -> dict[str, tuple[str, Period]]:
    """What the block has written in the agendas of the product; a cancelled meeting takes no time."""
    when, name = period(e.resource), "|".join(sorted("|".join(key) for key in keys(e.resource)))
    numbers = {number for _, _, number in professionals(e.resource)}
    held = e.resource.get("status") == "booked" and when is not None
    return {
        f"{name}#{number}": (number if held else "", when or (e.instant, e.instant))
        for number in numbers
        if held or f"{name}#{number}" in taken
    }


def _not_free(e: Exchange, busy: Sequence[Period]) -> Iterator[Finding]:
    for place, extension in objects(e.resource.get("extension")):
        parts = {text(part.get("url")): part for _, part in objects(extension.get("extension"))}
        if not text(extension.get("url")).endswith(_AVAILABILITY) or "rrule" in parts:
            continue
        if dig(parts.get("type"), "valueCoding", "code") != "free":
            continue
        start, end = (parse_instant(dig(parts.get(name), "valueDateTime")) for name in ("start", "end"))
        at = f"Schedule.extension[{place}]"
        if start is None or end is None:
            continue
        if end <= e.instant:
            yield Finding(f"{at}.end", "une période à venir", end.isoformat(), exchange=e.id)
        for when in busy:
            if overlap((start, end), when):
                said = f"{start.isoformat()} à {end.isoformat()}, pris à {when[0].isoformat()}"
                yield Finding(at, "un temps libre", said, exchange=e.id)


@rule(
    "RDV-004",
    Level.SHALL,
    Authority.DEDUITE,
    DE1,
    title="Le produit montre l'acceptation, le refus, l'annulation ou l'autre horaire qu'un autre a donné.",
    over="scenario",
)
def answers_of_others_are_shown(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged when nothing was written since, and when one meeting only is shown with that professional."""
    said: Exchange | None = None
    for e in exchanges:
        if REPLIES(e):
            said = e
        elif WRITES(e):
            said = None
        elif _SHOWS(e) and e.status == 200 and said is not None:
            found = [(place, one) for place, one in _meetings(e) if _answer_of(one, said) is not None]
            if len(found) == 1:
                wrong: list[Finding | Examined] = list(_not_shown(e, *found[0], said))
                yield from wrong or [Examined(e.id)]


def _meetings(e: Exchange) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield from objects(dig(e.answer_json, "rendez_vous"))


def _answer_of(meeting: Mapping[str, Any], said: Exchange) -> str | None:
    who = said.resource.get("professionnel")
    for _, one in objects(meeting.get("reponses")):
        if one.get("identifiant_national") == who:
            return text(one.get("reponse"))
    return None


def _not_shown(e: Exchange, place: int, meeting: Mapping[str, Any], said: Exchange) -> Iterator[Finding]:
    at, told = f"lire_rendez_vous_pro.rendez_vous[{place}]", said.resource
    reply, state = text(told.get("reponse")), _STATES.get(text(told.get("statut")))
    if reply in _SAID and _answer_of(meeting, said) != _SAID[reply]:
        yield Finding(f"{at}.reponses", _SAID[reply], shown(_answer_of(meeting, said)), exchange=e.id)
    if state is not None and meeting.get("statut") != state:
        yield Finding(f"{at}.statut", state, shown(meeting.get("statut")), exchange=e.id)
    if reply == "proposer" and parse_instant(meeting.get("debut")) != parse_instant(told.get("debut")):
        yield Finding(f"{at}.debut", shown(told.get("debut")), shown(meeting.get("debut")), exchange=e.id)


@rule(
    "RDV-007",
    Level.SHALL,
    Authority.DEDUITE,
    DE1,
    title="Un rendez-vous conclu est à l'agenda du professionnel ; annulé, il n'y est plus.",
    over="scenario",
)
def booked_is_in_the_agenda(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged on what the product has accepted from the block, when one meeting only is shown at that time."""
    last: dict[str, Exchange] = {}
    for e in exchanges:
        if PUSHES(e) and DONE(e):
            last |= {"|".join(key): e for key in keys(e.resource)}
        elif _SHOWS(e) and e.status == 200:
            for push in {push.id: push for push in last.values()}.values():
                yield from _in_agenda(e, push)


def _in_agenda(e: Exchange, push: Exchange) -> Iterator[Finding | Examined]:
    start, title = parse_instant(push.resource.get("start")), push.resource.get("description")
    found = [
        (place, one)
        for place, one in _meetings(e)
        if one.get("intitule") == title and parse_instant(one.get("debut")) == start is not None
    ]
    expected = push.resource.get("status") not in ("cancelled", "entered-in-error")
    if len(found) > 1 and expected:
        yield Finding("lire_rendez_vous_pro.rendez_vous", "un seul rendez-vous", f"{len(found)}", exchange=e.id)
    elif len(found) == 1 and found[0][1].get("a_l_agenda") is not expected:
        at = f"lire_rendez_vous_pro.rendez_vous[{found[0][0]}].a_l_agenda"
        yield Finding(at, "vrai" if expected else "faux", "faux" if expected else "vrai", exchange=e.id)
    elif len(found) == 1:
        yield Examined(e.id)
