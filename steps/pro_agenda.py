"""Professionals and the agenda of Mon espace santé, by the API of the bouquet de services aux professionnels."""

from __future__ import annotations

from datetime import datetime

from pytest_bdd import given, then, when

from harness.actors import journeys, pro_agenda, views
from harness.actors.appointments import Appointment
from harness.actors.pro_agenda import Hands
from harness.actors.views import ProductEvent
from harness.dates import instant
from harness.expectations import expect_equal
from harness.scene import Event, Person, Professional, Scene
from steps.words import sentence

AGENDA = "bsp.fhir.appointment.*"

# -- what the person decides, what goes wrong


@given("l'usager consent à ce que la structure lise son agenda")
@when("l'usager consent de nouveau à ce que la structure lise son agenda")
def consents(scene: Scene, usager: Person) -> None:
    scene.pro_agenda.consent(usager, given=True)


@when("l'usager retire ce consentement")
def withdraws(scene: Scene, usager: Person) -> None:
    scene.pro_agenda.consent(usager, given=False)


@given("l'usager s'oppose à ce que les professionnels alimentent son agenda")
def opposes(scene: Scene, usager: Person) -> None:
    scene.pro_agenda.oppose(usager)


@given("sans consentement, l'agenda répond qu'il est vide")
def answers_nothing(scene: Scene) -> None:
    scene.pro_agenda.answer_nothing()


@given(sentence("un hôpital a ajouté « {intitule} » à l'agenda de l'usager le {debut:Moment}"), target_fixture="ajout")
def typed_at_the_hospital(scene: Scene, usager: Person, intitule: str, debut: datetime) -> Event:
    return pro_agenda.typed_at_the_hospital(scene, usager, intitule, debut)


@given(sentence("l'agenda des professionnels est {panne:Panne}"))
def down(scene: Scene, usager: Person, panne: str) -> None:
    scene.fault(AGENDA, panne, fois=0, person=usager)


@given("l'agenda des professionnels coupe la connexion après avoir enregistré")
def cut_after_commit(scene: Scene, usager: Person) -> None:
    scene.fault("bsp.fhir.appointment.create", "coupure_apres", person=usager)


@given("l'agenda des professionnels refuse une fois le jeton présenté")
def refuses_once(scene: Scene) -> None:
    scene.fault(AGENDA, pro_agenda.REFUSAL)


@given("l'agenda des professionnels refuse tout jeton présenté")
def refuses_always(scene: Scene) -> None:
    scene.fault(AGENDA, pro_agenda.REFUSAL, fois=0)


@when("l'agenda des professionnels est rétabli")
def up(scene: Scene) -> None:
    journeys.restore_agenda(scene)


# -- what the professional does in the DUI


@given(
    sentence("un rendez-vous que le professionnel a saisi pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
@when(
    sentence("le professionnel connecté saisit un rendez-vous pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def types(scene: Scene, professionnel: Professional, usager: Person, debut: datetime) -> Appointment:
    return Hands(scene, professionnel).create(usager, debut)


@when(
    sentence("le professionnel connecté saisit un rendez-vous pour l'autre usager le {debut:Moment}"),
    target_fixture="autre_rendez_vous",
)
def types_for_other(scene: Scene, professionnel: Professional, autre_usager: Person, debut: datetime) -> Appointment:
    return Hands(scene, professionnel).create(autre_usager, debut)


@when(sentence("l'autre professionnel connecté saisit un rendez-vous pour l'usager le {debut:Moment}"))
def other_types(scene: Scene, autre_professionnel: Professional, usager: Person, debut: datetime) -> None:
    Hands(scene, autre_professionnel).create(usager, debut)


@when(
    sentence("le professionnel connecté saisit une réunion sans l'usager, à son sujet, le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def types_without_her(scene: Scene, professionnel: Professional, usager: Person, debut: datetime) -> Appointment:
    return Hands(scene, professionnel).create(usager, debut, title="Réunion de synthèse", usager_participe=False)


@when(
    sentence("le professionnel connecté déplace ce rendez-vous au {debut:Moment}"), target_fixture="rendez_vous_deplace"
)
def moves(scene: Scene, professionnel: Professional, rendez_vous: Appointment, debut: datetime) -> Appointment:
    return Hands(scene, professionnel).move(rendez_vous, debut)


@when("le professionnel connecté annule ce rendez-vous")
def cancels(scene: Scene, professionnel: Professional, rendez_vous: Appointment) -> None:
    Hands(scene, professionnel).act("annuler_rendez_vous", rendez_vous)


@when("le professionnel connecté reprend les envois en attente")
def resumes(scene: Scene, professionnel: Professional, usager: Person) -> None:
    Hands(scene, professionnel).resume(usager)


@given(sentence("le professionnel a lu l'agenda de l'usager pour l'année {annee:d}"))
@when(sentence("le professionnel connecté lit l'agenda de l'usager pour l'année {annee:d}"))
def reads(scene: Scene, professionnel: Professional, usager: Person, annee: int) -> None:
    Hands(scene, professionnel).read(usager, annee)


# -- what must be seen


@then("cet événement dit que l'usager y participe")
def attends(evenement: Event) -> None:
    expect_equal("la participation de l'usager", "required", pro_agenda.attendance(evenement))


@then("cet événement dit que l'usager n'y participe pas")
def does_not_attend(evenement: Event) -> None:
    expect_equal("la participation de l'usager", "information-only", pro_agenda.attendance(evenement))


@then(sentence("Mon espace santé ne montre ce rendez-vous que le {debut:Moment}"))
def only_there(scene: Scene, usager: Person, debut: datetime) -> None:
    views.mes_agenda(scene, usager).only_at(instant(debut))


@then("l'usager voit ce rendez-vous annulé, une seule fois")
def seen_cancelled(scene: Scene, usager: Person, rendez_vous: Appointment) -> None:
    event = views.mes_agenda(scene, usager).only_at(rendez_vous.start)
    expect_equal("le statut de l'événement", "cancelled", event.status)


@then("rien n'est écrit dans l'agenda des professionnels")
def nothing_written(scene: Scene) -> None:
    pro_agenda.nothing_written(scene)


@then("l'agenda des professionnels n'a reçu qu'une seule demande d'écriture")
def written_once(scene: Scene, usager: Person) -> None:
    pro_agenda.written(scene, usager, 1)


@then("l'agenda des professionnels n'a été appelé que deux fois")
def called_twice(scene: Scene) -> None:
    pro_agenda.called(scene, 2)


@then("l'agenda des professionnels a reçu de chacun un jeton différent")
def each_its_own(scene: Scene) -> None:
    pro_agenda.each_its_own(scene, 2)


@then(sentence("le DUI montre « {intitule} » le {debut:Moment}"), target_fixture="evenement_lu")
def shows(scene: Scene, usager: Person, intitule: str, debut: datetime) -> ProductEvent:
    return pro_agenda.dui(scene, usager, debut.year).titled(intitule, instant(debut))


@then("cet événement est montré comme venant de l'hôpital")
def from_the_hospital(evenement_lu: ProductEvent) -> None:
    pro_agenda.from_the_hospital(evenement_lu)


@then(sentence("le DUI montre {nombre:d} événements pour l'année {annee:d}"))
def shows_so_many(scene: Scene, usager: Person, nombre: int, annee: int) -> None:
    pro_agenda.dui(scene, usager, annee).has(nombre)


@then(sentence("le DUI ne montre aucun événement de l'année {annee:d}"))
def shows_none(scene: Scene, usager: Person, annee: int) -> None:
    pro_agenda.searched(scene, usager)
    pro_agenda.dui(scene, usager, annee).has(0)


@then(sentence("le DUI ne montre aucun événement en double pour l'année {annee:d}"))
def shows_no_double(scene: Scene, usager: Person, annee: int) -> None:
    pro_agenda.dui(scene, usager, annee).without_double()
