from collections.abc import Iterator

import httpx
import pytest

from mocks.sandbox import Sandbox
from tests.mocks.toy import TOY


@pytest.fixture
def sandbox(store_url: str) -> Iterator[Sandbox]:
    made = Sandbox(store_url, services=[TOY])
    yield made
    made.close()


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with sandbox.embedded(), httpx.Client(base_url="https://banc.test") as made:
        yield made
