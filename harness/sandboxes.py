"""The sandbox of a run: in this process without sockets, on loopback, or somewhere else."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.drivers import Driver
from harness.errors import SetUpError
from harness.place import Place
from harness.target import Target

EMBEDDED_PRODUCT = "https://produit.test"


@contextmanager
def local_sandbox(target: Target) -> Iterator[Place]:
    """A sandbox on loopback sockets, plain at bac_a_sable.url when given, else on a free port, and over mutual TLS.

    Raises SetUpError when the address is taken or is not one of this machine.
    """
    from mocks.pki import Pki
    from mocks.sandbox import Sandbox
    from mocks.servers.tls import Tls

    address = urlsplit(target.sandbox.url)
    host = address.hostname or "127.0.0.1"
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise SetUpError(f"En mode « local », bac_a_sable.url doit être sur cette machine ; vu : {target.sandbox.url}.")
    with ExitStack() as stack:
        sandbox = Sandbox()
        stack.callback(sandbox.close)
        url = stack.enter_context(_served(sandbox.wsgi, host, address.port or 0))
        if not target.asks_for_tls:
            yield Place(url)
            return
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="banc-certificats-"))
        pki = Pki()
        pki.write(Path(folder))
        secure = stack.enter_context(sandbox.serve(tls=Tls(pki)))
        yield Place(url, secure.url, folder)


def open_sandbox(target: Target, driver: Driver, stack: ExitStack, place: Place | None) -> Place:
    """Where the sandbox is, once it is started if the mode asks for it; the product's pages are served too.

    place: of the sandbox already started for this run (mode local, several test processes).
    """
    if target.sandbox.mode == "embarque":
        return Place(_embed(driver, stack))
    if driver.application is not None and target.sandbox.mode == "local":
        driver.serve_at(stack.enter_context(_served(driver.application)))
    if target.sandbox.mode == "local":
        return place or stack.enter_context(local_sandbox(target))
    return Place(target.sandbox.url)


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
