"""What each action leaves in the journal, and what a step reads of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from harness.actors.person import Person
from harness.drivers.python import PythonDriver
from harness.errors import ActionNotOffered, DriverError, ParameterError
from harness.product import Product
from harness.sandbox_client import TenantClient


class Refused(Exception):  # noqa: N818 (the vendor's own name)
    code = "ferme"
    message = "Le portail est fermé."


class Portal:
    def declarer_usager(self, **person: Any) -> dict[str, Any]:
        return {"usager": f"u-{person['nom']}"}

    def creer_rendez_vous(self, **params: Any) -> dict[str, Any]:
        return {"rendez_vous": "r1", "envoi": {"etat": "envoye"}}

    def annuler_rendez_vous(self, **params: Any) -> dict[str, Any]:
        raise Refused

    def deplacer_rendez_vous(self, **params: Any) -> dict[str, Any]:
        raise KeyError("panne")

    def renvoyer_rendez_vous(self, **params: Any) -> dict[str, Any]:
        return {"envoi": {"etat": "parti"}}

    def configurer(self, **params: Any) -> None:
        return None

    def lire_mesures(self, **params: Any) -> dict[str, Any]:
        return {"mesures": []}


@pytest.fixture
def person(tenant: TenantClient) -> Person:
    return Person.from_json(tenant.new_person(age=70))


@pytest.fixture
def product(tenant: TenantClient, person: Person) -> Product:
    made = Product(
        PythonDriver(Portal()),
        tenant,
        absent=frozenset({"lire_mesures"}),
        usager_of=lambda one: f"u-{one.family_name}",
    )
    made.declare(person)
    return made


def last(tenant: TenantClient) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = tenant.read_all()[-1].entry
    return entry


def appointment(product: Product, person: Person) -> Any:
    return product.act("creer_rendez_vous", usager=person, debut="2024-10-27T09:00", intitule="Kinésithérapie")


def test_an_action_is_journaled_once_over_with_what_came_before_it(
    product: Product, tenant: TenantClient, person: Person
) -> None:
    before = tenant.last_id()
    outcome = appointment(product, person)
    assert dict(outcome) == {"rendez_vous": "r1", "envoi": {"etat": "envoye"}}
    assert outcome.params["usager"] == f"u-{person.family_name}"
    entry = last(tenant)
    assert (entry["protocol"], entry["service"], entry["operation"]) == (
        "action",
        "produit",
        "produit.creer_rendez_vous",
    )
    assert entry["context"]["apres"] == before
    assert entry["person"] == person.id
    assert json.loads(entry["request"]["body"])["duree_minutes"] == 30
    assert entry["answer"]["status"] == 200
    assert json.loads(entry["answer"]["body"])["rendez_vous"] == "r1"


def test_a_refusal_is_an_outcome(product: Product, tenant: TenantClient, person: Person) -> None:
    appointment(product, person)
    outcome = product.act("annuler_rendez_vous", rendez_vous="r1")
    assert (outcome.refused, outcome.error, outcome.message) == (True, "ferme", "Le portail est fermé.")
    assert "envoi" not in outcome
    assert outcome.get("envoi", "rien") == "rien"
    with pytest.raises(AssertionError, match=r"Le produit refuse l'action « annuler_rendez_vous » : Le portail est"):
        _ = outcome["envoi"]
    entry = last(tenant)
    assert (entry["answer"]["status"], entry["person"]) == (422, person.id)
    assert json.loads(entry["answer"]["body"]) == {"erreur": "ferme", "message": "Le portail est fermé."}


@pytest.mark.parametrize(
    ("act", "error", "status"),
    [
        (lambda it: it.act("deplacer_rendez_vous", rendez_vous="r1", debut="2024-10-27T09:00"), DriverError, 500),
        (lambda it: it.act("renvoyer_rendez_vous", rendez_vous="r1"), DriverError, 500),
        (lambda it: it.act("lire_journal_technique"), ActionNotOffered, 501),
        (lambda it: it.act("lire_mesures", usager="u", code="29463-7", mode="toutes"), ActionNotOffered, 501),
    ],
)
def test_what_is_no_answer_is_journaled_and_raised(
    product: Product, tenant: TenantClient, act: Callable[[Product], Any], error: type[Exception], status: int
) -> None:
    with pytest.raises(error):
        act(product)
    assert last(tenant)["answer"]["status"] == status


def test_wrong_parameters_reach_neither_the_product_nor_the_journal(product: Product, tenant: TenantClient) -> None:
    before = tenant.last_id()
    with pytest.raises(ParameterError):
        product.act("creer_rendez_vous", usager="u1")
    assert tenant.last_id() == before


def test_the_client_secret_of_a_vendor_is_not_journaled(product: Product, tenant: TenantClient) -> None:
    mes = {"base_url": "x", "client_id": "c", "client_secret": "tres-secret", "oid": "1.2", "redirect_uri": "y"}
    product.act("configurer", mes=mes)
    assert "tres-secret" not in json.dumps(last(tenant))


def test_what_the_product_offers(product: Product) -> None:
    assert product.offers("creer_rendez_vous")
    assert not product.offers("lire_mesures")
    assert not product.offers("lire_journal_technique")


def test_the_content_of_a_document_does_not_fill_the_journal(
    product: Product, tenant: TenantClient, person: Person
) -> None:
    appointment_ = {"usager": person, "debut": "2024-10-27T09:00", "intitule": "x" * 20_001}
    outcome = product.act("creer_rendez_vous", **appointment_)
    assert outcome.params["intitule"] == "x" * 20_001
    assert json.loads(last(tenant)["request"]["body"])["intitule"] == "‹texte:caractères=20001›"
