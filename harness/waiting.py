"""Waiting for what the product does on its own: by long-poll on the journal, never by sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from harness.sandbox_client import TenantClient
from harness.target_sections import Mode
from rules import Exchange

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds to wait for an exchange that must come, and to watch for one that must not."""

    wait_s: float
    silence_s: float


# In process everything has happened when the action returns; over sockets a product may work in its own threads.
_BUDGETS: dict[Mode, Budget] = {
    "embarque": Budget(0.5, 0.0),
    "local": Budget(3.0, 0.3),
    "distant": Budget(10.0, 1.0),
}


def budget(mode: Mode, wait_s: float | None = None) -> Budget:
    """Budget of a mode; wait_s: key attentes.delai_s of `cible.toml`."""
    default = _BUDGETS[mode]
    return default if wait_s is None else Budget(wait_s, min(default.silence_s, wait_s))


def wait_for(
    journal: TenantClient,
    operation: str,
    *,
    after: int,
    wait_s: float,
    person: str = "",
    count: int = 1,
    clock: Callable[[], float] = time.monotonic,
) -> list[Exchange]:
    """The exchanges of that operation after an id, once there are at least `count`.

    Raises AssertionError (French) when they have not come within wait_s seconds.
    """
    deadline = clock() + wait_s
    found: list[Exchange] = []
    while True:
        left = max(deadline - clock(), 0.0)
        since = found[-1].id if found else after
        found += journal.read(after=since, operation=operation, person=person, wait_s=left).exchanges
        if len(found) >= count:
            return found
        if left == 0.0:
            raise AssertionError(
                f"Attendu : {count} appel(s) « {operation} » dans les {wait_s:g} s ; vu : {len(found)}."
            )


def eventually(
    journal: TenantClient,
    check: Callable[[], Seen],
    *,
    service: str,
    wait_s: float,
    clock: Callable[[], float] = time.monotonic,
) -> Seen:
    """What `check` gives, tried again each time that this service is called, for wait_s seconds at most.

    A product may tell a service of what it did a moment after the action. Raises the AssertionError of the last try.
    """
    deadline, mark = clock() + wait_s, journal.last_id()
    while True:
        try:
            return check()
        except AssertionError:
            left = deadline - clock()
            called = journal.read(after=mark, service=service, wait_s=left).exchanges if left > 0 else []
            if not called:
                raise
            mark = called[-1].id


@contextmanager
def silence(journal: TenantClient, *, service: str, watch_s: float, person: str = "") -> Iterator[None]:
    """The product must not call that service in this block, nor in the watch_s seconds after it.

    Raises AssertionError (French) naming the calls seen.
    """
    mark = journal.last_id()
    yield
    seen = _calls(journal.read_all(after=mark, service=service, person=person))
    if not seen and watch_s > 0:
        seen = _watch(journal, mark, service, person, watch_s)
    if seen:
        names = ", ".join(f"{call.operation} (échange {call.id})" for call in seen)
        raise AssertionError(f"Attendu : aucun appel du produit au service « {service} » ; vu : {names}.")


def _watch(journal: TenantClient, mark: int, service: str, person: str, watch_s: float) -> list[Exchange]:
    deadline = time.monotonic() + watch_s
    while (left := deadline - time.monotonic()) > 0:
        page = journal.read(after=mark, service=service, person=person, wait_s=left)
        if seen := _calls(page.exchanges):
            return seen
        mark = page.exchanges[-1].id if page.exchanges else mark
    return []


def _calls(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Calls made by the product: neither acts of the national side, nor pages that a browser visits."""
    return [
        exchange
        for exchange in exchanges
        if exchange.protocol == "http"
        and ".page." not in exchange.operation
        and not exchange.operation.endswith(".oauth.authorize")
    ]
