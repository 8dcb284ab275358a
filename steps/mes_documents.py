"""Documents of Mon espace santé: added by the portal, put there by others, listed and opened on the portal."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import journeys, space
from harness.actors.space import Added
from harness.scene import Outcome, Person, Scene
from steps.words import sentence


@given(sentence("une autre structure a déposé le document « {titre} » dans son DMP"))
def deposited(scene: Scene, usager: Person, titre: str) -> None:
    space.put(scene, usager, "autre_structure", titre=titre)


@given(sentence("une autre structure a déposé le document « {titre} » dans son DMP, {visibilite:Visibilite}"))
def deposited_hidden(scene: Scene, usager: Person, titre: str, visibilite: str) -> None:
    space.put(scene, usager, "autre_structure", titre=titre, confidentialite=[visibilite])


@given(sentence("l'usager a versé dans son DMP la synthèse « {titre} » de son profil médical"))
def synthesis(scene: Scene, usager: Person, titre: str) -> None:
    space.put(scene, usager, "profil_medical", titre=titre)


@given("Mon espace santé n'accepte plus les PDF")
def no_pdf(scene: Scene) -> None:
    space.refuse_pdf(scene)


@given("Mon espace santé coupe la connexion après avoir enregistré le document")
def cut(scene: Scene, usager: Person) -> None:
    scene.fault(space.CREATE, "coupure_apres", person=usager)


@given(sentence("le portail a ajouté le document « {titre} » dans Mon espace santé"), target_fixture="document")
@when(sentence("le portail ajoute le document « {titre} » dans Mon espace santé"), target_fixture="document")
def add(scene: Scene, usager: Person, titre: str) -> Added:
    return space.add(scene, usager, titre)


@when(sentence("le portail ajoute un document de {octets:d} octets dans Mon espace santé"), target_fixture="document")
def add_large(scene: Scene, usager: Person, octets: int) -> Added:
    return space.add(scene, usager, "Un grand document", octets=space.OCTETS.ljust(octets, b" "))


@when("le portail ajoute une archive ZIP dans Mon espace santé", target_fixture="document")
def add_archive(scene: Scene, usager: Person) -> Added:
    return space.add(scene, usager, "Une archive", octets=b"PK\x03\x04" + bytes(60), type_media=space.ZIP)


@when("le portail lit les documents de l'usager", target_fixture="lecture")
def read(scene: Scene, usager: Person) -> Outcome:
    return space.listed(scene, usager)


@when(sentence("le portail lit les documents de l'usager de catégorie {categorie}"), target_fixture="lecture")
def read_category(scene: Scene, usager: Person, categorie: str) -> Outcome:
    return space.listed(scene, usager, categorie=categorie)


@then(sentence("Mon espace santé montre à l'usager le seul document « {titre} », venu du portail"))
def shown_once(scene: Scene, usager: Person, titre: str) -> None:
    space.shows_once(scene, usager, titre)


@then("Mon espace santé ne montre aucun document à l'usager")
def shown_none(scene: Scene, usager: Person) -> None:
    space.shows_nothing(scene, usager)


@then("un professionnel d'une autre structure trouve ce document dans le DMP, intact")
def found(scene: Scene, usager: Person, document: Added) -> None:
    space.held_as_sent(scene, usager, document)


@then("le produit dit que ce document est envoyé")
def said_sent(document: Added) -> None:
    space.sent(document)


@then("le produit dit que ce document n'est pas envoyé")
def said_not_sent(document: Added) -> None:
    space.not_sent(document)


@then(sentence("le portail montre le document « {titre} », et rien d'autre"))
def shows(lecture: Outcome, titre: str) -> None:
    space.only(lecture, [titre])


@then(sentence("le portail montre les documents « {premier} » et « {second} », et rien d'autre"))
def shows_two(lecture: Outcome, premier: str, second: str) -> None:
    space.only(lecture, [premier, second])


@then(sentence("le portail dit que le document « {titre} » vient {auteur:AuteurDeDocument}"))
def author(lecture: Outcome, titre: str, auteur: str) -> None:
    space.comes_from(lecture, titre, auteur)


@then("le portail ouvre ce document, intact")
def opens(scene: Scene, usager: Person, lecture: Outcome, document: Added) -> None:
    space.opens(scene, usager, lecture, document)


@then("aucun document n'a été envoyé à Mon espace santé")
def nothing_sent(scene: Scene) -> None:
    journeys.nothing_called(scene, space.CREATE)
