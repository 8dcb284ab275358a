"""Searches of a third-party agenda: slots of a professional (4a), events in which somebody takes part (4b)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import request

from reference import clock
from reference.planning.events import Event, Mention
from reference.planning.participants import actors, national, professionals_of
from reference.planning.slots import Period
from reference.professionals import Professional
from reference.records import RendezVous, Usager
from reference.server import agenda_resources as resources
from reference.server.agenda_bundles import page, searchset
from reference.server.agenda_query import Query, Token, matches, read
from reference.server.fhir import FhirError
from reference.web.session import product

Resource = dict[str, Any]

PRACTITIONER = ("practitioner.identifier", "actor:Practitioner.identifier")
PATIENT = ("patient.identifier", "actor:Patient.identifier")
OF_SLOTS = "schedule.actor:Practitioner.identifier"
INCLUDES = ("_include", "_include:iterate")
_SLOTS = frozenset({OF_SLOTS, "schedule", "start", "status", "_count", *INCLUDES})
_APPOINTMENTS = frozenset({*PRACTITIONER, *PATIENT, "identifier", "date", "status", "_count", *INCLUDES})


def query(raw: bytes) -> Query:
    """The parameters of a raw query."""
    if b"+" in raw and product().defects.has("tiers_plus_decale"):
        raw = re.sub(rb"\+\d\d:\d\d", b"Z", raw)
    return read(raw, clock.zone(product().settings.fuseau))


def slots() -> Resource:
    """Slots whose start is in the window, of the professionals asked for."""
    asked = query(request.query_string)
    window, statuses = _window(asked, "start"), asked.codes("status")
    offered: dict[str, tuple[Professional, Period, str]] = {}
    for account in _accounts(asked):
        for period, status in product().agendas.slots(account, window):
            offered[resources.slot_id(account.id, period)] = (account, period, status)
    wanted = {key for key, (_, _, status) in offered.items() if not statuses or status in statuses}
    shown, last = page(list(offered), wanted, asked)
    found = [offered[key] for key in shown]
    matched = [resources.slot(who, when, status, product().agendas.zone(who)) for who, when, status in found]
    included = _around_slots((who for who, _, _ in found), asked)
    return searchset(matched, included, len(wanted), _SLOTS, asked, last)


def appointments() -> Resource:
    """Events of the professional, of the usager or of the identifier asked for."""
    asked = query(request.query_string)
    within = _dates(asked)
    candidates = dict(_candidates(asked, within))
    known = {id_: event(id_) for id_, near in candidates.items() if near}
    wanted = {id_ for id_, resource in known.items() if _fits(resource, asked, within) and not _hidden(id_)}
    shown, last = page(list(candidates), wanted, asked)
    matched = [known[id_] for id_ in shown]
    included = _around_events(matched, asked)
    return searchset(matched, included, len(wanted), _APPOINTMENTS, asked, last)


def event(id_: str) -> Resource:
    """An event as it is shown, whoever made it. Raises FhirError 404."""
    found = product().diary.event(id_)
    if isinstance(found, Event):
        return resources.received(found)
    if isinstance(found, RendezVous):
        number = f"8{(found.professional or {}).get('rpps', '')}"
        account = product().professionals.by_national_id(number)
        shown = resources.typed(found, product().people.usager(found.usager), account)
        hides = found.status == "cancelled" and product().defects.has("tiers_annulation_cachee")
        return {**shown, "status": "booked"} if hides else shown
    raise FhirError(404, "not-found", "Cet événement n'existe pas.")


def _window(asked: Query, name: str) -> tuple[datetime, datetime]:
    """First and last instant asked for; a defective product reads universal time as its own, or forgets the end."""
    if product().defects.has("tiers_fenetre_en_heure_locale"):
        kept = [(key, value[:21] if key == name and value.endswith("Z") else value) for key, value in asked.pairs]
        return Query(kept, asked.zone).window(name)
    low, high = asked.window(name)
    return (low, low + timedelta(days=1)) if product().defects.has("tiers_fenetre_sans_fin") else (low, high)


def _dates(asked: Query) -> Period | None:
    """First and last instant of the events asked for; None for any."""
    if not asked.values("date") or product().defects.has("tiers_date_ignoree"):
        return None
    return _window(asked, "date")


def _accounts(asked: Query) -> Iterator[Professional]:
    """Professionals whose slots are asked for: by national identifier, or by their agenda."""
    tokens, schedules = asked.tokens(OF_SLOTS), asked.values("schedule")
    if not tokens and not schedules:
        raise FhirError(400, "required", f"Le paramètre {OF_SLOTS} ou schedule est nécessaire.", at=OF_SLOTS)
    numbers = {_number(token) for token in tokens}
    ids = {one.rpartition("Schedule/")[2] for value in schedules for one in value.split(",")}
    before = False
    for account in product().store.all(Professional):
        by_number = not tokens or account.identifiant_national in numbers
        right = by_number and (not schedules or account.id in ids)
        if right or (before and product().defects.has("tiers_collegue_rendu")):
            yield account
        before = right


def _number(token: Token) -> str:
    return token[1] if token[0] is None else national(token[0], token[1])


def _candidates(asked: Query, within: Period | None) -> Iterator[tuple[str, bool]]:
    """Events to look at, in the order in which they came; False for those that are known to begin at another time."""
    diary, professionals = product().diary, asked.tokens(*PRACTITIONER)
    if professionals:
        for token in professionals:
            mentions = diary.mentions(f"pro {_number(token)}")
            yield from ((mention.event, _begins(mention, within)) for mention in mentions)
            if product().defects.has("tiers_usagers_entiers"):
                yield from ((one, True) for one in _of_their_usagers(mention.event for mention in mentions))
    elif tokens := asked.tokens("identifier"):
        for token in tokens:
            yield from ((one, True) for one in diary.bearing(token))
    elif patients := asked.tokens(*PATIENT):
        yield from ((one, True) for one in _of_patients(patients))
    else:
        raise FhirError(400, "required", "La recherche désigne un professionnel, un usager ou un événement.")


def _begins(mention: Mention, within: Period | None) -> bool:
    return within is None or within[0].timestamp() <= mention.start <= within[1].timestamp()


def _of_their_usagers(events: Iterable[str]) -> Iterator[str]:
    """All that the usagers of these events do, with whomever: only a defect asks."""
    for event_ in events:
        if isinstance(found := product().diary.event(event_), RendezVous):
            yield from (one.id for one in product().store.all(RendezVous, found.usager))


def _of_patients(patients: Iterable[Token]) -> Iterator[str]:
    for token in () if product().defects.has("tiers_ins_inconnu") else patients:
        for usager in product().store.all(Usager):
            if usager.ins and matches(token, [resources.ins_of(usager)]):
                yield from (one.id for one in product().store.all(RendezVous, usager.id))
        yield from (mention.event for mention in product().diary.mentions(f"usager {token[0] or ''}|{token[1]}"))


def _fits(resource: Resource, asked: Query, within: Period | None) -> bool:
    """Whether an event is one of those asked for: all criteria together, each with its list of choices."""
    named = [(one.get("system", ""), str(one.get("value"))) for one in resource.get("identifier", ())]
    people = list(actors(resource, "Patient"))
    statuses = asked.codes("status")
    start = clock.parsed(resource.get("start"), "UTC")
    if statuses and resource["status"] not in statuses and not product().defects.has("tiers_statut_ignore"):
        return False
    if within and (start is None or not within[0] <= start <= within[1]):
        return False
    own = _any(asked.tokens("identifier"), named) and _any(asked.tokens(*PATIENT), people)
    numbers = {_number(token) for token in asked.tokens(*PRACTITIONER)}
    ignored = product().defects.has("tiers_usagers_entiers")
    return own and (not numbers or ignored or bool(numbers & professionals_of(resource)))


def _hidden(id_: str) -> bool:
    """What a defective product does not tell: its own appointments, or those that it received."""
    received = id_.startswith("evt-")
    return product().defects.has("tiers_evenements_recus_non_rendus" if received else "tiers_rendez_vous_non_rendus")


def _any(tokens: Iterable[Token], identifiers: Iterable[Token]) -> bool:
    wanted, held = list(tokens), list(identifiers)
    return not wanted or any(matches(token, held) for token in wanted)


def _around_slots(accounts: Iterable[Professional], asked: Query) -> Iterator[Resource]:
    """What was asked for with the slots: Schedule:actor without `:iterate`, as the guide prints it, is meant too."""
    first, then = (frozenset(asked.values(name)) for name in INCLUDES)
    for account in {account.id: account for account in accounts}.values():
        if "Slot:schedule" in first | then:
            yield resources.schedule(account)
            if "Schedule:actor" in first | then and not product().defects.has("tiers_inclusion_sans_suite"):
                yield resources.practitioner(account)
                yield resources.role(account)


def _around_events(events: Iterable[Resource], asked: Query) -> Iterator[Resource]:
    if "Appointment:actor" not in asked.values(*INCLUDES):
        return
    for number in sorted({number for one in events for number in professionals_of(one)}):
        account = product().professionals.by_national_id(number)
        if account is not None:
            yield resources.practitioner(account)
            yield resources.role(account)
