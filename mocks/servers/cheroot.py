"""The sandbox behind cheroot: in process, ready in a blink, client certificate visible to the view."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any
from wsgiref.types import WSGIApplication

from cheroot import wsgi

from mocks.recorder import ConnectionCutError
from mocks.servers.tls import Adapter, Refusal, Tls

THREADS = 10  # measured best for short calls; more threads only queue on the interpreter lock
QUEUE = 128
MAX_HEADERS = 500_000  # bytes of a request before its body; cheroot takes any number unless told
log = logging.getLogger("banc.mocks.servers")


class PortInUseError(OSError):
    """Somebody already listens on this address."""


class _Gateway(wsgi.Gateway_10):
    """Cuts the connection instead of answering when the recorder says so, and keeps the target as received."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]  # the stubs say None
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        environ["banc.target"] = self.req.uri.decode("latin-1")
        return environ

    def respond(self) -> None:
        try:
            super().respond()
        except ConnectionCutError:
            self.req.close_connection = True
            self.req.sent_headers = True  # nothing must be written any more
            with contextlib.suppress(OSError):
                self.req.conn.socket.shutdown(socket.SHUT_RDWR)


def _log_error(msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
    log.log(level, msg, exc_info=traceback)


def _say_nothing(_refusal: Refusal) -> None:
    """Nobody listens."""


class RunningServer:
    """A server in a thread of this process; use as a context manager or call `stop`."""

    def __init__(
        self,
        application: WSGIApplication,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls: Tls | None = None,
        on_refusal: Callable[[Refusal], None] = _say_nothing,
    ) -> None:
        """tls: None for plain HTTP. on_refusal: told of each handshake that is refused. Raises PortInUseError."""
        refuse_taken(host, port)
        self._server = wsgi.Server((host, port), application, numthreads=THREADS, request_queue_size=QUEUE)
        self._server.gateway = _Gateway
        self._server.shutdown_timeout = 2
        self._server.max_request_header_size = MAX_HEADERS
        self._server.error_log = _log_error  # type: ignore[method-assign]
        self._adapter = None if tls is None else Adapter(tls, on_refusal)
        self._server.ssl_adapter = self._adapter
        self._server.prepare()
        self._thread = threading.Thread(target=self._server.serve, name="banc-cheroot", daemon=True)
        self._thread.start()
        bound_host, bound_port = self._server.bind_addr[:2]
        self.url = f"{'http' if tls is None else 'https'}://{bound_host}:{bound_port}"

    def reload(self) -> None:
        """Take the revocation lists of now, on a server that does TLS."""
        if self._adapter is not None:
            self._adapter.reload()

    def stop(self) -> None:
        """Finish the calls in progress, then close. Must not be called from a signal handler."""
        self._server.stop()
        self._thread.join()

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self.stop()


def refuse_taken(host: str, port: int) -> None:
    """Raise PortInUseError when somebody listens there; cheroot would leave a socket open to find out."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(errno.EADDRINUSE, f"{host}:{port}") from error
            raise
