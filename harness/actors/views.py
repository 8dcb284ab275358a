"""Agendas as each side shows them: Mon espace santé to its usager, the product on its portal or in the DUI."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from harness.actors.appointments import Appointment
from harness.actors.mes import Event
from harness.actors.person import Person
from harness.dates import instant, moment, said, whole_year
from harness.expectations import Agenda, expect, expect_equal

if TYPE_CHECKING:
    from harness.scene import Scene

MES_AGENDA = "l'agenda de Mon espace santé"
PORTAL_AGENDA = "l'agenda du portail"
OTHER_SERVICE = "1.2.250.1.999.55.3"  # OID of a fictitious service of another structure


@dataclass(frozen=True)
class ProductEvent:
    """One event as the product shows it. shown: the start as the person reads it. origin: produit, usager or autre.

    origin_label: in words.
    """

    start: datetime
    shown: str
    label: str
    status: str
    origin: str
    editable: bool
    origin_label: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ProductEvent:
        """From a result of the action `lire_agenda`."""
        return cls(
            datetime.fromisoformat(data["debut"]),
            data["debut_affiche"],
            data["intitule"],
            data["statut"],
            data["origine"],
            data["modifiable"],
            str(data.get("origine_libelle") or ""),
        )


def mes_agenda(scene: Scene, person: Person) -> Agenda[Event]:
    """The consolidated agenda that Mon espace santé shows to this person."""
    return Agenda(MES_AGENDA, scene.mes.agenda_of(person))


def portal(scene: Scene, person: Person, first: str, last: str) -> Agenda[ProductEvent]:
    """The agenda that the portal shows to this person between two days (`YYYY-MM-DD`, both included)."""
    answer = scene.product.act("lire_agenda", usager=person, vue="portail", du=first, au=last)
    return Agenda(PORTAL_AGENDA, [ProductEvent.from_json(event) for event in answer["evenements"]])


def portal_in(scene: Scene, person: Person, year: int) -> Agenda[ProductEvent]:
    """The agenda of the portal for a whole year."""
    return portal(scene, person, *whole_year(year))


def portal_around(scene: Scene, person: Person, when: datetime) -> Agenda[ProductEvent]:
    """The agenda of the portal on the day of this instant, the day before and the day after."""
    days = ((when + timedelta(days=shift)).date().isoformat() for shift in (-1, 1))
    return portal(scene, person, *days)


def synchronise(scene: Scene, person: Person, year: int) -> None:
    """Ask the product to read the agenda of Mon espace santé. A refusal is judged by what the portal then shows."""
    first, last = whole_year(year)
    scene.product.act("synchroniser_agenda", usager=person, du=first, au=last)


def fill(scene: Scene, person: Person, count: int, year: int) -> None:
    """Events typed by the usager, one a day from 2 January at 10:00."""
    for rank in range(count):
        wall = datetime(year, 1, 2, 10) + timedelta(days=rank)
        scene.mes.add_event(person, instant(wall), f"Rendez-vous {rank + 1}")


def change_for_the_service(scene: Scene, appointment: Appointment, **changes: str) -> None:
    """Another workstation of the same service changes the event at Mon espace santé, unknown to this product."""
    event = mes_agenda(scene, appointment.usager).at(appointment.start)
    scene.mes.change_event(appointment.usager, event, source=scene.mes.oid, **changes)


def unchanged(scene: Scene, person: Person, event: Event) -> None:
    """Mon espace santé still shows this event as its author wrote it, once."""
    found = [_as_written(seen) for seen in scene.mes.agenda_of(person) if seen.id == event.id]
    expect_equal(f"l'événement « {event.label} » inchangé", [_as_written(event)], found)


def _as_written(event: Event) -> tuple[str, str, str, str]:
    return event.label, said(event.start), event.status, event.author


def each_once(scene: Scene, person: Person, appointments: Iterable[Appointment]) -> None:
    """Mon espace santé shows one event, and only one, for each of these appointments."""
    agenda = mes_agenda(scene, person)
    for appointment in appointments:
        agenda.at(appointment.start)


def portal_holds(scene: Scene, person: Person, year: int, rows: Sequence[Mapping[str, str]]) -> None:
    """The portal shows exactly these events: `intitulé`, `le`, `à`, `origine`."""
    agenda = portal_in(scene, person, year)
    agenda.has(len(rows))
    for row in rows:
        event = agenda.titled(row["intitulé"], instant(moment(f"{row['le']} à {row['à']}")))
        expect_equal(f"origine de « {row['intitulé']} »", row["origine"], event.origin)


def mentions(event: Event, text: str) -> None:
    """The event says this text somewhere: where a resource says it is judged by the rules, not here."""
    content = json.dumps(event.resource, ensure_ascii=False)
    expect(text in content, f"« {text} » dans l'événement du {said(event.start)}", content)


def carries(event: Event, identifier: Mapping[str, str] | None) -> None:
    """The event bears the identifier that the product says it sends."""
    expect(identifier is not None, "un identifiant de rendez-vous annoncé par le produit", "aucun")
    expect_equal("identifiant de l'événement", dict(identifier or {}), dict(event.identifier or {}))


def readable(label: str) -> None:
    """No character of this title was lost, nor read as Latin-1 when it was UTF-8."""
    expect("\ufffd" not in label and not _misread(label), "un intitulé sans caractère abîmé", label)


def _misread(label: str) -> bool:
    """`Ã©` for `é`: the text becomes another valid one when it is decoded again."""
    try:
        return label.encode("latin-1").decode("utf-8") != label
    except UnicodeError:
        return False
