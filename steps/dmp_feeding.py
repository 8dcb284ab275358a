"""Documents that leave for the DMP by themselves once they are valid."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import dmp, documents
from harness.actors.documents import Draft
from harness.expectations import expect_equal
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


@given("la structure alimente le DMP de ses projets personnalisés")
def feeds(scene: Scene, professionnel: Professional) -> None:
    dmp.feed(scene, professionnel, "ppa")


@given(sentence("{document:SorteDeDocument} de l'usager, encore au brouillon"), target_fixture="projet")
def draft(scene: Scene, usager: Person, professionnel: Professional, document: str) -> Draft:
    return documents.write(scene, usager, professionnel, type=document)


@when("le professionnel valide ce document", target_fixture="depot")
@when("le professionnel valide ce projet", target_fixture="depot")
def validate(scene: Scene, projet: Draft) -> Outcome:
    return documents.validate(scene, projet)


@when("le professionnel valide ce projet en le retenant", target_fixture="depot")
def validate_and_keep(scene: Scene, projet: Draft) -> Outcome:
    return documents.validate(scene, projet, deposer=False)


@when("le professionnel écrit et valide un autre projet")
def validate_another(scene: Scene, usager: Person, professionnel: Professional) -> None:
    documents.validate(scene, documents.write(scene, usager, professionnel))


@then("le projet est validé dans le dossier")
def valid(scene: Scene, projet: Draft) -> None:
    expect_equal("L'état du projet dans le dossier", "valide", documents.in_the_file(scene, projet)["etat"])
