"""INT_R03: when the SAS platform is told of an appointment, what it is never told, and what outages do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from rules.agenda_participants import kind
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import R4
from rules.identifiers import ins_in, is_ins, is_ins_system
from rules.instants import local_text, parse_instant
from rules.reading import objects, shown, strings, text
from rules.sas_booked import FLOW, WRITES, Booked, Stage, bookings, judged
from rules.selectors import DONE, UNCERTAIN
from rules.visits import identifiers

_TOLD = frozenset(("description", "comment", "patientInstruction", "text", "display", "div", "family", "given"))


@rule(
    "AGD-088",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, type instant ; {FLOW}",
    title="Le rendez-vous est annoncé à son heure, avec le décalage de sa date et de son lieu.",
    over="scenario",
)
def offset_is_that_of_the_day(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """`Z` and other offsets are right when the instant is. An earlier time of a booking that was moved may come later,
    from a queue."""
    for booked in bookings(exchanges):
        for write in booked.writes:
            stages = [stage for stage in booked.stages_by(write) if stage.starts]
            start, end = parse_instant(write.resource.get("start")), parse_instant(write.resource.get("end"))
            if start is None or end is None or not stages:
                continue
            if not any(start in stage.starts for stage in stages):
                yield _elsewhere(write, "start", [stage.starts[0] for stage in stages], booked.zone)
            elif not any(_ends(stage, start, end) for stage in stages):
                ends = [start + stage.length for stage in stages if stage.length is not None]
                yield _elsewhere(write, "end", ends, booked.zone)
            else:
                yield Examined(write.id)


def _elsewhere(write: Exchange, name: str, wanted: Sequence[datetime], zone: str) -> Finding:
    """The right hour of the clock with a wrong offset is what R4 forbids; that another hour is wrong is inferred."""
    seen, walls = text(write.resource.get(name)), [local_text(one, zone) for one in wanted]
    naive = parse_instant(f"{seen[:19]}Z")
    clock = naive is not None and local_text(naive, "UTC") in walls
    authority = None if clock else Authority.DEDUITE
    at, expected = f"Appointment.{name}", f"{walls[-1]} ({zone})"
    return Finding(at, expected, shown(seen), exchange=write.id, authority=authority)


def _ends(stage: Stage, start: datetime, end: datetime) -> bool:
    return stage.length is None or (start in stage.starts and end - start == stage.length)


@rule(
    "AGD-089",
    Level.SHALL,
    Authority.DEDUITE,
    f"{FLOW}, FrAppointmentSAS et sas-sos-appointment (aucun élément du patient)",
    title="Rien du patient ne part vers la plateforme du SAS : ni identité, ni INS.",
    over="scenario",
)
def nothing_of_the_patient(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    patients = [booked.patient for booked in bookings(exchanges)]
    for write in filter(WRITES, exchanges):
        found = [*_patients(write), *_ins(write)]
        found += [Finding(at, "rien du patient", seen) for one in patients for at, seen in told_of(write, one)]
        yield from judged(write, found)


def _patients(write: Exchange) -> Iterator[Finding]:
    for place, participant in objects(write.resource.get("participant")):
        if kind(write.resource, participant.get("actor")) in ("Patient", "RelatedPerson"):
            yield Finding(f"Appointment.participant[{place}].actor", "aucun patient", "un patient")
    for place, item in objects(write.resource.get("contained")):
        if item.get("resourceType") in ("Patient", "RelatedPerson"):
            yield Finding(f"Appointment.contained[{place}]", "aucun patient", "un patient")


def _ins(write: Exchange) -> Iterator[Finding]:
    places = [(f"Appointment.{at}", said) for at, said in strings(write.json)] + [("adresse", write.target)]
    for at, said in places:
        own = at.endswith(".value") and is_ins(said)
        if own or (at.endswith(".system") and is_ins_system(said)) or (not at.endswith(".value") and any(ins_in(said))):
            yield Finding(at, "aucun matricule INS", "un matricule INS")


def told_of(write: Exchange, patient: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where an appointment says the name of this patient, or her telephone. Both names are wanted: a professional may
    share one of them."""
    names = [text(patient.get(name)).strip() for name in ("nom", "prenom")]
    phone = re.sub(r"\D", "", text(patient.get("telephone")))[-9:]
    found = []
    for at, said in strings(write.json):
        last = re.sub(r"\[\d+\]$", "", at).rsplit(".", 1)[-1]
        if last in _TOLD and all(names) and all(_says(said, name) for name in names):
            found.append((f"Appointment.{at}", "le nom du patient"))
        if len(phone) == 9 and phone in re.sub(r"[\s.+()-]", "", said):
            found.append((f"Appointment.{at}", "le téléphone du patient"))
    return found


def _says(said: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", said.casefold()) is not None


@rule(
    "AGD-090",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (reprise après une panne)",
    title="Pendant une panne de la plateforme, les étapes sont gardées, puis annoncées dans l'ordre et sans doublon.",
    over="scenario",
)
def outages_lose_and_double_nothing(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged once the product was asked to resume (`reprendre_envois`), for bookings whose sending met an outage."""
    resumed = max((e.id for e in exchanges if e.operation == "produit.reprendre_envois" and DONE(e)), default=0)
    for booked in bookings(exchanges):
        lost = next((write for write in booked.writes if UNCERTAIN(write) and write.id < resumed), None)
        if lost is None:
            continue
        later = [write for write in exchanges if WRITES(write) and write.id > lost.id and _alike(lost, write, booked)]
        if not later:
            yield Finding("envoi", "un nouvel envoi", "aucun", exchange=lost.id)
            continue
        doubled = [w for w in later if not booked.keys & set(identifiers(w.json))]
        told = [w for w in booked.writes if DONE(w)]
        back = [w for before, w in pairwise(told) if _rank(booked, w) < _rank(booked, before)]
        for write in doubled:
            at, seen = "Appointment.identifier", shown(sorted(identifiers(write.json)))
            yield Finding(at, shown(sorted(booked.keys)), seen, exchange=write.id)
        for write in back:
            at, expected = "Appointment.status", "les étapes dans leur ordre"
            yield Finding(at, expected, shown(write.resource.get("status")), exchange=write.id)
        if not doubled and not back:
            yield Examined(later[-1].id)


def _alike(lost: Exchange, write: Exchange, booked: Booked) -> bool:
    """The booking again; under another identifier it is known by its times and its regulator."""
    same = all(lost.resource.get(name) == write.resource.get(name) for name in ("start", "end", "extension"))
    return bool(booked.keys & set(identifiers(write.json))) or same


def _rank(booked: Booked, write: Exchange) -> int:
    """Place, in the life of a booking, of the last stage that bears this status; nought for the first ones."""
    ranks = [rank for rank, stage in enumerate(booked.stages) if stage.status == write.resource.get("status")]
    return ranks[-1] if ranks else 0
