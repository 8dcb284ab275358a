"""Appointments of the product, and the agenda of Mon espace santé."""

from __future__ import annotations

from datetime import datetime

from pytest_bdd import given, then, when

from harness.actors import appointments, journeys, views
from harness.actors.appointments import Appointment
from harness.actors.views import OTHER_SERVICE
from harness.dates import instant, universal
from harness.expectations import Dated, expect_equal
from harness.scene import Event, Person, Scene
from steps.words import sentence

# Pages that loop this often, then end: a product that follows them for ever is seen, and its run ends.
MANY_PAGES = 30


@given(sentence("un rendez-vous de l'usager le {debut:Moment}"), target_fixture="rendez_vous")
@when(sentence("le produit crée un rendez-vous pour l'usager le {debut:Moment}"), target_fixture="rendez_vous")
@when(sentence("le produit crée un rendez-vous pour l'enfant le {debut:Moment}"), target_fixture="rendez_vous")
def create(scene: Scene, usager: Person, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut)


@when(
    sentence("le produit crée un rendez-vous pour l'autre usager le {debut:Moment}"),
    target_fixture="autre_rendez_vous",
)
def create_for_other(scene: Scene, autre_usager: Person, debut: datetime) -> Appointment:
    return appointments.create(scene, autre_usager, debut)


@when(
    sentence("le produit crée un rendez-vous « {intitule} » pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def create_titled(scene: Scene, usager: Person, intitule: str, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut, title=intitule)


@when(
    sentence("le produit crée un rendez-vous {fuseau:Lieu} pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def create_overseas(scene: Scene, usager: Person, fuseau: str, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut, fuseau=fuseau)


@when(
    sentence("le produit crée un rendez-vous avec {prenom} {nom} pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def create_with(scene: Scene, usager: Person, prenom: str, nom: str, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut, professionnel={"nom": nom, "prenom": prenom})


@when(
    sentence("le produit crée une intervention au domicile de l'usager, {adresse}, le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def create_at_home(scene: Scene, usager: Person, adresse: str, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut, lieu="domicile", adresse=adresse)


@when("le produit crée ces rendez-vous pour l'usager :", target_fixture="rendez_vous_crees")
def create_each(scene: Scene, usager: Person, datatable: list[list[str]]) -> list[Appointment]:
    return appointments.create_each(scene, usager, appointments.rows_of(datatable))


@when(
    sentence("le produit crée une demande de rendez-vous pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def ask_for(scene: Scene, usager: Person, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut, etat="demande")


@when("le produit confirme ce rendez-vous")
def confirm(scene: Scene, rendez_vous: Appointment) -> None:
    appointments.act_on(scene, "confirmer_rendez_vous", rendez_vous)


@given("le même service a renommé ce rendez-vous depuis un autre poste")
def renamed_elsewhere(scene: Scene, rendez_vous: Appointment) -> None:
    views.change_for_the_service(scene, rendez_vous, libelle="Consultation, salle 2")


@given("le même service a annulé ce rendez-vous depuis un autre poste")
def cancelled_elsewhere(scene: Scene, rendez_vous: Appointment) -> None:
    views.change_for_the_service(scene, rendez_vous, statut="cancelled")


@when(sentence("le produit déplace ce rendez-vous au {debut:Moment}"), target_fixture="rendez_vous")
def move(scene: Scene, rendez_vous: Appointment, debut: datetime) -> Appointment:
    return appointments.move(scene, rendez_vous, debut)


@when("le produit tente de confirmer ce rendez-vous")
def try_to_confirm(scene: Scene, rendez_vous: Appointment) -> None:
    scene.product.act("confirmer_rendez_vous", rendez_vous=rendez_vous.reference)


@when("le produit annule ce rendez-vous")
def cancel(scene: Scene, rendez_vous: Appointment) -> None:
    appointments.act_on(scene, "annuler_rendez_vous", rendez_vous)


@when(sentence("le professionnel note ce rendez-vous {constat:Constat}"))
def observe(scene: Scene, rendez_vous: Appointment, constat: str) -> None:
    appointments.act_on(scene, "constater_rendez_vous", rendez_vous, constat=constat)


@when("le produit envoie de nouveau ce rendez-vous")
def resend(scene: Scene, rendez_vous: Appointment) -> None:
    appointments.act_on(scene, "renvoyer_rendez_vous", rendez_vous)


@given(sentence("l'usager a ajouté « {intitule} » à son Mon espace santé le {debut:Moment}"), target_fixture="ajout")
def typed_by_usager(scene: Scene, usager: Person, intitule: str, debut: datetime) -> Event:
    return scene.mes.add_event(usager, instant(debut), intitule)


@given(
    sentence("une autre structure a ajouté « {intitule} » à l'agenda de l'usager le {debut:Moment}"),
    target_fixture="ajout",
)
def typed_elsewhere(scene: Scene, usager: Person, intitule: str, debut: datetime) -> Event:
    return scene.mes.add_event(usager, instant(debut), intitule, source=OTHER_SERVICE, identifier="rdv-17")


@given(
    sentence("une autre structure a ajouté « {intitule} » à l'agenda de l'usager le {debut:Moment} en temps universel"),
    target_fixture="ajout",
)
def typed_elsewhere_in_universal_time(scene: Scene, usager: Person, intitule: str, debut: datetime) -> Event:
    return scene.mes.add_event(usager, universal(debut), intitule, source=OTHER_SERVICE)


@given(sentence("l'agenda de Mon espace santé de l'usager compte {nombre:d} événements en {annee:d}"))
def full_agenda(scene: Scene, usager: Person, nombre: int, annee: int) -> None:
    views.fill(scene, usager, nombre, annee)


@given("les pages de l'agenda de Mon espace santé bouclent")
def looping_pages(scene: Scene, usager: Person) -> None:
    scene.fault("mes.fhir.appointment.search", "lien_boucle", fois=MANY_PAGES, person=usager)


@given("l'agenda de Mon espace santé emploie un code inconnu")
def unknown_code(scene: Scene, usager: Person) -> None:
    scene.fault("mes.fhir.appointment.search", "code_inconnu", fois=0, person=usager)


@given("Mon espace santé met des accents dans tous les noms")
def accents_everywhere(scene: Scene, usager: Person) -> None:
    scene.fault("mes.fhir.appointment.search", "accents", fois=0, person=usager)


@when(sentence("le produit tente de renommer l'événement de l'usager en « {intitule} »"))
@when(sentence("le produit tente de renommer l'événement de l'autre structure en « {intitule} »"))
def try_to_rename(scene: Scene, usager: Person, ajout: Event, intitule: str) -> None:
    scene.product.act("modifier_evenement_recu", usager=usager, debut=ajout.start.isoformat(), intitule=intitule)


@then("l'agenda de Mon espace santé montre un seul événement à cet instant", target_fixture="evenement")
def one_event(scene: Scene, usager: Person, rendez_vous: Appointment) -> Event:
    return views.mes_agenda(scene, usager).at(rendez_vous.start)


@then(
    sentence("l'agenda de Mon espace santé montre un seul événement le {debut:Moment} en temps universel"),
    target_fixture="evenement",
)
def one_event_in_universal_time(scene: Scene, usager: Person, debut: datetime) -> Event:
    return views.mes_agenda(scene, usager).at(universal(debut))


@then("l'agenda de Mon espace santé montre un seul événement pour chacun")
def one_event_for_each(scene: Scene, usager: Person, rendez_vous_crees: list[Appointment]) -> None:
    views.each_once(scene, usager, rendez_vous_crees)


@then(sentence("l'agenda de Mon espace santé ne montre plus rien le {debut:Moment}"))
def nothing_at(scene: Scene, usager: Person, debut: datetime) -> None:
    views.mes_agenda(scene, usager).nothing_at(instant(debut))


@then(sentence("l'agenda de Mon espace santé montre {nombre:Nombre} événements"))
def so_many_events(scene: Scene, usager: Person, nombre: int) -> None:
    views.mes_agenda(scene, usager).has(nombre)


@then("l'agenda de Mon espace santé reste vide")
def empty(scene: Scene, usager: Person) -> None:
    views.mes_agenda(scene, usager).has(0)


@then("l'agenda de Mon espace santé de la mère reste vide")
def empty_for_mother(scene: Scene, mere: Person) -> None:
    views.mes_agenda(scene, mere).has(0)


@then("l'agenda de Mon espace santé de l'usager ne montre que son rendez-vous")
@then("l'agenda de Mon espace santé de l'enfant ne montre que son rendez-vous")
def only_own(scene: Scene, usager: Person, rendez_vous: Appointment) -> None:
    views.mes_agenda(scene, usager).only_at(rendez_vous.start)


@then("l'agenda de Mon espace santé de l'autre usager ne montre que le sien")
def only_own_of_other(scene: Scene, autre_usager: Person, autre_rendez_vous: Appointment) -> None:
    views.mes_agenda(scene, autre_usager).only_at(autre_rendez_vous.start)


@then("cet événement porte l'identifiant stable du produit")
def carries_identifier(evenement: Event, rendez_vous: Appointment) -> None:
    views.carries(evenement, rendez_vous.identifier)


@then(sentence("cet événement est marqué {statut:Statut}"))
def has_status(evenement: Dated, statut: str) -> None:
    expect_equal("état de l'événement", statut, evenement.status)


@then(sentence("cet événement est intitulé « {intitule} »"))
@then(sentence("cet événement nomme {intitule}"))
@then(sentence("cet événement indique {intitule}"))
def mentions(evenement: Event, intitule: str) -> None:
    views.mentions(evenement, intitule)


@then("Mon espace santé garde l'événement de l'usager tel quel")
@then("Mon espace santé garde l'événement de l'autre structure tel quel")
def kept_as_written(scene: Scene, usager: Person, ajout: Event) -> None:
    views.unchanged(scene, usager, ajout)


@then("rien n'a été écrit dans l'agenda de Mon espace santé")
def nothing_written(scene: Scene) -> None:
    journeys.nothing_written(scene, "mes.fhir.appointment")
