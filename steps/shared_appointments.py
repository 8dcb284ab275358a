"""Shared agendas: slots that the product finds, appointments that it asks for there."""

from __future__ import annotations

from datetime import time

from pytest_bdd import given, then, when

from harness.actors import appointments, shared_agendas
from harness.actors.appointments import Appointment
from harness.actors.meetings import Day
from harness.dates import asked, instant
from harness.expectations import expect, expect_none
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


@given(
    sentence("un médecin dont l'agenda partagé est ouvert {jour:Futur} de {debut:Heure} à {fin:Heure}"),
    target_fixture="medecin",
)
def doctor(scene: Scene, jour: Day, debut: time, fin: time) -> Professional:
    return scene.agendas.open(instant(jour.at(scene, debut)), instant(jour.at(scene, fin)))


@given("le gestionnaire d'agendas coupe la connexion après avoir enregistré le rendez-vous")
def cut_after_appointment(scene: Scene) -> None:
    scene.fault("gap.fhir.appointment.create", "coupure_apres")


@given("le gestionnaire d'agendas demande d'attendre une heure")
def asks_to_wait(scene: Scene) -> None:
    scene.fault("gap.fhir.appointment.create", "429", retry_after=3600)


@given(sentence("quelqu'un d'autre a pris rendez-vous chez le médecin {jour:Futur} à {heure:Heure}"))
def taken(scene: Scene, medecin: Professional, jour: Day, heure: time) -> None:
    scene.agendas.take(medecin, instant(jour.at(scene, heure)))


@given(sentence("quelqu'un d'autre l'a déplacé {jour:Futur} à {heure:Heure}"))
def moved_elsewhere(scene: Scene, usager: Person, jour: Day, heure: time) -> None:
    scene.agendas.move(usager, instant(jour.at(scene, heure)))


# -- slots


@given(sentence("le produit a cherché les créneaux du médecin {jour:Futur}"), target_fixture="trouve")
@when(sentence("le produit cherche les créneaux du médecin {jour:Futur}"), target_fixture="trouve")
def search(scene: Scene, medecin: Professional, jour: Day) -> Outcome:
    return shared_agendas.search(scene, medecin, jour)


@then(sentence("le produit montre les créneaux du médecin {jour:Futur} à {heures:Heures}, et aucun autre"))
def shown_slots(scene: Scene, trouve: Outcome, jour: Day, heures: list[time]) -> None:
    expected = [instant(jour.at(scene, hour)) for hour in heures]
    shared_agendas.shows_times("Les créneaux montrés par le produit", trouve["creneaux"], expected)


@then(sentence("le gestionnaire d'agendas offre le médecin {jour:Futur} à {heures:Heures}, et à aucune autre heure"))
def offered(scene: Scene, medecin: Professional, jour: Day, heures: list[time]) -> None:
    shared_agendas.offered(scene, medecin, [instant(jour.at(scene, hour)) for hour in heures])


# -- appointments


@when(sentence("le produit demande pour l'usager le créneau du médecin {jour:Futur} à {heure:Heure}"))
@given(
    sentence("un rendez-vous de l'usager demandé au médecin {jour:Futur} à {heure:Heure}"), target_fixture="rendez_vous"
)
def ask(scene: Scene, usager: Person, medecin: Professional, jour: Day, heure: time) -> Appointment:
    start = instant(jour.at(scene, heure))
    found = shared_agendas.search(scene, medecin, jour)
    return shared_agendas.appointment_of(usager, shared_agendas.ask(scene, usager, found, start), start)


@when(
    sentence("le produit demande pour l'usager le créneau du médecin {jour:Futur} à {heure:Heure}, qui ne part pas"),
    target_fixture="reponse",
)
def ask_in_vain(scene: Scene, usager: Person, medecin: Professional, jour: Day, heure: time) -> Outcome:
    found = shared_agendas.search(scene, medecin, jour)
    return shared_agendas.ask(scene, usager, found, instant(jour.at(scene, heure)))


@given(
    sentence("un rendez-vous de l'usager pris chez le médecin {jour:Futur} à {heure:Heure}"),
    target_fixture="rendez_vous",
)
def book(scene: Scene, usager: Person, medecin: Professional, jour: Day, heure: time) -> Appointment:
    start = instant(jour.at(scene, heure))
    found = shared_agendas.search(scene, medecin, jour)
    made = shared_agendas.ask(scene, usager, found, start, etat="confirme")
    return shared_agendas.appointment_of(usager, made, start)


@when(sentence("le produit prend rendez-vous pour l'usager chez le médecin {jour:Futur} à {heure:Heure}"))
def book_directly(scene: Scene, usager: Person, medecin: Professional, jour: Day, heure: time) -> None:
    asked_for = {"identifiants_nationaux": [medecin.national_id], "debut": asked(jour.at(scene, heure))}
    appointments.accepted(
        scene.product.act(
            "demander_rendez_vous", usager=usager, intitule=shared_agendas.TITLE, etat="confirme", **asked_for
        )
    )


@when(sentence("le produit demande pour l'usager ce créneau de {heure:Heure}"), target_fixture="reponse")
def ask_found(scene: Scene, usager: Person, trouve: Outcome, heure: time) -> Outcome:
    return shared_agendas.ask(scene, usager, trouve, shared_agendas.start_at(trouve, heure))


@when(sentence("le produit reporte ce rendez-vous {jour:Futur} à {heure:Heure}"), target_fixture="rendez_vous")
def move(scene: Scene, rendez_vous: Appointment, jour: Day, heure: time) -> Appointment:
    return appointments.move(scene, rendez_vous, jour.at(scene, heure))


@then("le produit ne montre pas ce rendez-vous comme obtenu")
def not_obtained(reponse: Outcome) -> None:
    state = "refuse" if reponse.refused else reponse["envoi"]["etat"]
    expect(state == "refuse", "un rendez-vous que le produit dit refusé", state)


@then(sentence("le produit propose à la place {jour:Futur} à {heures:Heures}, et rien d'autre"))
def others_proposed(scene: Scene, reponse: Outcome, jour: Day, heures: list[time]) -> None:
    expected = [instant(jour.at(scene, hour)) for hour in heures]
    shared_agendas.shows_times("Les créneaux proposés à la place", reponse.get("autres_creneaux", []), expected)


@then("l'agenda partagé ne montre aucun rendez-vous de l'usager")
def none_held(scene: Scene, usager: Person) -> None:
    expect_none("rendez-vous de l'usager", scene.agendas.held(usager))


@then(
    sentence("l'agenda partagé montre un seul rendez-vous de l'usager, {statut:Statut}, {jour:Futur} à {heure:Heure}")
)
def held(scene: Scene, usager: Person, statut: str, jour: Day, heure: time) -> None:
    shared_agendas.is_held(scene, usager, statut, instant(jour.at(scene, heure)))
