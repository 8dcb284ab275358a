"""Calls of a PSC-connected API on behalf of a professional."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import psc_api, sign_in
from harness.scene import Outcome, Professional, Scene

REFUSAL = "jeton_expire"


@given("l'API refuse une fois le jeton présenté")
def refuses_once(scene: Scene) -> None:
    scene.fault(psc_api.BUSINESS, REFUSAL)


@given("l'API ne reconnaît plus le jeton qu'elle a remis")
def forgets_its_token(scene: Scene, professionnel: Professional) -> None:
    scene.psc.expire_tokens(professionnel)
    scene.fault(psc_api.BUSINESS, REFUSAL)


@given("l'API refuse tout jeton présenté")
def refuses_always(scene: Scene) -> None:
    scene.fault(psc_api.BUSINESS, REFUSAL, fois=0)


@given("l'API est indisponible")
def unavailable(scene: Scene) -> None:
    scene.fault(psc_api.BUSINESS, "503", fois=0)


@given("le professionnel a consulté un cahier par une API Pro Santé Connectée")
def has_consulted(scene: Scene, professionnel: Professional) -> None:
    psc_api.answered(psc_api.consult(scene, professionnel))


@when("le professionnel consulte un cahier par une API Pro Santé Connectée", target_fixture="consultation")
def consult(scene: Scene, professionnel: Professional) -> Outcome:
    return psc_api.consult(scene, professionnel)


@when("les deux professionnels consultent tour à tour un cahier par une API Pro Santé Connectée")
def both_consult(scene: Scene, professionnel: Professional, autre_professionnel: Professional) -> None:
    for one in (professionnel, autre_professionnel, professionnel, autre_professionnel):
        psc_api.answered(psc_api.consult(scene, one))


@then("l'API lui répond")
def answered(consultation: Outcome) -> None:
    psc_api.answered(consultation)


@then("le produit dit que la consultation a échoué")
def failed(consultation: Outcome) -> None:
    psc_api.failed(consultation)


@then("le produit demande au professionnel de se reconnecter, sans insister auprès de Pro Santé Connect")
def must_sign_in_again(scene: Scene, professionnel: Professional, consultation: Outcome) -> None:
    psc_api.sent_back_to_login(consultation)
    sign_in.refreshes_once_at_most(scene)


@then("l'API n'a reçu que le jeton qu'elle a remis")
def only_its_tokens(scene: Scene) -> None:
    psc_api.only_its_tokens(scene)


@then("le produit n'a échangé qu'un jeton avec l'API")
def exchanged_once(scene: Scene) -> None:
    psc_api.exchanged(scene, 1)


@then("l'API n'a été consultée que deux fois")
def consulted_twice(scene: Scene) -> None:
    psc_api.consulted(scene, 2)


@then("l'API a reçu de chacun un jeton différent")
def each_its_own(scene: Scene) -> None:
    psc_api.each_its_own(scene, 2)
