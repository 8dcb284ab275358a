"""The sandbox behind granian: several worker processes, for load.

It does not show the client certificate to the views and cannot cut a connection on demand (the call answers
500): scenarios run on `mocks.servers.cheroot`.
"""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces

# Each SQLite call releases the interpreter lock, for which several threads would then fight: one thread serves as many
# calls as four for a quarter less processor time (measured by `make bench`). Processes are what multiplies.
THREADS = 1


def serve(target: str, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT, then finish the calls in progress and return.

    target: `module:function` that makes the WSGI application, called once in each worker (state is shared through
    the store alone). workers: number of processes.
    """
    Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=THREADS,
        log_access=False,
    ).serve()
