"""The mail ports of one tenant: a loop in a thread of its own, until they are stopped."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from mocks import tenants
from mocks.journal import events
from mocks.mssante import submission
from mocks.mssante.recording import Connection, Recorder
from mocks.mssante.transport import MailTls
from mocks.pki import Pki

if TYPE_CHECKING:
    from mocks.service import Service
    from mocks.store import Store

HOST = "127.0.0.1"
THREADS = 8  # more only queue on the store, which has one writer
BACKLOG = 128


class Ports:
    """What listens for one tenant. server: name of the server's certificate. weak: TLS 1.1 only."""

    def __init__(
        self, store: Store, service: Service, tenant: str, pki: Pki, *, server: str = "serveur", weak: bool = False
    ) -> None:
        self._store, self._tenant = store, tenant
        self._smtp = Recorder(store, service, tenant, submission.refuse)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="banc-courrier")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="banc-courrier", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._thread.start()
        self.addresses: Mapping[str, tuple[str, int]] = self._wait(self._open(pki, server, weak=weak))

    def stop(self) -> None:
        """Close ports and connections, once the commands in progress are done."""
        if self._loop.is_closed():
            return
        self._wait(self._close())
        self._threads.shutdown()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self, pki: Pki, server: str, *, weak: bool) -> dict[str, tuple[str, int]]:
        open_, checked = MailTls(pki, "aucun", server, weak=weak), MailTls(pki, "exige", server, weak=weak)
        return {
            "smtp": await self._listen(partial(self._session, "smtp", open_)),
            "smtp_application": await self._listen(partial(self._session, "smtp_application", checked)),
        }

    async def _listen(self, make: Callable[[], asyncio.BaseProtocol]) -> tuple[str, int]:
        opened = await self._loop.create_server(make, HOST, 0, backlog=BACKLOG)
        self._servers.append(opened)
        return HOST, int(opened.sockets[0].getsockname()[1])

    def _session(self, port: str, tls: MailTls) -> asyncio.BaseProtocol:
        from mocks.mssante.smtp import Session  # a tenth of a second, for those who open a port

        connection = Connection(secrets.token_hex(8), "smtp", port, HOST, tls.server)
        return Session(connection, self._smtp, tls.context, self._run, partial(self._tell_refusal, tls))

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run what blocks in a thread; it ends even if the connection is lost meanwhile."""
        return await asyncio.shield(self._loop.run_in_executor(self._threads, partial(function, *arguments)))

    def _tell_refusal(self, tls: MailTls, error: ssl.SSLError, protocol: Any) -> None:
        """Write a handshake that failed in the journal."""
        refusal = tls.refusal(error, getattr(protocol, "_sslobj", None), HOST)
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
        await asyncio.sleep(0)  # transports close at the next turn
        await self._loop.shutdown_asyncgens()

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
