"""The agenda that a professional chose reads the product: events and slots (flow C, FC-PULL)."""

from __future__ import annotations

from datetime import time, timedelta

from pytest_bdd import then, when

from harness.actors import sas_practice, third_party_checks
from harness.actors import third_party_practice as practice
from harness.actors.appointments import Appointment
from harness.actors.meetings import Day
from harness.actors.third_party_agenda import INCLUDES, Event
from harness.dates import instant
from harness.scene import Person, Professional, Scene
from rules import Exchange
from steps.words import sentence

# -- what it reads


@when("l'agenda tiers lit les événements du professionnel", target_fixture="lecture")
def read_events(scene: Scene, professionnel: Professional) -> Exchange:
    return practice.agenda(scene, professionnel).events()


@when("l'agenda tiers lit les événements confirmés du professionnel", target_fixture="lecture")
def read_booked(scene: Scene, professionnel: Professional) -> Exchange:
    return practice.agenda(scene, professionnel).events("status=booked")


@when(sentence("l'agenda tiers lit les événements du professionnel {jour:Futur}"), target_fixture="lecture")
def read_day(scene: Scene, professionnel: Professional, jour: Day) -> Exchange:
    bounds = practice.span_of(scene, jour, time(), time(23, 59))
    return practice.agenda(scene, professionnel).events(*(f"date={bound}" for bound in bounds))


@when("l'agenda tiers cherche l'événement par son identifiant", target_fixture="lecture")
def read_one(scene: Scene, evenement: Event) -> Exchange:
    return practice.agenda(scene, evenement.professional).event(evenement)


@when("l'agenda tiers cherche les événements de l'usager par son INS", target_fixture="lecture")
def read_usager(scene: Scene, professionnel: Professional, usager: Person) -> Exchange:
    return practice.agenda(scene, professionnel).events_of(usager)


@when("un système qui ne montre aucun jeton lit les événements du professionnel", target_fixture="reponse")
def read_without_token(scene: Scene, professionnel: Professional) -> Exchange:
    return practice.stranger(scene, professionnel).events()


@when("un système qui montre un jeton inconnu lit les événements du professionnel", target_fixture="reponse")
def read_with_other_token(scene: Scene, professionnel: Professional) -> Exchange:
    return practice.stranger(scene, professionnel, "banc-at-jeton-de-personne-0001").events()


@when("l'agenda tiers demande ce que le produit sait faire", target_fixture="reponse")
def read_metadata(scene: Scene, professionnel: Professional) -> Exchange:
    return practice.agenda(scene, professionnel).metadata()


@when(
    sentence("l'agenda tiers lit les événements deux par deux, un autre arrivant {jour:Futur} à {heure:Heure}"),
    target_fixture="pages",
)
def read_pages(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> list[Exchange]:
    first = practice.agenda(scene, professionnel).events("_count=2")
    practice.push_new(scene, practice.at(scene, professionnel, jour, heure))
    return practice.agenda(scene, professionnel).all_pages(first)


@when(
    sentence("l'agenda tiers cherche les créneaux libres {jour:Futur} de {debut:Heure} à {fin:Heure}"),
    target_fixture="lecture",
)
def read_slots(scene: Scene, professionnel: Professional, jour: Day, debut: time, fin: time) -> Exchange:
    bounds = practice.span_of(scene, jour, debut, fin)
    return practice.agenda(scene, professionnel).slots(bounds, "status=free", *INCLUDES)


@when(
    sentence("l'agenda tiers cherche les mêmes créneaux {jour:Futur}, puis {ecriture:EcritureDeFenetre}"),
    target_fixture="lectures",
)
def read_slots_twice(scene: Scene, professionnel: Professional, jour: Day, ecriture: str) -> list[Exchange]:
    spans = (practice.span_of(scene, jour, time(9), time(10), writing) for writing in ("decalage", ecriture))
    return [practice.agenda(scene, professionnel).slots(span, "status=free") for span in spans]


# -- what must be seen


@then("il lit ce rendez-vous, et lui seul")
def reads_only(lecture: Exchange, rendez_vous: Appointment) -> None:
    third_party_checks.reads(lecture, [(rendez_vous.start, "booked")])


@then("il lit cet événement, et lui seul")
def reads_only_event(lecture: Exchange, evenement: Event) -> None:
    third_party_checks.reads(lecture, [(evenement.start, evenement.status)])


@then("il lit ce rendez-vous, annulé")
def reads_cancelled(lecture: Exchange, rendez_vous: Appointment) -> None:
    third_party_checks.reads(lecture, [(rendez_vous.start, "cancelled")])


@then("il lit cet événement et ce rendez-vous, et eux seuls")
def reads_both(lecture: Exchange, evenement: Event, rendez_vous: Appointment) -> None:
    third_party_checks.reads(lecture, [(evenement.start, "booked"), (rendez_vous.start, "booked")])


@then("l'agenda tiers lit les deux événements")
def reads_two(scene: Scene, professionnel: Professional, evenement: Event, autre_evenement: Event) -> None:
    both = [(evenement.start, "booked"), (autre_evenement.start, "booked")]
    third_party_checks.reads(practice.agenda(scene, professionnel).events(), both)


@then("ses pages contiennent cet événement, et chacun une fois")
def pages_whole(pages: list[Exchange], evenement: Event) -> None:
    third_party_checks.whole_once(pages, [evenement])


@then(sentence("il lit les créneaux {jour:Futur} à {heures:Heures}, et aucun autre"))
def reads_slots(scene: Scene, lecture: Exchange, jour: Day, heures: list[time]) -> None:
    third_party_checks.slots_begin(lecture, [instant(jour.at(scene, hour)) for hour in heures])


@then("les créneaux viennent avec l'agenda et le professionnel, une fois chacun")
def included(lecture: Exchange) -> None:
    third_party_checks.includes_once(lecture)


@then("les deux recherches rendent les mêmes créneaux")
def same_slots(lectures: list[Exchange]) -> None:
    third_party_checks.same_set(*lectures)


@then("la seconde recherche est refusée, ou rend les mêmes créneaux")
def same_slots_or_refused(lectures: list[Exchange]) -> None:
    third_party_checks.same_set_or_refused(*lectures)


@then(sentence("le produit offre le professionnel {jour:Futur} à {heures:Heures}, et à aucune autre heure"))
def offered(scene: Scene, professionnel: Professional, jour: Day, heures: list[time]) -> None:
    third_party_checks.offers(practice.agenda(scene, professionnel), jour.at(scene, time()).date(), heures)


@then(sentence("le produit n'offre pas le professionnel {jour:Futur}"))
def not_offered(scene: Scene, professionnel: Professional, jour: Day) -> None:
    offered(scene, professionnel, jour, [])


@then("l'heure des créneaux est la même la veille et le lendemain du prochain changement d'heure")
def same_hours(scene: Scene, professionnel: Professional) -> None:
    day, agenda = sas_practice.next_change_of_hour(scene).date(), practice.agenda(scene, professionnel)
    eve, morrow = (third_party_checks.free_on(agenda, day + timedelta(days=n)).starts for n in (-1, 1))
    third_party_checks.same_hours(eve, morrow)


@then("la nuit d'automne où l'heure change donne chaque créneau une fois")
def night_once(scene: Scene, professionnel: Professional) -> None:
    day = practice.next_autumn(scene).date()
    found = third_party_checks.free_on(practice.agenda(scene, professionnel), day).starts
    practice.require_slots(found)
    third_party_checks.each_once(third_party_checks.in_paris(found))


@then("le produit ne lui répond rien du professionnel")
def refused_stranger(reponse: Exchange) -> None:
    third_party_checks.refused(reponse, 401, 403)


@then("le produit se décrit en FHIR R4")
def described(reponse: Exchange) -> None:
    third_party_checks.describes_itself(reponse)
