"""Programs started by the tests: each in a process group of its own, ended by its id, waited for with a deadline."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEADLINE_S = 60
ROOT = Path(__file__).parents[2]
BANC = (sys.executable, "-m", "harness.cli")
# `banc serve` waits for SIGTERM; this is what a measure starts (load/servers.py), on the same store.
GRANIAN = "from mocks.servers.granian import serve; serve('mocks.servers.workers:make', '127.0.0.1', {port}, {workers})"


@dataclass
class Running:
    """A program that answers at this address."""

    process: subprocess.Popen[str]
    url: str
    store: str = ""

    def kill(self) -> None:
        """SIGKILL to the program and to all that it started: nothing can be written any more."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(DEADLINE_S)

    def ended(self) -> tuple[int, str]:
        """Wait for the end; exit code, and what was said on the error output."""
        _, errors = self.process.communicate(timeout=DEADLINE_S)
        return self.process.returncode, errors


def left_behind(group: int) -> bool:
    """True while a process of this group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def until(true: Callable[[], bool], what: str) -> None:
    """Ask again until it is true; AssertionError after the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {DEADLINE_S} s"
        select.select([], [], [], 0.02)


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A program with its outputs piped, run in this folder; whatever is left of it at the end is killed."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if left_behind(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@contextmanager
def cheroot(store: str) -> Iterator[Running]:
    """`banc serve` on this store."""
    with started([*BANC, "serve", "--port", "0", "--base", store, "--json"]) as process:
        assert process.stdout is not None
        yield Running(process, json.loads(process.stdout.readline())["url"], store)


@contextmanager
def granian(store: str, workers: int = 1) -> Iterator[Running]:
    """The sandbox behind granian on this store."""
    port = free_port()
    code = GRANIAN.format(port=port, workers=workers)
    with started([sys.executable, "-c", code], {"BANC_BASE": store}) as process:
        until(lambda: process.poll() is not None or listens(port), f"granian on port {port}")
        assert process.poll() is None
        yield Running(process, f"http://127.0.0.1:{port}", store)


SERVERS = {"cheroot": cheroot, "granian": granian}


def state(store: str) -> dict[str, list[Any]]:
    """Every row of every table of a SQLite store but the journal."""
    with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in tables if name != "exchanges" and not name.startswith("sqlite_")]
        return {name: sorted(database.execute(f'SELECT * FROM "{name}"'), key=repr) for name in kept}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """True when somebody takes connections on this port of the loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
