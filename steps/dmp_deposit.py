"""Documents that the product deposits in the DMP."""

from __future__ import annotations

from datetime import datetime

from pytest_bdd import given, then, when

from harness.actors import dmp, documents, identities, insi_calls
from harness.actors.documents import Draft
from harness.expectations import expect_equal, expect_none
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


@given("un professionnel du produit, habilité au DMP", target_fixture="professionnel")
def professional(scene: Scene) -> Professional:
    return dmp.professional(scene)


@given("un usager qui accepte l'alimentation et la consultation de son DMP", target_fixture="usager")
def willing_usager(scene: Scene, professionnel: Professional) -> Person:
    return dmp.usager(scene, professionnel)


@given(
    "un usager dont l'INS est récupérée, sans justificatif, et qui accepte l'alimentation de son DMP",
    target_fixture="usager",
)
def unproven_usager(scene: Scene, professionnel: Professional) -> Person:
    made = identities.known(scene, scene.person())
    identities.done(insi_calls.retrieve(scene, made))
    dmp.chosen(scene, made, professionnel, alimentation="accepte")
    return made


@given("l'usager accepte l'alimentation et la consultation de son DMP")
def accepts(scene: Scene, usager: Person, professionnel: Professional) -> None:
    dmp.chosen(scene, usager, professionnel, alimentation="accepte", consultation="accepte")


@given("l'usager s'oppose à l'alimentation de son DMP")
def opposed(scene: Scene, usager: Person, professionnel: Professional) -> None:
    dmp.chosen(scene, usager, professionnel, alimentation="refuse")


@given(sentence("le DMP de l'usager est {etat:EtatDmp}"))
def state(scene: Scene, usager: Person, etat: str) -> None:
    scene.dmp.change(usager, statut=etat)


@given("l'usager a bloqué ce professionnel dans son DMP")
def blocked(scene: Scene, usager: Person, professionnel: Professional) -> None:
    scene.dmp.act(usager, "bloquer", professionnel=professionnel.national_id)


@given("le DMP coupe la connexion après avoir enregistré le document")
def cut_after_commit(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.PROVIDE, "coupure_apres", person=usager)


@given("le DMP est indisponible une fois")
def down(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.PROVIDE, "503", person=usager)


@given("le DMP tient pour révoqué le certificat qui signe les demandes")
def revoked(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.PROVIDE, "certificat_revoque", fois=0, person=usager)


@given("le registre du DMP est occupé une fois")
def busy(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.PROVIDE, "registre_occupe", person=usager)


@given("le DMP ne prend qu'une partie de ce qui lui est déposé")
def partial(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.PROVIDE, "succes_partiel", person=usager)


@given("un projet personnalisé validé de l'usager", target_fixture="projet")
def valid_project(scene: Scene, usager: Person, professionnel: Professional) -> Draft:
    return documents.valid(scene, usager, professionnel)


@given(sentence("un projet personnalisé validé de l'usager, pour un acte du {moment:Moment}"), target_fixture="projet")
def dated_project(scene: Scene, usager: Person, professionnel: Professional, moment: datetime) -> Draft:
    return documents.valid(scene, usager, professionnel, acted=moment)


@given("un projet personnalisé de l'usager, encore au brouillon", target_fixture="projet")
def draft_project(scene: Scene, usager: Person, professionnel: Professional) -> Draft:
    return documents.write(scene, usager, professionnel)


@given("un projet personnalisé que le produit a déposé dans le DMP", target_fixture="projet")
def deposited_project(scene: Scene, usager: Person, professionnel: Professional) -> Draft:
    made = documents.valid(scene, usager, professionnel)
    documents.deposited(documents.deposit(scene, made))
    return made


@given(sentence("{document:SorteDeDocument} de l'usager, à déposer"), target_fixture="projet")
def valid_document(scene: Scene, usager: Person, professionnel: Professional, document: str) -> Draft:
    return documents.valid(scene, usager, professionnel, type=document)


@when("le produit dépose ce document dans le DMP", target_fixture="depot")
@when("le produit dépose ce projet dans le DMP", target_fixture="depot")
def deposit(scene: Scene, projet: Draft) -> Outcome:
    return documents.deposit(scene, projet)


@when("le produit dépose ce projet en le cachant à l'usager", target_fixture="depot")
def deposit_hidden(scene: Scene, projet: Draft) -> Outcome:
    return documents.deposit(scene, projet, cache_a=["patient"])


@when("le professionnel écrit une nouvelle version de ce projet et la dépose", target_fixture="depot")
def replace(scene: Scene, projet: Draft) -> Outcome:
    return documents.replace(scene, projet)


@then("le produit montre ce document déposé")
@then("le produit montre ce projet déposé")
def shown_deposited(depot: Outcome) -> None:
    documents.deposited(depot)


@then("le produit montre que ce projet n'est pas déposé, et pourquoi")
def shown_not_deposited(depot: Outcome) -> None:
    documents.not_deposited(depot)


@then("le produit en avertit le professionnel")
def warned(depot: Outcome) -> None:
    documents.warned(depot)


@then("le DMP montre ce projet, et lui seul, au nom de la structure et du professionnel")
def the_only_one(scene: Scene, usager: Person, professionnel: Professional, depot: Outcome) -> None:
    found = documents.is_the_only_one(scene, usager, depot["unique_id"])
    documents.is_signed_by(scene, found, professionnel)


@then("le DMP garde le projet précédent comme remplacé")
def former_replaced(scene: Scene, usager: Person, depot: Outcome) -> None:
    former = [one for one in scene.dmp.documents(usager) if one["statut"] == dmp.DEPRECATED]
    expect_equal("Ce qui remplace le projet précédent", [depot["unique_id"]], [one["remplace_par"] for one in former])


@then("le DMP date l'acte du projet de cet instant")
def dated(scene: Scene, usager: Person, projet: Draft) -> None:
    documents.is_dated(scene.dmp.only(usager), projet)


@then("l'usager ne voit pas ce projet dans Mon espace santé")
def unseen_by_usager(scene: Scene, usager: Person) -> None:
    seen = scene.dmp.documents(usager, "usager")
    expect_none("documents que l'usager voit", [one["titre"] for one in seen])


@then("l'usager voit ce document dans Mon espace santé")
def seen_by_usager(scene: Scene, usager: Person, projet: Draft) -> None:
    seen = [one["titre"] for one in scene.dmp.documents(usager, "usager")]
    expect_equal("Les documents que l'usager voit", [projet.title], seen)


@then("la signature du lot est valide")
def lot_signed(scene: Scene, usager: Person) -> None:
    (sent,) = scene.exchanges(operation=dmp.PROVIDE, person=usager)
    expect_equal("La signature du lot", "valide", sent.context["signature_lot"]["state"])


@then("le document est joint au message")
def attached(scene: Scene, usager: Person) -> None:
    (sent,) = scene.exchanges(operation=dmp.PROVIDE, person=usager)
    expect_equal("La forme du message", "mtom", sent.context["soap"]["transport"])


@then("aucun appel n'a eu lieu vers le DMP")
def nothing_called(scene: Scene) -> None:
    expect_none("appels au DMP", [one.operation for one in scene.exchanges(service="dmp")])


@then("aucun document n'est envoyé au DMP")
def nothing_sent(scene: Scene) -> None:
    documents.sent(scene, 0)


@then("un seul envoi de document a eu lieu vers le DMP")
def sent_once(scene: Scene) -> None:
    documents.sent(scene, 1)


@then("le DMP montre un seul document, et le produit le montre déposé")
def one_document(scene: Scene, usager: Person, projet: Draft) -> None:
    scene.dmp.only(usager)
    documents.is_shown_deposited(scene, projet)
