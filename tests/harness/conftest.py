"""A sandbox in process, and a tenant of it, for the tests of the harness."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from harness.sandbox_client import SandboxClient, TenantClient
from mocks.sandbox import EMBEDDED_URL, Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    opened = Sandbox()
    yield opened
    opened.close()


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[SandboxClient]:
    opened = SandboxClient(EMBEDDED_URL, transport=httpx.WSGITransport(app=sandbox.wsgi))
    yield opened
    opened.close()


@pytest.fixture
def tenant(client: SandboxClient) -> TenantClient:
    return client.open_tenant()
