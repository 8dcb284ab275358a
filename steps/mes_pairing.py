"""Pairing with Mon espace santé, its life, and the consents of the usager."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import journeys
from harness.expectations import expect_equal
from harness.scene import Outcome, Page, PairingPage, Person, Scene
from steps.words import sentence

Codes = tuple[str, ...]


@given(sentence("un usager apparié qui consent à {finalites:Finalites}"), target_fixture="usager")
def paired_usager(scene: Scene, finalites: Codes) -> Person:
    person = scene.person()
    scene.mes.pair(person, *finalites)
    return person


@given(sentence("un autre usager apparié qui consent à {finalites:Finalites}"), target_fixture="autre_usager")
def other_paired_usager(scene: Scene, finalites: Codes) -> Person:
    return paired_usager(scene, finalites)


@given(sentence("une mère appariée qui consent à {finalites:Finalites}"), target_fixture="mere")
def paired_mother(scene: Scene, finalites: Codes) -> Person:
    return paired_usager(scene, finalites)


@given(sentence("son enfant de {age:d} ans, apparié par elle, avec {finalites:Finalites}"), target_fixture="usager")
def paired_child(scene: Scene, mere: Person, age: int, finalites: Codes) -> Person:
    child = scene.person(age=age, child_of=mere)
    journeys.pair_child(scene, mere, child, *finalites)
    return child


@when("l'usager demande l'appariement depuis le portail", target_fixture="consentement")
def ask_for_pairing(scene: Scene, usager: Person) -> PairingPage:
    return scene.mes.start_pairing(usager)


@when("l'usager ouvre le service depuis le catalogue de Mon espace santé", target_fixture="consentement")
def open_from_catalogue(scene: Scene, usager: Person) -> PairingPage:
    return journeys.open_from_catalogue(scene, usager)


@when("l'appariement est demandé pour l'usager sans session sur le portail", target_fixture="reponse")
def ask_without_session(scene: Scene, usager: Person) -> Outcome:
    return journeys.ask_without_session(scene, usager)


@when(sentence("l'usager y accepte {finalites:Finalites}"), target_fixture="retour")
def accept(consentement: PairingPage, finalites: Codes) -> Page:
    return consentement.accept(*finalites)


@when("l'usager refuse l'appariement", target_fixture="retour")
def refuse(consentement: PairingPage) -> Page:
    return consentement.refuse()


@when("le navigateur de l'usager rejoue le retour vers le portail")
def replay_return(scene: Scene, usager: Person, retour: Page) -> None:
    scene.browser(usager).get(journeys.return_address(scene, retour))


@when("l'autre usager obtient un retour d'appariement sans le suivre", target_fixture="adresse_de_retour")
def intercept_return(scene: Scene, autre_usager: Person) -> str:
    return journeys.intercept_return(scene, autre_usager)


@when("ce retour est ouvert dans la session de l'usager")
def open_foreign_return(scene: Scene, usager: Person, adresse_de_retour: str) -> None:
    journeys.open_in_session(scene, usager, adresse_de_retour)


@when("l'usager obtient un retour d'appariement sans le suivre", target_fixture="adresse_de_retour")
def intercept_own_return(scene: Scene, usager: Person) -> str:
    return journeys.intercept_return(scene, usager)


@when("ce retour est ouvert avec un état inventé")
def open_with_invented_state(scene: Scene, usager: Person, adresse_de_retour: str) -> None:
    scene.browser(usager).get(journeys.with_invented_state(adresse_de_retour))


@given(sentence("Mon espace santé remet un jeton d'identité {defaut:Jeton}"))
def spoil_id_token(scene: Scene, defaut: str) -> None:
    scene.fault("mes.oauth.token", defaut)


@given("Mon espace santé ne reconnaît plus l'identifiant du service")
def unknown_service(scene: Scene, usager: Person) -> None:
    scene.fault("mes.fhir.*", "oid_different", fois=0, person=usager)


@given(sentence("l'usager a de nouveau apparié le portail, avec {finalites:Finalites}"))
def paired_again(scene: Scene, usager: Person, finalites: Codes) -> None:
    scene.mes.pair(usager, *finalites)


@given("son accès à Mon espace santé a expiré")
@when("son accès à Mon espace santé expire de nouveau")
def access_expired(scene: Scene) -> None:
    scene.advance(minutes=10)


@given("Mon espace santé refuse tout accès, même renouvelé")
def every_access_refused(scene: Scene, usager: Person) -> None:
    scene.fault("mes.fhir.*", "jeton_expire", fois=0, person=usager)


@given("son accès à Mon espace santé ne peut plus être renouvelé")
def refresh_expired(scene: Scene) -> None:
    scene.advance(days=100)


@given("l'usager a rompu l'appariement dans Mon espace santé")
def unpaired_there(scene: Scene, usager: Person) -> None:
    scene.mes.unpair(usager)


@when("l'usager rompt l'appariement depuis le portail")
def unpair_here(scene: Scene, usager: Person) -> None:
    scene.product.act("desapparier_mes", usager=usager)


@given("Mon espace santé a suspendu le service")
def suspended(scene: Scene) -> None:
    scene.mes.set_status("SUSPENDUE")


@when("Mon espace santé remet le service en ligne")
def back_online(scene: Scene) -> None:
    scene.mes.set_status("EN_LIGNE")


@given("le service est retiré du catalogue de Mon espace santé")
def deregistered(scene: Scene) -> None:
    scene.mes.deregister()


@given(sentence("un service référencé sans {finalites:Finalites}"))
def without_finality(scene: Scene, finalites: Codes) -> None:
    journeys.without_finality(scene, finalites[0])


@given(sentence("le service annonce une nouvelle version, avec {finalites:Finalites}"))
def new_version(scene: Scene, finalites: Codes) -> None:
    journeys.announce_version(scene, finalites[0])


@when("l'usager reconnaît la nouvelle version dans Mon espace santé")
def acknowledge(scene: Scene, usager: Person) -> None:
    scene.mes.acknowledge(usager)


@given("l'enfant est devenu majeur")
def came_of_age(scene: Scene, usager: Person) -> None:
    scene.mes.come_of_age(usager)


@when("l'usager devenu majeur confirme ses accords dans Mon espace santé")
def reapprove(scene: Scene, usager: Person) -> None:
    scene.mes.reapprove(usager)


@given(sentence("l'usager a retiré son accord pour {finalites:Finalites}"))
@when(sentence("l'usager retire son accord pour {finalites:Finalites}"))
def withdraw(scene: Scene, usager: Person, finalites: Codes) -> None:
    scene.mes.withdraw(usager, finalites[0])


@when(sentence("l'usager donne son accord pour {finalites:Finalites}"))
@given(sentence("l'usager a donné son accord pour {finalites:Finalites} sans reconnaître la version"))
def grant(scene: Scene, usager: Person, finalites: Codes) -> None:
    scene.mes.grant(usager, finalites[0])


@then("Mon espace santé lui présente le service et son identité au portail")
def presented(scene: Scene, usager: Person, consentement: PairingPage) -> None:
    journeys.presented(scene, usager, consentement)


@then(sentence("le produit montre l'appariement {etat:Appariement}"))
def pairing_shown(scene: Scene, usager: Person, etat: str) -> None:
    journeys.status_is(scene, usager, etat)


@then("le produit l'explique à l'usager")
def explained(scene: Scene, usager: Person) -> None:
    journeys.explains(scene, usager)


@then(sentence("le produit dit que l'accord pour {finalites:Finalites} manque"))
def misses_consent(scene: Scene, usager: Person, finalites: Codes) -> None:
    journeys.misses_consent(scene, usager, finalites[0])


@then("le code d'appariement n'a pas été échangé deux fois")
def code_exchanged_once(scene: Scene) -> None:
    journeys.at_most_once("un échange du code", journeys.code_exchanges(scene))


@then("le code d'appariement n'a pas été échangé")
def code_not_exchanged(scene: Scene) -> None:
    expect_equal("nombre d'échanges du code", 0, len(journeys.code_exchanges(scene)))


@then("l'accès n'a été renouvelé qu'une fois")
def refreshed_once(scene: Scene) -> None:
    expect_equal("nombre de renouvellements de l'accès", 1, len(journeys.refreshes(scene)))


@then("le produit a rendu ses accès à Mon espace santé")
def revoked(scene: Scene) -> None:
    scene.wait_for("mes.oauth.revoke")


@then("le produit alerte son exploitant")
def operator_alerted(scene: Scene, usager: Person) -> None:
    journeys.alerts_operator(scene, usager)


@then("l'agenda de Mon espace santé n'a pas été appelé plus d'une fois")
@then("les mesures de Mon espace santé n'ont pas été appelées plus d'une fois")
def called_once_at_most(scene: Scene) -> None:
    journeys.at_most_once("un appel aux données de Mon espace santé", journeys.calls_of(scene, "mes.fhir."))


@then("Mon espace santé n'a refusé qu'un envoi faute d'accord")
def one_refusal_for_consent(scene: Scene) -> None:
    expect_equal("nombre de refus faute d'accord", 1, len(journeys.refusals(scene, 403)))


@then("Mon espace santé n'a refusé ce changement qu'une fois")
def refused_once(scene: Scene) -> None:
    expect_equal("nombre de refus du changement", 1, len(journeys.refusals(scene, 422)))
