"""The agenda that a professional chose writes in the product (flow C, FC-PUSH)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from pytest_bdd import given, then, when

from harness.actors import appointments, third_party_checks
from harness.actors import third_party_practice as practice
from harness.actors.appointments import Appointment
from harness.actors.meetings import Day
from harness.actors.third_party_agenda import Event
from harness.dates import instant
from harness.scene import Person, Professional, Scene
from rules import Exchange
from steps.words import sentence

_TEN = Day(10)

# -- who is there, and when


@given("un professionnel qui tient son agenda ailleurs", target_fixture="professionnel")
def followed(scene: Scene) -> Professional:
    return practice.new_professional(scene)


@given("un autre professionnel de la structure", target_fixture="autre_professionnel")
def colleague(scene: Scene) -> Professional:
    return practice.new_professional(scene)


@given(sentence("le professionnel reçoit {jour:Futur} de {debut:Heure} à {fin:Heure}"))
def receives(scene: Scene, professionnel: Professional, jour: Day, debut: time, fin: time) -> None:
    practice.receives(scene, professionnel, jour, debut, fin)


@given(sentence("l'autre professionnel reçoit {jour:Futur} de {debut:Heure} à {fin:Heure}"))
def colleague_receives(scene: Scene, autre_professionnel: Professional, jour: Day, debut: time, fin: time) -> None:
    practice.receives(scene, autre_professionnel, jour, debut, fin)


@given(sentence("le professionnel reçoit tous les jours de {debut:Heure} à {fin:Heure}, mais s'absente {jour:Futur}"))
def receives_but(scene: Scene, professionnel: Professional, debut: time, fin: time, jour: Day) -> None:
    practice.receives_daily(scene, professionnel, debut, fin, away=jour)


@given(sentence("le professionnel reçoit tous les jours de {debut:Heure} à {fin:Heure}"))
def receives_daily(scene: Scene, professionnel: Professional, debut: time, fin: time) -> None:
    practice.receives_daily(scene, professionnel, debut, fin)


@given(
    sentence("un rendez-vous de l'usager avec le professionnel {jour:Futur} à {heure:Heure}"),
    target_fixture="rendez_vous",
)
def typed(scene: Scene, usager: Person, professionnel: Professional, jour: Day, heure: time) -> Appointment:
    return practice.typed(scene, usager, professionnel, jour, heure)


@given(sentence("un rendez-vous de l'usager avec l'autre professionnel {jour:Futur} à {heure:Heure}"))
def typed_for_colleague(
    scene: Scene, usager: Person, autre_professionnel: Professional, jour: Day, heure: time
) -> None:
    practice.typed(scene, usager, autre_professionnel, jour, heure)


@given(sentence("un rendez-vous d'un autre usager avec le professionnel {jour:Futur} à {heure:Heure}"))
def typed_for_other_usager(
    scene: Scene, autre_usager: Person, professionnel: Professional, jour: Day, heure: time
) -> None:
    practice.typed(scene, autre_usager, professionnel, jour, heure)


@given(sentence("un rendez-vous de l'usager avec le professionnel, annulé, {jour:Futur} à {heure:Heure}"))
def typed_and_cancelled(scene: Scene, usager: Person, professionnel: Professional, jour: Day, heure: time) -> None:
    made = practice.typed(scene, usager, professionnel, jour, heure)
    appointments.act_on(scene, "annuler_rendez_vous", made)


@given("le produit a annulé ce rendez-vous du professionnel")
def cancelled_here(scene: Scene, rendez_vous: Appointment) -> None:
    appointments.act_on(scene, "annuler_rendez_vous", rendez_vous)


@given(
    sentence("le produit a déplacé ce rendez-vous du professionnel {jour:Futur} à {heure:Heure}"),
    target_fixture="rendez_vous",
)
def moved_here(scene: Scene, rendez_vous: Appointment, jour: Day, heure: time) -> Appointment:
    return appointments.move(scene, rendez_vous, jour.at(scene, heure))


# -- what the third-party agenda sends


@given(
    sentence("l'agenda tiers a envoyé un événement du professionnel {jour:Futur} à {heure:Heure}"),
    target_fixture="evenement",
)
@when(
    sentence("l'agenda tiers envoie un événement du professionnel {jour:Futur} à {heure:Heure}"),
    target_fixture="evenement",
)
def push(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> Event:
    return practice.push_new(scene, practice.at(scene, professionnel, jour, heure))


@given(sentence("l'agenda tiers a envoyé un autre événement du professionnel {jour:Futur} à {heure:Heure}"))
def push_another(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> None:
    push(scene, professionnel, jour, heure)


@when(
    sentence("l'agenda tiers envoie un événement encore à confirmer du professionnel {jour:Futur} à {heure:Heure}"),
    target_fixture="evenement",
)
def push_asked(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> Event:
    return practice.push_new(scene, replace(practice.at(scene, professionnel, jour, heure), status="proposed"))


@when(sentence("l'agenda tiers envoie un événement de l'autre professionnel {jour:Futur} à {heure:Heure}"))
def push_of_colleague(scene: Scene, autre_professionnel: Professional, jour: Day, heure: time) -> None:
    push(scene, autre_professionnel, jour, heure)


@when("l'agenda tiers envoie une seconde fois le même événement")
def push_again(scene: Scene, evenement: Event) -> None:
    practice.push_known(scene, evenement)


@when(sentence("l'agenda tiers déplace l'événement {jour:Futur} à {heure:Heure}"), target_fixture="evenement")
def push_moved(scene: Scene, evenement: Event, jour: Day, heure: time) -> Event:
    return practice.push_known(scene, replace(evenement, start=instant(jour.at(scene, heure))))


@when("l'agenda tiers annule l'événement", target_fixture="evenement")
def push_cancelled(scene: Scene, evenement: Event) -> Event:
    return practice.push_known(scene, replace(evenement, status="cancelled"))


@when(
    "l'agenda tiers envoie un autre événement de même numéro, sous un autre système",
    target_fixture="autre_evenement",
)
def push_other_system(scene: Scene, evenement: Event) -> Event:
    return practice.push_under_other_system(scene, evenement)


@when("l'agenda tiers crée deux fois le même événement sans condition", target_fixture="evenement")
def post_twice(scene: Scene, professionnel: Professional) -> Event:
    return practice.post_twice(scene, practice.at(scene, professionnel, _TEN, time(9)))


@when("l'agenda tiers envoie encore cet événement, par son identifiant", target_fixture="envoi")
def push_once_more(scene: Scene, evenement: Event) -> tuple[int, Exchange]:
    return practice.push_once_more(scene, evenement)


@when("l'agenda tiers modifie l'événement à partir d'une version dépassée", target_fixture="reponse")
def push_stale(scene: Scene, evenement: Event) -> Exchange:
    return practice.push_stale(scene, evenement)


@when(sentence("l'agenda tiers envoie un événement {faute:Faute}"), target_fixture="reponse")
def post_wrong(scene: Scene, professionnel: Professional, faute: Mapping[str, Any]) -> Exchange:
    wrong = practice.at(scene, professionnel, _TEN, time(9), **faute)
    return practice.agenda(scene, professionnel).post(wrong)


@when("l'agenda tiers envoie un événement coupé au milieu", target_fixture="reponse")
def post_cut(scene: Scene, professionnel: Professional) -> Exchange:
    return practice.agenda(scene, professionnel).post_text('{"resourceType": "Appointment", "status": "boo')


@when("l'agenda tiers envoie un événement démesuré", target_fixture="reponse")
def post_enormous(scene: Scene, professionnel: Professional) -> Exchange:
    right = practice.at(scene, professionnel, _TEN, time(9))
    return practice.agenda(scene, professionnel).post(practice.enormous(right))


@when("l'agenda tiers envoie un événement dont le début n'a pas de décalage horaire", target_fixture="reponse")
def post_without_offset(scene: Scene, professionnel: Professional) -> Exchange:
    naive = _TEN.at(scene, time(9)).isoformat(timespec="seconds")
    return post_wrong(scene, professionnel, {"start": naive})


@when(sentence("l'agenda tiers réserve le créneau {jour:Futur} à {heure:Heure}"), target_fixture="evenement")
def book(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> Event:
    return practice.book(scene, practice.on_slot(scene, professionnel, jour, heure))


@when(
    sentence("deux agendas tiers réservent ensemble le créneau {jour:Futur} à {heure:Heure}"), target_fixture="reponses"
)
def book_at_once(scene: Scene, professionnel: Professional, jour: Day, heure: time) -> list[Exchange]:
    return practice.book_at_once(scene, practice.on_slot(scene, professionnel, jour, heure))


@when(sentence("l'agenda tiers supprime l'agenda du professionnel, ouvert {jour:Futur}"))
def close_agenda(scene: Scene, professionnel: Professional, jour: Day) -> None:
    practice.close_agenda(scene, professionnel, jour.at(scene, time()).date())


# -- what the product did of it


@then("le professionnel voit l'événement une fois dans le DUI")
@then("le professionnel voit l'événement annulé dans le DUI")
def shown(scene: Scene, evenement: Event) -> None:
    third_party_checks.shown_in_the_product(scene, evenement)


@then("le produit n'a gardé aucun événement")
def nothing_kept(scene: Scene, professionnel: Professional) -> None:
    third_party_checks.reads(practice.agenda(scene, professionnel).events(), [])


@then("le produit n'a gardé qu'un événement")
def one_kept(scene: Scene, professionnel: Professional, evenement: Event) -> None:
    third_party_checks.reads(practice.agenda(scene, professionnel).events(), [(evenement.start, "booked")])


@then("le produit change cet événement, ou refuse de choisir entre plusieurs")
def condition_held(envoi: tuple[int, Exchange]) -> None:
    third_party_checks.condition_held(*envoi)


@then("une seule réservation est faite")
def one_winner(reponses: list[Exchange]) -> None:
    third_party_checks.one_winner(reponses)


@then("le produit refuse l'événement en disant pourquoi")
def refused_event(reponse: Exchange) -> None:
    third_party_checks.refused(reponse, 400, 422)


@then("le produit refuse l'événement démesuré sans se briser")
def refused_enormous(reponse: Exchange) -> None:
    third_party_checks.refused_by_size(reponse)


@then("le produit refuse une version dépassée")
def refused_version(reponse: Exchange) -> None:
    third_party_checks.refused(reponse, 412)
