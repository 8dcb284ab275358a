from collections.abc import Iterator

import pytest

from mocks.mes import MES
from mocks.sandbox import Sandbox
from tests.mocks.mes.product import Product


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[MES])
    yield made
    made.close()


@pytest.fixture
def product(sandbox: Sandbox) -> Iterator[Product]:
    """A registered product, its usager, and the admin API in front of them."""
    with sandbox.embedded():
        yield Product.registered()
