"""The Locust user of every profile: waits for an arrival, draws an action of the mix, plays it."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import gevent
from gevent.event import Event
from locust import HttpUser, task
from locust.exception import StopUser

from load.book import Book


@dataclass(frozen=True)
class Reply:
    """status: 0 when no answer came. body: the JSON object, empty when it is none."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def lost(self) -> bool:
        """Whether the call may have had its effect though nothing says so: no answer, or a crash."""
        return self.status == 0 or self.status >= 500

    @property
    def wait_s(self) -> float:
        """Seconds asked for by Retry-After, 1 when it says nothing that can be read."""
        asked = self.headers.get("Retry-After", "")
        return float(asked) if asked.isdigit() else 1.0


class Caller(HttpUser):
    """One connection. book: what its process keeps, the same for all; ready: it is there, as are the actions.

    Not `FastHttpUser`: its client sends a request again by itself when the connection is cut, POST included, which
    would hide lost answers and double appointments in the product's name.
    """

    host = "http://127.0.0.1"  # every call gives a whole address
    book: ClassVar[Book]
    actions: ClassVar[Mapping[str, Any]]
    ready: ClassVar[Event] = Event()

    def on_start(self) -> None:
        self.ready.wait()
        self.client.trust_env = False  # no proxy between the bench and what it measures
        self.late = 0.0
        self.rank = 0

    @task
    def arrive(self) -> None:
        """Wait until the next arrival is due, then play it; leave after the last."""
        arrival = self.book.next_arrival()
        if arrival is None:
            raise StopUser
        self.rank, due = arrival
        early = due - time.perf_counter()
        gevent.sleep(max(0.0, early))
        # Those of a profile "as fast as allowed" are due when somebody is free.
        paced = self.book.plan.arrivals.shape != "au_plus_vite"
        self.late = max(0.0, time.perf_counter() - due) if paced else 0.0
        self.book.slips.append(self.late)
        action = self.book.drawn_action()
        self.actions[action](self, action)
        # An idle connection may be closed by the server just as it is used again: a lost answer of our own doing.
        self.client.close()

    def present(self, certificate: Sequence[str]) -> None:
        """Show a client certificate from now on, and trust these authorities: its file, its key's, theirs; or none."""
        if certificate:
            self.client.cert, self.client.verify = (certificate[0], certificate[1]), certificate[2]

    def call(
        self,
        action: str,
        method: str,
        url: str,
        *,
        expect: Collection[int],
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One call, sampled; the time for which an arrival had to wait counts with its first call."""
        sent, late, self.late = time.perf_counter(), self.late, 0.0
        with self.client.request(
            method,
            url,
            name=action,
            json=body,
            headers=dict(headers or {}),
            timeout=self.book.plan.patience_s,
            catch_response=True,
        ) as answer:
            status = int(answer.status_code or 0)
            if status in expect:
                answer.success()
            else:
                answer.failure(f"{status} inattendu")
        self.book.sample(action, late + time.perf_counter() - sent, status, expected=status in expect)
        return Reply(status, _json(answer), dict(answer.headers or {}) if status else {})


def _json(answer: Any) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except (ValueError, TypeError, AttributeError):
        return {}
    return body if isinstance(body, dict) else {}
