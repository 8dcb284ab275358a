"""What a service does once its answer has left: it must not make its caller wait, nor call it back meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

Errand = Callable[[], None]
log = logging.getLogger("banc.mocks")


class Errands:
    """Errands of one sandbox, run one after the other in a thread that the first one starts."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._todo: list[Errand] = []
        self._running = self._closed = False
        self._thread: threading.Thread | None = None

    def submit(self, errand: Errand) -> None:
        """Run this as soon as those before it are done."""
        with self._changed:
            self._todo.append(errand)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="banc-courses", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def wait(self) -> None:
        """Until nothing is left to do."""
        with self._changed:
            self._changed.wait_for(lambda: not self._todo and not self._running)

    def close(self) -> None:
        """End the thread, once everything is done."""
        self.wait()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (errand := self._next()) is not None:
            try:
                errand()
            except Exception:
                log.exception("une course du bac à sable a échoué")

    def _next(self) -> Errand | None:
        with self._changed:
            self._running = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._todo or self._closed)
            self._running = bool(self._todo)
            return self._todo.pop(0) if self._todo else None
