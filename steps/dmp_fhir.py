"""Documents of the DMP by its FHIR face: deposited, replaced, looked for, opened, masked."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import dmp_fhir, documents
from harness.actors.dmp import Shown, done
from harness.actors.documents import Draft
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


@given("un projet personnalisé que le produit a déposé par FHIR", target_fixture="projet")
def deposited_project(scene: Scene, usager: Person, professionnel: Professional) -> Draft:
    made = documents.valid(scene, usager, professionnel)
    documents.deposited(dmp_fhir.deposit(scene, made))
    return made


@given(sentence("le DMP écrit en FHIR l'adresse {forme} des contenus"))
def addresses(scene: Scene, forme: str) -> None:
    dmp_fhir.addresses(scene, forme)


@when("le produit dépose ce projet par FHIR", target_fixture="depot")
def deposit(scene: Scene, projet: Draft) -> Outcome:
    return dmp_fhir.deposit(scene, projet)


@when("le produit dépose ce projet par FHIR, sans lot", target_fixture="depot")
def deposit_alone(scene: Scene, projet: Draft) -> Outcome:
    return dmp_fhir.deposit(scene, projet, alone=True)


@when("le professionnel écrit une nouvelle version de ce projet et la dépose par FHIR", target_fixture="depot")
def replace(scene: Scene, projet: Draft) -> Outcome:
    return dmp_fhir.replace(scene, projet)


@when("le professionnel cherche par FHIR les projets personnalisés", target_fixture="recherche_fhir")
def search(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    return dmp_fhir.search(scene, usager, professionnel, type=dmp_fhir.ppa_type())


@when("le professionnel ouvre ce document par FHIR", target_fixture="ouverture_fhir")
def open_(scene: Scene, usager: Person, professionnel: Professional, document: Shown) -> Outcome:
    return dmp_fhir.open_(scene, usager, professionnel, document)


@when("le professionnel masque par FHIR ce projet aux professionnels")
def mask(scene: Scene, projet: Draft) -> None:
    done(dmp_fhir.mask(scene, projet))


@then("le produit montre par FHIR ce projet, et rien d'autre")
def found(recherche_fhir: Outcome, document: Shown) -> None:
    dmp_fhir.found_only(recherche_fhir, document)


@then("le produit montre par FHIR ce document et son contenu")
def shows(ouverture_fhir: Outcome, document: Shown) -> None:
    dmp_fhir.shows(ouverture_fhir, document)


@then("le DMP garde ce projet, masqué aux professionnels")
def masked(scene: Scene, usager: Person) -> None:
    dmp_fhir.is_masked(scene, usager)
