"""Measures of health, noted in Mon espace santé and read by the product."""

from __future__ import annotations

from datetime import date, datetime

from pytest_bdd import given, then, when

from harness.actors import journeys, measures
from harness.scene import Outcome, Person, Scene
from steps.words import sentence


@given(sentence("l'usager a noté un poids de {kilos:Decimal} kg le {moment:Moment}"))
def noted_weight(scene: Scene, usager: Person, kilos: float, moment: datetime) -> None:
    measures.note_weight(scene, usager, kilos, moment)


@given(sentence("l'usager a noté son poids chaque jour pendant {jours:d} jours à partir du {premier:Jour}"))
def noted_weights(scene: Scene, usager: Person, jours: int, premier: date) -> None:
    measures.note_weights(scene, usager, jours, premier)


@when("le produit lit la dernière mesure de poids de l'usager", target_fixture="lecture")
def read_last(scene: Scene, usager: Person) -> Outcome:
    return measures.last_weight(scene, usager)


@when(sentence("le produit lit les mesures de poids de l'usager du {du:Jour} au {au:Jour}"), target_fixture="lecture")
def read_all(scene: Scene, usager: Person, du: date, au: date) -> Outcome:
    return measures.weights(scene, usager, du, au)


@then(sentence("le produit montre une mesure de {kilos:Decimal} kg le {moment:Moment}, et elle seule"))
def shows_only(lecture: Outcome, kilos: float, moment: datetime) -> None:
    measures.only(lecture, kilos, moment)


@then(sentence("le produit montre {nombre:d} mesures différentes"))
def shows_different(lecture: Outcome, nombre: int) -> None:
    measures.shows_different(lecture, nombre)


@then("le produit ne montre aucune mesure")
def shows_none(lecture: Outcome) -> None:
    measures.shows_none(lecture)


@then("rien n'a été écrit dans les mesures de Mon espace santé")
def nothing_written(scene: Scene) -> None:
    journeys.nothing_written(scene, "mes.fhir.")
