"""The settings of the service: those that have choices admit them, and nothing else."""

import httpx
import pytest

from mocks.mes.settings import CHOICES, DEFAULTS
from tests.mocks.mes.product import Product


@pytest.mark.parametrize("key", CHOICES)
def test_each_choice_is_admitted_and_nothing_else(product: Product, key: str) -> None:
    assert DEFAULTS[key] in CHOICES[key]
    for value in CHOICES[key]:
        product.admin.set(**{key: value})
    answer: httpx.Response = product.admin.client.patch("reglages", json={f"mes.{key}": "autrement"})
    assert (answer.status_code, answer.json()["erreur"]) == (400, "reglage-invalide")
