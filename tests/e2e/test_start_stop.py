"""`banc serve` begins, answers, finishes what it has begun, ends, and leaves nothing behind."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.national import Admin, Paired
from tests.e2e.processes import BANC, SERVERS, free_port, left_behind, listens, started, until


@pytest.mark.parametrize("server", SERVERS)
def test_a_call_in_progress_is_finished_before_the_end(server: str, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'banc.sqlite'}"
    with SERVERS[server](store) as sandbox, Admin(sandbox.url) as admin, ThreadPoolExecutor(1) as pool:
        admin("POST", "pannes", operation="mes.fhir.capabilities", nature="lenteur", secondes=1)
        slow = pool.submit(httpx.get, f"{admin.base}/fhir/metadata", timeout=60, trust_env=False)
        until(lambda: admin("GET", "pannes") == {"pannes": []}, "the call is in progress")
        sandbox.process.send_signal(signal.SIGTERM)
        assert slow.result().json()["resourceType"] == "CapabilityStatement"
        code, errors = sandbox.ended()
        assert code == 0, errors
        assert not left_behind(sandbox.process.pid)
        assert not listens(urlsplit(sandbox.url).port or 0)


def test_several_processes_share_one_sandbox(tmp_path: Path) -> None:
    port = free_port()
    command = [*BANC, "serve", "--port", str(port), "--processus", "2", "--base", f"sqlite:///{tmp_path / 'b.sqlite'}"]
    with started(command) as process:
        until(lambda: process.poll() is not None or listens(port), f"banc serve on port {port}")
        with Admin(f"http://127.0.0.1:{port}") as admin:
            admin.register()
            people = [admin.pair() for _ in range(6)]
            statuses = [create_alone(people[rank % 6], admin.base, f"rdv-{rank}") for rank in range(12)]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert statuses == [201] * 12
        assert process.returncode == 0
        assert not left_behind(process.pid)


def create_alone(paired: Paired, base: str, identifier: str) -> int:
    """Status of a creation on a connection of its own: any of the processes may take it."""
    with httpx.Client(trust_env=False) as client:
        return paired.create(client, base, identifier).status_code


def test_two_sandboxes_do_not_share_a_port(tmp_path: Path) -> None:
    with SERVERS["cheroot"](f"sqlite:///{tmp_path / 'banc.sqlite'}") as sandbox:
        port = urlsplit(sandbox.url).port
        with started([*BANC, "serve", "--port", str(port)]) as second:
            _, errors = second.communicate(timeout=60)
            assert second.returncode == 2
            assert errors.startswith(f"banc : le port {port} de 127.0.0.1 est déjà pris")
            assert not left_behind(second.pid)
        assert httpx.get(f"{sandbox.url}/_banc/etat", trust_env=False).json()["pret"] is True


def test_the_admin_token_comes_from_the_environment(tmp_path: Path) -> None:
    command = [*BANC, "serve", "--port", "0", "--json"]
    with started(command, {"BANC_JETON_ADMIN": "jeton-du-banc"}) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        elsewhere = {"Host": "bac-a-sable.exemple.test"}
        seen = [
            httpx.get(f"{url}/_banc/etat", headers={**elsewhere, **given}, trust_env=False).status_code
            for given in ({}, {"Authorization": "Bearer faux"}, {"Authorization": "Bearer jeton-du-banc"})
        ]
        assert seen == [403, 403, 200]
