"""Professionals who sign in to the DUI by Pro Santé Connect or by their local account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, then, when

from harness.actors import journeys, sign_in
from harness.actors.login import LoginPage
from harness.expectations import expect, expect_equal
from harness.scene import Outcome, Page, Professional, Scene
from steps.words import sentence


@given("un professionnel connu du produit", target_fixture="professionnel")
def known_professional(scene: Scene) -> Professional:
    return sign_in.known(scene)


@given("un autre professionnel connu du produit", target_fixture="autre_professionnel")
def other_known_professional(scene: Scene) -> Professional:
    return sign_in.known(scene)


@given(
    "un professionnel sans profession réglementée, enregistré au RPPS et connu du produit",
    target_fixture="professionnel",
)
def unregulated_professional(scene: Scene) -> Professional:
    return sign_in.known(scene, categorie="rpps+")


@given("un professionnel identifié par sa structure et connu du produit", target_fixture="professionnel")
def local_professional(scene: Scene) -> Professional:
    return sign_in.known(scene, categorie="structure")


@given("un professionnel qui exerce dans deux structures, connu du produit", target_fixture="professionnel")
def professional_of_two_places(scene: Scene) -> Professional:
    return sign_in.known(scene, activites=2)


@given("un homonyme du professionnel, inconnu du produit", target_fixture="homonyme")
def namesake(scene: Scene, professionnel: Professional) -> Professional:
    return scene.psc.professional(nom=professionnel.family_name, prenom=professionnel.given_name)


@given("un professionnel connecté par Pro Santé Connect", target_fixture="professionnel")
@given(
    "un professionnel connecté par Pro Santé Connect, avec le droit d'appeler l'INSi", target_fixture="professionnel"
)
def connected_professional(scene: Scene) -> Professional:
    return sign_in.connected(scene)


@given("un autre professionnel connecté par Pro Santé Connect", target_fixture="autre_professionnel")
def other_connected_professional(scene: Scene) -> Professional:
    return sign_in.connected(scene)


# -- what professionals do


@given("le professionnel s'est déjà connecté par Pro Santé Connect, puis déconnecté")
def has_logged_in_and_out(scene: Scene, professionnel: Professional) -> None:
    scene.psc.log_in(professionnel)
    sign_in.log_out(scene, professionnel)


@when("le professionnel se connecte par Pro Santé Connect", target_fixture="page")
def log_in(scene: Scene, professionnel: Professional) -> Page:
    return scene.psc.log_in(professionnel)


@when("l'autre professionnel se connecte par Pro Santé Connect")
def other_logs_in(scene: Scene, autre_professionnel: Professional) -> None:
    scene.psc.log_in(autre_professionnel)


@when("l'homonyme se connecte par Pro Santé Connect")
def namesake_logs_in(scene: Scene, homonyme: Professional) -> None:
    scene.psc.log_in(homonyme)


@when(sentence("le professionnel se connecte par Pro Santé Connect avec {moyen:Moyen}"), target_fixture="page")
def log_in_with(scene: Scene, professionnel: Professional, moyen: str) -> Page:
    return scene.psc.log_in(professionnel, means=moyen)


@when(
    sentence(
        "le professionnel se connecte par Pro Santé Connect, vers une page étrangère à l'adresse {complete:Adresse}"
    ),
    target_fixture="page",
)
def log_in_towards(scene: Scene, professionnel: Professional, complete: bool) -> Page:
    return scene.psc.log_in(professionnel, retour=sign_in.foreign_address(scene, complete))


@when("le professionnel se connecte par son compte local", target_fixture="session_locale")
def log_in_locally(scene: Scene, professionnel: Professional) -> Outcome:
    return sign_in.log_in_locally(scene, professionnel)


@when("le professionnel renonce à se connecter sur la page de Pro Santé Connect", target_fixture="page")
def give_up(scene: Scene, professionnel: Professional) -> Page:
    return scene.psc.start_login(professionnel).cancel()


@when("l'autre professionnel obtient un retour de connexion sans le suivre", target_fixture="adresse_de_retour")
def intercept(scene: Scene, autre_professionnel: Professional) -> str:
    login = scene.psc.start_login(autre_professionnel)
    return sign_in.intercept(scene, login, scene.professional_browser(autre_professionnel))


@when("ce retour est ouvert dans le navigateur du professionnel")
def open_foreign_return(scene: Scene, professionnel: Professional, adresse_de_retour: str) -> None:
    scene.professional_browser(professionnel).get(adresse_de_retour)


@when("le navigateur du professionnel rejoue le retour vers le produit")
def replay(scene: Scene, professionnel: Professional, page: Page) -> None:
    scene.professional_browser(professionnel).get(journeys.return_address(scene, page))


@when("le professionnel choisit la seconde", target_fixture="situation")
def choose_second(scene: Scene, professionnel: Professional) -> Mapping[str, Any]:
    return sign_in.choose(scene, professionnel, 1)


@when("le professionnel se déconnecte", target_fixture="ancienne_session_professionnelle")
def log_out(scene: Scene, professionnel: Professional) -> Mapping[str, Any]:
    return sign_in.log_out(scene, professionnel)


@when("le professionnel demande de nouveau à se connecter", target_fixture="page_de_connexion")
def ask_again(scene: Scene, professionnel: Professional) -> LoginPage:
    return scene.psc.start_login(professionnel)


# -- what must be seen


@then("le produit lui ouvre une session à son nom")
def opened(scene: Scene, professionnel: Professional) -> None:
    sign_in.opened(scene, professionnel)


@then("le compte local ouvre une session à son nom")
def opened_locally(scene: Scene, professionnel: Professional, session_locale: Outcome) -> None:
    expect_equal("le compte ouvert", scene.account(professionnel), session_locale.get("professionnel"))


@then("les deux connexions ont ouvert le même compte")
def same_account(scene: Scene, professionnel: Professional, session_locale: Outcome) -> None:
    session = sign_in.session_of(scene, professionnel)
    expect_equal("le compte ouvert", session_locale["professionnel"], session.get("professionnel"))


@then("l'homonyme n'est pas entré dans le compte du professionnel")
def namesake_kept_out(scene: Scene, professionnel: Professional, homonyme: Professional) -> None:
    session = sign_in.session_of(scene, homonyme)
    expect(session.get("professionnel") != scene.account(professionnel), "un autre compte, ou aucun", dict(session))


@then("le produit ne lui ouvre aucune session")
def not_opened(scene: Scene, professionnel: Professional) -> None:
    sign_in.not_opened(sign_in.session_of(scene, professionnel))


@then("la session du professionnel reste ouverte")
def still_open(scene: Scene, professionnel: Professional) -> None:
    sign_in.opened(scene, professionnel)


@then("sa session d'avant n'est plus ouverte")
def old_session_closed(scene: Scene, ancienne_session_professionnelle: Mapping[str, Any]) -> None:
    sign_in.not_opened(sign_in.session_in(scene, ancienne_session_professionnelle))


@then("le produit lui répond par une page lisible")
@then("le portail lui répond par une page lisible")
def readable(page: Page) -> None:
    sign_in.readable(page)


@then("le produit explique au professionnel que Pro Santé Connect ne répond pas")
def outage_told(scene: Scene, professionnel: Professional, page: Page) -> None:
    sign_in.outage_told(sign_in.session_of(scene, professionnel), page)


@then("le navigateur n'est pas allé à cette page étrangère")
def not_led_away(scene: Scene, page: Page) -> None:
    sign_in.not_led_to(page, sign_in.foreign_address(scene, scheme=True))


@then("le produit lui propose ses deux structures sans choisir à sa place")
def offers_each(scene: Scene, professionnel: Professional) -> None:
    sign_in.offers_each(sign_in.opened(scene, professionnel), professionnel)


@then("sa session est ouverte dans la situation choisie")
def works_there(scene: Scene, professionnel: Professional, situation: Mapping[str, Any]) -> None:
    session = sign_in.opened(scene, professionnel)
    expect_equal("la situation d'exercice", situation["id"], session.get("situation"))


@then("le produit ne lui prête aucune structure qui ne soit la sienne")
def lends_no_structure(scene: Scene, professionnel: Professional) -> None:
    sign_in.lends_no_structure(sign_in.session_of(scene, professionnel), professionnel)
