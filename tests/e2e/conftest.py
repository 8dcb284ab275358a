from collections.abc import Iterator

import pytest

from tests.e2e.national import Admin
from tests.e2e.processes import SERVERS, Running


@pytest.fixture(scope="module", params=list(SERVERS))
def sandbox(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The sandbox as a process, behind each server in turn."""
    store = tmp_path_factory.mktemp("store") / "banc.sqlite"
    with SERVERS[request.param](f"sqlite:///{store}") as running:
        yield running


@pytest.fixture
def admin(sandbox: Running) -> Iterator[Admin]:
    """The admin API of a fresh tenant, in which the product is registered."""
    with Admin(sandbox.url) as default:
        made = default.http.post(f"{sandbox.url}/_banc/tenants").json()["nom"]
    with Admin(sandbox.url, made) as fresh:
        fresh.register()
        yield fresh
