"""Accounts of the regulators of the SAS in the product (INT_R02)."""

from __future__ import annotations

from dataclasses import replace

from pytest_bdd import given, then, when

from harness.actors import sas_platform
from harness.actors.sas_platform import Regulator
from harness.scene import Scene
from rules import Exchange
from steps.words import sentence


@given("un régulateur du SAS", target_fixture="regulateur")
def regulator(scene: Scene) -> Regulator:
    return scene.sas.regulator()


@given("un régulateur du SAS à l'identifiant national", target_fixture="regulateur")
def national_regulator(scene: Scene) -> Regulator:
    return scene.sas.regulator("national")


@given("un régulateur du SAS qui a un compte dans le produit", target_fixture="regulateur")
def known_regulator(scene: Scene) -> Regulator:
    found = scene.sas.regulator()
    sas_platform.taken(scene.sas.open_account(found))
    return found


@given("un régulateur du SAS à l'identifiant national qui a un compte dans le produit", target_fixture="regulateur")
def known_national_regulator(scene: Scene) -> Regulator:
    found = scene.sas.regulator("national")
    sas_platform.taken(scene.sas.open_account(found))
    return found


@given("un autre régulateur du SAS qui a un compte dans le produit", target_fixture="autre_regulateur")
def other_known_regulator(scene: Scene) -> Regulator:
    return known_regulator(scene)


@when("la plateforme ouvre son compte", target_fixture="reponse_sas")
def opens(scene: Scene, regulateur: Regulator) -> Exchange:
    return scene.sas.open_account(regulateur)


@when("la plateforme ouvre de nouveau le même compte", target_fixture="reponse_sas")
def opens_again(scene: Scene, regulateur: Regulator) -> Exchange:
    return scene.sas.open_account(regulateur)


@when("la plateforme ouvre dix fois ce compte en même temps", target_fixture="reponses_sas")
def opens_at_once(scene: Scene, regulateur: Regulator) -> list[Exchange]:
    return scene.sas.open_accounts_at_once(regulateur, 10)


@when(sentence("la plateforme ouvre un compte {faute:FauteCompte}"), target_fixture="reponse_sas")
def opens_wrongly(scene: Scene, regulateur: Regulator, faute: str) -> Exchange:
    return scene.sas.open_account(regulateur, **sas_platform.fault(regulateur, faute))


@when(sentence("la plateforme met à jour ce compte {faute:FauteCompte}"), target_fixture="reponse_sas")
def updates_wrongly(scene: Scene, regulateur: Regulator, faute: str) -> Exchange:
    return scene.sas.update_account(regulateur, **sas_platform.fault(regulateur, faute))


@when("la plateforme envoie un compte illisible", target_fixture="reponse_sas")
def sends_garbage(scene: Scene) -> Exchange:
    return scene.sas.send_garbage()


@when("la plateforme met à jour le compte d'un régulateur que le produit ne connaît pas", target_fixture="reponse_sas")
def updates_unknown(scene: Scene, regulateur: Regulator) -> Exchange:
    return scene.sas.update_account(regulateur)


@when("la plateforme change le nom et l'adresse électronique du régulateur", target_fixture="reponse_sas")
def renames(scene: Scene, regulateur: Regulator) -> Exchange:
    return scene.sas.update_account(sas_platform.renamed(regulateur))


@when("la plateforme retire le droit du régulateur", target_fixture="reponse_sas")
@given("la plateforme a retiré le droit du régulateur", target_fixture="reponse_sas")
def withdraws(scene: Scene, regulateur: Regulator) -> Exchange:
    return scene.sas.update_account(replace(regulateur, active=False))


@when("la plateforme rend le droit du régulateur", target_fixture="reponse_sas")
def gives_back(scene: Scene, regulateur: Regulator) -> Exchange:
    return scene.sas.update_account(regulateur)


@given("la plateforme donne au régulateur son identifiant national", target_fixture="regulateur_national")
@when("la plateforme donne au régulateur son identifiant national", target_fixture="regulateur_national")
def gets_national_id(scene: Scene, regulateur: Regulator) -> Regulator:
    changed = scene.sas.given_national_id(regulateur)
    sas_platform.taken(scene.sas.update_account(changed, known_as=regulateur.identifier))
    return changed


@when("la plateforme donne à l'autre régulateur l'identifiant national du premier", target_fixture="reponse_sas")
def reassigns(scene: Scene, regulateur: Regulator, autre_regulateur: Regulator) -> Exchange:
    changed = replace(autre_regulateur, identifier=regulateur.identifier)
    return scene.sas.update_account(changed, known_as=autre_regulateur.identifier)


@then("le compte est créé, et son adresse rendue")
def was_created(reponse_sas: Exchange) -> None:
    sas_platform.created(reponse_sas)


@then("le compte est mis à jour, et son adresse rendue")
def was_updated(reponse_sas: Exchange) -> None:
    sas_platform.updated(reponse_sas)


@then("la mise à jour vaut création, et l'adresse du compte est rendue")
def was_accepted(reponse_sas: Exchange) -> None:
    sas_platform.accepted(reponse_sas)


@then("le produit refuse, et dit pourquoi")
def was_refused(reponse_sas: Exchange) -> None:
    sas_platform.refused(reponse_sas)


@then("le produit refuse le corps, et dit pourquoi")
def was_malformed(reponse_sas: Exchange) -> None:
    sas_platform.refused(reponse_sas, (400,))


@then("le produit refuse le doublon, et dit pourquoi")
def was_duplicate(reponse_sas: Exchange) -> None:
    sas_platform.refused(reponse_sas, range(400, 500))


@then("le produit n'a aucun compte pour le régulateur")
def no_account(scene: Scene, regulateur: Regulator) -> None:
    sas_platform.no_account(scene, regulateur)


@then("le produit n'a qu'un compte pour le régulateur")
def one_account(scene: Scene, regulateur: Regulator) -> None:
    sas_platform.only_account(scene, regulateur)


@then("le compte du régulateur dit ce que la plateforme en dit")
def account_is_right(scene: Scene, regulateur: Regulator) -> None:
    sas_platform.account_says(scene, regulateur)


@then("le compte du régulateur porte son nouveau nom et sa nouvelle adresse électronique")
def account_is_renamed(scene: Scene, regulateur: Regulator) -> None:
    sas_platform.account_says(scene, sas_platform.renamed(regulateur))


@then("le compte du régulateur est gardé, sans son droit")
def account_without_right(scene: Scene, regulateur: Regulator) -> None:
    sas_platform.account_says(scene, replace(regulateur, active=False))


@then("un seul compte porte l'identifiant national, et plus aucun l'ancien")
def identifier_was_changed(scene: Scene, regulateur: Regulator, regulateur_national: Regulator) -> None:
    sas_platform.only_account(scene, regulateur_national)
    sas_platform.no_account(scene, regulateur)


@then("l'identifiant national désigne l'autre régulateur, qui a son droit")
def identifier_was_reassigned(scene: Scene, regulateur: Regulator, autre_regulateur: Regulator) -> None:
    sas_platform.now_names(scene, regulateur.identifier, autre_regulateur)
