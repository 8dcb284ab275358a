"""The vocabulary: defaults, checks in French, and the OpenAPI document of the HTTP driver."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from harness import vocabulary
from harness.errors import DriverError, ParameterError

APPOINTMENT = {"usager": "u1", "debut": "2024-10-27T09:00", "intitule": "Kinésithérapie"}


def test_defaults_are_filled_in_and_given_values_kept() -> None:
    prepared = vocabulary.load()["creer_rendez_vous"].prepare({**APPOINTMENT, "nature": "prestation"})
    assert prepared["duree_minutes"] == 30
    assert prepared["fuseau"] == "Europe/Paris"
    assert prepared["nature"] == "prestation"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"debut": "27/10/2024 09:00"}, "« debut » : attendu un texte de la forme"),
        ({"lieux": "domicile"}, "« lieux » : clé inconnue"),
        ({"duree_minutes": 0}, "« duree_minutes » : attendu au moins 1, vu 0"),
        ({"professionnel": {"prenom": "Zoé"}}, "« professionnel.nom » : clé obligatoire absente"),
        ({"lieu": "piscine"}, "« lieu » : attendu l'une des valeurs « etablissement », « domicile », vu « piscine »"),
    ],
)
def test_wrong_parameters_are_the_fault_of_the_bench(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ParameterError) as caught:
        vocabulary.load()["creer_rendez_vous"].prepare({**APPOINTMENT, **change})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"rendez_vous": "r1"}, "« envoi » : clé obligatoire absente"),
        ({"rendez_vous": 3, "envoi": {"etat": "envoye"}}, "« rendez_vous » : attendu un texte, vu 3"),
        ({"rendez_vous": "r1", "envoi": {"etat": "parti"}}, "« envoi.etat » : attendu l'une des valeurs « envoye »"),
        ("ok", "attendu un objet, vu « ok »"),
    ],
)
def test_a_wrong_result_is_the_fault_of_the_driver(result: Any, said: str) -> None:
    with pytest.raises(DriverError) as caught:
        vocabulary.load()["creer_rendez_vous"].accept(result)
    assert said in str(caught.value)


def test_an_unknown_action_is_named() -> None:
    with pytest.raises(ParameterError, match="danser"):
        vocabulary.load()["danser"]


def test_openapi_describes_every_action_with_valid_schemas() -> None:
    document = vocabulary.openapi()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {"/actions"} | {f"/actions/{name}" for name in vocabulary.load().actions}
    for name in vocabulary.load().actions:
        operation = document["paths"][f"/actions/{name}"]["post"]
        assert set(operation["responses"]) == {"200", "422", "501"}
        assert jsonschema_rs.meta.is_valid(operation["requestBody"]["content"]["application/json"]["schema"])
        assert jsonschema_rs.meta.is_valid(operation["responses"]["200"]["content"]["application/json"]["schema"])
