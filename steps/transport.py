"""Certificates and TLS: what the product presents, what the services see."""

from __future__ import annotations

from pytest_bdd import given, then

from harness.actors import psc_api, transport
from harness.scene import Scene
from steps.words import sentence


@given("le produit présente les certificats de sa structure")
def own_certificates(scene: Scene) -> None:
    scene.require_tls()


@given("le produit est client de l'espace de confiance de Pro Santé Connect")
def trusted_space(scene: Scene) -> None:
    scene.enter_trusted_space()


@given(sentence("le produit présente le certificat « {nom} »"))
def present(scene: Scene, nom: str) -> None:
    scene.present(nom)


@given(sentence("l'INSi répond avec le certificat « {nom} »"))
def wrong_server(scene: Scene, nom: str) -> None:
    scene.meet_server(nom)


@then(sentence("l'INSi a vu le certificat « {nom} », en TLS 1.2 ou 1.3"))
def presented(scene: Scene, nom: str) -> None:
    transport.presented(scene, "insi", nom)


@then("l'INSi n'a répondu à aucun appel")
def nothing_answered(scene: Scene) -> None:
    transport.nothing_answered(scene, "insi")


@then("l'échange du jeton et la consultation portent le même certificat")
def same_certificate(scene: Scene) -> None:
    transport.same_certificate(scene, psc_api.EXCHANGE, psc_api.BUSINESS)
