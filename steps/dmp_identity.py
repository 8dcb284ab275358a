"""Who the product says it is to the DMP, whom it names there, and which version of a document it works on."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, then, when

from harness.actors import dmp, documents, transport
from harness.actors.documents import Draft
from harness.expectations import expect, expect_equal
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence

TD02 = "dmp.hl7v3.td02"


@given(sentence("un usager {naissance:Naissance}, qui accepte l'alimentation de son DMP"), target_fixture="usager")
def born_there(scene: Scene, professionnel: Professional, naissance: dict[str, Any]) -> Person:
    made = scene.person(**naissance)
    scene.usager(made)
    dmp.chosen(scene, made, professionnel, alimentation="accepte")
    return made


@given("le DMP rend un autre nom de naissance pour l'usager")
def another_name(scene: Scene, usager: Person) -> None:
    scene.fault(TD02, "traits_differents", person=usager)


@given("le DMP ne connaît pas le nom utilisé de l'usager")
def no_usual_name(scene: Scene, usager: Person) -> None:
    scene.fault(TD02, "nom_non_renseigne", person=usager)


@given("une autre structure a remplacé ce projet dans le DMP")
def replaced_elsewhere(scene: Scene, usager: Person) -> None:
    documents.put_ppa(scene, usager, remplace=scene.dmp.only(usager)["unique_id"])


@given("le professionnel a archivé ce projet")
def archived(scene: Scene, projet: Draft) -> None:
    dmp.done(documents.change(scene, projet, "archiver_document", archiver=True))


@given("l'usager a masqué ce projet archivé aux professionnels, puis l'a montré")
def masked_in_archives(scene: Scene, usager: Person, projet: Draft) -> None:
    unique_id = documents.in_the_file(scene, projet)["unique_id"]
    scene.dmp.act(usager, "masquer", document=unique_id)
    scene.dmp.act(usager, "demasquer", document=unique_id)


@when("le professionnel vérifie le DMP de l'usager", target_fixture="verification")
def verify(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    return dmp.done(scene.product.act("verifier_dmp", usager=usager, par=professionnel))


@when("le responsable demande les traces des appels au DMP", target_fixture="traces")
def traces(scene: Scene, usager: Person) -> Outcome:
    return dmp.done(scene.product.act("lire_traces_dmp", usager=usager))


@when("le professionnel sort ce projet des archives", target_fixture="changement")
def unarchive(scene: Scene, projet: Draft) -> Outcome:
    return documents.change(scene, projet, "archiver_document", archiver=False)


@then("le DMP de cet usager a ce projet")
def has_it(scene: Scene, usager: Person, depot: Outcome) -> None:
    documents.is_the_only_one(scene, usager, depot["unique_id"])


@then("le produit ne montre pas le nom venu du DMP")
def name_unseen(usager: Person, verification: Outcome) -> None:
    said = str(verification.get("message", ""))
    expect("-AUTRE" not in said.upper(), "aucun nom venu du DMP", said)


@then("le produit ne montre pas de nom « NON RENSEIGNE »")
def no_such_name(verification: Outcome) -> None:
    said = str(verification.get("message", ""))
    expect("NON RENSEIGN" not in said.upper(), "aucun nom utilisé", said)


@then("le produit montre une trace du dépôt, au nom du professionnel et de la structure")
def traced(scene: Scene, professionnel: Professional, traces: Outcome) -> None:
    found = [one for one in traces["appels"] if one["transaction"].startswith("TD2.1")]
    expect_equal("Le nombre de traces du dépôt", 1, len(found))
    expect(
        professionnel.family_name.upper() in found[0]["auteur"].upper(), professionnel.family_name, found[0]["auteur"]
    )
    expect_equal("La structure de la trace", scene.dmp.structure, found[0]["structure"])


@then("le nom et la version dits au DMP sont ceux que le produit montre")
def named_as_shown(scene: Scene) -> None:
    shown = dmp.done(scene.product.act("lire_a_propos"))
    [call] = scene.exchanges(operation=TD02)
    said = call.context["vihf"]["attributes"]
    expect_equal("Le nom du logiciel", [shown["nom"]], said["LPS_Nom"])
    expect_equal("La version du logiciel", [shown["version"]], said["LPS_Version"])


@then("le DMP montre de nouveau ce projet en vigueur")
def in_force_again(scene: Scene, usager: Person, projet: Draft) -> None:
    expect_equal("Le document en vigueur", projet.title, scene.dmp.only(usager)["titre"])


@then("le DMP a vu le certificat de la structure, et un VIHF signé par un autre")
def two_certificates(scene: Scene) -> None:
    for call in scene.exchanges(operation=TD02):
        expect(bool(transport.seen(call).get("client")), "un certificat client", "aucun")
        same = call.context["vihf"]["tls_same_certificate"]
        expect(same is False, "un VIHF signé par le cachet", "un VIHF signé par le certificat de la connexion")


@then("le produit a demandé l'état du DMP avant le dépôt")
def asked_first(scene: Scene) -> None:
    calls = [one.operation for one in scene.exchanges(service="dmp") if one.operation in (TD02, dmp.PROVIDE)]
    expect_equal("Le premier appel au DMP", TD02, next(iter(calls), "aucun"))
