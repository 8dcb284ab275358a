"""Real patients never enter the bench: refused on every service, and nothing of them is on disk afterwards."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from mocks import journal, real_people
from mocks.sandbox import Sandbox
from mocks.world import person
from mocks.world.places import NOWHERE
from profiles.keys import nir_key

OIDS = ("1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9")


@st.composite
def matricules(draw: st.DrawFn) -> str:
    """A matricule with its key, as a real person might bear it (the commune is not one of ours)."""
    somewhere = st.integers(1001, 95999).map("{:05d}".format).filter(lambda code: code not in NOWHERE)
    place = draw(st.one_of(somewhere, st.sampled_from(["2A004", "2B033"])))
    body = f"{draw(st.sampled_from('12'))}{draw(st.integers(0, 99)):02d}{draw(st.integers(1, 12)):02d}{place}"
    body += f"{draw(st.integers(1, 999)):03d}"
    return body + nir_key(body)


# How a client may write a text in a body: each must be seen through.
WAYS: dict[str, Callable[[str], bytes]] = {
    "clair": str.encode,
    "json": lambda text: "".join(f"\\u{ord(c):04x}" for c in text).encode(),
    "xml": lambda text: "".join(f"&#{ord(c)};" for c in text).encode(),
    "xml-hexa": lambda text: "".join(f"&#x{ord(c):x};" for c in text).encode(),
    "adresse": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64-url": lambda text: base64.urlsafe_b64encode(text.encode()).rstrip(b"="),
    "base64-deux-fois": lambda text: base64.b64encode(base64.b64encode(text.encode())),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16-sans-marque": lambda text: text.encode("utf-16-le"),
}


@given(matricule=matricules(), oid=st.sampled_from(OIDS), way=st.sampled_from(sorted(WAYS)))
def test_a_real_person_is_seen_whatever_the_encoding(matricule: str, oid: str, way: str) -> None:
    assert real_people.seen_in(WAYS[way](f'{{"system": "urn:oid:{oid}", "value": "{matricule}"}}'))


# A document of some size inside a message: what the messages of the DMP are made of.
PDF = bytes(range(256)) * 400


def _cda(matricule: str, oid: str) -> bytes:
    pdf = base64.encodebytes(PDF).decode()
    return f'<a><text>{pdf}</text>{"<b/>" * 200}<id root="{oid}" extension="{matricule}"/></a>'.encode()


CARRIED: dict[str, Callable[[bytes], bytes]] = {
    "simple": lambda cda: b"<Document>" + base64.b64encode(cda) + b"</Document>",
    "lignes": lambda cda: b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(cda),
    "mtom": lambda cda: b"--x\r\nContent-ID: <a>\r\n\r\n" + cda + b"\r\n--x--",
    "avec-une-image": lambda cda: b"--x\r\n\r\n" + PDF + b"\r\n--x\r\n\r\n" + base64.b64encode(cda) + b"\r\n--x--",
}


@pytest.mark.parametrize("carrier", sorted(CARRIED))
@settings(max_examples=25)
@given(matricule=matricules(), oid=st.sampled_from(OIDS), shift=st.integers(0, 60))
def test_a_real_person_is_seen_inside_a_document(carrier: str, matricule: str, oid: str, shift: int) -> None:
    document = b" " * shift + _cda(matricule, oid)
    assert real_people.seen_in(CARRIED[carrier](document))
    assert not real_people.seen_in(CARRIED[carrier](document.replace(oid.encode(), b"1.2.250.1.213.1.4.10")))


@given(matricule=matricules(), oid=st.sampled_from(OIDS))
def test_insi_writes_the_key_apart(matricule: str, oid: str) -> None:
    shape = "<NumIdentifiant>{}</NumIdentifiant><Cle>{}</Cle></IdIndividu><OID>{}</OID>"
    assert real_people.seen_in(shape.format(matricule[:13], matricule[13:], oid).encode())


@given(matricule=matricules())
def test_a_document_does_not_part_a_teleservice_from_its_card(matricule: str) -> None:
    document = base64.b64encode(PDF).decode()
    message = f"<a>urn:siram:bam:ctxlps</a><doc>{document}</doc><NumIdentifiant>{matricule[:13]}</NumIdentifiant>"
    assert real_people.seen_in(message.encode())


@given(matricule=matricules())
def test_the_mail_address_of_a_real_patient_is_enough(matricule: str) -> None:
    assert real_people.seen_in(f"To: {matricule}@patient.mssante.fr".encode())
    assert not real_people.seen_in(f"To: {matricule}@patient.mssante.test".encode())


@given(matricule=matricules())
def test_the_test_oid_and_wrong_keys_are_nobody(matricule: str) -> None:
    wrong = f"{matricule[:13]}{(int(matricule[13:]) % 97) + 1:02d}"
    assert not real_people.seen_in(f"1.2.250.1.213.1.4.10|{matricule}".encode())
    assert not real_people.seen_in(f"1.2.250.1.213.1.4.8|{wrong}".encode())
    assert not real_people.seen_in(f"1.2.250.1.213.1.4.80|{matricule}".encode())


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    made = Sandbox(f"sqlite:///{tmp_path / 'banc.sqlite'}")
    yield made
    made.close()


def _client(sandbox: Sandbox) -> Client:
    """A client on loopback: the admin API opens to it."""

    def local(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ |= {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1"}
        return sandbox.wsgi(environ, start_response)

    return Client(local)


@pytest.mark.parametrize("oid", OIDS)
def test_fictitious_people_may_bear_the_real_oid(sandbox: Sandbox, oid: str) -> None:
    """A run may switch to the OID of production, to prove that the product does not hard-code one."""
    made = _client(sandbox).post("/_banc/tenants/defaut/personnes", json={}).get_json()
    assert not real_people.seen_in(f"{oid}|{made['ins']['matricule']}".encode())
    with sandbox.store.session() as session:
        assert person(session, "defaut", made["id"]).ins == made["ins"]["matricule"]


PLACES: dict[str, Callable[[Client, str, str], int]] = {
    "fhir": lambda client, who, oid: (
        client.post(
            "/mes/fhir/Appointment",
            data=json.dumps({"resourceType": "Appointment", "participant": [{"actor": {"identifier": [oid, who]}}]}),
            content_type="application/fhir+json",
        ).status_code
    ),
    "requête": lambda client, who, oid: (
        client.get(f"/mes/fhir/Appointment?patient.identifier=urn:oid:{oid}%7C{quote(who)}").status_code
    ),
    "entête": lambda client, who, oid: (
        client.get("/mes/fhir/Appointment", headers={"X-Patient": f"{who}^^^&{oid}&ISO^NH"}).status_code
    ),
    "chemin": lambda client, who, oid: client.get(f"/mes/fhir/Patient/{oid}-{who}").status_code,
    "jeton": lambda client, who, oid: client.post("/mes/oauth2/token", data={"code": f"{oid}|{who}"}).status_code,
    "administration": lambda client, who, oid: (
        client.post(
            "/_banc/tenants/defaut/echanges",
            json={
                "protocol": "action",
                "service": "produit",
                "operation": "produit.page",
                "request": {"body": f"{oid} {who}"},
            },
        ).status_code
    ),
}


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_nothing_of_a_refused_exchange_is_kept(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("disque")
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    sandbox = Sandbox(f"sqlite:///{folder / 'banc.sqlite'}")
    client = _client(sandbox)
    try:
        for place, ask in PLACES.items():
            who, oid = data.draw(matricules()), data.draw(st.sampled_from(OIDS))
            assert ask(client, who, oid) == real_people.STATUS, place
            for text in (who, who[:13], base64.b64encode(who.encode()).decode()):
                on_disk = b"".join(path.read_bytes() for path in folder.iterdir())
                assert text.encode() not in on_disk, place
                assert not any(text in line for line in lines), place
        with sandbox.store.session() as session:
            told = journal.read(session, "defaut", operation="mes.personne_reelle")
        assert len(told) == len(PLACES) - 1  # the admin API is no service
        assert {note["code"] for entry in told for note in entry["notes"]} == {real_people.CODE}
    finally:
        logging.getLogger().removeHandler(handler)
        sandbox.close()


@settings(max_examples=3, deadline=None)
@given(who=matricules(), oid=st.sampled_from(OIDS))
def test_every_service_refuses_and_keeps_nothing(tmp_path_factory: pytest.TempPathFactory, who: str, oid: str) -> None:
    folder = tmp_path_factory.mktemp("disque")
    sandbox = Sandbox(f"sqlite:///{folder / 'banc.sqlite'}")
    client = _client(sandbox)
    try:
        for service in sandbox.services:
            for path, form in (
                ("/", {"champ": f"{oid}|{who}"}),
                (f"/{oid}/{who}", {}),
                ("/?q=" + f"{oid}%7C{who}", {}),
            ):
                refused = client.post(f"/{service.name}{path}", data=form)
                assert refused.status_code == real_people.STATUS, (service.name, path)
                assert who not in refused.text
                assert real_people.CODE in refused.text, service.name
            with sandbox.store.session() as session:
                told = journal.read(session, "defaut", operation=f"{service.name}.personne_reelle")
            assert len(told) == 3
        on_disk = b"".join(path.read_bytes() for path in folder.iterdir())
        assert who.encode() not in on_disk
        assert who[:13].encode() not in on_disk
    finally:
        sandbox.close()


def test_the_refusal_has_the_shape_of_the_service(sandbox: Sandbox) -> None:
    client = _client(sandbox)
    body = "120016900100154"
    body = f"1.2.250.1.213.1.4.8 {body[:13]}{nir_key(body[:13])}"
    fhir = client.post("/mes/fhir/Appointment", data=body, content_type="application/fhir+json").get_json()
    assert fhir["resourceType"] == "OperationOutcome"
    assert fhir["issue"][0]["details"]["coding"][0]["code"] == real_people.CODE
    other = client.post("/mes/oauth2/token", data=body, content_type="text/plain").get_json()
    assert other["erreur"] == real_people.CODE
    for path in ("/psc/auth/realms/esante-wallet/protocol/openid-connect/token", "/api-psc/oauth2/token"):
        assert client.post(path, data=body, content_type="text/plain").get_json()["error"] == real_people.CODE
