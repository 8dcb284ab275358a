"""Slots of the product booked by regulators of the SAS, and what the platform is told (INT_R03)."""

from __future__ import annotations

from dataclasses import replace

from pytest_bdd import given, then, when

from harness.actors import journeys, sas_booking
from harness.actors.sas_booking import Booking, Offer
from harness.actors.sas_platform import Regulator
from harness.expectations import expect, expect_equal
from harness.scene import Outcome, Scene
from steps.words import sentence

WRITES = "sas.fhir.appointment.*"


@given(sentence("un créneau ouvert aux régulateurs {mois:Saison}"), target_fixture="creneau")
def slot(scene: Scene, mois: int) -> Offer:
    return sas_booking.open_slot(scene, sas_booking.next_in(scene, mois))


@given(sentence("un créneau {fuseau:Lieu} ouvert aux régulateurs {mois:Saison}"), target_fixture="creneau")
def overseas_slot(scene: Scene, fuseau: str, mois: int) -> Offer:
    return sas_booking.open_slot(scene, sas_booking.next_in(scene, mois), zone=fuseau)


@given("un créneau d'un point fixe de SOS Médecins ouvert aux régulateurs", target_fixture="creneau")
def sos_slot(scene: Scene) -> Offer:
    return sas_booking.open_slot(scene, sas_booking.next_in(scene, sas_booking.SUMMER), sos=True)


@when("le régulateur venu du SAS réserve ce créneau pour un patient", target_fixture="reservation")
@given("le régulateur venu du SAS a réservé ce créneau pour un patient", target_fixture="reservation")
def books(scene: Scene, regulateur: Regulator, creneau: Offer) -> Booking:
    return sas_booking.book(scene, regulateur, creneau)


@when("le régulateur venu du SAS réserve ce créneau au nom de cet identifiant", target_fixture="reservation")
def books_as_national(scene: Scene, regulateur_national: Regulator, creneau: Offer) -> Booking:
    return sas_booking.book(scene, regulateur_national, creneau)


@when("le régulateur venu du SAS essaie de réserver ce créneau", target_fixture="reponse")
def tries_to_book(scene: Scene, regulateur: Regulator, creneau: Offer) -> Outcome:
    return sas_booking.try_to_book(scene, regulateur, creneau)


@when("l'autre régulateur venu du SAS essaie de réserver ce créneau", target_fixture="reponse")
def other_tries_to_book(scene: Scene, autre_regulateur: Regulator, creneau: Offer) -> Outcome:
    return sas_booking.try_to_book(scene, autre_regulateur, creneau)


@when(
    "le régulateur se connecte au produit sans venir du SAS et essaie de réserver ce créneau", target_fixture="reponse"
)
def tries_without_sas(scene: Scene, regulateur: Regulator, creneau: Offer) -> Outcome:
    return sas_booking.try_to_book(scene, regulateur, creneau, origin="directe")


@when("le produit déplace ce rendez-vous du SAS au lendemain", target_fixture="reservation")
def moves(scene: Scene, reservation: Booking) -> Booking:
    return sas_booking.move(scene, reservation)


@when("le produit annule ce rendez-vous du SAS")
def cancels(scene: Scene, reservation: Booking) -> None:
    sas_booking.record(scene, reservation, "annuler_rendez_vous")


@when(sentence("le professionnel note que ce rendez-vous du SAS est {constat:Constat}"))
def records(scene: Scene, reservation: Booking, constat: str) -> None:
    sas_booking.record(scene, reservation, "constater_rendez_vous", constat=constat)


@when("l'association accepte ce rendez-vous du SAS")
def confirms(scene: Scene, reservation: Booking) -> None:
    sas_booking.record(scene, reservation, "confirmer_rendez_vous")


@given("la plateforme du SAS est indisponible")
def platform_down(scene: Scene) -> None:
    scene.fault(WRITES, "503", fois=0)


@given("la plateforme du SAS coupe la connexion après avoir enregistré")
def platform_cuts(scene: Scene) -> None:
    scene.fault("sas.fhir.appointment.create", "coupure_apres")


@given("la plateforme du SAS coupe la connexion avant d'enregistrer")
def platform_cuts_before(scene: Scene) -> None:
    scene.fault("sas.fhir.appointment.create", "coupure_avant")


@given("la plateforme du SAS refuse la mise à jour d'un rendez-vous inconnu")
def platform_creates_by_post_only(scene: Scene) -> None:
    scene.sas.creates_by_post_only()


@when("la plateforme du SAS est rétablie")
def platform_up(scene: Scene) -> None:
    journeys.restore_agenda(scene)


@when("le produit reprend ses envois en attente vers le SAS")
def resumes(scene: Scene) -> None:
    scene.product.act("reprendre_envois")


@then(sentence("la plateforme du SAS tient ce rendez-vous une seule fois, {statut:Statut}"))
def held_once(scene: Scene, reservation: Booking, statut: str) -> None:
    sas_booking.holds(scene, reservation, statut)


@then("ce rendez-vous nomme le régulateur et le praticien")
def names_both(scene: Scene, reservation: Booking) -> None:
    held = sas_booking.only_one(scene, reservation)
    expect_equal("le régulateur", list(reservation.regulator.identifier), list(sas_booking.operator_of(held)))
    expect_equal("le praticien", reservation.offer.holder, sas_booking.effector_of(held))


@then("ce rendez-vous nomme le régulateur, et aucun praticien")
def names_regulator(scene: Scene, reservation: Booking) -> None:
    held = sas_booking.only_one(scene, reservation)
    expect_equal("le régulateur", list(reservation.regulator.identifier), list(sas_booking.operator_of(held)))
    expect_equal("le praticien", "", sas_booking.effector_of(held))


@then("ce rendez-vous nomme le régulateur par son identifiant national")
def names_national(scene: Scene, reservation: Booking, regulateur_national: Regulator) -> None:
    names_both(scene, replace(reservation, regulator=regulateur_national))


@then(sentence("la plateforme du SAS l'a su {premier:Statut} puis {second:Statut}"))
def told_in_order(scene: Scene, reservation: Booking, premier: str, second: str) -> None:
    sas_booking.went_through(sas_booking.only_one(scene, reservation), premier, second)


@then("rien du patient n'est parti vers la plateforme du SAS")
def patient_stays(scene: Scene, reservation: Booking) -> None:
    sas_booking.nothing_of_the_patient(scene, reservation)


@then("le produit refuse la réservation")
def booking_refused(reponse: Outcome) -> None:
    expect(reponse.refused, "un refus du produit", dict(reponse))


@then("la plateforme du SAS ne tient qu'un rendez-vous")
def one_appointment(scene: Scene, reservation: Booking) -> None:
    sas_booking.only_one(scene, reservation)


@then("la plateforme du SAS ne tient aucun rendez-vous")
def no_appointment(scene: Scene) -> None:
    expect_equal("le nombre de rendez-vous", 0, len(scene.sas.held()))
