"""What the sandbox saw of a load, from its journal: calls by operation, answers, and the time that it took itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from harness.sandbox_client import TenantClient
from load.harvest import percentile

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Served:
    """One call as the sandbox served it. status: 0 when it cut the connection. faulty: a fault was asked for."""

    operation: str
    status: int
    seconds: float
    faulty: bool


def read(tenant: TenantClient, after: int) -> list[Served]:
    """Calls after that exchange, page by page: bodies are not kept."""
    return list(_pages(tenant, after))


def _pages(tenant: TenantClient, after: int) -> Iterator[Served]:
    while True:
        page = tenant.read(after=after, limit=_PAGE).exchanges
        for exchange in page:
            entry = exchange.entry
            if exchange.protocol == "http":
                status = (entry.get("answer") or {}).get("status", 0)
                seconds = entry["duration_ms"] / 1000
                yield Served(exchange.operation, status, seconds, entry.get("fault") is not None)
        if len(page) < _PAGE:
            return
        after = page[-1].id


def figures(calls: Iterable[Served]) -> dict[str, Any]:
    """Number, answers and own time (95th percentile, seconds) by operation, keys in French."""
    by_operation: dict[str, list[Served]] = defaultdict(list)
    for call in calls:
        by_operation[call.operation].append(call)
    return {operation: _one(found) for operation, found in sorted(by_operation.items())}


def _one(calls: list[Served]) -> dict[str, Any]:
    answers = Counter(str(call.status) if call.status else "connexion coupée" for call in calls)
    return {"appels": len(calls), "reponses": dict(sorted(answers.items())), "temps_propre_p95_s": own_time(calls)}


def own_time(calls: Iterable[Served]) -> float | None:
    """95th percentile (seconds) of the sandbox's own time, without the calls that it was asked to spoil."""
    times = sorted(call.seconds for call in calls if not call.faulty)
    return round(percentile(times, 0.95), 5) if times else None
