"""The sandbox behind granian: several worker processes, for load.

It does not show the client certificate to the views and cannot cut a connection on demand (the call answers
500): scenarios run on `mocks.servers.cheroot`.
"""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces

THREADS = 4  # blocking threads of each worker: best measured for short calls that wait on SQLite


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
        respawn_failed_workers=True,
        log_access=False,
    ).serve()
