"""Server processes for measures: started on one core, ended by their id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

START_S = 20


class ServerStartError(RuntimeError):
    """The server did not answer in time."""


@contextmanager
def served(target: str, environment: Mapping[str, str], *, core: int | None = None) -> Iterator[str]:
    """A granian server of one worker for this WSGI factory (`module:function`); gives its URL.

    core: processor to keep it on, where the system can. Raises ServerStartError.
    """
    port = _free_port()
    code = f"from mocks.servers.granian import serve; serve({target!r}, '127.0.0.1', {port}, 1)"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {core})
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise ServerStartError(f"no answer on port {port} within {START_S} s")
