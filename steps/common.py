"""Who is there, what goes wrong, and what must not leave the product."""

from __future__ import annotations

from datetime import datetime

from pytest_bdd import given, then, when

from harness.actors import appointments, journeys
from harness.expectations import expect
from harness.scene import Outcome, Person, Scene
from steps.words import sentence

LATER = datetime(2024, 12, 23, 9)


@given("un usager connu du produit", target_fixture="usager")
def known_usager(scene: Scene) -> Person:
    person = scene.person()
    scene.usager(person)
    return person


@given("un autre usager connu du produit", target_fixture="autre_usager")
def other_known_usager(scene: Scene) -> Person:
    return known_usager(scene)


@given("une mère connue du produit", target_fixture="mere")
def known_mother(scene: Scene) -> Person:
    return known_usager(scene)


@given(sentence("son enfant de {age:d} ans, connu du produit"), target_fixture="usager")
def known_child(scene: Scene, mere: Person, age: int) -> Person:
    child = scene.person(age=age, child_of=mere)
    scene.usager(child)
    return child


@given("le produit est désormais référencé sans échange de données")
def without_exchange(scene: Scene) -> None:
    scene.configure(avec_echange=False)


@given(sentence("l'agenda de Mon espace santé est {panne:Panne}"))
def agenda_down(scene: Scene, usager: Person, panne: str) -> None:
    scene.fault("mes.fhir.appointment.*", panne, fois=0, person=usager)


@given("l'agenda de Mon espace santé demande d'attendre une heure")
def agenda_asks_to_wait(scene: Scene, usager: Person) -> None:
    scene.fault("mes.fhir.appointment.*", "429", person=usager, retry_after=3600)


@when("l'agenda de Mon espace santé est rétabli")
def agenda_up(scene: Scene) -> None:
    journeys.restore_agenda(scene)


@given("Mon espace santé coupe la connexion après avoir enregistré")
def cut_after_commit(scene: Scene, usager: Person) -> None:
    journeys.cut_after_commit(scene, usager)


@when("le produit reprend ses envois en attente")
def resume(scene: Scene, usager: Person) -> None:
    scene.product.act("reprendre_envois", usager=usager)


@when("le produit reprend deux fois ses envois en attente")
def resume_twice(scene: Scene, usager: Person) -> None:
    resume(scene, usager)
    resume(scene, usager)


@then("le produit refuse")
def refused(reponse: Outcome) -> None:
    expect(reponse.refused, "un refus du produit", dict(reponse))


@then("aucun échange n'a eu lieu avec Mon espace santé")
def no_exchange(scene: Scene) -> None:
    journeys.nothing_called(scene)


@then("ni l'agenda ni les mesures de Mon espace santé n'ont été appelés")
def no_business_call(scene: Scene) -> None:
    journeys.nothing_called(scene, "mes.fhir.")


@then("plus aucun envoi ne part pour un nouveau rendez-vous")
def silence_from_now_on(scene: Scene, usager: Person) -> None:
    with scene.silence(service="mes"):
        appointments.create(scene, usager, LATER)
