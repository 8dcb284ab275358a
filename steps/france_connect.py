"""Usagers who sign in to the portal by FranceConnect or FranceConnect+."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, then, when

from harness.actors import identities, journeys, portal, sign_in, usager_sign_in
from harness.actors.identities import OTHER
from harness.actors.login import LoginPage
from harness.actors.portal import Visit
from harness.expectations import expect_equal
from harness.scene import Outcome, Page, Person, Scene
from rules.traits import plain
from steps.words import sentence


@given("un usager inconnu du produit", target_fixture="usager")
def unknown_usager(scene: Scene) -> Person:
    return scene.person()


@given(sentence("un usager {naissance:Naissance}, connu du produit"), target_fixture="usager")
def usager_born(scene: Scene, naissance: Mapping[str, Any]) -> Person:
    person = scene.person(**naissance)
    scene.usager(person)
    return person


@given("un usager dont le dossier est écrit en capitales sans accent", target_fixture="usager")
def usager_in_capitals(scene: Scene) -> Person:
    person = scene.person(prenoms_composes=True)
    scene.usager(person, nom=plain(person.family_name), prenoms=[plain(name) for name in person.given_names])
    return person


@given("le nom de naissance a changé dans le dossier de l'usager")
def renamed_in_the_file(scene: Scene, usager: Person) -> None:
    identities.done(identities.modify(scene, usager, "nom_naissance"))


@given("un homonyme de l'usager né un autre jour, connu du produit", target_fixture="dossier_d_un_autre")
def namesake(scene: Scene, usager: Person) -> str:
    other = scene.person()
    traits = {"nom": usager.family_name, "prenoms": list(usager.given_names), "sexe": usager.sex}
    return scene.usager(other, **traits, date_naissance=OTHER["date_naissance"])


@given("un autre usager connu du produit, à la même adresse de courriel", target_fixture="dossier_d_un_autre")
def same_mailbox(scene: Scene, usager: Person) -> str:
    return scene.usager(scene.person(), courriel=usager.email)


# -- what FranceConnect does


@given(sentence("{service:Fournisseur} remet un jeton d'identité {defaut:JetonIdentite}"))
def spoil_id_token(scene: Scene, service: bool, defaut: str) -> None:
    scene.fault(f"{scene.france_connect(plus=service).service}.oidc.token", defaut, fois=0)


@given(sentence("FranceConnect rend des informations {defaut:Informations}"))
def spoil_userinfo(scene: Scene, defaut: str) -> None:
    scene.fault("franceconnect.oidc.userinfo", defaut, fois=0)


@given(sentence("FranceConnect renvoie le navigateur {defaut:Retour}"))
def spoil_return(scene: Scene, defaut: str) -> None:
    scene.fault("franceconnect.page.connexion", defaut)


@given("FranceConnect a renouvelé ses clés")
def keys_rotated(scene: Scene) -> None:
    scene.france_connect().rotate_keys()


@given("FranceConnect ne remet plus de jeton")
def no_more_tokens(scene: Scene) -> None:
    scene.fault("franceconnect.oidc.token", "503", fois=0)


@given("FranceConnect+ partage sa session entre les services")
def shared_session(scene: Scene) -> None:
    scene.france_connect(plus=True).share_session()


# -- what usagers do


@given(sentence("l'usager s'est connecté à un autre service par {service:Fournisseur}"))
def logged_in_elsewhere(scene: Scene, usager: Person, service: bool) -> None:
    scene.france_connect(plus=service).log_in_elsewhere(usager)


@given("l'usager s'est déjà connecté par FranceConnect", target_fixture="premiere_session")
def has_logged_in(scene: Scene, usager: Person) -> Outcome:
    scene.france_connect().log_in(usager)
    return usager_sign_in.opened(scene, usager)


@given("l'usager s'est déjà connecté par FranceConnect, puis déconnecté", target_fixture="premiere_session")
def has_logged_in_and_out(scene: Scene, usager: Person) -> Outcome:
    session = has_logged_in(scene, usager)
    usager_sign_in.log_out(scene, usager)
    return session


@when(sentence("l'usager se connecte par {service:Fournisseur}"), target_fixture="page")
def log_in(scene: Scene, usager: Person, service: bool) -> Page:
    return scene.france_connect(plus=service).log_in(usager)


@when("l'autre usager se connecte par FranceConnect")
def other_logs_in(scene: Scene, autre_usager: Person) -> None:
    scene.france_connect().log_in(autre_usager)


@when(
    sentence("l'usager se connecte par FranceConnect, vers une page étrangère à l'adresse {complete:Adresse}"),
    target_fixture="page",
)
def log_in_towards(scene: Scene, usager: Person, complete: bool) -> Page:
    return scene.france_connect().log_in(usager, retour=sign_in.foreign_address(scene, complete))


@when("l'usager renonce à se connecter sur la page de FranceConnect", target_fixture="page")
def give_up(scene: Scene, usager: Person) -> Page:
    return scene.france_connect().start_login(usager).cancel()


@when("l'usager obtient un retour de connexion FranceConnect sans le suivre", target_fixture="adresse_de_retour")
def intercept(scene: Scene, usager: Person) -> str:
    return sign_in.intercept(scene, scene.france_connect().start_login(usager), scene.browser(usager))


@when("l'autre usager obtient un retour de connexion FranceConnect sans le suivre", target_fixture="adresse_de_retour")
def other_intercepts(scene: Scene, autre_usager: Person) -> str:
    return intercept(scene, autre_usager)


@when("l'usager ouvre ce retour une minute après", target_fixture="page")
def open_late(scene: Scene, usager: Person, adresse_de_retour: str) -> Page:
    scene.advance(minutes=1)
    return scene.browser(usager).get(adresse_de_retour)


@when("ce retour de FranceConnect est ouvert dans le navigateur de l'usager")
def open_foreign_return(scene: Scene, usager: Person, adresse_de_retour: str) -> None:
    scene.browser(usager).get(adresse_de_retour)


@when("le navigateur de l'usager rejoue le retour de FranceConnect")
def replay(scene: Scene, usager: Person, page: Page) -> None:
    scene.browser(usager).get(journeys.return_address(scene, page))


@when("l'usager se déconnecte de FranceConnect", target_fixture="ancienne_session_france_connect")
def log_out(scene: Scene, usager: Person) -> Mapping[str, Any]:
    return usager_sign_in.log_out(scene, usager)


@when("l'usager demande de nouveau à se connecter par FranceConnect", target_fixture="page_de_connexion")
def ask_again(scene: Scene, usager: Person) -> LoginPage:
    return scene.france_connect().start_login(usager)


@when("quelqu'un ouvre les pages de l'usager avec cette session FranceConnect", target_fixture="visites")
def visit_with_session(scene: Scene, usager: Person, autre_usager: Person) -> list[Visit]:
    return portal.visit(scene, usager, scene.browser(autre_usager).session(), autre_usager)


# -- what must be seen


@then("le portail lui ouvre une session avec son identité")
def opened(scene: Scene, usager: Person) -> None:
    usager_sign_in.opened(scene, usager)


@then("le portail ne lui ouvre aucune session")
def not_opened(scene: Scene, usager: Person) -> None:
    sign_in.not_opened(usager_sign_in.session_of(scene, usager))


@then("le portail rapproche l'usager de son dossier, ou demande à un humain")
def found_again(scene: Scene, usager: Person) -> None:
    usager_sign_in.found_again(usager_sign_in.session_of(scene, usager))


@then("le portail explique à l'usager que FranceConnect ne répond pas")
def outage_told(scene: Scene, usager: Person, page: Page) -> None:
    sign_in.outage_told(usager_sign_in.session_of(scene, usager), page)


@then("le portail n'a pas ouvert le dossier de l'homonyme")
@then("le portail n'a pas ouvert le dossier de l'autre usager")
def kept_out(scene: Scene, usager: Person, dossier_d_un_autre: str) -> None:
    usager_sign_in.not_in_the_file_of(usager_sign_in.session_of(scene, usager), dossier_d_un_autre)


@then("le portail lui ouvre le même compte que la première fois")
def same_account(scene: Scene, usager: Person, premiere_session: Outcome) -> None:
    session = usager_sign_in.opened(scene, usager)
    expect_equal("le compte du portail", premiere_session.get("usager"), session.get("usager"))


@then("la session du portail d'avant n'est plus ouverte")
def old_session_closed(scene: Scene, ancienne_session_france_connect: Mapping[str, Any]) -> None:
    sign_in.not_opened(usager_sign_in.session_in(scene, ancienne_session_france_connect))


@then(sentence("le portail a demandé à {service:Fournisseur} le niveau {niveau}"))
def asked_level(scene: Scene, service: bool, niveau: str) -> None:
    sign_in.asked_level(scene, scene.france_connect(plus=service).service, niveau)


@then("les demandes à FranceConnect n'ont en commun ni l'état ni le nonce")
def nothing_in_common(scene: Scene) -> None:
    sign_in.nothing_in_common(scene, "franceconnect")


@then("le portail n'a échangé aucun code avec FranceConnect")
def no_code_exchanged(scene: Scene) -> None:
    sign_in.no_code_exchanged(scene, "franceconnect")


@then("le portail n'a échangé qu'un code avec FranceConnect")
def one_code_exchanged(scene: Scene) -> None:
    sign_in.one_code_exchanged(scene, "franceconnect")


@then("le navigateur de l'usager n'est pas allé à cette page étrangère")
def not_led_away(scene: Scene, page: Page) -> None:
    sign_in.not_led_to(page, sign_in.foreign_address(scene, scheme=True))


@then(sentence("l'usager ne s'est identifié qu'une fois chez {service:Fournisseur}"))
def identified_once(scene: Scene, service: bool) -> None:
    usager_sign_in.identified_once(scene, scene.france_connect(plus=service))


@then("FranceConnect a reçu une demande de déconnexion complète")
def asked_to_end(scene: Scene) -> None:
    usager_sign_in.asked_to_end(scene, scene.france_connect())
