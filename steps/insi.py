"""INSi: what it knows, how the product calls it, what the product makes of its answers."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import identities, insi_calls
from harness.actors.identities import OTHER
from harness.expectations import expect_equal
from harness.scene import Outcome, Person, Professional, Scene
from steps.words import sentence


@given("l'INSi lui connaît un matricule de test")
def test_matricule(scene: Scene, usager: Person) -> None:
    scene.insi.change(usager, nature="NIR")


@given("l'INSi lui connaît un matricule NIR")
def real_nir(scene: Scene, usager: Person) -> None:
    scene.insi.change(usager, nature="NIR")
    scene.tenant.change_settings(insi__oid_nir=identities.REAL_NIR_OID)


@given("l'INSi lui connaît un matricule NIA")
def nia(scene: Scene, usager: Person) -> None:
    scene.insi.change(usager, nature="NIA")


@given("l'INSi lui connaît une ancienne INS", target_fixture="ancienne_ins")
def former_ins(scene: Scene, usager: Person) -> str:
    return insi_calls.give_former(scene, usager, scene.person())


@given("l'INSi ne connaît pas l'usager")
def hidden(scene: Scene, usager: Person) -> None:
    scene.insi.hide(usager)


@given("l'INSi connaît un homonyme de l'usager")
def homonym(scene: Scene, usager: Person) -> None:
    scene.insi.make_homonym(usager, scene.person())


@given("l'INSi a changé le nom de l'usager")
def renamed(scene: Scene, usager: Person) -> None:
    scene.insi.change(usager, traits={"nom_naissance": OTHER["nom_naissance"]})


@given(sentence("l'INSi rend une identité {defaut:IdentiteRendue}"))
def spoil_answer(scene: Scene, defaut: str) -> None:
    scene.fault("insi.recherche_*", defaut, fois=0)


@given(sentence("l'INSi est {panne:PanneInsi}"))
def down(scene: Scene, panne: str) -> None:
    scene.fault("insi.*", panne, fois=0)


@given("l'INSi ne confirme pas l'INS de l'usager")
def not_confirmed(scene: Scene) -> None:
    scene.require("insi")
    scene.fault("insi.verification", "verification_ko", fois=0)


@when("le produit récupère l'INS de l'usager par ses traits", target_fixture="recuperation")
def retrieve(scene: Scene, usager: Person) -> Outcome:
    return insi_calls.retrieve(scene, usager)


@when("le produit récupère l'INS de l'usager par sa carte Vitale", target_fixture="recuperation")
def retrieve_by_card(scene: Scene, usager: Person) -> Outcome:
    return insi_calls.retrieve_by_card(scene, usager)


@when("ce professionnel récupère l'INS de l'usager par ses traits", target_fixture="recuperation")
def retrieve_by_account(scene: Scene, usager: Person, compte: str) -> Outcome:
    return insi_calls.retrieve(scene, usager, par=compte)


@when("le professionnel récupère l'INS de l'usager par ses traits", target_fixture="recuperation")
def retrieve_in_session(scene: Scene, usager: Person, professionnel: Professional) -> Outcome:
    session = scene.professional_browser(professionnel).session()
    return insi_calls.retrieve(scene, usager, par=professionnel, session=session)


@when("le professionnel refuse l'identité rendue")
def refuse(scene: Scene, usager: Person) -> None:
    identities.done(scene.product.act("confirmer_ins", usager=usager, accepter=False))


@when("le professionnel confirme l'identité rendue")
def confirm(scene: Scene, usager: Person) -> None:
    identities.done(scene.product.act("confirmer_ins", usager=usager, accepter=True))


@when("le produit vérifie l'INS de l'usager", target_fixture="verification")
def verify(scene: Scene, usager: Person) -> Outcome:
    return scene.product.act("verifier_ins", usager=usager)


@then("l'identité de l'usager est récupérée, avec l'INS que rend l'INSi")
def retrieved(scene: Scene, usager: Person) -> None:
    identities.retrieved(scene, usager)


@then("l'identité de l'usager est récupérée, avec les traits qu'il a confirmés")
def retrieved_as_confirmed(scene: Scene, usager: Person, recuperation: Outcome) -> None:
    identities.retrieved_as_confirmed(scene, usager, recuperation)


@then("aucun appel n'a eu lieu vers l'INSi")
def not_called(scene: Scene) -> None:
    insi_calls.not_called(scene)


@then("l'INSi a trouvé une identité")
def found_one(scene: Scene) -> None:
    insi_calls.found_one(scene)


@then("l'INSi a reçu une demande de vérification")
def verified(scene: Scene) -> None:
    insi_calls.verified(scene)


@then("le produit demande au professionnel de confirmer les traits")
def asks_to_confirm(recuperation: Outcome) -> None:
    insi_calls.asks_to_confirm(recuperation)


@then("le produit explique le résultat au professionnel")
def explains(recuperation: Outcome) -> None:
    insi_calls.explains(recuperation)


@then("la vérification est positive")
def positive(verification: Outcome) -> None:
    expect_equal("la réponse de la vérification", "OK", verification["resultat"])


@then("la vérification est négative")
def negative(verification: Outcome) -> None:
    expect_equal("la réponse de la vérification", "KO", verification["resultat"])


@then("la vérification n'a pas abouti")
def not_verified(verification: Outcome) -> None:
    insi_calls.not_verified(verification)


@then("le produit garde la trace de cet appel")
def traced(scene: Scene, usager: Person) -> None:
    insi_calls.traced(scene, usager)


@then("le produit garde la trace de cette vérification")
def verification_traced(scene: Scene, usager: Person) -> None:
    insi_calls.traced_as(scene, usager, "OK")


@then("le produit garde la trace de cet appel, ancienne INS comprise")
def traced_with_former(scene: Scene, usager: Person, ancienne_ins: str) -> None:
    insi_calls.traced_with(scene, usager, ancienne_ins)


@then("la trace de l'appel à l'INSi porte l'identité du professionnel")
def traced_by(scene: Scene, usager: Person, professionnel: Professional) -> None:
    names = (scene.account(professionnel), professionnel.national_id, professionnel.family_name)
    insi_calls.traced_by(scene, usager, names)


@then("aucun échange du produit ne porte le matricule de l'usager")
def sends_no_matricule(scene: Scene, usager: Person) -> None:
    insi_calls.sends_no_matricule(scene, usager)
