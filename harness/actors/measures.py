"""Measures of health: typed by the usager in Mon espace santé, read by the product."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from harness.actors.person import Person
from harness.dates import instant
from harness.expectations import expect, expect_equal

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

WEIGHT = "29463-7"  # LOINC, body weight
KILOGRAM = "kg"


def note_weight(scene: Scene, person: Person, kilograms: float, wall: datetime) -> None:
    """The usager notes a weight, on the clock of Paris."""
    scene.mes.add_measure(person, WEIGHT, kilograms, KILOGRAM, instant(wall))


def note_weights(scene: Scene, person: Person, days: int, first: date) -> None:
    """One weight a day at 8:00, never twice the same value."""
    for rank in range(days):
        wall = datetime(first.year, first.month, first.day, 8) + timedelta(days=rank)
        note_weight(scene, person, 60 + rank / 10, wall)


def last_weight(scene: Scene, person: Person) -> Outcome:
    """Ask the product for the last weight."""
    return scene.product.act("lire_mesures", usager=person, code=WEIGHT, mode="derniere")


def weights(scene: Scene, person: Person, first: date, last: date) -> Outcome:
    """Ask the product for the weights of a period."""
    period = {"du": first.isoformat(), "au": last.isoformat()}
    return scene.product.act("lire_mesures", usager=person, code=WEIGHT, mode="toutes", **period)


def only(outcome: Outcome, value: float, wall: datetime) -> None:
    """The product shows this weight at this moment, in kilograms, and nothing else."""
    seen = [_read(measure) for measure in outcome["mesures"]]
    expect_equal("mesures montrées par le produit", [(value, KILOGRAM, instant(wall))], seen)


def shows_different(outcome: Outcome, count: int) -> None:
    """The product shows this number of measures, no instant twice."""
    instants = [_read(measure)[2] for measure in outcome["mesures"]]
    expect_equal("nombre de mesures montrées", count, len(instants))
    expect(len(set(instants)) == count, "des mesures toutes différentes", f"{len(set(instants))} instants")


def shows_none(outcome: Outcome) -> None:
    """The product refuses, or shows no measure."""
    expect(outcome.refused or not outcome["mesures"], "aucune mesure montrée", dict(outcome))


def _read(measure: dict[str, Any]) -> tuple[float, str, datetime]:
    return measure["valeur"], measure["unite"], datetime.fromisoformat(measure["instant"])
