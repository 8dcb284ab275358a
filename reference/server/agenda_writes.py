"""Events that a third-party agenda makes, changes and cancels here: conditions, conflicts, one winner."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from reference.planning.diary import FREEING
from reference.planning.events import Event
from reference.planning.participants import professionals_of
from reference.professionals import Professional
from reference.records import RendezVous
from reference.server import agenda_checks as checks
from reference.server.agenda_query import Query, Token, matches
from reference.server.agenda_resources import etag, received, slot_named
from reference.server.fhir import FhirError

if TYPE_CHECKING:
    from reference.product import Product

Resource = Mapping[str, Any]
Known = Event | RendezVous

TURN = "agenda-tiers"
"""Name of the lock of all writes: what is looked at does not change before it is written."""


class Writer:
    """One write. Raises FhirError for what is refused, and nothing is kept then."""

    def __init__(self, product: Product) -> None:
        self._product, self._diary, self._has = product, product.diary, product.defects.has

    def create(self, resource: Resource, condition: Token | None) -> tuple[str, bool]:
        """Id of a new event, and True; of the one that meets the condition (If-None-Exist), and False."""
        with self._turn():
            same = [] if condition is None else self._mine(condition)
            if len(same) > 1:
                raise _several()
            if same:
                return same[0].id, False
            self._accept(resource, None)
            if not self._has("tiers_doublons_acceptes") and not self._has("tiers_premier_de_plusieurs"):
                self._refuse_known(resource)
            return self._receive(resource), True

    def update(self, resource: Resource, query: Query, if_match: str) -> tuple[str, bool]:
        """Conditional update (6b): the event that bears the identifier of the query, made when there is none."""
        tokens = query.tokens("identifier")
        token = tokens[0] if len(tokens) == 1 else None
        if token is None or not token[0]:
            raise FhirError(400, "required", "La condition donne système et valeur.", at="identifier")
        with self._turn():
            found = self._mine(token)
            if len(found) > 1 and not self._has("tiers_premier_de_plusieurs"):
                raise _several()
            if found and not self._again(found[0], resource):
                return self._change(found[0], resource, if_match).id, False
            if "id" in resource:
                raise FhirError(400, "invalid", "Le produit choisit lui-même ses identifiants.", at="Appointment.id")
            if not matches(token, _identifiers(resource)):
                says = "L'événement ne porte pas l'identifiant demandé."
                raise FhirError(422, "business-rule", says, at="identifier")
            if resource.get("status") == "proposed" and self._has("tiers_mise_a_jour_sans_creation"):
                raise FhirError(404, "not-found", "Aucun événement ne porte cet identifiant.")
            self._accept(resource, None)
            return self._receive(resource), True

    def update_named(self, event_id: str, resource: Resource, if_match: str) -> str:
        """Update of the event of that id."""
        with self._turn():
            found = self._diary.event(event_id)
            if found is None:
                raise FhirError(404, "not-found", "Cet événement n'existe pas.")
            if resource.get("id") != event_id:
                raise FhirError(400, "invalid", "L'adresse et la ressource nomment deux événements.", at="id")
            return self._change(found, resource, if_match).id

    def _receive(self, resource: Resource) -> str:
        """Id of a new event."""
        event = self._diary.receive(_content(resource))
        if self._has("tiers_evenement_pour_tous"):
            for account in self._product.store.all(Professional):
                self._diary.lend(event, account.identifiant_national)
        return event.id

    def _again(self, known: Known, resource: Resource) -> bool:
        """Whether this is taken for a new event although nothing of it is new: only by a defective product."""
        same = isinstance(known, Event) and known.resource == _content(resource)
        return same and self._has("tiers_envoi_repete_double")

    def _turn(self) -> Any:
        careless = self._product.defects.has("agenda_sans_tour")
        return nullcontext() if careless else self._product.store.turn(TURN)

    def _change(self, known: Known, resource: Resource, if_match: str) -> Event:
        if isinstance(known, RendezVous):
            raise FhirError(403, "forbidden", "Cet événement vient du DUI : il s'y modifie.")
        if "id" in resource and resource["id"] != known.id:
            raise FhirError(400, "invalid", "La condition et la ressource nomment deux événements.", at="id")
        if if_match and if_match != etag(received(known)) and not self._has("tiers_version_ignoree"):
            raise FhirError(412, "conflict", "L'événement a changé depuis cette version.")
        self._accept(resource, known)
        return self._diary.replace(known, _content(resource))

    def _accept(self, resource: Resource, before: Event | None) -> None:
        """Go on only with what can be kept."""
        if not self._has("tiers_ressource_invalide_acceptee"):
            checks.check(resource, lenient_times=self._has("tiers_heure_sans_decalage_acceptee"))
        if before is not None:
            checks.check_follows(before.resource, resource)
        known = {number for number in professionals_of(resource) if self._product.professionals.by_national_id(number)}
        if not known and not self._has("tiers_ressource_invalide_acceptee"):
            says = "Aucun participant n'est un professionnel de l'établissement."
            raise FhirError(422, "business-rule", says, at="Appointment.participant")
        self._refuse_unknown_slots(resource)
        self._refuse_conflict(resource, known, before)
        if self._product.defects.has("agenda_sans_tour"):
            time.sleep(0.05)  # what was just looked at has time to change

    def _refuse_unknown_slots(self, resource: Resource) -> None:
        for reference in resource.get("slot", ()):
            named = slot_named(str(reference.get("reference", "")).rpartition("Slot/")[2])
            wanted = checks.period(resource)
            if named is None or not self._product.agendas.offers(*named):
                raise FhirError(422, "business-rule", "Ce créneau n'existe pas.", at="Appointment.slot")
            if wanted is None or wanted[0] < named[1][0] or named[1][1] < wanted[1]:
                raise FhirError(422, "business-rule", "L'événement sort de son créneau.", at="Appointment.start")

    def _refuse_conflict(self, resource: Resource, known: Iterable[str], before: Event | None) -> None:
        """Of two bookings of the same time of a professional, the first one stays.

        An event that names no slot takes place whether we like it or not: it is kept, and makes her busy.
        """
        wanted = checks.period(resource)
        booking = bool(resource.get("slot")) and resource.get("status") not in FREEING
        if wanted is None or not booking or self._has("tiers_double_reservation"):
            return
        for number in known:
            for taken in self._diary.taken(number, wanted):
                own = before is not None and taken.event == before.id
                if not own and wanted[0] < taken.period[1] and taken.period[0] < wanted[1]:
                    raise FhirError(409, "conflict", "Ce créneau est déjà pris.", at="Appointment.slot")

    def _refuse_known(self, resource: Resource) -> None:
        for identifier in _identifiers(resource):
            if self._mine(identifier):
                raise FhirError(409, "duplicate", "Un événement porte déjà cet identifiant.", at="identifier")

    def _mine(self, token: Token) -> list[Known]:
        """Events that bear this identifier."""
        system = None if self._has("tiers_systeme_ignore") else token[0] or ""
        found = self._diary.bearing((system, token[1]))
        events = (self._diary.event(event_id) for event_id in found)
        return [event for event in events if event is not None]


def _content(resource: Resource) -> dict[str, Any]:
    """What is kept: id and version are ours."""
    meta = {name: value for name, value in resource.get("meta", {}).items() if name not in ("versionId", "lastUpdated")}
    kept = {name: value for name, value in resource.items() if name not in ("id", "meta")}
    return {**kept, "meta": meta} if meta else kept


def _identifiers(resource: Resource) -> list[Token]:
    return [(one.get("system", ""), str(one.get("value"))) for one in resource.get("identifier", ())]


def _several() -> FhirError:
    return FhirError(412, "multiple-matches", "Plusieurs événements portent cet identifiant.")
