"""The block of appointments between professionals, as rules read it. No text specifies it: all of it is inferred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.reading import dig, objects, text
from rules.selectors import DONE, On, http
from rules.served import served

DE1 = "Cadre d'urbanisation v1.0, DE1 §1.2.4 cas 4 et 4', §1.2.5 flux D et D'"
IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
_APPOINTMENT = On(lambda e: e.resource.get("resourceType") == "Appointment")
ASKS = http("rdv.fhir.appointment.create") & _APPOINTMENT
ANSWERS = http("rdv.fhir.appointment.update") & _APPOINTMENT
WRITES = ASKS | ANSWERS
PUBLISHES = http("rdv.fhir.schedule.create", "rdv.fhir.schedule.update")
PUSHES = served("rdv.appointment.update") & _APPOINTMENT
REPLIES = On(lambda e: e.protocol == "acte" and e.operation == "rdv.professionnel.repond")
WRITTEN_IN_MES = On(lambda e: e.protocol == "acte" and e.operation == "rdv.bloc.agenda_mes_ecrit")
Period = tuple[datetime, datetime]


def professionals(resource: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Place, type and national identifier of each participant who is a professional and can be named."""
    for place, participant in objects(resource.get("participant")):
        found = _named(resource, participant.get("actor"))
        if found:
            yield place, *found


def _named(resource: Mapping[str, Any], actor: Any) -> tuple[str, str] | None:
    held = {f"#{text(one.get('id'))}": one for _, one in objects(resource.get("contained"))}
    target = held.get(text(dig(actor, "reference")), {})
    kind = text(dig(actor, "type")) or text(target.get("resourceType"))
    person = held.get(text(dig(target, "practitioner", "reference")), {})
    named = [dig(actor, "identifier"), dig(target, "practitioner", "identifier")]
    for holder in (target, person):
        named += [one for _, one in objects(holder.get("identifier"))]
    number = next((text(dig(one, "value")) for one in named if dig(one, "system") == IDNPS), "")
    return (kind, number) if number else None


def keys(resource: Mapping[str, Any]) -> set[tuple[str, str]]:
    """System and value of each identifier that has both."""
    found = {(text(one.get("system")), text(one.get("value"))) for _, one in objects(resource.get("identifier"))}
    return {pair for pair in found if all(pair)}


def period(resource: Mapping[str, Any]) -> Period | None:
    """When an appointment is held, None when it does not say."""
    start, end = parse_instant(resource.get("start")), parse_instant(resource.get("end"))
    return None if start is None or end is None else (start, end)


def same_meeting(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two appointments are the same meeting: an identifier in common, or the same time and title."""
    if keys(one) & keys(other):
        return True
    when, title = parse_instant(one.get("start")), text(one.get("description"))
    return bool(title) and title == other.get("description") and when == parse_instant(other.get("start")) is not None


def overlap(one: Period, other: Period) -> bool:
    """Whether two half-open periods have time in common."""
    return one[0] < other[1] and other[0] < one[1]


@dataclass
class Meetings:
    """The meetings that the product asked for, by id at the block: under discussion, or concluded."""

    open: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    concluded: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def follow(self, e: Exchange) -> None:
        """Take in what an exchange changes."""
        if WRITES(e) and DONE(e):
            self._is(text(dig(e.context, "stored", "id")), status_kept(e), e.resource)
        elif REPLIES(e):
            id_ = text(e.resource.get("rendez_vous"))
            self._is(id_, text(e.resource.get("statut")), self.open.get(id_) or self.concluded.get(id_))

    def _is(self, id_: str, status: str, resource: Mapping[str, Any] | None) -> None:
        if resource is None:
            return
        self.open.pop(id_, None)
        if status in ("proposed", "pending"):
            self.open[id_] = resource
        elif status == "booked":
            self.concluded[id_] = resource


def status_kept(exchange: Exchange) -> str:
    """Status of the appointment in the block after a write."""
    return text(dig(exchange.context, "rendez_vous_pro", "statut")) or text(exchange.answer_resource.get("status"))
