"""Professionals who sign in from a thick client and accept on their telephone."""

from __future__ import annotations

from pytest_bdd import given, then, when

from harness.actors import ciba, sign_in
from harness.actors.ciba import Asked
from harness.scene import Outcome, Professional, Scene
from steps.words import sentence

OFTEN = 10


@given("un compte du produit dont Pro Santé Connect ignore l'identifiant")
def unknown_account(scene: Scene) -> None:
    ciba.declare_nobody(scene)


@when(
    sentence("le professionnel demande à se connecter depuis son poste, avec {moyen:Canal}"), target_fixture="demande"
)
def ask(scene: Scene, professionnel: Professional, moyen: str) -> Asked:
    return ciba.ask(scene, professionnel, moyen)


@when("ce compte demande à se connecter depuis son poste", target_fixture="etat_de_la_demande")
def ask_for_nobody(scene: Scene) -> Outcome:
    return ciba.ask_for_nobody(scene)


@when("le professionnel accepte la demande", target_fixture="etat_de_la_demande")
def accept(scene: Scene, demande: Asked) -> Outcome:
    scene.psc.accept_ciba(demande.professional)
    return ciba.settled(scene, demande)


@when("le professionnel refuse la demande", target_fixture="etat_de_la_demande")
def refuse(scene: Scene, demande: Asked) -> Outcome:
    scene.psc.refuse_ciba(demande.professional)
    return ciba.settled(scene, demande)


@when("le professionnel laisse passer le délai", target_fixture="etat_de_la_demande")
def let_expire(scene: Scene, demande: Asked) -> Outcome:
    scene.advance(seconds=ciba.TOO_LATE_S)
    return ciba.settled(scene, demande)


@when("le poste demande dix fois de suite où en est la connexion")
def read_often(scene: Scene, demande: Asked) -> None:
    ciba.read_often(scene, demande, OFTEN)


@then(sentence("Pro Santé Connect lui montre le même code que le produit, sur {moyen:Canal}"))
def shown_alike(scene: Scene, demande: Asked, moyen: str) -> None:
    ciba.on_channel(scene, moyen)
    ciba.shown_alike(scene, demande)


@then("le poste ouvre une session à son nom")
def opened(scene: Scene, professionnel: Professional, etat_de_la_demande: Outcome) -> None:
    sign_in.in_her_name(scene, professionnel, etat_de_la_demande)


@then("le poste n'ouvre aucune session")
def not_opened(etat_de_la_demande: Outcome) -> None:
    sign_in.not_opened(etat_de_la_demande)


@then("le poste montre la demande refusée")
def refused(etat_de_la_demande: Outcome) -> None:
    ciba.is_in_state(etat_de_la_demande, "refusee")


@then("le poste montre la demande expirée")
def expired(etat_de_la_demande: Outcome) -> None:
    ciba.is_in_state(etat_de_la_demande, "expiree")


@then("le produit n'interroge plus Pro Santé Connect")
def asks_no_more(scene: Scene, demande: Asked) -> None:
    ciba.asks_no_more(scene, demande)


@then("Pro Santé Connect n'a jamais demandé de ralentir")
def never_slowed_down(scene: Scene) -> None:
    ciba.never_slowed_down(scene)


@then("le poste explique que la connexion n'est pas possible")
def explains(etat_de_la_demande: Outcome) -> None:
    ciba.explains(etat_de_la_demande)
