"""INT_R03 over real mutual TLS."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mocks.pki import Pki
from mocks.sandbox import Sandbox
from mocks.servers.cheroot import RunningServer
from mocks.servers.tls import Tls
from tests.mocks.sas.platform import Platform, appointment, by_identifier


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pki")


@pytest.fixture(scope="module")
def server(sandbox: Sandbox, folder: Path) -> Iterator[RunningServer]:
    pki = Pki()
    pki.write(folder, ("client", "revoque"))
    with sandbox.serve(tls=Tls(pki, client="exige")) as running:
        yield running


def _client(folder: Path, name: str) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(folder / "autorites.pem"))
    if name:
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key.pem")
    return httpx.Client(verify=context, timeout=5)


def test_the_journal_tells_the_certificate(server: RunningServer, folder: Path) -> None:
    with _client(folder, "client") as http:
        platform = Platform(http, "defaut", server.url)
        assert platform.send("POST", "Appointment", appointment()).status_code == 201
        assert platform.send("PUT", by_identifier(), appointment(status="noshow")).status_code == 200
        told = http.get(f"{server.url}/_banc/tenants/defaut/echanges?service=sas").json()["echanges"][-1]
    assert told["context"]["tls"]["client"]["cn"] == "DUI DE REFERENCE"
    assert told["client"]["certificate"]


@pytest.mark.parametrize("name", ["", "revoque"])
def test_who_shows_no_good_certificate_does_not_come_in(server: RunningServer, folder: Path, name: str) -> None:
    with _client(folder, name) as http, pytest.raises(httpx.TransportError):
        Platform(http, "defaut", server.url).send("POST", "Appointment", appointment("autre"))
