"""A small HTTP load generator: N connections, one request in flight on each, every answer checked.

A general client library costs more per call than the server under measure; this one only writes bytes prepared
beforehand and reads the status and the length, so that one core of it outruns one core of server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

MakeRequest = Callable[[int], bytes]


class UnexpectedAnswerError(Exception):
    """An answer whose status is not the expected one: the measure is worth nothing."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Rate and latencies of one measure. latencies: seconds, sorted."""

    requests: int
    seconds: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    def percentile(self, share: float) -> float:
        """Latency (milliseconds) that this share of the requests did not exceed."""
        return 1000 * self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]

    def as_json(self) -> dict[str, float]:
        """What `make bench` prints."""
        return {
            "requests": self.requests,
            "per_second": round(self.rate, 1),
            **{f"p{int(share * 100)}_ms": round(self.percentile(share), 3) for share in (0.5, 0.95, 0.99)},
        }


def request(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """The bytes of an HTTP/1.1 request on a connection that is kept."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()] + [f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def measure(
    url: str, make: MakeRequest, *, expect: int, seconds: float = 3600, requests: int = 10**9, connections: int = 32
) -> Measure:
    """Send requests for some seconds, or that many of them, and measure them.

    make: bytes of the request of a given rank (0, 1, 2…). expect: status that every answer must have.
    Raises UnexpectedAnswerError on any other.
    """
    try:
        return asyncio.run(_measure(url, make, expect, seconds, requests, connections))
    except* UnexpectedAnswerError as group:
        raise group.exceptions[0] from None


async def _measure(
    url: str, make: MakeRequest, expect: int, seconds: float, requests: int, connections: int
) -> Measure:
    parts = urlsplit(url)
    ranks = iter(range(requests))
    latencies: list[float] = []
    started = time.perf_counter()
    deadline = started + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            for rank in ranks:
                sent = time.perf_counter()
                if sent > deadline:
                    break
                writer.write(make(rank))
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(_length(head))
                latencies.append(time.perf_counter() - sent)
                if head[9:12] != b"%d" % expect:
                    raise UnexpectedAnswerError(f"{expect} expected: {(head + body).decode(errors='replace')}")
        finally:
            writer.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(client())
    return Measure(len(latencies), time.perf_counter() - started, sorted(latencies))


def _length(head: bytes) -> int:
    start = head.lower().index(b"content-length:") + 15
    return int(head[start : head.index(b"\r\n", start)])
