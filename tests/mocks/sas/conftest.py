import uuid
from collections.abc import Iterator

import httpx
import pytest

from mocks.sandbox import Sandbox
from mocks.sas import SAS
from tests.mocks.sas.platform import Platform


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all the tests of the service; each has a tenant of its own."""
    made = Sandbox(services=[SAS])
    yield made
    made.close()


@pytest.fixture
def platform(sandbox: Sandbox) -> Iterator[Platform]:
    tenant = f"sas-{uuid.uuid4().hex[:12]}"
    sandbox.open_tenant(tenant)
    with sandbox.embedded(), httpx.Client() as http:
        yield Platform(http, tenant)
