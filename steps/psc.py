"""Pro Santé Connect: what it does, and what it saw of the product."""

from __future__ import annotations

from pytest_bdd import given, then

from harness.actors import sign_in
from harness.actors.login import LoginPage
from harness.expectations import expect
from harness.scene import Professional, Scene
from steps.words import sentence


@given(sentence("Pro Santé Connect remet un jeton d'identité {defaut:JetonIdentite}"))
def spoil_id_token(scene: Scene, defaut: str) -> None:
    scene.fault("psc.oidc.token", defaut, fois=0)


@given("Pro Santé Connect rend les informations d'une autre personne")
def somebody_else(scene: Scene) -> None:
    scene.fault("psc.oidc.userinfo", "userinfo_autrui", fois=0)


@given(sentence("Pro Santé Connect le décrit {particularite:Description}"))
def described(scene: Scene, particularite: str) -> None:
    scene.fault("psc.oidc.userinfo", particularite, fois=0)


@given(sentence("Pro Santé Connect renvoie le navigateur {defaut:Retour}"))
def spoil_return(scene: Scene, defaut: str) -> None:
    scene.fault("psc.page.connexion", defaut)


@given("Pro Santé Connect renouvelle ses clés avant de signer")
def keys_rotated(scene: Scene) -> None:
    scene.fault("psc.oidc.token", "cle_renouvelee")


@given("Pro Santé Connect ne remet plus de jeton")
def no_more_tokens(scene: Scene) -> None:
    scene.fault("psc.oidc.token", "503", fois=0)


@given("son jeton d'accès a expiré")
def access_expired(scene: Scene, professionnel: Professional) -> None:
    scene.psc.expire_tokens(professionnel)


@given("une demi-heure a passé sans activité")
def idle_for_half_an_hour(scene: Scene) -> None:
    scene.advance(minutes=31)


@given("Pro Santé Connect a fermé la session")
def session_closed_there(scene: Scene, professionnel: Professional) -> None:
    scene.psc.close_session(professionnel)


@given("Pro Santé Connect refuse de renouveler le jeton")
def refresh_refused(scene: Scene, professionnel: Professional) -> None:
    scene.psc.expire_tokens(professionnel)
    scene.fault("psc.oidc.token", "actualisation_refusee", fois=0)


@then("Pro Santé Connect lui présente sa page de connexion")
@then("FranceConnect lui présente sa page de connexion")
def login_shown(page_de_connexion: LoginPage) -> None:
    expect(page_de_connexion.page.status == 200, "la page de connexion", page_de_connexion.page.url)


@then("le produit a demandé à Pro Santé Connect le niveau eidas1")
def asked_level(scene: Scene) -> None:
    sign_in.asked_level(scene, "psc", "eidas1")


@then("les demandes de connexion n'ont en commun ni l'état ni le nonce")
def nothing_in_common(scene: Scene) -> None:
    sign_in.nothing_in_common(scene, "psc")


@then("le produit n'a échangé aucun code avec Pro Santé Connect")
def no_code_exchanged(scene: Scene) -> None:
    sign_in.no_code_exchanged(scene, "psc")


@then("le produit n'a échangé qu'un code avec Pro Santé Connect")
def one_code_exchanged(scene: Scene) -> None:
    sign_in.one_code_exchanged(scene, "psc")


@then("le produit n'a pas relu sans fin les clés de Pro Santé Connect")
def keys_not_read_for_ever(scene: Scene) -> None:
    sign_in.keys_not_read_for_ever(scene, "psc")


@then("le professionnel n'est passé qu'une fois par Pro Santé Connect")
def passed_once(scene: Scene) -> None:
    sign_in.asked_once(scene, "psc")


@then("aucun jeton de renouvellement n'a servi deux fois")
def no_refresh_token_twice(scene: Scene) -> None:
    sign_in.no_refresh_token_twice(scene)
