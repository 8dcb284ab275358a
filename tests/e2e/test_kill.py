"""kill -9 in the middle of a thousand creations: what was answered is there, once, with its exchange; nothing half."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from tests.e2e.national import Admin, Paired
from tests.e2e.processes import DEADLINE_S, SERVERS, Running

THREADS, EACH, ENOUGH = 4, 250, 400


@pytest.mark.parametrize("server", SERVERS)
def test_a_killed_sandbox_keeps_what_it_answered(server: str, tmp_path: Path) -> None:
    store = tmp_path / "banc.sqlite"
    with SERVERS[server](f"sqlite:///{store}") as sandbox, Admin(sandbox.url) as admin:
        admin.register()
        people = [admin.pair() for _ in range(THREADS)]
        answered = create_until_killed(sandbox, admin.base, people)
    assert ENOUGH <= len(answered) < THREADS * EACH
    assert integrity(store) == "ok"
    with SERVERS[server](f"sqlite:///{store}") as sandbox, Admin(sandbox.url) as admin:
        stored = dict(pair for paired in people for pair in events(admin, paired))
        journaled = Counter(told(entry) for entry in admin.journal("mes.fhir.appointment.create"))
        assert answered.items() <= stored.items()
        assert journaled == Counter((identifier, 201, id_) for identifier, id_ in stored.items())
        with httpx.Client(trust_env=False) as client:
            assert people[0].create(client, admin.base, "apres").status_code == 201


def create_until_killed(sandbox: Running, base: str, people: list[Paired]) -> dict[str, str]:
    """Create from several threads, kill once enough are made; identifier and id of each creation answered 201."""
    enough, made = Event(), count(1)

    def create(rank: int) -> list[tuple[str, str]]:
        confirmed: list[tuple[str, str]] = []
        with httpx.Client(trust_env=False, timeout=DEADLINE_S) as client:
            for number in range(EACH):
                try:
                    answer = people[rank].create(client, base, f"rdv-{rank}-{number}")
                except httpx.TransportError:
                    return confirmed
                assert answer.status_code == 201, answer.text
                confirmed.append((f"rdv-{rank}-{number}", answer.json()["id"]))
                if next(made) == ENOUGH:
                    enough.set()
        return confirmed

    with ThreadPoolExecutor(THREADS) as pool:
        results = [pool.submit(create, rank) for rank in range(THREADS)]
        assert enough.wait(DEADLINE_S)
        sandbox.kill()
        return dict(pair for result in results for pair in result.result())


def events(admin: Admin, paired: Paired) -> Iterator[tuple[str, str]]:
    """Identifier and id of each event that the product reads back, page after page, with the tokens of before."""
    address, params = f"{admin.base}/fhir/Appointment", {"patient.identifier": paired.subject, "_count": "100"}
    url: str | None = str(httpx.URL(address, params=params))
    seen: list[str] = []
    with httpx.Client(trust_env=False) as client:
        while url:
            bundle = client.get(url, headers=paired.headers()).raise_for_status().json()
            found = [entry["resource"] for entry in bundle.get("entry", ())]
            seen += [resource["id"] for resource in found]
            yield from ((resource["identifier"][0]["value"], resource["id"]) for resource in found)
            url = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
    assert len(seen) == len(set(seen)) > 0


def told(entry: dict[str, Any]) -> tuple[str, int, str]:
    """What the journal says of a creation: identifier sent, status, id given."""
    sent = json.loads(entry["request"]["body"])
    return sent["identifier"][0]["value"], entry["answer"]["status"], entry["context"]["stored"]["id"]


def integrity(store: Path) -> str:
    with sqlite3.connect(store) as connection:
        said = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    connection.close()
    return said
