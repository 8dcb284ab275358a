"""The DMP over real mutual TLS; a SOAP library that is not ours, which knows the service by its WSDL alone."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import zeep
from lxml import etree
from zeep.transports import Transport

from mocks.dmp import DMP
from mocks.pki import Pki
from mocks.pki.kit import struct_idnats
from mocks.sandbox import Sandbox
from mocks.servers.cheroot import RunningServer
from mocks.servers.tls import Tls
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import QUERIES, REPOSITORY, Dui, Reply
from tests.mocks.dmp.documents import Document
from tests.mocks.dmp.vihf import assertion

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
HERE = ("client", "client-siret", "revoque", "autorite-inconnue")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, pki: Pki) -> Path:
    made = tmp_path_factory.mktemp("pki")
    pki.write(made, HERE)
    return made


@pytest.fixture(scope="module")
def server(pki: Pki) -> Iterator[RunningServer]:
    sandbox = Sandbox(services=[DMP])
    with sandbox.serve(tls=Tls(pki)) as running:
        yield running
    sandbox.close()


def _http(folder: Path, name: str) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(folder / "autorites.pem"))
    if name:
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key.pem")
    return httpx.Client(verify=context, timeout=20)


def _admin(server: RunningServer, http: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    answer = http.request(method, f"{server.url}/_banc/tenants/defaut/{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


@pytest.fixture
def dui(server: RunningServer, folder: Path, pki: Pki) -> Iterator[Dui]:
    """A product with the certificate of its structure."""
    with _http(folder, "client") as http:
        _admin(server, http, "PUT", "dmp/confiance", {"autorites": pki.trusted.decode()})
        person = _admin(server, http, "POST", "personnes", {})
        made = Dui(http, f"{server.url}/dmp", pki.get("signature"), person, struct_idnats()["finess"])
        authorisation = {"titulaire": made.structure, "statut": "valide"}
        _admin(server, http, "PUT", f"dmp/personnes/{person['id']}/autorisations", authorisation)
        yield made


def _last(dui: Dui) -> dict[str, Any]:
    root = dui.url.removesuffix("/dmp")
    answer = dui.http.get(f"{root}/_banc/tenants/defaut/echanges?service=dmp")
    told: dict[str, Any] = answer.json()["echanges"][-1]
    return told


def test_a_document_goes_and_comes_back(dui: Dui) -> None:
    document = dui.document()
    assert dui.provide(document).outcome == "Success"
    told = _last(dui)["context"]["vihf"]
    assert (told["tls_structure_matches"], told["tls_same_certificate"]) == (True, False)
    assert dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}


def test_the_seal_is_not_the_certificate_of_the_connection(dui: Dui, pki: Pki) -> None:
    dui.seal = pki.get("client")
    assert dui.find().outcome == "Success"
    assert _last(dui)["context"]["vihf"]["tls_same_certificate"] is True


def test_the_structure_is_that_of_the_certificate(dui: Dui, folder: Path) -> None:
    with _http(folder, "client-siret") as http:
        dui.http = http
        assert dui.find().fault == (403, "Sender", "wsse:FailedAuthentication", "vihf_structure")
        assert _last(dui)["context"]["vihf"]["problems"] == ["vihf_structure"]


@pytest.mark.parametrize("name", ["", "revoque", "autorite-inconnue"])
def test_a_certificate_that_does_not_come_in(dui: Dui, folder: Path, name: str) -> None:
    with _http(folder, name) as http, pytest.raises(httpx.TransportError):
        http.get(f"{dui.url}/xds/registry?wsdl")


def test_two_hundred_megabytes_are_refused_without_being_kept(dui: Dui) -> None:
    block, blocks = b"x" * 1_000_000, 200
    headers = {"Content-Type": "application/soap+xml", "Content-Length": str(len(block) * blocks)}
    answer = dui.http.post(f"{dui.url}/xds/repository", content=(block for _ in range(blocks)), headers=headers)
    assert Reply.of(answer).fault == (413, "Sender", "banc:banc_taille", "banc_taille")
    assert _last(dui)["request"]["body"] == ""
    assert dui.provide(dui.document()).outcome == "Success"


class Seal:
    """What zeep asks to secure a message: a VIHF."""

    def __init__(self, dui: Dui) -> None:
        self._dui = dui

    def apply(self, envelope: Any, headers: Any) -> Any:
        security = etree.Element(f"{{{WSSE}}}Security")
        security.append(assertion(self._dui.seal, self._dui.ins, self._dui.structure))
        zeep.wsdl.utils.get_or_create_header(envelope).append(security)
        return envelope, headers

    def verify(self, envelope: Any) -> Any:
        return envelope


class Library:
    """zeep on one address of the service."""

    def __init__(self, dui: Dui, folder: Path, way: str) -> None:
        session = requests.Session()
        session.trust_env = False
        session.verify = str(folder / "autorites.pem")
        session.cert = (str(folder / "client.pem"), str(folder / "client.key.pem"))
        url = f"{dui.url}/xds/{way}?wsdl"
        self.client = zeep.Client(url, wsse=Seal(dui), transport=Transport(session=session, timeout=20))
        self.service = self.client.service

    def read(self, name: str, xml: str) -> Any:
        """A value as zeep holds it."""
        element = self.client.get_element(name)
        return element.parse(etree.fromstring(xml), self.client.wsdl.types)


@pytest.fixture
def repository(dui: Dui, folder: Path) -> Library:
    return Library(dui, folder, "repository")


@pytest.fixture
def registry(dui: Dui, folder: Path) -> Library:
    return Library(dui, folder, "registry")


def _deposit(library: Library, document: Document) -> Any:
    submit = library.read(f"{{{LCM}}}SubmitObjectsRequest", docs.deposit([document]))
    attached = [{"id": document.symbol, "_value_1": document.octets}]
    return library.service.ProvideAndRegisterDocumentSet(SubmitObjectsRequest=submit, Document=attached)


def _find(library: Library, dui: Dui) -> Any:
    slots = {
        "$XDSDocumentEntryPatientId": f"'{dui.patient_id}'",
        "$XDSDocumentEntryStatus": f"('{docs.APPROVED}')",
    }
    return library.service.RegistryStoredQuery(
        ResponseOption={"returnType": "LeafClass", "returnComposedObjects": True},
        AdhocQuery={
            "id": f"urn:uuid:{QUERIES['FindDocuments']}",
            "Slot": [{"name": name, "ValueList": {"Value": [value]}} for name, value in slots.items()],
        },
    )


def test_zeep_deposits_finds_and_reads(dui: Dui, repository: Library, registry: Library) -> None:
    document = dui.document()
    assert _deposit(repository, document).status == SUCCESS
    assert _last(dui)["context"]["transaction"] == "TD2.1a"
    answer = _find(registry, dui)
    assert answer.status == SUCCESS
    (held,) = answer.RegistryObjectList._value_1
    entry = held["ExtrinsicObject"]
    (unique_id,) = [one.value for one in entry.ExternalIdentifier if one.value == document.unique_id]
    assert (entry.status, entry.VersionInfo.versionName) == (docs.APPROVED, "1")
    wanted = {"RepositoryUniqueId": REPOSITORY, "DocumentUniqueId": unique_id}
    given = repository.service.RetrieveDocumentSet(DocumentRequest=[wanted])
    assert given.RegistryResponse.status == SUCCESS
    assert given.DocumentResponse[0].Document == document.octets


def test_zeep_reads_a_refusal(dui: Dui, repository: Library) -> None:
    answer = _deposit(repository, dui.document(given_size="1"))
    assert answer.status.endswith(":Failure")
    assert [one.errorCode for one in answer.RegistryErrorList.RegistryError] == ["XDSRepositoryMetadataError"]


def test_zeep_reads_a_fault(dui: Dui, registry: Library) -> None:
    dui.structure = "1999999999"
    with pytest.raises(zeep.exceptions.Fault, match="structure du VIHF") as caught:
        _find(registry, dui)
    assert caught.value.subcodes[0].localname == "FailedAuthentication"


def test_zeep_asks_whether_there_is_a_dmp(dui: Dui, folder: Path) -> None:
    patients = Library(dui, folder, "patients")
    operations = patients.client.wsdl.bindings["{urn:banc:dmp}DmpBinding"].all()
    assert set(operations) == {"TD02", "TD03"}


@pytest.mark.parametrize("way", ["repository", "registry", "patients"])
def test_every_schema_that_is_named_is_there(dui: Dui, way: str) -> None:
    todo, seen = [f"{dui.url}/xds/{way}?wsdl"], set[str]()
    while todo:
        url = todo.pop()
        seen.add(url)
        text = dui.http.get(url).text
        found = re.findall(r'schemaLocation="([^"]+)"', text)
        todo += [one for one in (str(httpx.URL(url).join(name)) for name in found) if one not in seen]
    assert len(seen) >= 2
    assert all(one.startswith(dui.url) for one in seen)
