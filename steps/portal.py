"""The portal of the establishment: its agenda, its contents, its doors."""

from __future__ import annotations

from datetime import datetime

from pytest_bdd import given, then, when

from harness.actors import appointments, journeys, portal, views
from harness.actors.appointments import Appointment
from harness.actors.portal import Visit
from harness.actors.views import ProductEvent
from harness.dates import instant
from harness.expectations import expect, expect_equal
from harness.scene import Outcome, Person, Scene
from steps.words import sentence

MAX_PAGES = 10


@given(sentence("un rendez-vous de l'usager saisi dans le DUI le {debut:Moment}"), target_fixture="rendez_vous")
@when(
    sentence("le professionnel saisit dans le DUI un rendez-vous pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def type_in_dui(scene: Scene, usager: Person, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut, saisi_dans="dui")


@when(
    sentence("le professionnel saisit dans le DUI un rendez-vous « {intitule} » pour l'usager le {debut:Moment}"),
    target_fixture="rendez_vous",
)
def type_titled_in_dui(scene: Scene, usager: Person, intitule: str, debut: datetime) -> Appointment:
    return appointments.create(scene, usager, debut, title=intitule, saisi_dans="dui")


@given(sentence("le portail a repris l'agenda de Mon espace santé pour l'année {annee:d}"))
@when(sentence("le portail reprend l'agenda de Mon espace santé pour l'année {annee:d}"))
def synchronise(scene: Scene, usager: Person, annee: int) -> None:
    views.synchronise(scene, usager, annee)


@when("l'usager se connecte au portail", target_fixture="espace")
def sign_in(scene: Scene, usager: Person) -> Outcome:
    return portal.own_space(scene, usager, portal.sign_in(scene, usager))


@when("la mère se connecte au portail et ouvre le dossier de l'enfant", target_fixture="espace")
def sign_in_for_child(scene: Scene, mere: Person, usager: Person) -> Outcome:
    return portal.own_space(scene, usager, portal.sign_in(scene, mere))


@when("l'usager ouvre son agenda sur le portail")
def open_agenda(scene: Scene, usager: Person) -> None:
    portal.open_agenda(scene, usager)


@when("l'usager se connecte au portail puis se déconnecte", target_fixture="ancienne_session")
def sign_in_and_out(scene: Scene, usager: Person) -> object:
    session = portal.sign_in(scene, usager)
    portal.sign_out(scene, usager, session)
    return session


@when("quelqu'un ouvre les pages de l'usager sans s'être connecté", target_fixture="visites")
def visit_unknown(scene: Scene, usager: Person) -> list[Visit]:
    return portal.visit(scene, usager, None)


@when("quelqu'un ouvre les pages de l'usager avec l'ancienne session", target_fixture="visites")
def visit_with_old_session(scene: Scene, usager: Person, ancienne_session: dict[str, object]) -> list[Visit]:
    return portal.visit(scene, usager, ancienne_session)


@when("quelqu'un ouvre les pages de l'usager avec la session de l'autre usager", target_fixture="visites")
def visit_with_other_session(scene: Scene, usager: Person, autre_usager: Person) -> list[Visit]:
    return portal.visit(scene, usager, portal.sign_in(scene, autre_usager), autre_usager)


@then("aucune de ces pages n'est servie")
def nothing_served(visites: list[Visit]) -> None:
    portal.nothing_served(visites)


@then("le portail ne renvoie pas à Mon espace santé pour se connecter")
def not_through_mes(scene: Scene, visites: list[Visit]) -> None:
    portal.not_through_mes(scene, visites)


@then("le portail lui donne la synthèse de son dossier et son contrat")
def offers_contents(espace: Outcome) -> None:
    portal.offers_contents(espace)


@then(sentence("le portail montre « {intitule} » le {debut:Moment}"), target_fixture="evenement")
def shows_titled(scene: Scene, usager: Person, intitule: str, debut: datetime) -> ProductEvent:
    return views.portal_around(scene, usager, instant(debut)).titled(intitule, instant(debut))


@then("le portail montre un seul événement à cet instant", target_fixture="evenement")
def shows_one(scene: Scene, usager: Person, rendez_vous: Appointment) -> ProductEvent:
    return views.portal_around(scene, usager, rendez_vous.start).at(rendez_vous.start)


@then(sentence("le portail montre un seul événement le {debut:Moment}"), target_fixture="evenement")
def shows_one_at(scene: Scene, usager: Person, debut: datetime) -> ProductEvent:
    return views.portal_around(scene, usager, instant(debut)).at(instant(debut))


@then(sentence("le portail montre {nombre:d} événements pour l'année {annee:d}"))
def shows_so_many(scene: Scene, usager: Person, nombre: int, annee: int) -> None:
    views.portal_in(scene, usager, annee).has(nombre)


@then(sentence("le portail ne montre aucun événement de l'année {annee:d}"))
def shows_none(scene: Scene, usager: Person, annee: int) -> None:
    views.portal_in(scene, usager, annee).has(0)


@then(sentence("le portail ne montre aucun événement en double pour l'année {annee:d}"))
def shows_no_double(scene: Scene, usager: Person, annee: int) -> None:
    views.portal_in(scene, usager, annee).without_double()


@then(sentence("le portail montre pour l'année {annee:d} ces événements, et eux seuls :"))
def shows_exactly(scene: Scene, usager: Person, annee: int, datatable: list[list[str]]) -> None:
    views.portal_holds(scene, usager, annee, appointments.rows_of(datatable))


@then(sentence("le portail dit que cet événement vient {origine:Origine}"))
def has_origin(evenement: ProductEvent, origine: str) -> None:
    expect_equal("origine de l'événement", origine, evenement.origin)


@then(sentence("l'usager y lit « {texte} »"))
def reads(evenement: ProductEvent, texte: str) -> None:
    expect_equal("début affiché", texte, evenement.shown)


@then("cet événement s'affiche sans caractère abîmé")
def readable(evenement: ProductEvent) -> None:
    views.readable(evenement.label)


@then("le produit cesse de demander des pages")
def stops_paging(scene: Scene) -> None:
    calls = journeys.calls_of(scene, "mes.fhir.appointment.search")
    expect(len(calls) <= MAX_PAGES, f"{MAX_PAGES} lectures au plus", f"{len(calls)} lectures")


@then("aucun jeton ne paraît dans les pages du portail")
@then("aucun jeton ne paraît dans les pages du produit")
def no_token_in_pages(scene: Scene) -> None:
    journeys.shows_no_token("les pages du portail", journeys.pages_of_product(scene))


@then("aucun jeton ne paraît dans le journal technique du produit")
def no_token_in_logs(scene: Scene) -> None:
    log = scene.product.act("lire_journal_technique")
    journeys.shows_no_token("le journal technique du produit", str(log["texte"]))
