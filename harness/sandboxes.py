"""The sandbox of a run: in this process without sockets, on loopback, or somewhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from harness.drivers import Driver
from harness.errors import SetUpError
from harness.target import Target

EMBEDDED_PRODUCT = "https://produit.test"


@contextmanager
def local_sandbox(target: Target) -> Iterator[str]:
    """A sandbox on a loopback socket, at bac_a_sable.url when given, else on a free port; gives its URL.

    Raises SetUpError when the address is taken or is not one of this machine.
    """
    from mocks.sandbox import Sandbox

    address = urlsplit(target.sandbox.url)
    host = address.hostname or "127.0.0.1"
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise SetUpError(f"En mode « local », bac_a_sable.url doit être sur cette machine ; vu : {target.sandbox.url}.")
    with ExitStack() as stack:
        sandbox = Sandbox()
        stack.callback(sandbox.close)
        yield stack.enter_context(_served(sandbox.wsgi, host, address.port or 0))


def open_sandbox(target: Target, driver: Driver, stack: ExitStack, started: str = "") -> str:
    """URL of the sandbox, once it is started if the mode asks for it; the product's pages are served too.

    started: URL of the sandbox already started for this run (mode local, several test processes).
    """
    if target.sandbox.mode == "embarque":
        return _embed(driver, stack)
    if driver.application is not None and target.sandbox.mode == "local":
        driver.serve_at(stack.enter_context(_served(driver.application)))
    if target.sandbox.mode == "local":
        return started or stack.enter_context(local_sandbox(target))
    return target.sandbox.url


@contextmanager
def _served(application: Any, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    from mocks.servers.cheroot import PortInUseError, RunningServer

    try:
        server = RunningServer(application, host, port)
    except PortInUseError as error:
        raise SetUpError(f"L'adresse {host}:{port} est déjà prise par un autre programme.") from error
    try:
        yield server.url
    finally:
        server.stop()


def _embed(driver: Driver, stack: ExitStack) -> str:
    """Sandbox and pages of the product in this process, no socket; the URL of the sandbox."""
    from mocks.sandbox import EMBEDDED_URL, Sandbox

    sandbox = Sandbox()
    stack.callback(sandbox.close)
    others = {}
    if driver.application is not None:
        if not driver.url:
            driver.serve_at(EMBEDDED_PRODUCT)
        others[driver.url] = driver.application
    stack.enter_context(sandbox.embedded(others))
    return EMBEDDED_URL
