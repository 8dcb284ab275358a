from collections.abc import Iterator
from typing import Any

import pytest

from mocks.psc import PSC
from mocks.sandbox import Sandbox
from tests.mocks.psc.product import Product


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all the tests of the service; each has a tenant of its own."""
    made = Sandbox(services=[PSC])
    yield made
    made.close()


@pytest.fixture
def product(sandbox: Sandbox) -> Iterator[Product]:
    """A registered product in a new tenant; calls of this process reach the sandbox."""
    with sandbox.embedded():
        yield Product.registered()


@pytest.fixture
def pro(product: Product) -> dict[str, Any]:
    """A professional, as the admin API shows them."""
    made: dict[str, Any] = product.admin("POST", "professionnels")
    return made
