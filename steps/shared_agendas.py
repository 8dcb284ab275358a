"""Shared agendas: a professional publishes hers, and sees what is taken in it."""

from __future__ import annotations

from datetime import datetime, time

from pytest_bdd import given, then, when

from harness.actors import shared_agendas
from harness.actors.appointments import accepted
from harness.actors.meetings import Day
from harness.actors.shared_agendas import Declared, Opening
from harness.dates import asked, instant
from harness.expectations import expect_none
from harness.scene import Outcome, Professional, Scene
from steps.words import sentence


@given("un professionnel qui partage son agenda", target_fixture="professionnel")
def sharing_professional(scene: Scene) -> Professional:
    made = scene.agendas.professional()
    scene.account(made)
    return made


@given("le gestionnaire d'agendas n'admet pas qu'un agenda change en partie")
def no_patch(scene: Scene) -> None:
    scene.agendas.without_patch()


@given(sentence("le gestionnaire d'agendas répond par pages de {taille:d}"))
def small_pages(scene: Scene, taille: int) -> None:
    scene.agendas.small_pages(taille)


@given("le gestionnaire d'agendas coupe la connexion après avoir enregistré l'agenda")
def cut_after_schedule(scene: Scene) -> None:
    scene.fault("gap.fhir.schedule.create", "coupure_apres")


@given("l'agenda partagé emploie un code inconnu")
def unknown_code(scene: Scene) -> None:
    scene.fault("gap.fhir.appointment.search", "code_inconnu")


@when(sentence("le professionnel déclare qu'il reçoit {jour:Futur} de {debut:Heure} à {fin:Heure}"))
def declare(scene: Scene, professionnel: Professional, jour: Day, debut: time, fin: time) -> None:
    shared_agendas.declare(scene, professionnel, Opening(jour, debut, fin).told(scene))


@when(
    sentence(
        "le professionnel déclare qu'il reçoit {jour:Futur} de {debut:Heure} à {fin:Heure} mais s'absente de "
        "{depart:Heure} à {retour:Heure}"
    )
)
def declare_absence(
    scene: Scene, professionnel: Professional, jour: Day, debut: time, fin: time, depart: time, retour: time
) -> None:
    openings = (Opening(jour, debut, fin), Opening(jour, depart, retour, absent=True))
    shared_agendas.declare(scene, professionnel, *(one.told(scene) for one in openings))


@given(
    sentence(
        "le professionnel a déclaré qu'il reçoit {jour:Futur} de {debut:Heure} à {fin:Heure}, puis de "
        "{reprise:Heure} à {soir:Heure}"
    ),
    target_fixture="disponibilites",
)
def declared_twice(
    scene: Scene, professionnel: Professional, jour: Day, debut: time, fin: time, reprise: time, soir: time
) -> Declared:
    openings = (Opening(jour, debut, fin), Opening(jour, reprise, soir))
    return shared_agendas.declare(scene, professionnel, *(one.told(scene) for one in openings))


@when(
    "le professionnel déclare qu'il reçoit chaque lundi à 09:00, de part et d'autre du prochain changement d'heure",
    target_fixture="lundis",
)
def declare_weekly(scene: Scene, professionnel: Professional) -> tuple[datetime, datetime]:
    scene.agendas.far_sighted()
    mondays = shared_agendas.mondays_around_the_change(scene)
    shared_agendas.declare(scene, professionnel, shared_agendas.weekly(*mondays))
    return mondays


@when(
    sentence("le professionnel reçoit plutôt, pour la première, {jour:Futur} de {debut:Heure} à {fin:Heure}"),
    target_fixture="reponse",
)
def change_first(
    scene: Scene, professionnel: Professional, disponibilites: Declared, jour: Day, debut: time, fin: time
) -> Outcome:
    told = {"debut": asked(jour.at(scene, debut)), "fin": asked(jour.at(scene, fin))}
    first = disponibilites.references[0]
    return accepted(
        scene.product.act("modifier_disponibilite", professionnel=professionnel, disponibilite=first, **told)
    )


@when("le professionnel retire la seconde de ses disponibilités", target_fixture="reponse")
def withdraw_second(scene: Scene, professionnel: Professional, disponibilites: Declared) -> Outcome:
    second = disponibilites.references[1]
    return accepted(scene.product.act("retirer_disponibilite", professionnel=professionnel, disponibilite=second))


@when("le professionnel ferme son agenda", target_fixture="reponse")
def close(scene: Scene, professionnel: Professional) -> Outcome:
    return accepted(scene.product.act("fermer_agenda", professionnel=professionnel))


@then(
    sentence("le gestionnaire d'agendas offre le professionnel {jour:Futur} à {heures:Heures}, et à aucune autre heure")
)
def offered(scene: Scene, professionnel: Professional, jour: Day, heures: list[time]) -> None:
    shared_agendas.offered(scene, professionnel, [instant(jour.at(scene, hour)) for hour in heures])


@then("le gestionnaire d'agendas offre ces deux lundis à 09:00 et 09:30, et rien d'autre")
def offered_on_mondays(scene: Scene, professionnel: Professional, lundis: tuple[datetime, datetime]) -> None:
    shared_agendas.offered(scene, professionnel, shared_agendas.each_half_hour(*lundis))


@then("le gestionnaire d'agendas n'offre plus aucun créneau du professionnel")
def nothing_offered(scene: Scene, professionnel: Professional) -> None:
    expect_none("créneaux offerts", scene.agendas.free(professionnel))


@given(sentence("quelqu'un d'autre a pris rendez-vous chez le professionnel {jour:Futur} à {heure:Heure}"))
def taken_elsewhere(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> None:
    scene.agendas.take(professionnel, instant(jour.at(scene, heure)))


@when(sentence("le professionnel ouvre son agenda {jour:Futur}"), target_fixture="reponse")
def opens_agenda(scene: Scene, professionnel: Professional, jour: Day) -> Outcome:
    return shared_agendas.events(scene, professionnel, jour)


@then(sentence("le produit montre au professionnel ses rendez-vous {jour:Futur} à {heures:Heures}, et aucun autre"))
def shown_events(scene: Scene, reponse: Outcome, jour: Day, heures: list[time]) -> None:
    expected = [instant(jour.at(scene, hour)) for hour in heures]
    shared_agendas.shows_times("Les rendez-vous montrés au professionnel", reponse["evenements"], expected)
