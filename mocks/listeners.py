"""TLS listeners opened while the sandbox runs, one tenant each: a refused handshake is known to be that tenant's."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from mocks.pki import Pki
from mocks.servers.tls import Demand, Tls

if TYPE_CHECKING:
    from mocks.sandbox import Sandbox
    from mocks.servers.cheroot import RunningServer


# The last one is there for a product to take by mistake.
USUAL = ("client", "insi-manu", "insi-auto", "ou-faux")


@dataclass(frozen=True, slots=True)
class Listener:
    """An address, and the folder where the certificates to use there are (`mocks.pki`)."""

    url: str
    certificates: str


class Stoppable(Protocol):
    """Something that listens, until it is stopped."""

    def stop(self) -> None:
        """Close ports and connections; returns once nothing is left."""


Held = TypeVar("Held", bound=Stoppable)


class Listeners:
    """Those of one sandbox, on loopback; the test PKI is made when the first one opens."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._opened: dict[tuple[str, str, str], RunningServer] = {}
        self._held: dict[tuple[str, ...], Stoppable] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def open(
        self, tenant: str, *, server: str = "serveur", client: Demand = "exige", written: Sequence[str] = USUAL
    ) -> Listener:
        """The listener of this tenant with that server certificate, opened if it is not there yet.

        client: what is asked of clients. written: names of the certificates that must be in the folder; making one
        takes a tenth of a second. Raises mocks.pki.UnknownCertificateError.
        """
        with self._lock:
            folder = self._written(written)
            key = (tenant, server, client)
            if key not in self._opened:
                self._pki.get(server)
                self._opened[key] = self._sandbox.serve(tls=Tls(self._pki, client, server), tenant=tenant)
            return Listener(self._opened[key].url, folder)

    def hold(self, tenant: str, key: Sequence[str], make: Callable[[Pki], Held]) -> Held:
        """What listens for this tenant otherwise than by HTTP, made if it is not there yet; it stops with the others.

        key: what distinguishes it, a service's name first. Raises mocks.pki.UnknownCertificateError, OSError.
        """
        with self._lock:
            held = (tenant, *key)
            if held not in self._held:
                self._held[held] = make(self._pki)
            return cast(Held, self._held[held])

    def certificates(self, written: Sequence[str]) -> str:
        """The folder of the certificates, these at least, where no listener is wanted: products sign too.

        Raises mocks.pki.UnknownCertificateError.
        """
        with self._lock:
            return self._written(written)

    def close(self, tenant: str | None = None) -> None:
        """Close those of a tenant, or all of them."""
        with self._lock:
            for key in [key for key in self._opened if tenant in (None, key[0])]:
                self._opened.pop(key).stop()
            for held in [held for held in self._held if tenant in (None, held[0])]:
                self._held.pop(held).stop()
        if tenant is None and self._folder is not None:
            self._folder.cleanup()

    def _written(self, names: Sequence[str]) -> str:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="banc-certificats-")
        folder = Path(self._folder.name)
        missing = [name for name in names if not (folder / f"{name}.pem").exists()]
        if missing or not (folder / "autorites.pem").exists():
            self._pki.write(folder, missing)
        return self._folder.name

    @cached_property
    def _pki(self) -> Pki:
        return Pki()
