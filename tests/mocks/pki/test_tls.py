"""The sandbox over TLS: who is let in, who is refused and how, and what the journal says of it."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mocks import journal, tenants
from mocks.pki import Pki
from mocks.sandbox import Sandbox
from mocks.servers.cheroot import RunningServer
from mocks.servers.tls import Tls

REFUSED = {
    "expire": ("certificat-expire", "certificate expired"),
    "pas-encore-valable": ("certificat-pas-encore-valable", "bad certificate"),
    "revoque": ("certificat-revoque", "certificate revoked"),
    "autorite-inconnue": ("autorite-inconnue", "unknown ca"),
}


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


@pytest.fixture(scope="module")
def folder(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("pki")
    pki.write(written)
    return written


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


@pytest.fixture(scope="module")
def server(sandbox: Sandbox, pki: Pki) -> Iterator[RunningServer]:
    with sandbox.serve(tls=Tls(pki)) as running:
        yield running


def _client(folder: Path, name: str = "") -> httpx.Client:
    context = ssl.create_default_context(cafile=str(folder / "autorites.pem"))
    if name:
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key.pem")
    return httpx.Client(verify=context, timeout=5)


def _journal(sandbox: Sandbox, operation: str) -> list[Mapping[str, Any]]:
    with sandbox.store.session() as session:
        return list(journal.read(session, tenants.DEFAULT, operation=operation))


def _reasons(sandbox: Sandbox, before: int) -> list[str]:
    """Reasons of the refusals after the first `before`: a client hears of its refusal before the journal does."""
    with sandbox.store.changed:
        sandbox.store.changed.wait_for(lambda: len(_journal(sandbox, "tls.refus")) > before, timeout=5)
    return [entry["context"]["tls"]["reason"] for entry in _journal(sandbox, "tls.refus")[before:]]


def _s_client(folder: Path, server: RunningServer, *options: str) -> str:
    """What the openssl command line sees of a handshake and of one request."""
    address = urlsplit(server.url).netloc
    command = ["openssl", "s_client", "-connect", address, "-CAfile", "autorites.pem", "-quiet", *options]
    request = f"GET /mes/fhir/metadata HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    done = subprocess.run(command, cwd=folder, input=request, capture_output=True, text=True, timeout=20, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_the_openssl_command_line_is_let_in(folder: Path, server: RunningServer, version: str) -> None:
    seen = _s_client(folder, server, "-cert", "client.pem", "-key", "client.key.pem", "-ign_eof", version)
    assert "HTTP/1.1 200 OK" in seen
    assert "CapabilityStatement" in seen


@pytest.mark.parametrize("version", ["-tls1", "-tls1_1"])
def test_older_protocols_are_refused_and_journaled(
    sandbox: Sandbox, folder: Path, server: RunningServer, version: str
) -> None:
    before = len(_journal(sandbox, "tls.refus"))
    # Level 0, so that it is the server that refuses and not the client that does not dare.
    options = ("-cert", "client.pem", "-key", "client.key.pem", "-cipher", "ALL:@SECLEVEL=0", version)
    assert "alert protocol version" in _s_client(folder, server, *options)
    assert _reasons(sandbox, before) == ["version"]


def test_the_client_reaches_the_journal(sandbox: Sandbox, folder: Path, server: RunningServer, pki: Pki) -> None:
    with _client(folder, "insi-manu") as client:
        assert client.get(f"{server.url}/mes/fhir/metadata", headers={"struct_idnat": "1009000015"}).status_code == 200
    entry = _journal(sandbox, "mes.fhir.capabilities")[-1]
    shown = entry["context"]["tls"]
    assert shown["version"] in ("TLSv1.2", "TLSv1.3")
    assert (shown["client"]["cn"], shown["client"]["ou"]) == ("INSI-MANU", pki.sheets["insi-manu"].ou)
    assert entry["client"]["certificate"] == shown["client"]["subject"]
    assert ["Struct-Idnat", "1009000015"] in entry["request"]["headers"]


@pytest.mark.parametrize("name", sorted(REFUSED))
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_each_bad_certificate_is_refused_with_its_alert_and_named_in_the_journal(
    sandbox: Sandbox, folder: Path, server: RunningServer, pki: Pki, name: str, version: str
) -> None:
    before = len(_journal(sandbox, "tls.refus"))
    reason, alert = REFUSED[name]
    assert alert in _s_client(folder, server, "-cert", f"{name}.pem", "-key", f"{name}.key.pem", version)
    assert _reasons(sandbox, before) == [reason]
    assert (
        _journal(sandbox, "tls.refus")[-1]["context"]["tls"]["client"]["serial"]
        == f"{pki.get(name).certificate.serial_number:x}"
    )


def test_without_certificate_nobody_enters(sandbox: Sandbox, folder: Path, server: RunningServer) -> None:
    before = len(_journal(sandbox, "tls.refus"))
    with _client(folder) as client, pytest.raises(httpx.TransportError):
        client.get(f"{server.url}/mes/fhir/metadata")
    assert _reasons(sandbox, before) == ["certificat-absent"]


def test_a_certificate_revoked_in_the_course_of_a_run_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    pki = Pki()
    pki.write(tmp_path, ["client"])
    before = len(_journal(sandbox, "tls.refus"))
    with sandbox.serve(tls=Tls(pki)) as server:
        with _client(tmp_path, "client") as client:
            assert client.get(f"{server.url}/mes/fhir/metadata").status_code == 200
        pki.revoke("client")
        server.reload()
        with _client(tmp_path, "client") as client, pytest.raises(httpx.TransportError):
            client.get(f"{server.url}/mes/fhir/metadata")
    assert _reasons(sandbox, before) == ["certificat-revoque"]


@pytest.mark.parametrize("name", ["serveur-expire", "serveur-autre-nom", "serveur-autorite-inconnue"])
def test_a_client_that_checks_refuses_a_flawed_server(sandbox: Sandbox, folder: Path, pki: Pki, name: str) -> None:
    before = len(_journal(sandbox, "tls.refus"))
    with (
        sandbox.serve(tls=Tls(pki, client="aucun", server=name)) as server,
        _client(folder) as client,
        pytest.raises(httpx.ConnectError, match="certificate verify failed"),
    ):
        client.get(f"{server.url}/mes/fhir/metadata".replace("127.0.0.1", "localhost"))
    assert set(_reasons(sandbox, before)) == {"refus-du-client"}
    assert _journal(sandbox, "tls.refus")[before]["context"]["tls"]["server"] == name


def test_an_optional_certificate_is_optional(sandbox: Sandbox, folder: Path, pki: Pki) -> None:
    with sandbox.serve(tls=Tls(pki, client="admis")) as server:
        with _client(folder) as client:
            assert client.get(f"{server.url}/mes/fhir/metadata").status_code == 200
        assert _journal(sandbox, "mes.fhir.capabilities")[-1]["context"]["tls"]["client"] is None
        with _client(folder, "expire") as client, pytest.raises(httpx.TransportError):
            client.get(f"{server.url}/mes/fhir/metadata")


def test_plain_http_on_the_secure_port_is_told_so(server: RunningServer) -> None:
    answer = httpx.get(server.url.replace("https", "http"), timeout=5)
    assert answer.status_code == 400
    assert "HTTPS" in answer.text


def test_a_tenant_opens_a_listener_of_its_own(sandbox: Sandbox) -> None:
    with sandbox.serve() as plain, httpx.Client(base_url=f"{plain.url}/_banc", timeout=10) as admin:
        name = admin.post("/tenants", json={}).json()["nom"]
        opened = admin.post(f"/tenants/{name}/tls", json={"certificats": ["expire"]}).json()
        assert admin.post(f"/tenants/{name}/tls", json={}).json() == opened
        folder = Path(opened["dossier"])
        with _client(folder, "client") as client:
            assert client.get(f"{opened['url']}/t/{name}/mes/fhir/metadata").status_code == 200
        with _client(folder, "expire") as client, pytest.raises(httpx.TransportError):
            client.get(f"{opened['url']}/t/{name}/mes/fhir/metadata")
        told = admin.get(f"/tenants/{name}/echanges", params={"operation": "tls.refus", "attendre": 5}).json()[
            "echanges"
        ]
        assert [entry["context"]["tls"]["reason"] for entry in told] == ["certificat-expire"]
        flawed = admin.post(f"/tenants/{name}/tls", json={"serveur": "serveur-autre-nom"}).json()["url"]
        with _client(folder, "client") as client, pytest.raises(httpx.ConnectError, match="IP address mismatch"):
            client.get(f"{flawed}/t/{name}/mes/fhir/metadata")
        unknown = admin.post(f"/tenants/{name}/tls", json={"serveur": "inconnu"})
        assert (unknown.status_code, unknown.json()["erreur"]) == (400, "certificat-inconnu")
        assert admin.delete(f"/tenants/{name}").status_code == 204
        with _client(folder, "client") as client, pytest.raises(httpx.TransportError):
            client.get(f"{opened['url']}/t/{name}/mes/fhir/metadata")


def test_a_sandbox_of_several_processes_opens_none() -> None:
    shared = Sandbox(listens=False)
    try:
        with shared.serve() as plain:
            answer = httpx.post(f"{plain.url}/_banc/tenants/defaut/tls", json={}, timeout=5)
        assert (answer.status_code, answer.json()["erreur"]) == (501, "sans-ecoute")
    finally:
        shared.close()
