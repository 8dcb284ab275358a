from collections.abc import Iterator
from typing import Any

import pytest

from mocks.mes import MES
from mocks.sandbox import Sandbox
from tests.mocks.mes.product import Product, Tokens


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all the tests of the service; each has a tenant of its own."""
    made = Sandbox(services=[MES])
    yield made
    made.close()


@pytest.fixture
def product(sandbox: Sandbox) -> Iterator[Product]:
    """A registered product in a new tenant; calls of this process reach the sandbox."""
    with sandbox.embedded():
        yield Product.registered()


@pytest.fixture
def person(product: Product) -> dict[str, Any]:
    """An adult, as the admin API shows them."""
    made: dict[str, Any] = product.admin("POST", "personnes")
    return made


@pytest.fixture
def tokens(product: Product, person: dict[str, Any]) -> Tokens:
    """A pairing of the person with the product, agenda and measures."""
    return product.pair(person)
