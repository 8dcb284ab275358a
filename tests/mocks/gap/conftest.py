import uuid
from collections.abc import Iterator

import httpx
import pytest

from mocks.gap import GAP
from mocks.sandbox import Sandbox
from tests.mocks.gap.manager import NOW, Manager


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all the tests of the service; each has a tenant of its own."""
    made = Sandbox(services=[GAP])
    yield made
    made.close()


@pytest.fixture
def stored(store_url: str) -> Iterator[Sandbox]:
    """A sandbox on SQLite, then on PostgreSQL."""
    made = Sandbox(store_url, services=[GAP])
    yield made
    made.close()


def opened(sandbox: Sandbox, http: httpx.Client, root: str = "https://banc.test") -> Manager:
    """A new tenant, its clock frozen, with a client."""
    tenant = f"gap-{uuid.uuid4().hex[:12]}"
    sandbox.open_tenant(tenant)
    manager = Manager(http, tenant, root)
    manager.clock(NOW)
    manager.token = manager.register()
    return manager


@pytest.fixture
def manager(sandbox: Sandbox) -> Iterator[Manager]:
    with sandbox.embedded(), httpx.Client() as http:
        yield opened(sandbox, http)
