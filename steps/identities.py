"""Identities of usagers in the DUI: INS, proofs, statuses, what other domains send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bdd import given, then, when

from harness.actors import identities, insi_calls
from harness.actors.identities import OTHER
from harness.expectations import expect_equal
from harness.scene import Outcome, Person, Scene
from steps.words import sentence


@given("un usager sans INS, connu du produit", target_fixture="usager")
def usager_without_ins(scene: Scene) -> Person:
    return identities.known(scene, scene.person())


@given("un usager au nom accentué, sans INS et connu du produit", target_fixture="usager")
def accented_usager(scene: Scene) -> Person:
    return identities.known(scene, identities.accented(scene), nom_utilise=identities.USED_NAME)


@given("un usager dont l'identité est qualifiée", target_fixture="usager")
def qualified_usager(scene: Scene) -> Person:
    return identities.qualified(scene)


@given(sentence("un usager {naissance:Naissance} dont l'identité est qualifiée"), target_fixture="usager")
def qualified_usager_born(scene: Scene, naissance: Mapping[str, Any]) -> Person:
    return identities.qualified(scene, **naissance)


@given(sentence("l'identité de l'usager est notée {attribut:Attribut}"))
def marked(scene: Scene, usager: Person, attribut: str) -> None:
    identities.done(scene.product.act("marquer_identite", usager=usager, attribut=attribut, valeur=True))


@given("un professionnel sans droit sur l'INS", target_fixture="compte")
def without_right(scene: Scene) -> str:
    return identities.account(scene, "dossier")


@given("un professionnel qui peut corriger un trait verrouillé", target_fixture="compte")
def who_may_correct(scene: Scene) -> str:
    return identities.account(scene, "dossier", "ins", "identite")


# -- what is asked of the product


@when(sentence("le professionnel enregistre {justificatif:Justificatif} de l'usager"))
def prove(scene: Scene, usager: Person, justificatif: str) -> None:
    identities.done(scene.product.act("enregistrer_justificatif", usager=usager, type=justificatif))


@when("le professionnel ouvre l'identité de l'usager", target_fixture="identite")
def read(scene: Scene, usager: Person) -> Outcome:
    return identities.shown(scene, usager)


@when("ce professionnel ouvre l'identité de l'usager", target_fixture="identite")
def read_by_account(scene: Scene, usager: Person, compte: str) -> Outcome:
    return identities.shown(scene, usager, par=compte)


@when(sentence("le professionnel modifie {trait:Trait} de l'usager"), target_fixture="reponse")
def modify(scene: Scene, usager: Person, trait: str) -> Outcome:
    return identities.modify(scene, usager, trait)


@when("ce professionnel corrige le nom de naissance de l'usager")
def correct(scene: Scene, usager: Person, compte: str) -> None:
    identities.done(identities.modify(scene, usager, "nom_naissance", par=compte))


@when("le professionnel crée le dossier de l'usager sans nom de naissance", target_fixture="reponse")
def create_without_name(scene: Scene, usager: Person) -> Outcome:
    return identities.try_to_create(scene, usager, nom="")


@when("le professionnel crée le dossier de l'usager sans prénom", target_fixture="reponse")
def create_without_first_name(scene: Scene, usager: Person) -> Outcome:
    return identities.try_to_create(scene, usager, prenoms=[""])


@when("le professionnel crée le dossier de l'usager sans lieu de naissance", target_fixture="reponse")
def create_without_place(scene: Scene, usager: Person) -> Outcome:
    return identities.try_to_create(scene, usager, without=("ins", "lieu_naissance"))


@when("le professionnel crée le dossier de l'usager au lieu de naissance inconnu", target_fixture="reponse")
def create_with_unknown_place(scene: Scene, usager: Person) -> Outcome:
    return identities.try_to_create(
        scene, usager, lieu_naissance="99999", prenom_utilise=identities.OTHER["prenom_utilise"]
    )


@when(sentence("un autre domaine envoie l'identité {statut:StatutIdentite} de l'usager"), target_fixture="reception")
def receive(scene: Scene, usager: Person, statut: str) -> Outcome:
    return identities.receive(scene, usager, statut)


@when("un autre domaine envoie l'identité qualifiée de l'usager, sous un autre nom utilisé", target_fixture="reception")
def receive_otherwise_named(scene: Scene, usager: Person) -> Outcome:
    return identities.receive(scene, usager, "qualifiee", nom_utilise=OTHER["nom_utilise"])


@when("un autre domaine envoie un document avec l'identité qualifiée de l'usager", target_fixture="reception")
def receive_document(scene: Scene, usager: Person) -> Outcome:
    return identities.receive(scene, usager, "qualifiee", document="Compte rendu de consultation")


@when("le professionnel cherche le matricule de l'usager", target_fixture="recherche")
def search_by_matricule(scene: Scene, usager: Person) -> Outcome:
    return identities.search(scene, matricule=insi_calls.matricule_of(scene, usager))


@when(sentence("le professionnel cherche le matricule de l'usager {defaut:Matricule}"), target_fixture="recherche")
def search_by_bad_matricule(scene: Scene, usager: Person, defaut: str) -> Outcome:
    return identities.search(scene, matricule=identities.spoilt_matricule(scene, usager, defaut))


@when(
    sentence("le professionnel cherche l'usager par sa date de naissance et le début de son nom {ecriture:Ecriture}"),
    target_fixture="recherche",
)
def search_by_name(scene: Scene, usager: Person, ecriture: str) -> Outcome:
    return identities.search_by_name(scene, usager, ecriture)


# -- what must be seen


@then("l'identité de l'usager est provisoire et sans INS")
def provisional(scene: Scene, usager: Person) -> None:
    identities.provisional(identities.shown(scene, usager))


@then(sentence("l'identité de l'usager est {statut:StatutIdentite}"))
def has_status(scene: Scene, usager: Person, statut: str) -> None:
    identities.has_status(scene, usager, statut)


@then("l'identité de l'usager n'est pas qualifiée")
def not_qualified(scene: Scene, usager: Person) -> None:
    identities.is_not_qualified(identities.shown(scene, usager))


@then("l'identité de l'usager ne porte aucun matricule")
def no_matricule(scene: Scene, usager: Person) -> None:
    identities.without_matricule(identities.shown(scene, usager))


@then("il n'y lit aucun matricule")
def reads_no_matricule(identite: Outcome) -> None:
    identities.without_matricule(identite)


@then("l'identité de l'usager garde ses traits")
def keeps_traits(scene: Scene, usager: Person) -> None:
    identities.keeps_traits(scene, usager)


@then("l'identité de l'usager figure sur la liste de travail")
def on_worklist(scene: Scene, usager: Person) -> None:
    identities.on_worklist(identities.shown(scene, usager))


@then("l'historique montre les changements de statut, chacun avec sa date et son auteur")
def dated_history(identite: Outcome) -> None:
    identities.dated_history(identite)


@then(sentence("le produit montre {trait:Trait} modifié"))
def shows_modified(scene: Scene, usager: Person, trait: str) -> None:
    expect_equal("le trait modifié", OTHER[trait], identities.shown(scene, usager)["traits"].get(trait))


@then("le produit a créé le dossier")
def created(reponse: Outcome) -> None:
    identities.done(reponse)


@then("l'identité reçue n'est pas qualifiée")
def received_not_qualified(scene: Scene, reception: Outcome) -> None:
    identities.is_not_qualified(identities.received(scene, reception))


@then("l'identité reçue est provisoire et sans INS")
def received_provisional(scene: Scene, reception: Outcome) -> None:
    identities.provisional(identities.received(scene, reception))


@then("l'identité reçue figure sur la liste de travail")
def received_on_worklist(scene: Scene, reception: Outcome) -> None:
    identities.on_worklist(identities.received(scene, reception))


@then("le document n'est pas classé")
def not_filed(reception: Outcome) -> None:
    expect_equal("le classement du document", False, reception.get("document_classe"))


@then("la recherche rend ce dossier")
def finds(scene: Scene, usager: Person, recherche: Outcome) -> None:
    identities.finds(scene, recherche, usager)


@then("la recherche rend ce dossier, et lui seul")
def finds_only(scene: Scene, usager: Person, recherche: Outcome) -> None:
    identities.finds_only(scene, recherche, usager)


@then("la recherche ne rend aucun dossier")
def finds_none(recherche: Outcome) -> None:
    identities.finds_none(recherche)
