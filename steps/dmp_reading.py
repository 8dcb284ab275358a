"""Documents of the DMP that the product looks for, opens and imports."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import dmp, documents
from harness.actors.dmp import Shown
from harness.actors.documents import Draft
from harness.expectations import expect, expect_equal
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


@given("un projet personnalisé d'une autre structure dans le DMP", target_fixture="document")
def foreign_project(scene: Scene, usager: Person) -> Shown:
    return documents.put_ppa(scene, usager)


@given("un projet personnalisé d'une autre structure dans le DMP, invisible par l'usager", target_fixture="document")
def hidden_project(scene: Scene, usager: Person) -> Shown:
    return documents.put_ppa(scene, usager, confidentialite=["INVISIBLE_PATIENT"])


@given(
    sentence("un projet personnalisé d'une autre structure dans le DMP, vieux de {ans:d} ans"),
    target_fixture="document",
)
def old_project(scene: Scene, usager: Person, ans: int) -> Shown:
    return documents.put_aged(scene, usager, ans)


@given("un compte rendu d'une autre structure dans le DMP")
def foreign_report(scene: Scene, usager: Person) -> None:
    scene.dmp.put(usager)


@given("l'usager a archivé ce document")
def archived(scene: Scene, usager: Person, document: Shown) -> None:
    scene.dmp.act(usager, "archiver", document=document["unique_id"])


@given(sentence("l'autorisation d'accès de la structure est {etat:Autorisation}"))
def authorisation(scene: Scene, usager: Person, etat: str) -> None:
    scene.dmp.authorise(usager, etat)


@given("l'usager refuse que son DMP soit consulté")
def refused(scene: Scene, usager: Person, professionnel: Professional) -> None:
    dmp.chosen(scene, usager, professionnel, consultation="refuse")


@given("le registre du DMP est occupé à chaque recherche")
def busy(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.QUERY, "registre_occupe", fois=0, person=usager)


@given("le DMP coupe la connexion à chaque recherche")
def cut(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.QUERY, "coupure_avant", fois=0, person=usager)


@given("le DMP ne rend pas les documents qu'on y consulte")
def not_given(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.RETRIEVE, "succes_partiel", fois=0, person=usager)


@given("le DMP ne rend qu'une partie de ce qu'on y cherche")
def partial(scene: Scene, usager: Person) -> None:
    scene.fault(dmp.QUERY, "succes_partiel", person=usager)


@given("le professionnel a déjà ouvert le DMP de l'usager")
def has_searched(scene: Scene, usager: Person, professionnel: Professional) -> None:
    dmp.done(documents.search(scene, usager, professionnel))


@given("le professionnel a importé ce document dans le dossier", target_fixture="projet")
def imported(scene: Scene, usager: Person, professionnel: Professional, document: Shown) -> Draft:
    return documents.take(scene, usager, professionnel, document)


@when("le professionnel ouvre le DMP de l'usager", target_fixture="recherche")
def search(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    return documents.search(scene, usager, professionnel)


@when("le professionnel ouvre le DMP de l'usager en bris de glace", target_fixture="recherche")
def search_in_emergency(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    return documents.search(scene, usager, professionnel, motif_acces="bris_de_glace")


@when("le professionnel cherche les projets personnalisés dans le DMP", target_fixture="recherche")
def search_projects(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    return documents.search(scene, usager, professionnel, mode="manuelle", types=[dmp.PPA])


@when("le professionnel cherche dans tout le DMP", target_fixture="recherche")
def search_all(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    return documents.search(scene, usager, professionnel, mode="manuelle")


@when("le professionnel cherche dans tout le DMP, archives comprises", target_fixture="recherche")
def search_archives(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    return documents.search(scene, usager, professionnel, mode="manuelle", archives=True)


@when("le professionnel ouvre ce document", target_fixture="ouverture")
def open_(scene: Scene, usager: Person, professionnel: Professional, document: Shown) -> Outcome:
    return documents.open_(scene, usager, professionnel, document)


@when("le professionnel importe de nouveau ce document")
def take_again(scene: Scene, usager: Person, professionnel: Professional, document: Shown) -> None:
    documents.take(scene, usager, professionnel, document)


@then("le produit montre ce document et son contenu")
def shown(ouverture: Outcome, document: Shown) -> None:
    documents.shows(ouverture, document)


@then("le produit montre ce projet, et rien d'autre")
def found_only(recherche: Outcome, document: Shown) -> None:
    documents.found_only(recherche, document)


@then("le produit ne montre aucun document")
def found_nothing(recherche: Outcome) -> None:
    documents.found_only(recherche)


@then("le produit montre le filtre en vigueur")
def filter_shown(recherche: Outcome) -> None:
    expect_equal("Les types du filtre montré", [dmp.PPA_TYPE], recherche.get("filtre", {}).get("types", []))


@then("le produit montre que ce document est invisible par l'usager")
def state_shown(recherche: Outcome, document: Shown) -> None:
    expect_equal("L'état montré", ["invisible_patient"], documents.one_found(recherche, document)["etats"])


@then("le produit avertit que l'usager ne voit pas ce document")
def alert(ouverture: Outcome) -> None:
    expect(bool(ouverture.get("alerte", "").strip()), "un avertissement à l'ouverture du document", dict(ouverture))


@then("la structure a l'autorisation d'accès au DMP")
def authorised(scene: Scene, usager: Person) -> None:
    expect_equal("L'autorisation d'accès de la structure", "valide", scene.dmp.authorisation(usager))


@then("rien n'est cherché ni lu dans le DMP")
def nothing_read(scene: Scene) -> None:
    documents.nothing_read(scene)


@then("le produit avertit que la recherche n'a pas abouti")
def warned(recherche: Outcome) -> None:
    documents.warned(recherche)


@then("le produit avertit que le document ne s'ouvre pas")
def not_opened(ouverture: Outcome) -> None:
    documents.warned(ouverture)


@then("le produit affiche l'accès en bris de glace")
def banner(recherche: Outcome) -> None:
    expect(bool(recherche.get("bandeau", "").strip()), "un bandeau pendant l'accès en bris de glace", "aucun")


@then("le dossier contient ce document une seule fois")
def once_in_the_file(scene: Scene, usager: Person, document: Shown) -> None:
    same = [one for one in documents.file_of(scene, usager) if one["unique_id"] == document["unique_id"]]
    expect(len(same) == 1, "ce document une seule fois dans le dossier", f"{len(same)} fois")
