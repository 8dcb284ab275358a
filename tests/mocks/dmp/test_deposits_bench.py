"""The measure of large deposits, small: each is kept once, whole, and its figures are those of a run."""

from __future__ import annotations

from tests.mocks.dmp import deposits_bench


def test_clients_at_once_lose_and_double_nothing() -> None:
    told = deposits_bench.measured(documents=24, octets=200_000, clients=8, batch=12)
    assert {name: told[name] for name in ("kept", "doubled", "without_content", "wrong_digest")} == {
        "kept": 24,
        "doubled": 0,
        "without_content": 0,
        "wrong_digest": 0,
    }
    assert told["times_the_bare_cost"] > 1
    assert told["highest_memory_mb"] > 10
