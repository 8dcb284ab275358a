"""The FHIR face over real sockets: mutual TLS with the structure of the VIHF, and several clients at once."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mocks.dmp import DMP
from mocks.pki import Pki
from mocks.pki.kit import struct_idnats
from mocks.sandbox import Sandbox
from mocks.servers.cheroot import RunningServer
from mocks.servers.tls import Tls
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.fhir import Mobile


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> Path:
    made = tmp_path_factory.mktemp("pki")
    pki.write(made, ("client", "client-siret"))
    return made


@pytest.fixture(scope="module")
def server(pki: Pki) -> Iterator[RunningServer]:
    sandbox = Sandbox(services=[DMP])
    with sandbox.serve(tls=Tls(pki)) as running:
        yield running
    sandbox.close()


@pytest.fixture
def connect(folder: Path) -> Callable[[str], httpx.Client]:
    def made(name: str) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(folder / "autorites.pem"))
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key.pem")
        return httpx.Client(verify=context, timeout=30)

    return made


@pytest.fixture
def mobile(server: RunningServer, connect: Callable[[str], httpx.Client], pki: Pki) -> Iterator[Mobile]:
    with connect("client") as http:
        admin(server, http, "PUT", "dmp/confiance", {"autorites": pki.trusted.decode()})
        person = admin(server, http, "POST", "personnes", {})
        made = Dui(http, f"{server.url}/dmp", pki.get("signature"), person, struct_idnats()["finess"])
        holder = {"titulaire": made.structure, "statut": "valide"}
        admin(server, http, "PUT", f"dmp/personnes/{person['id']}/autorisations", holder)
        yield Mobile(made)


def admin(server: RunningServer, http: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = http.request(method, f"{server.url}/_banc/tenants/defaut/{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


def test_a_document_goes_by_fhir_and_comes_back_by_both_faces(mobile: Mobile) -> None:
    document = mobile.dui.document()
    assert mobile.provide(document).status_code == 200
    assert mobile.dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}
    (found,) = mobile.search()
    assert mobile.send("GET", found["content"][0]["attachment"]["url"]).content == document.octets


def test_the_structure_is_that_of_the_certificate(mobile: Mobile, connect: Callable[[str], httpx.Client]) -> None:
    with connect("client-siret") as http:
        mobile.dui.http = http
        answer = mobile.provide(mobile.dui.document())
    assert answer.status_code == 403
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "vihf_structure"


def at_once(count: int, work: Callable[[Mobile], None], mobile: Mobile, connect: Callable[[str], httpx.Client]) -> None:
    """The same work of several clients at once, each with its own connection."""

    def run() -> None:
        with connect("client") as http:
            dui = mobile.dui
            work(Mobile(Dui(http, dui.url, dui.seal, dui.person, dui.structure)))

    threads = [threading.Thread(target=run) for _ in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_clients_at_once_lose_and_double_nothing(
    mobile: Mobile, server: RunningServer, connect: Callable[[str], httpx.Client]
) -> None:
    before = admin(server, mobile.dui.http, "GET", "dmp/bilan")["documents"]
    statuses: list[int] = []

    def deposit(own: Mobile) -> None:
        statuses.extend(own.provide(own.dui.document()).status_code for _ in range(3))

    at_once(4, deposit, mobile, connect)
    whole = admin(server, mobile.dui.http, "GET", "dmp/bilan")
    assert statuses == [200] * 12
    assert (whole["documents"] - before, whole["doublons"], whole["sans_contenu"]) == (12, [], [])


def test_one_document_sent_by_several_at_once_is_there_once(
    mobile: Mobile, connect: Callable[[str], httpx.Client]
) -> None:
    document, statuses = mobile.dui.document(), list[int]()
    at_once(3, lambda own: statuses.append(own.provide(document).status_code), mobile, connect)
    assert sorted(statuses) == [200, 422, 422]


def test_patches_at_once_are_done_one_after_the_other(mobile: Mobile, connect: Callable[[str], httpx.Client]) -> None:
    document, versions = mobile.dui.document(), list[str]()
    mobile.provide(document)

    def archive(own: Mobile) -> None:
        for value in (True, False):
            change = {"op": "replace", "path": "/extension/0/valueBoolean", "value": value}
            versions.append(own.patch(document.unique_id, change).json()["meta"]["versionId"])

    at_once(3, archive, mobile, connect)
    (found,) = mobile.search(isArchived="true,false")
    assert int(found["meta"]["versionId"]) == max(map(int, versions)) <= 7
