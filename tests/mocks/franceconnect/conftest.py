from collections.abc import Iterator
from typing import Any

import pytest

from mocks.franceconnect import FRANCECONNECT, FRANCECONNECT_PLUS
from mocks.sandbox import Sandbox
from tests.mocks.franceconnect.portal import LEVELS, Portal


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """One sandbox for all the tests of the two services; each has a tenant of its own."""
    made = Sandbox(services=[FRANCECONNECT, FRANCECONNECT_PLUS])
    yield made
    made.close()


@pytest.fixture(params=list(LEVELS))
def portal(request: pytest.FixtureRequest, sandbox: Sandbox) -> Iterator[Portal]:
    """A client in a new tenant, at FranceConnect then at FranceConnect+; calls of this process reach the sandbox."""
    with sandbox.embedded():
        yield Portal.registered(request.param)


@pytest.fixture
def plus(sandbox: Sandbox) -> Iterator[Portal]:
    """The same, at FranceConnect+ only."""
    with sandbox.embedded():
        yield Portal.registered("franceconnect-plus")


@pytest.fixture
def low(sandbox: Sandbox) -> Iterator[Portal]:
    """The same, at FranceConnect only."""
    with sandbox.embedded():
        yield Portal.registered("franceconnect")


@pytest.fixture
def person(portal: Portal) -> dict[str, Any]:
    """An adult, as the admin API shows them."""
    made: dict[str, Any] = portal.admin("POST", "personnes")
    return made
