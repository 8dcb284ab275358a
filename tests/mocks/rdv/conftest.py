import uuid
from collections.abc import Iterator

import httpx
import pytest

from mocks.mes import MES
from mocks.rdv import RDV
from mocks.sandbox import Sandbox
from tests.mocks.rdv.block import NOW, Agenda, Block

OUR_AGENDA, THEIR_AGENDA = "https://dui.test/agenda/fhir", "https://voisin.test/fhir"


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all the tests of the service; each has a tenant of its own."""
    made = Sandbox(services=[MES, RDV])
    yield made
    made.close()


def opened(sandbox: Sandbox, http: httpx.Client, root: str = "https://banc.test") -> Block:
    """A new tenant, its clock frozen, with two pieces of software: ours (`dui`), another structure's (`voisin`)."""
    tenant = f"rdv-{uuid.uuid4().hex[:12]}"
    sandbox.open_tenant(tenant)
    block = Block(http, tenant, root)
    block.clock(NOW)
    block.connect("dui", agenda=OUR_AGENDA, autorisation="Bearer ouvre-toi")
    block.connect("voisin", agenda=THEIR_AGENDA)
    return block


@pytest.fixture
def ours() -> Agenda:
    return Agenda()


@pytest.fixture
def theirs() -> Agenda:
    return Agenda()


@pytest.fixture
def block(sandbox: Sandbox, ours: Agenda, theirs: Agenda) -> Iterator[Block]:
    with sandbox.embedded({"https://dui.test": ours, "https://voisin.test": theirs}), httpx.Client() as http:
        yield opened(sandbox, http)


@pytest.fixture
def stored(store_url: str) -> Iterator[Sandbox]:
    """A sandbox on SQLite, then on PostgreSQL."""
    made = Sandbox(store_url, services=[MES, RDV])
    yield made
    made.close()
