"""Appointments that a scenario makes in the product, with the instant at which each must be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from harness.actors.person import Person
from harness.dates import PARIS, asked, day, instant, moment

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

TITLE = "Consultation de suivi"


@dataclass(frozen=True)
class Appointment:
    """One appointment of the product.

    reference: its id in the product. start: when it is held. identifier: the one the product says it sends, if any.
    """

    usager: Person
    reference: str
    start: datetime
    title: str
    zone: str = PARIS
    identifier: Mapping[str, str] | None = None


def create(scene: Scene, usager: Person, wall: datetime, *, title: str = TITLE, **details: Any) -> Appointment:
    """Ask the product for an appointment at `wall`, on the clock of `fuseau` (Paris unless given).

    details: other parameters of the action `creer_rendez_vous`. Raises AssertionError when the product refuses.
    """
    made = scene.product.act("creer_rendez_vous", usager=usager, debut=asked(wall), intitule=title, **details)
    zone = str(details.get("fuseau", PARIS))
    return Appointment(usager, made["rendez_vous"], instant(wall, zone), title, zone, made.get("identifiant"))


def create_each(scene: Scene, usager: Person, rows: Iterable[Mapping[str, str]]) -> list[Appointment]:
    """One appointment per row of a table: `le`, `à`, `nature`, `intitulé`."""
    return [
        create(scene, usager, moment(f"{row['le']} à {row['à']}"), title=row["intitulé"], nature=row["nature"])
        for row in rows
    ]


def move(scene: Scene, appointment: Appointment, wall: datetime) -> Appointment:
    """The appointment once the product has moved it to `wall`, on the clock of its place."""
    accepted(scene.product.act("deplacer_rendez_vous", rendez_vous=appointment.reference, debut=asked(wall)))
    return replace(appointment, start=instant(wall, appointment.zone))


def act_on(scene: Scene, action: str, appointment: Appointment, **params: Any) -> None:
    """An action of the vocabulary on this appointment. Raises AssertionError when the product refuses."""
    accepted(scene.product.act(action, rendez_vous=appointment.reference, **params))


def accepted(outcome: Outcome) -> Outcome:
    """The outcome of an action that the product must do."""
    if outcome.refused:
        raise AssertionError(f"Attendu : l'action « {outcome.action} » est faite. Vu : refus, {outcome.message}")
    return outcome


def rows_of(table: list[list[str]]) -> list[dict[str, str]]:
    """A Gherkin data table as mappings, its first line naming the columns."""
    header, *rows = table
    return [dict(zip(header, row, strict=True)) for row in rows]


def days_from(first: str, count: int) -> Iterable[datetime]:
    """Noon of `count` days in a row, from « 01/03/2024 »."""
    start = day(first)
    return (datetime.fromordinal(start.toordinal() + rank).replace(hour=12) for rank in range(count))
