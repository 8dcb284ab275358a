import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from harness import cli
from harness.commands.serve import judge_entries


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`banc serve` in a process of its own; gives it with the first line it prints."""
    command = [sys.executable, "-m", "harness.cli", "serve", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_sandbox_answers_until_it_is_told_to_stop(number: signal.Signals) -> None:
    with served("--json") as (process, line):
        addresses = json.loads(line)
        assert addresses["bases"]["mes"] == f"{addresses['url']}/mes"
        with httpx.Client(trust_env=False) as client:
            assert client.get(f"{addresses['admin']}/etat").status_code == 200
            assert client.get(f"{addresses['bases']['mes']}/fhir/metadata").status_code == 200
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "Arrêt du bac à sable." in errors


def test_the_same_sandbox_over_mutual_tls(tmp_path: Path) -> None:
    with served("--json", "--port-tls", "0", "--dossier-pki", str(tmp_path)) as (_, line):
        secure = json.loads(line)["url_tls"]
        context = ssl.create_default_context(cafile=str(tmp_path / "autorites.pem"))
        with httpx.Client(verify=context, trust_env=False) as client, pytest.raises(httpx.TransportError):
            client.get(f"{secure}/mes/fhir/metadata")
        context.load_cert_chain(tmp_path / "client.pem", tmp_path / "client.key.pem")
        with httpx.Client(verify=context, trust_env=False) as client:
            assert client.get(f"{secure}/mes/fhir/metadata").status_code == 200


def test_mail_is_spoken_until_the_sandbox_is_told_to_stop() -> None:
    with served("--json", "--messagerie") as (process, line):
        mail = json.loads(line)["messagerie"]
        waiting = []
        for name, hello in (("smtp", b"220 "), ("imap", b"* OK ")):
            waiting.append(socket.create_connection((mail[name]["hote"], mail[name]["port"]), timeout=10))
            assert waiting[-1].recv(200).startswith(hello)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "Arrêt du bac à sable.\n")
        for one in waiting:
            one.close()
        assert not Path(mail["dossier"]).exists()
        with pytest.raises(OSError):
            socket.create_connection((mail["smtp"]["hote"], mail["smtp"]["port"]), timeout=2)


def test_the_addresses_are_said_in_french() -> None:
    with served() as (_, line):
        assert line.startswith("Bac à sable prêt : http://127.0.0.1:")


def test_a_port_in_use_is_said_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["serve", "--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert f"le port {port} de 127.0.0.1 est déjà pris" in said
    assert "--port" in said


def test_several_processes_need_a_shared_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", "--processus", "2"]) == 2
    assert "--base" in capsys.readouterr().err


def test_the_judge_of_the_sandbox_gives_findings_as_plain_data() -> None:
    entry = {
        "id": 7,
        "tenant": "defaut",
        "instant": "2026-11-21T09:00:00.000Z",
        "protocol": "http",
        "service": "mes",
        "operation": "mes.fhir.appointment.create",
        "person": "p",
        "request": {
            "method": "POST",
            "target": "/mes/fhir/Appointment",
            "path": "/mes/fhir/Appointment",
            "query": [],
            "headers": [["Content-Type", "application/fhir+json"]],
            "body": json.dumps({"resourceType": "Appointment", "start": "2024-10-27T09:00:00"}),
        },
        "answer": {"status": 201, "headers": [], "body": ""},
        "context": {},
    }
    found = [finding for finding in judge_entries([entry]) if finding["rule"] == "AGD-009"]
    assert found[0]["exchange"] == 7
    assert found[0]["at"] == "Appointment.start"


def test_the_command_runs_as_a_module_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "harness.cli"], capture_output=True, text=True, check=False, env={**os.environ}
    )
    assert done.returncode == 2
    assert "il manque : COMMANDE" in done.stderr
