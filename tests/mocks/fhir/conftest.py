from collections.abc import Iterator

import httpx
import pytest

from mocks.sandbox import Sandbox
from tests.mocks.fhir.toy import TOY


@pytest.fixture
def sandbox(store_url: str) -> Iterator[Sandbox]:
    made = Sandbox(store_url, services=[TOY])
    yield made
    made.close()


@pytest.fixture
def fhir(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """A client on the FHIR base of the toy."""
    with sandbox.embedded(), httpx.Client(base_url="https://banc.test/toy/fhir") as made:
        yield made
