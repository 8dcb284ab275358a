"""One identity of the professional, from Pro Santé Connect to INSi and the DMP."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import dmp, documents
from harness.expectations import expect_equal
from harness.scene import Person, Professional, Scene


@given("un professionnel connecté par Pro Santé Connect, habilité au DMP", target_fixture="professionnel")
def connected(scene: Scene) -> Professional:
    return dmp.connected(scene)


@when("l'usager accepte l'alimentation de son DMP, et le produit y dépose son projet")
def deposit(scene: Scene, usager: Person, professionnel: Professional) -> None:
    dmp.chosen(scene, usager, professionnel, alimentation="accepte")
    documents.deposited(documents.deposit(scene, documents.valid(scene, usager, professionnel)))


@then("l'INSi et le DMP ont été appelés pour l'usager")
def both_called(scene: Scene, usager: Person) -> None:
    called = {one.service for one in scene.exchanges(person=usager) if one.protocol == "http"}
    expect_equal("Les services appelés", ["dmp", "insi"], sorted(called & {"dmp", "insi"}))


@then("le DMP a reçu, à chaque appel, l'identifiant du professionnel que donne Pro Santé Connect")
def one_identity(scene: Scene, usager: Person, professionnel: Professional) -> None:
    expect_equal("Les identifiants reçus par le DMP", [professionnel.national_id], dmp.callers(scene, usager))


@then("le professionnel ne s'est connecté qu'une fois")
def signed_in_once(scene: Scene) -> None:
    expect_equal("Le nombre de connexions", 1, len(scene.exchanges(operation="psc.oidc.token")))
