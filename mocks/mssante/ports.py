"""The mail ports of one tenant: a loop in a thread of its own, until they are stopped."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakSet

from mocks import tenants
from mocks.journal import events
from mocks.listeners import USUAL
from mocks.mssante.recording import Connection, Port, Recorder
from mocks.mssante.transport import MailTls
from mocks.pki import Pki

if TYPE_CHECKING:
    from mocks.sandbox import Sandbox
    from mocks.service import Service
    from mocks.store import Store

HOST = "127.0.0.1"
THREADS = 8  # more only queue on the store, which has one writer
BACKLOG = 128
# Of each store, by tenant: those with the right certificate, which autoconfiguration tells.
_OPEN: WeakKeyDictionary[Store, dict[str, Ports]] = WeakKeyDictionary()


def opened(
    sandbox: Sandbox, tenant: str, *, server: str = "serveur", weak: bool = False, certificates: Sequence[str] = ()
) -> dict[str, Any]:
    """Open the mail ports of a tenant, if they are not; where they are, as the admin API says it.

    server, weak: as in Ports. certificates: those wanted in the folder. Raises mocks.pki.UnknownCertificateError, and
    OSError when nothing can be listened to. The sandbox must have listeners.
    """
    from mocks.mssante import MSSANTE  # which has an admin part, which knows us

    listeners = sandbox.listeners
    if listeners is None:
        raise OSError("a sandbox of several processes opens no ports")
    folder = listeners.certificates([*USUAL, *certificates])
    key = (MSSANTE.name, server, "faible" if weak else "")
    held = listeners.hold(tenant, key, lambda pki: Ports(sandbox.store, MSSANTE, tenant, pki, server=server, weak=weak))
    return {**{name: {"hote": host, "port": port} for name, (host, port) in held.addresses.items()}, "dossier": folder}


def known(store: Store, tenant: str) -> Mapping[str, tuple[str, int]]:
    """Where the mail ports of a tenant are, by name; empty where none are open in this process."""
    held = _OPEN.get(store, {}).get(tenant)
    return {} if held is None else held.addresses


class Ports:
    """What listens for one tenant. server: name of the server's certificate. weak: TLS 1.1 only."""

    def __init__(
        self, store: Store, service: Service, tenant: str, pki: Pki, *, server: str = "serveur", weak: bool = False
    ) -> None:
        self._store, self._tenant = store, tenant
        self._recorder = Recorder(store, service, tenant)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="banc-courrier")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="banc-courrier", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._transports: WeakSet[asyncio.BaseTransport] = WeakSet()
        self._thread.start()
        self.addresses: Mapping[str, tuple[str, int]] = self._wait(self._open(pki, server, weak=weak))
        if server == "serveur" and not weak:
            _OPEN.setdefault(store, {})[tenant] = self

    def stop(self) -> None:
        """Close ports and connections, once the commands in progress are done."""
        if self._loop.is_closed():
            return
        held = _OPEN.get(self._store, {})
        if held.get(self._tenant) is self:
            del held[self._tenant]
        self._wait(self._close())
        self._threads.shutdown()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self, pki: Pki, server: str, *, weak: bool) -> dict[str, tuple[str, int]]:
        anybody, known = MailTls(pki, "aucun", server, weak=weak), MailTls(pki, "exige", server, weak=weak)
        return {
            "smtp": await self._listen("smtp", "smtp", anybody),
            "smtp_application": await self._listen("smtp", "smtp_application", known),
            "imap": await self._listen("imap", "imap", anybody),
            "imap_application": await self._listen("imap", "imap_application", known),
        }

    async def _listen(self, protocol: str, name: str, tls: MailTls) -> tuple[str, int]:
        port = Port(self._recorder, tls, self._run, partial(self._tell_refusal, tls), self._transports.add)
        make = partial(_SESSIONS[protocol], port, partial(_connection, protocol, name, tls.server))
        opened = await self._loop.create_server(make, HOST, 0, backlog=BACKLOG)
        self._servers.append(opened)
        return HOST, int(opened.sockets[0].getsockname()[1])

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run what blocks in a thread; it ends even if the connection is lost meanwhile."""
        return await asyncio.shield(self._loop.run_in_executor(self._threads, partial(function, *arguments)))

    def _tell_refusal(self, tls: MailTls, error: OSError, protocol: Any) -> None:
        """Write a handshake that failed in the journal."""
        secured = getattr(protocol, "_sslobj", None)
        refusal = tls.refusal(error, secured, HOST) if isinstance(error, ssl.SSLError) else None
        if refusal is None:
            return
        context = {name: getattr(refusal, name) for name in ("alert", "reason", "client", "server")}
        with self._store.session(self._tenant) as session:
            events.refused_handshake(session, tenants.load(session, self._tenant), context, refusal.address)
            session.commit()
        self._store.notify()

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
        for transport in list(self._transports):
            transport.abort()  # type: ignore[attr-defined]  # whose client does not say goodbye
        await asyncio.sleep(0)  # they close at the next turn
        await self._loop.shutdown_asyncgens()

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _connection(protocol: str, port: str, server: str) -> Connection:
    return Connection(secrets.token_hex(8), protocol, port, HOST, server)


def _smtp(port: Port, connect: Callable[[], Connection]) -> asyncio.BaseProtocol:
    from mocks.mssante.smtp import Session  # a tenth of a second, for those who open a port

    return Session(connect(), port)


def _imap(port: Port, connect: Callable[[], Connection]) -> asyncio.BaseProtocol:
    from mocks.mssante.imap import ImapSession  # the same

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ImapSession(connect(), port).serve(reader, writer)

    return asyncio.StreamReaderProtocol(asyncio.StreamReader(), serve)


_SESSIONS: Mapping[str, Callable[..., asyncio.BaseProtocol]] = {"smtp": _smtp, "imap": _imap}
