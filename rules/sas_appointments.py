"""INT_R03: identifier, regulator, practitioner and status of the appointments told to the SAS platform."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import R4
from rules.mes_agenda import incomplete_identifiers
from rules.reading import dig, objects, shown, text
from rules.sas_booked import (
    CREATES,
    FLOW,
    UPDATES,
    WRITES,
    Booked,
    bookings,
    judged,
    names_of,
    operators,
    variant,
)
from rules.sas_regulator_calls import CODES, NATIONAL, type_codes
from rules.selectors import DONE, SPOILED
from rules.visits import Key, identifiers
from rules.windows import during

STATUSES = ("booked", "fulfilled", "noshow", "cancelled")
_EFFECTOR = re.compile(r"8\d{11}|0\d{9}")


@rule(
    "AGD-085",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FLOW}, FrAppointmentSAS ; {R4}, search.html",
    title="Un rendez-vous du SAS garde un seul identifiant : un POST, puis des PUT sur celui-ci.",
    over="scenario",
)
def one_identifier_for_ever(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """After an answer that was lost, or spoilt by the bench, nobody knows whether the platform has it: a second POST
    is not held against the product. The page of the guide spells the parameter with a capital: advice."""
    changed = {e.id: key for one in bookings(exchanges) for e, key in _renamed(one, exchanges)}
    held: set[Key] = set()
    posted: set[Key] = set()
    for write in filter(WRITES, exchanges):
        found = [*_counted(write), *_addressed(write)]
        keys = set(identifiers(write.json))
        if write.id in changed:
            found.append(Finding("Appointment.identifier", shown("|".join(changed[write.id])), shown(sorted(keys))))
        if CREATES(write) and keys & held:
            found.append(Finding("méthode", "PUT Appointment?identifier=", "un second POST"))
        elif UPDATES(write) and dig(write.context, "stored", "created") is True and not keys & posted:
            found.append(Finding("méthode", "POST", "PUT d'un rendez-vous nouveau", authority=Authority.BANC))
        yield from judged(write, found)
        posted |= keys if CREATES(write) else set()
        held |= keys if DONE(write) and not SPOILED(write) else set()


def _counted(write: Exchange) -> Iterator[Finding]:
    for at, seen in incomplete_identifiers(write):
        yield Finding(at, "un système et une valeur", seen)
    many = list(objects(write.resource.get("identifier")))
    if len(many) > 1:
        yield Finding("Appointment.identifier", "un seul identifiant", f"{len(many)} identifiants")


def _addressed(write: Exchange) -> Iterator[Finding]:
    if not UPDATES(write):
        return
    # A token without its system is one of R4, and the page of the guide says [ID].
    own = identifiers(write.json)
    held = {"|".join(key) for key in own} | {value for _, value in own}
    for name, value in write.query:
        if name == "Identifier":
            yield Finding("adresse", "identifier", name, level=Level.SHOULD)
        if name.lower() == "identifier" and value not in held:
            yield Finding("adresse", shown(", ".join(sorted(held))), shown(value))
    if not any(name.lower() == "identifier" for name, _ in write.query):
        yield Finding("adresse", "Appointment?identifier=système|valeur", shown(write.path))


def _renamed(booked: Booked, exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Key]]:
    """Writes made while this booking was followed, which carry an identifier of no booking, and not its own one."""
    known = {key for one in bookings(exchanges) for key in one.keys}
    for stage in booked.stages[1:]:
        for write in filter(WRITES, during(stage.action, exchanges)):
            keys = set(identifiers(write.json))
            if keys and not keys & known and booked.keys:
                yield write, min(booked.keys)


@rule(
    "AGD-086",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FLOW}, FrAppointmentSAS, appointmentOperator et participant",
    title="Le rendez-vous nomme le régulateur par l'identifiant reçu de la plateforme, et le praticien par son numéro.",
    over="scenario",
)
def regulator_and_practitioner_are_named(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    owners = {key: one for one in bookings(exchanges) for key in one.keys}
    for write in filter(WRITES, exchanges):
        booked = next((owners[key] for key in identifiers(write.json) if key in owners), None)
        names = names_of(booked, exchanges) if booked else set()
        yield from judged(write, [*_operator(write, names), *_effectors(write)])


def _operator(write: Exchange, names: set[Key]) -> Iterator[Finding]:
    at = "Appointment.extension[appointmentOperator]"
    named = operators(write.resource)
    if len(named) != 1:
        yield Finding(at, "un régulateur", f"{len(named)}")
    for identifier in named:
        key = (text(identifier.get("system")), text(identifier.get("value")))
        yield from _typed(f"{at}.valueReference.identifier", identifier)
        stranger = "regulateur" in write.context and write.context["regulateur"] is None
        if (names and key not in names) or (not names and stranger):
            expected = shown(" ou ".join("|".join(name) for name in sorted(names))) if names else "un régulateur connu"
            yield Finding(f"{at}.valueReference.identifier", expected, shown("|".join(key)))


def _typed(at: str, identifier: Mapping[str, Any]) -> Iterator[Finding]:
    wanted, seen = CODES.get(text(identifier.get("system"))), type_codes(identifier)
    if wanted is None:
        yield Finding(f"{at}.system", " ou ".join(CODES), shown(identifier.get("system")))
    elif wanted not in seen:
        yield Finding(f"{at}.type", wanted, shown(", ".join(seen)))


def _effectors(write: Exchange) -> Iterator[Finding]:
    for place, participant in objects(write.resource.get("participant")):
        identifier = dig(participant, "actor", "identifier")
        at = f"Appointment.participant[{place}].actor.identifier"
        if variant(write) == "sos" and not isinstance(identifier, Mapping):
            continue
        system, value = text(dig(identifier, "system")), text(dig(identifier, "value"))
        if system != NATIONAL:
            yield Finding(f"{at}.system", NATIONAL, shown(system))
        elif not _EFFECTOR.fullmatch(value):
            yield Finding(f"{at}.value", "8 et le RPPS, ou 0 et l'ADELI", shown(value))
        if isinstance(identifier, Mapping) and system == NATIONAL and "IDNPS" not in type_codes(identifier):
            yield Finding(f"{at}.type", "IDNPS", shown(", ".join(type_codes(identifier))))


@rule(
    "AGD-087",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FLOW}, statuts ; FrAppointmentSAS, start et end 1..1",
    title="Le rendez-vous du SAS a un statut du flux, un début et une fin, même annulé.",
    on=WRITES,
)
def status_and_times(write: Exchange) -> Iterator[Finding]:
    used = ("pending", *STATUSES) if variant(write) == "sos" else STATUSES
    status = write.resource.get("status")
    if status not in used:
        yield Finding("Appointment.status", ", ".join(used), shown(status))
    for name in ("start", "end"):
        if write.resource.get(name) is None:
            yield Finding(f"Appointment.{name}", "un instant", "rien")
