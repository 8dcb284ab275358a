"""Server processes for measures: started on one core, ended by their id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

START_S = 20


class ServerStartError(RuntimeError):
    """The server did not answer in time."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that answers at this address. pid: of its first process."""

    url: str
    pid: int


@contextmanager
def served(target: str, environment: Mapping[str, str], *, core: int | None = None) -> Iterator[str]:
    """A granian server of one worker for this WSGI factory (`module:function`); gives its URL.

    core: processor to keep it on, where the system can. Raises ServerStartError.
    """
    with granian(target, environment) as program:
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(program.pid, {core})
        yield program.url


@contextmanager
def granian(target: str, environment: Mapping[str, str], *, workers: int = 1) -> Iterator[Program]:
    """The same with several workers; gives the program. Raises ServerStartError."""
    port = free_port()
    code = f"from mocks.servers.granian import serve; serve({target!r}, '127.0.0.1', {port}, {workers})"
    with program([sys.executable, "-c", code], port, environment) as started:
        yield started


@contextmanager
def program(
    command: Sequence[str], port: int, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[Program]:
    """A program of one's own that will answer on this port of the loopback, ended by its id.

    log: file for what it says. Raises ServerStartError.
    """
    with log.open("ab") if log else nullcontext(subprocess.DEVNULL) as output:
        process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=output, stderr=output, start_new_session=True
        )
        try:
            _wait(process, port)
            yield Program(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A port that nobody listens on now."""
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
