"""The agenda of Mon espace santé by the hands of a professional: what she asks of the DUI, what the person decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from harness.actors import appointments
from harness.actors.appointments import Appointment
from harness.actors.mes import Event
from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.actors.psc_api import EXCHANGE
from harness.actors.views import OTHER_SERVICE, ProductEvent
from harness.dates import asked, instant, whole_year
from harness.expectations import Agenda, expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.sandbox_client import TenantClient
    from harness.scene import Scene
    from rules import Exchange

DUI_AGENDA = "l'agenda du DUI"
HOSPITAL = {"finess": "000000035", "nom": "Hôpital fictif de la Rivière"}
WRITES = ("bsp.fhir.appointment.create", "bsp.fhir.appointment.update")
SEARCH = "bsp.fhir.appointment.search"
REFUSAL = "jeton_expire"


class BspActor:
    """The person in front of what professionals do with her agenda."""

    def __init__(self, tenant: TenantClient) -> None:
        self._tenant = tenant

    def consent(self, person: Person, *, given: bool) -> None:
        """She lets the structure of the product read her agenda, or takes that back."""
        self._act(person, "consentement_donne" if given else "consentement_retire")

    def oppose(self, person: Person) -> None:
        """She opposes that professionals feed her agenda."""
        self._act(person, "opposition")

    def answer_nothing(self) -> None:
        """From now on a search without consent finds no event, instead of being refused."""
        self._tenant.change_settings(bsp__sans_consentement="vide")

    def _act(self, person: Person, act: str) -> None:
        self._tenant.call("POST", f"/bsp/usagers/{person.id}/actes", {"acte": act})


@dataclass(frozen=True)
class Hands:
    """A professional at work in the DUI: each action goes with the session of her browser."""

    scene: Scene
    professional: Professional

    @property
    def session(self) -> Mapping[str, Any]:
        """Her session. Raises ServiceNotClaimed without the section [bsp]."""
        self.scene.require("bsp")
        return self.scene.professional_browser(self.professional).session()

    def create(self, usager: Person, wall: datetime, **details: Any) -> Appointment:
        """She types an appointment."""
        return appointments.create(self.scene, usager, wall, saisi_dans="dui", session=self.session, **details)

    def act(self, action: str, appointment: Appointment, **params: Any) -> Outcome:
        """She does something with an appointment. Raises AssertionError when the product refuses."""
        asked_for = {"rendez_vous": appointment.reference, "session": self.session, **params}
        return appointments.accepted(self.scene.product.act(action, **asked_for))

    def move(self, appointment: Appointment, wall: datetime) -> Appointment:
        """She moves it; the appointment as it is then."""
        self.act("deplacer_rendez_vous", appointment, debut=asked(wall))
        start = instant(wall, appointment.zone)
        return Appointment(appointment.usager, appointment.reference, start, appointment.title)

    def resume(self, usager: Person) -> None:
        """She has the product take up what waits."""
        self.scene.product.act("reprendre_envois", usager=usager, session=self.session)

    def read(self, usager: Person, year: int) -> Outcome:
        """She has the product read the agenda of Mon espace santé. A refusal is judged by what the DUI then shows."""
        first, last = whole_year(year)
        return self.scene.product.act("synchroniser_agenda", usager=usager, du=first, au=last, session=self.session)


def dui(scene: Scene, person: Person, year: int) -> Agenda[ProductEvent]:
    """The agenda that the DUI shows for a whole year."""
    first, last = whole_year(year)
    answer = scene.product.act("lire_agenda", usager=person, vue="dui", du=first, au=last)
    return Agenda(DUI_AGENDA, [ProductEvent.from_json(event) for event in answer["evenements"]])


def typed_at_the_hospital(scene: Scene, usager: Person, label: str, wall: datetime) -> Event:
    """Another structure feeds the agenda of the person."""
    return scene.mes.add_event(
        usager, instant(wall), label, source=OTHER_SERVICE, identifier="hopital-17", structure=HOSPITAL
    )


def from_the_hospital(event: ProductEvent) -> None:
    """The event is shown as coming from elsewhere, and from whom."""
    expect_equal("l'origine de l'événement", "autre", event.origin)
    expect(HOSPITAL["nom"] in event.origin_label, f"une origine qui nomme « {HOSPITAL['nom']} »", event.origin_label)


def attendance(event: Event) -> str:
    """What the event says of the person's participation (`required`, `information-only`…)."""
    found = [
        str(one.get("required", "required"))
        for one in event.resource.get("participant", ())
        if (one.get("actor") or {}).get("type") == "Patient"
    ]
    expect(len(found) == 1, "une seule fois la personne parmi les participants", f"{len(found)}")
    return found[0]


def written(scene: Scene, person: Person, times: int) -> None:
    """The API received so many writes about this person."""
    seen = [one for operation in WRITES for one in scene.exchanges(operation=operation, person=person)]
    expect_equal("le nombre d'écritures reçues par l'agenda des professionnels", times, len(seen))


def nothing_written(scene: Scene) -> None:
    """The API received no write at all, of nobody."""
    expect_none("écritures dans l'agenda", [one.id for one in _writes(scene)])


def called(scene: Scene, times: int) -> None:
    """The API received so many writes, whether it knew of whom or not."""
    expect_equal("le nombre d'appels reçus par l'agenda des professionnels", times, len(_writes(scene)))


def each_its_own(scene: Scene, count: int) -> None:
    """The API received this number of different tokens, made of as many different tokens of Pro Santé Connect."""
    tokens = {one.context.get("token", {}).get("fingerprint") for one in _writes(scene)}
    subjects = {one.form.get("subject_token") for one in scene.exchanges(operation=EXCHANGE)}
    expect_equal("le nombre de jetons reçus par l'agenda des professionnels", count, len(tokens))
    expect_equal("le nombre de jetons Pro Santé Connect échangés", count, len(subjects))


def _writes(scene: Scene) -> list[Exchange]:
    return [one for operation in WRITES for one in scene.exchanges(operation=operation)]


def searched(scene: Scene, person: Person) -> None:
    """The product asked for the agenda of this person at least once."""
    expect(bool(scene.exchanges(operation=SEARCH, person=person)), "une lecture de l'agenda", "aucune")
