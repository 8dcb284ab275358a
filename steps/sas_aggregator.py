"""The SAS platform searches the slots that practitioners and associations open in the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, then, when

from harness.actors import sas_aggregator, sas_practice
from harness.actors.sas_aggregator import SasAggregator
from harness.actors.sas_practice import Holder
from harness.actors.sas_queries import Span, Writing
from harness.dates import Soon
from harness.expectations import expect_equal
from harness.scene import Page, Scene
from rules import Exchange
from steps.words import sentence


@given(
    sentence("{nombre:d} praticiens qui ouvrent chacun au public un créneau {quand:Bientot}"),
    target_fixture="praticiens",
)
def doctors_with_slots(scene: Scene, nombre: int, quand: Soon) -> list[Holder]:
    return [doctor_with_slot(scene, quand) for _ in range(nombre)]


@given("un praticien qui ouvre des créneaux au SAS", target_fixture="praticien")
def doctor(scene: Scene) -> Holder:
    return sas_practice.doctor(scene)


@given(sentence("un praticien qui ouvre au public un créneau {quand:Bientot}"), target_fixture="praticien")
@given(sentence("un autre praticien qui ouvre au public un créneau {quand:Bientot}"), target_fixture="autre_praticien")
def doctor_with_slot(scene: Scene, quand: Soon) -> Holder:
    return sas_practice.opened_soon(scene, sas_practice.doctor(scene), quand)


@given(
    sentence("un praticien enregistré {numero:Numero}, qui ouvre un créneau {quand:Bientot}"),
    target_fixture="praticien",
)
def doctor_kept_as(scene: Scene, numero: str, quand: Soon) -> Holder:
    return sas_practice.opened_soon(scene, sas_practice.doctor(scene, form=numero), quand)


@given(
    sentence("un praticien dont le cabinet porte {structure:Structure}, qui ouvre un créneau {quand:Bientot}"),
    target_fixture="praticien",
)
def doctor_in_structure(scene: Scene, structure: str, quand: Soon) -> Holder:
    return sas_practice.opened_soon(scene, sas_practice.doctor(scene, structure=structure), quand)


@given(
    sentence("un praticien au téléphone saisi « {telephone} », qui ouvre un créneau {quand:Bientot}"),
    target_fixture="praticien",
)
def doctor_with_telephone(scene: Scene, telephone: str, quand: Soon) -> Holder:
    return sas_practice.opened_soon(scene, sas_practice.doctor(scene, phone=telephone), quand)


@given(sentence("un praticien {fuseau:Lieu}, qui ouvre un créneau {quand:Bientot}"), target_fixture="praticien")
def doctor_overseas(scene: Scene, fuseau: str, quand: Soon) -> Holder:
    return sas_practice.opened_soon(scene, sas_practice.doctor(scene, zone=fuseau), quand, zone=fuseau)


@given(
    sentence("un praticien qui exerce en deux lieux et ouvre dans chacun un créneau {quand:Bientot}"),
    target_fixture="praticien",
)
def doctor_of_two_places(scene: Scene, quand: Soon) -> Holder:
    return sas_practice.opened_in_each_place(scene, sas_practice.doctor(scene, places=2), quand)


@given(sentence("un créneau du praticien {quand:Bientot}, {offre:Offre}"), target_fixture="praticien")
def slot_of_doctor(scene: Scene, praticien: Holder, quand: Soon, offre: Mapping[str, Any]) -> Holder:
    return sas_practice.opened_soon(scene, praticien, quand, **offre)


@given("un créneau du praticien commencé il y a une demi-heure", target_fixture="praticien")
def slot_begun(scene: Scene, praticien: Holder) -> Holder:
    return sas_practice.opened_in_the_past(scene, praticien)


@given(
    "un créneau du praticien à 09:00 la veille, le jour et le lendemain du prochain changement d'heure",
    target_fixture="praticien",
)
def slots_around_the_change(scene: Scene, praticien: Holder) -> Holder:
    return sas_practice.opened_around_the_change_of_hour(scene, praticien)


@given(sentence("un praticien qui ouvre à {nombre:d} CPTS un créneau {quand:Bientot}"), target_fixture="praticien")
def doctor_for_communities(scene: Scene, nombre: int, quand: Soon) -> Holder:
    return sas_practice.opened_to_communities(scene, sas_practice.doctor(scene), quand, nombre)


@given(sentence("un créneau du praticien {quand:Bientot}, ouvert à une autre CPTS"), target_fixture="praticien")
def slot_for_other_community(scene: Scene, praticien: Holder, quand: Soon) -> Holder:
    return sas_practice.opened_to_communities(scene, praticien, quand, 1)


@given(
    sentence("une association SOS Médecins dont {nombre:d} centres ouvrent un créneau {quand:Bientot}"),
    target_fixture="association",
)
def association(scene: Scene, nombre: int, quand: Soon) -> Holder:
    return sas_practice.opened_in_each_place(scene, sas_practice.association(scene, sites=nombre), quand)


@given("un créneau de son premier centre dans dix jours")
def slot_far_away(scene: Scene, association: Holder) -> None:
    sas_practice.opened_far_away(scene, association)


@when("un patient du cabinet prend le premier créneau", target_fixture="praticien")
def taken(scene: Scene, praticien: Holder) -> Holder:
    return sas_practice.first_taken(scene, praticien)


@given("un patient a pris le premier créneau de l'association", target_fixture="association")
def taken_at_the_site(scene: Scene, association: Holder) -> Holder:
    return sas_practice.first_taken(scene, association)


@when("la plateforme du SAS cherche les créneaux du praticien", target_fixture="recherche")
def search(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number])


@when("la plateforme du SAS cherche les créneaux du praticien et voit le premier")
def search_before(scene: Scene, praticien: Holder) -> None:
    sas_aggregator.shows(search(scene, praticien), [praticien])


@when("la plateforme du SAS cherche les créneaux des deux praticiens", target_fixture="recherche")
def search_both(scene: Scene, praticien: Holder, autre_praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number, autre_praticien.number])


@when("la plateforme du SAS cherche ensemble les créneaux de ces praticiens", target_fixture="recherche")
def search_all(scene: Scene, praticiens: list[Holder]) -> Exchange:
    return SasAggregator(scene).slots([one.number for one in praticiens])


@when("la plateforme du SAS cherche le praticien sous son numéro sans préfixe", target_fixture="recherche")
def search_bare(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number[1:]])


@when(
    sentence("la plateforme du SAS cherche le praticien, puis le praticien et {nombre:d} inconnus"),
    target_fixture="recherche",
)
def search_among_unknown(scene: Scene, praticien: Holder, nombre: int) -> Exchange:
    return SasAggregator(scene).among_unknown(praticien.number, nombre)


@when(sentence("la plateforme du SAS cherche {nombre:d} praticiens inconnus"), target_fixture="recherche")
def search_unknown(scene: Scene, nombre: int) -> Exchange:
    return SasAggregator(scene).slots(sas_aggregator.unknown(nombre))


@when(
    sentence("la plateforme du SAS cherche ce créneau, à la minute près, ses bornes écrites {fenetre:Fenetre}"),
    target_fixture="recherche",
)
def search_written(scene: Scene, praticien: Holder, fenetre: Writing) -> Exchange:
    return SasAggregator(scene).slots([praticien.number], praticien.span(), writing=fenetre)


@when("la plateforme du SAS cherche ce créneau, ses deux bornes à l'instant où il commence", target_fixture="recherche")
def search_at_the_instant(scene: Scene, praticien: Holder) -> Exchange:
    start = praticien.offers[0].start
    return SasAggregator(scene).slots([praticien.number], Span(start, start))


@when("la plateforme du SAS cherche autour de ces trois créneaux", target_fixture="recherche")
def search_around(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number], praticien.span())


@when("la plateforme du SAS cherche le lendemain de ce créneau", target_fixture="recherche")
def search_next_day(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number], praticien.next_day())


@when("la plateforme du SAS cherche les créneaux du praticien, mille au plus", target_fixture="recherche")
def search_a_thousand(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number], more=["_count=1000"])


@when("la plateforme du SAS cherche les créneaux du praticien, avec une borne illisible", target_fixture="recherche")
def search_unreadable(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).unreadable([praticien.number])


@when(
    "la plateforme du SAS cherche les créneaux du praticien sous le type de média de son guide",
    target_fixture="recherche",
)
def search_with_old_media_type(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number], headers={"Accept": sas_aggregator.OLD_MEDIA_TYPE})


@when(
    sentence("la plateforme du SAS cherche {nombre:d} fois en même temps les créneaux du praticien"),
    target_fixture="recherches",
)
def search_at_once(scene: Scene, praticien: Holder, nombre: int) -> list[Exchange]:
    return SasAggregator(scene).at_once([praticien.number], nombre)


@when("la plateforme du SAS cherche les créneaux du praticien et de ses CPTS", target_fixture="recherche")
def search_communities(scene: Scene, praticien: Holder) -> Exchange:
    return SasAggregator(scene).slots([praticien.number], variant="cpts")


@when(sentence("la plateforme du SAS cherche {nombre:d} praticiens inconnus et leurs CPTS"), target_fixture="recherche")
def search_unknown_communities(scene: Scene, nombre: int) -> Exchange:
    return SasAggregator(scene).slots(sas_aggregator.unknown(nombre), variant="cpts")


@when("la plateforme du SAS cherche les créneaux de l'association", target_fixture="recherche")
def search_sites(scene: Scene, association: Holder) -> Exchange:
    return SasAggregator(scene).sites([association.number])


@when("la plateforme du SAS cherche les créneaux d'une association inconnue", target_fixture="recherche")
def search_unknown_sites(scene: Scene) -> Exchange:
    return SasAggregator(scene).sites([sas_practice.association(scene).number])


@when("la plateforme du SAS lit les capacités du produit", target_fixture="recherche")
def metadata(scene: Scene) -> Exchange:
    return SasAggregator(scene).metadata()


@when(
    sentence("un client au certificat « {certificat} » cherche les créneaux du praticien"), target_fixture="recherche"
)
def search_as_stranger(scene: Scene, praticien: Holder, certificat: str) -> Exchange:
    return sas_aggregator.stranger(scene, certificat).slots([praticien.number])


@when(sentence("la plateforme du SAS se présente en TLS {version}"), target_fixture="recherche")
def search_with_version(scene: Scene, praticien: Holder, version: str) -> Exchange:
    return sas_aggregator.stranger(scene, sas_aggregator.PLATFORM, most=version).slots([praticien.number])


@when("un régulateur venu du SAS ouvre l'adresse du créneau", target_fixture="page")
def follow_the_address(scene: Scene, praticien: Holder) -> Page:
    return sas_aggregator.visit_from_sas(scene, search(scene, praticien))


@then("elle voit les créneaux du praticien, et eux seuls")
def sees_the_slots(recherche: Exchange, praticien: Holder) -> None:
    sas_aggregator.shows(recherche, [praticien])


@then("elle voit les créneaux des deux praticiens, et eux seuls")
def sees_the_slots_of_both(recherche: Exchange, praticien: Holder, autre_praticien: Holder) -> None:
    sas_aggregator.shows(recherche, [praticien, autre_praticien])


@then("elle voit les créneaux de ces praticiens, et eux seuls")
def sees_the_slots_of_all(recherche: Exchange, praticiens: list[Holder]) -> None:
    sas_aggregator.shows(recherche, praticiens)


@then("elle voit les créneaux du praticien et de ses CPTS, et eux seuls")
def sees_the_slots_of_communities(recherche: Exchange, praticien: Holder) -> None:
    sas_aggregator.shows(recherche, [praticien], "cpts")


@then("elle voit les créneaux de l'association, et eux seuls")
def sees_the_slots_of_sites(recherche: Exchange, association: Holder) -> None:
    sas_aggregator.shows(recherche, [association], "sos")


@then("chaque réponse montre les créneaux du praticien, et eux seuls")
def each_sees_the_slots(recherches: list[Exchange], praticien: Holder) -> None:
    for recherche in recherches:
        sas_aggregator.shows(recherche, [praticien])


@then("elle ne voit aucun créneau")
def sees_nothing(recherche: Exchange) -> None:
    sas_aggregator.shows_nothing(recherche)


@then("la réponse suit les profils du SAS")
def follows_the_profiles(recherche: Exchange) -> None:
    sas_aggregator.follows_the_profiles(recherche)


@then("la réponse donne un praticien, deux lieux et un agenda pour chacun")
def two_places(recherche: Exchange) -> None:
    sas_aggregator.counts(recherche, Practitioner=1, PractitionerRole=2, Schedule=2, Slot=2)


@then(sentence("la réponse donne un agenda et un lieu pour chacun des {nombre:d} centres, et leur association"))
def sites_counted(recherche: Exchange, nombre: int) -> None:
    sas_aggregator.counts(recherche, Schedule=nombre, Location=nombre, Organization=1)


@then(sentence("la réponse donne {services:d} services de CPTS et {structures:d} structures"))
def communities_counted(recherche: Exchange, services: int, structures: int) -> None:
    sas_aggregator.counts(recherche, HealthcareService=services, Organization=structures)


@then("la réponse ne donne aucune CPTS")
def no_community(recherche: Exchange) -> None:
    sas_aggregator.counts(recherche, HealthcareService=0, Organization=0)


@then("chaque créneau renvoie à toutes ses CPTS")
def communities_of_each_slot(recherche: Exchange, praticien: Holder) -> None:
    sas_aggregator.names_the_communities(recherche, praticien)


@then("elle lit le praticien sous son identifiant national, avec le préfixe")
def number_is_whole(recherche: Exchange, praticien: Holder) -> None:
    sas_aggregator.names_the_practitioner(recherche, praticien)


@then("elle lit le cabinet sous l'identifiant de sa structure, avec le préfixe")
def structure_is_whole(recherche: Exchange, praticien: Holder) -> None:
    sas_aggregator.names_the_structure(recherche, praticien)


@then("le créneau dit tous ses publics")
def publics(recherche: Exchange, praticien: Holder) -> None:
    expect_equal("les publics", set(praticien.offers[0].publics), set(sas_aggregator.only_slot(recherche).publics))


@then("le créneau dit où se tient la consultation")
def consultations(recherche: Exchange, praticien: Holder) -> None:
    told = set(sas_aggregator.only_slot(recherche).consultations)
    expect_equal("les lieux de consultation", set(praticien.offers[0].consultations), told)


@then("le créneau est dit sans rendez-vous")
def without_booking(recherche: Exchange) -> None:
    sas_aggregator.is_of_type(recherche, "WALKIN")


@then(sentence("le téléphone rendu est « {telephone} »"))
def telephone(recherche: Exchange, telephone: str) -> None:
    sas_aggregator.gives_telephones(recherche, [telephone])


@then("aucun téléphone n'est rendu")
def no_telephone(recherche: Exchange) -> None:
    sas_aggregator.gives_telephones(recherche, [])


@then("la recherche est refusée et le produit dit pourquoi")
def refused_with_reason(recherche: Exchange) -> None:
    sas_aggregator.refuses_with_a_reason(recherche)


@then("le produit se décrit comme un serveur FHIR qui offre la recherche de créneaux")
def described(recherche: Exchange) -> None:
    sas_aggregator.describes_itself(recherche)


@then("le produit refuse ce client")
def refused(recherche: Exchange) -> None:
    sas_aggregator.refuses(recherche)


@then("une page s'ouvre")
def page_opens(page: Page) -> None:
    sas_aggregator.opens(page)
