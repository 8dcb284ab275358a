"""What regulators booked in the product (`reserver_creneau_sas`), what came of it, and what the platform was told.

A write belongs to a booking by its identifier; when the product gives none back, by its place: during the action.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from rules.core import Examined, Finding
from rules.exchange import Exchange
from rules.instants import PARIS, wall_clock
from rules.reading import dig, objects, text
from rules.sas_opened import OPENINGS
from rules.sas_regulator_calls import TOLD
from rules.sas_searches import SAS
from rules.selectors import DONE, On, action, http
from rules.visits import Key, identifiers
from rules.windows import during

SOS = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/sas-sos-appointment"
FLOW = f"{SAS}, INT_R03"
OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"
_APPOINTMENT = On(lambda e: e.resource.get("resourceType") == "Appointment")
CREATES = http("sas.fhir.appointment.create") & _APPOINTMENT
UPDATES = http("sas.fhir.appointment.update") & _APPOINTMENT
WRITES = CREATES | UPDATES
BOOKS = action("reserver_creneau_sas") & DONE
_FOLLOWS = (
    action("deplacer_rendez_vous", "annuler_rendez_vous", "constater_rendez_vous", "confirmer_rendez_vous") & DONE
)
_BECOMES = {"annuler_rendez_vous": "cancelled", "confirmer_rendez_vous": "booked"}
_OBSERVED = {"honore": "fulfilled", "non_honore": "noshow"}


@dataclass(frozen=True)
class Stage:
    """How an appointment stands after an action. status: empty when the product may choose. starts: instants that the
    typed time may mean, none when unknown. length: None when unknown.
    """

    action: Exchange
    status: str = ""
    starts: tuple[datetime, ...] = ()
    length: timedelta | None = None


@dataclass
class Booked:
    """One booking: the stages of its life, and the writes that carry it. zone: of the place."""

    id: str
    asked: Exchange
    zone: str
    stages: list[Stage]
    keys: set[Key]
    writes: list[Exchange] = field(default_factory=list)

    @property
    def regulator(self) -> Key:
        """By which identifier the regulator was named to the product."""
        given = self.asked.resource.get("regulateur")
        return text(dig(given, "system")), text(dig(given, "value"))

    @property
    def patient(self) -> Mapping[str, Any]:
        """What was typed of the patient."""
        found = self.asked.resource.get("patient")
        return found if isinstance(found, Mapping) else {}

    def stages_by(self, write: Exchange) -> list[Stage]:
        """The stages that a write may carry: those that began before it; a queue sends old ones later."""
        return [stage for stage in self.stages if _began(stage.action) < write.id]


@dataclass(frozen=True)
class _Offer:
    wall: str
    zone: str
    length: timedelta | None


def bookings(exchanges: Sequence[Exchange]) -> list[Booked]:
    """Every booking of a regulator that the product accepted in these exchanges."""
    offers: dict[str, _Offer] = {}
    found: dict[str, Booked] = {}
    for e in exchanges:
        if OPENINGS(e):
            offers |= _offers(e)
        elif BOOKS(e):
            made = _made(e, offers.get(text(e.resource.get("creneau"))), exchanges)
            found.setdefault(made.id, made)
        elif _FOLLOWS(e) and (known := found.get(text(e.resource.get("rendez_vous")))):
            known.stages.append(_next(known, e))
    for one in found.values():
        one.writes = [e for e in exchanges if WRITES(e) and one.keys & set(identifiers(e.json))]
    return list(found.values())


def names_of(booked: Booked, exchanges: Sequence[Exchange]) -> set[Key]:
    """Identifiers by which the regulator of a booking may be named: those of the last INT_R02 call about her before it
    was made, and of the last one of all; without any, the one that the product was given."""
    found = set()
    for until in (booked.asked.id, exchanges[-1].id):
        alias, last = {booked.regulator}, {booked.regulator}
        for call in filter(TOLD, exchanges):
            new = set(identifiers(call.json))
            asked = {tuple(value.split("|", 1)) for value in call.values("identifier")}
            if call.id < until and alias & (new | asked):
                alias, last = alias | new, new
        found |= last
    return {name for name in found if all(name)}


def judged(write: Exchange, found: Sequence[Finding]) -> Iterator[Finding | Examined]:
    """What a rule over several exchanges says of one of them: these findings, or that nothing is wrong."""
    if not found:
        yield Examined(write.id)
    for one in found:
        yield replace(one, exchange=write.id)


def variant(write: Exchange) -> str:
    """`sos` or `ps`: as the service read it, else by the profile that the appointment claims."""
    claimed = dig(write.resource, "meta", "profile")
    guess = "sos" if isinstance(claimed, list) and SOS in claimed else "ps"
    return text(write.context.get("variante")) or guess


def operators(resource: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Identifiers of the regulators that an appointment names, one for each extension (empty without identifier)."""
    found = [item for _, item in objects(resource.get("extension")) if item.get("url") == OPERATOR]
    named = [dig(item, "valueReference", "identifier") for item in found]
    return [one if isinstance(one, Mapping) else {} for one in named]


def _offers(opening: Exchange) -> dict[str, _Offer]:
    places = [place for _, place in objects(opening.resource.get("lieux"))]
    given = dig(opening.answer_json, "creneaux")
    ids = given if isinstance(given, list) else []
    found = {}
    for id_, (_, slot) in zip(ids, objects(opening.resource.get("creneaux")), strict=False):
        rank = slot.get("lieu")
        place: Mapping[str, Any] = places[rank] if isinstance(rank, int) and 0 <= rank < len(places) else {}
        zone = text(place.get("fuseau")) or PARIS
        found[text(id_)] = _Offer(text(slot.get("debut")), zone, _minutes(slot.get("duree_minutes")))
    return found


def _made(asked: Exchange, offer: _Offer | None, exchanges: Sequence[Exchange]) -> Booked:
    answer = asked.answer_json
    given = (text(dig(answer, "identifiant", "system")), text(dig(answer, "identifiant", "value")))
    near = {key for e in during(asked, exchanges) if WRITES(e) for key in identifiers(e.json)}
    zone = offer.zone if offer else PARIS
    stage = Stage(asked, "", wall_clock(offer.wall, zone) if offer else (), offer.length if offer else None)
    return Booked(text(dig(answer, "rendez_vous")), asked, zone, [stage], {given} if given[1] else near)


def _next(booked: Booked, done: Exchange) -> Stage:
    last, name, asked = booked.stages[-1], done.operation.removeprefix("produit."), done.resource
    if name == "deplacer_rendez_vous":
        starts = wall_clock(asked.get("debut"), booked.zone)
        return replace(last, action=done, starts=starts, length=_minutes(asked.get("duree_minutes")) or last.length)
    status = _BECOMES.get(name) or _OBSERVED.get(text(asked.get("constat")), "")
    return replace(last, action=done, status=status)


def _minutes(value: Any) -> timedelta | None:
    return timedelta(minutes=value) if isinstance(value, int) and 0 < value < 10_000 else None


def _began(asked: Exchange) -> int:
    """Id of the last exchange before an action began, nought when the journal does not say."""
    place = asked.context.get("apres")
    return place if isinstance(place, int) else 0
