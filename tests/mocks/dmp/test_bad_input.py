"""Bad input: the documented fault, and the store as it was (contract §5)."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator

import pytest

from mocks import real_people
from mocks.dmp import MAX_BODY
from profiles.keys import nir_key
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import PROVIDE, Dui, Reply, mtom, provided
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.documents import Document

Message = tuple[bytes, str]  # body, Content-Type
SOAP = "application/soap+xml; charset=utf-8"
SOAP_11 = b"http://schemas.xmlsoap.org/soap/envelope/"


def message(dui: Dui, document: Document) -> Message:
    """A correct deposit in MTOM."""
    name = f"{document.symbol}@essai"
    envelope = dui.envelope(PROVIDE, provided(docs.deposit([document]), {document.symbol: name}))
    return mtom(envelope, {name: document.octets})


@pytest.fixture
def sent(dui: Dui) -> Message:
    return message(dui, dui.document())


@pytest.fixture(autouse=True)
def nothing_stored(bench: Bench) -> Iterator[None]:
    """Whatever a test of this module sends, the store is as it was."""
    before = bench("GET", "dmp/bilan")
    yield
    assert bench("GET", "dmp/bilan") == before


def fault(dui: Dui, sent: Message, way: str = "repository") -> str:
    """The code of the fault that answers, whose status is 4xx."""
    status, code, _, word = dui.post(way, *sent).fault
    assert (status, code) == ({"banc_taille": 413, "banc_type": 415}.get(word, 400), _CODES.get(word, "Sender"))
    return word


_CODES = {"banc_version_soap": "VersionMismatch", "banc_entete_inconnu": "MustUnderstand"}
XXE = b'<!DOCTYPE S [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    b'<!DOCTYPE S [<!ENTITY a0 "ha">'
    + b"".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};">'.encode() for n in range(1, 30))
    + b"]>"
)


class TestEnvelope:
    """What is wrong with the envelope."""

    @pytest.mark.parametrize("doctype", [XXE, LAUGHS, b"<!DOCTYPE S>"])
    @pytest.mark.parametrize("where", ["mtom", "simple"])
    def test_no_entity(self, dui: Dui, sent: Message, doctype: bytes, where: str) -> None:
        body, kind = sent
        if where == "simple":
            body, kind = dui.envelope(PROVIDE, "<a/>"), SOAP
        used = b"&a29;" if doctype is LAUGHS else b"&x;" if doctype is XXE else b""
        body = body.replace(b"<S:Envelope", doctype + b"<S:Envelope").replace(b"https://dmp.banc.test", used)
        assert fault(dui, (body, kind)) == "banc_dtd"

    def test_utf_16_hides_no_entity(self, dui: Dui) -> None:
        body = (XXE.decode() + dui.envelope(PROVIDE, "<a>&x;</a>").decode()).encode("utf-16")
        assert fault(dui, (body, SOAP)) == "banc_dtd"

    def test_not_well_formed(self, dui: Dui, sent: Message) -> None:
        assert fault(dui, (sent[0].replace(b"</S:Envelope>", b""), sent[1])) == "banc_xml"

    def test_too_deep(self, dui: Dui) -> None:
        body = dui.envelope(PROVIDE, "<a>" * 100 + "</a>" * 100)
        assert fault(dui, (body, SOAP)) == "banc_profondeur"

    def test_empty(self, dui: Dui) -> None:
        assert fault(dui, (b"", SOAP)) == "banc_xml"

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            (
                b"http://www.w3.org/2003/05/soap-envelope",
                b"http://schemas.xmlsoap.org/soap/envelope/",
                "banc_version_soap",
            ),
            (b"<S:Envelope", b"<S:Enveloppe", "banc_xml"),
            (rb"<wsa:MessageID>[^<]*</wsa:MessageID>", b"", "banc_entete_absent"),
            (rb"<wsa:MessageID>[^<]*</", b"<wsa:MessageID></", "banc_entete_absent"),
            (rb"<wsa:Action .*</wsa:Action>", b"", "banc_entete_absent"),
            (rb"(<wsa:MessageID>[^<]*</wsa:MessageID>)", rb"\1\1", "banc_entete_double"),
            (rb"<wsa:To>", b'<x xmlns="urn:x" S:mustUnderstand="1"/><wsa:To>', "banc_entete_inconnu"),
            (rb"</S:Body>", b"<b/></S:Body>", "banc_enveloppe"),
            (rb"<S:Body>.*</S:Body>", b"<S:Body/>", "banc_enveloppe"),
            (b"urn:ihe:iti:2007:Provide", b"urn:ihe:iti:2007:Provider", "banc_action"),
            (
                b"urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
                b"urn:ihe:iti:2007:RetrieveDocumentSet",
                "banc_corps",
            ),
        ],
    )
    def test_of_another_shape(self, dui: Dui, sent: Message, old: bytes, new: bytes, code: str) -> None:
        body = re.sub(old, new, sent[0], flags=re.DOTALL)
        assert body != sent[0]
        assert fault(dui, (body, sent[1])) == code

    def test_at_another_address(self, dui: Dui, sent: Message) -> None:
        assert fault(dui, sent, "registry") == "banc_action"
        assert fault(dui, sent, "patients") == "banc_action"


class TestMime:
    """What is wrong with the multipart."""

    @pytest.mark.parametrize(
        ("spoil", "code"),
        [
            (lambda body: body[: len(body) // 2], "banc_mime"),
            (lambda body: body[:-4], "banc_mime"),
            (lambda body: body.replace(b"--essai-0123456789--", b""), "banc_mime"),
            (lambda body: body.replace(b"<racine@essai>", b"<autre@essai>"), "banc_mime"),
            (lambda body: body.replace(b"\r\n\r\n", b"\r\n", 1), "banc_mime"),
            (lambda body: body.replace(b"Encoding: binary", b"Encoding: uuencode"), "banc_mime"),
            (lambda body: body.replace(b"Encoding: binary", b"Encoding: base64", 1), "banc_mime"),
            (lambda body: body.replace(b"<Document01@essai>", b"<Document99@essai>"), "banc_piece"),
            (lambda body: body.replace(b'href="cid:', b'href="http://127.0.0.1/'), "banc_piece"),
            (lambda body: body.replace(b'href="cid:Document01@essai"', b""), "banc_piece"),
            (lambda body: body.replace(b"Content-ID: <Document01@essai>\r\n", b""), "banc_piece"),
            (lambda body: body.replace(b"<Document01@essai>", b"<racine@essai>"), "banc_mime"),
            (lambda body: body.replace(b"application/xop+xml; charset", b"text/plain; charset"), "banc_type"),
        ],
    )
    def test_of_another_shape(self, dui: Dui, sent: Message, spoil: Callable[[bytes], bytes], code: str) -> None:
        body = spoil(sent[0])
        assert body != sent[0]
        assert fault(dui, (body, sent[1])) == code

    def test_without_its_document(self, dui: Dui) -> None:
        document = dui.document()
        name = f"{document.symbol}@essai"
        envelope = dui.envelope(PROVIDE, provided(docs.deposit([document]), {document.symbol: name}))
        assert fault(dui, mtom(envelope, {})) == "banc_piece"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('boundary="essai-0123456789"; ', ""),
            ("essai-0123456789", "autre"),
            ("racine@essai", "inconnue@essai"),
            ("essai-0123456789", "x" * 80),
        ],
    )
    def test_whose_type_says_something_else(self, dui: Dui, sent: Message, old: str, new: str) -> None:
        assert fault(dui, (sent[0], sent[1].replace(old, new))) == "banc_mime"

    def test_of_too_many_parts(self, dui: Dui) -> None:
        envelope = dui.envelope(PROVIDE, "<a/>")
        assert fault(dui, mtom(envelope, {f"{rank}@essai": b"x" for rank in range(200)})) == "banc_mime"

    def test_base64_that_is_none(self, dui: Dui) -> None:
        attached = '<xds:Document id="Document01">***</xds:Document>'
        request = provided(docs.deposit([dui.document()]) + attached, {})
        assert fault(dui, (dui.envelope(PROVIDE, request), SOAP)) == "banc_corps"

    def test_two_documents_of_one_id(self, dui: Dui) -> None:
        attached = '<xds:Document id="Document01">eA==</xds:Document>' * 2
        request = provided(docs.deposit([dui.document()]) + attached, {})
        assert fault(dui, (dui.envelope(PROVIDE, request), SOAP)) == "banc_corps"


@pytest.mark.parametrize(
    "kind", ["text/xml", "application/xml", "multipart/form-data; boundary=x", "application/json", ""]
)
def test_another_media_type(dui: Dui, kind: str) -> None:
    assert fault(dui, (dui.envelope(PROVIDE, "<a/>"), kind)) == "banc_type"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method(dui: Dui, method: str) -> None:
    answer = dui.http.request(method, f"{dui.url}/xds/repository")
    assert Reply.of(answer).fault[3] == "banc_methode"
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


def test_what_is_not_imitated(dui: Dui, bench: Bench) -> None:
    answer = dui.http.get(f"{dui.url}/xds/ailleurs")
    assert (answer.status_code, bench.last()["operation"]) == (501, "dmp.inconnue")


class TestSize:
    """Bodies over the bound are refused, and not kept."""

    def test_over_the_setting(self, dui: Dui, bench: Bench, sent: Message) -> None:
        bench.set(taille_maximale=1000)
        assert fault(dui, sent) == "banc_taille"

    def test_over_what_the_mock_takes(self, dui: Dui, bench: Bench) -> None:
        assert fault(dui, (b"x" * (MAX_BODY + 1), SOAP)) == "banc_taille"
        told = bench.last()
        assert (told["request"]["body"], bench.notes()) == ("", ["corps-trop-grand"])

    def test_just_under_it(self, dui: Dui) -> None:
        assert fault(dui, (b"x" * MAX_BODY, SOAP)) == "banc_xml"


class TestJournal:
    """What the journal keeps of large or binary bodies (contract §4)."""

    def test_a_binary_part_is_size_and_digest(self, dui: Dui, bench: Bench, sent: Message) -> None:
        body = sent[0].replace(b"urn:ihe:iti:2007:Provide", b"urn:autre:Provide")
        body = body.replace(b"<?xml", b"\xff\xfe<?xml", 1)
        assert fault(dui, (body, sent[1])) == "banc_action"
        kept = bench.last()["request"]["body"]
        assert re.search(r"‹octets=\d+;sha256=[0-9a-f]{64}›", kept)
        assert "urn:autre:Provide" in kept

    def test_long_base64_is_size_and_digest(self, dui: Dui, bench: Bench) -> None:
        document = dui.document(pdf=bytes(range(256)) * 200)
        encoded = base64.b64encode(document.octets).decode()
        attached = f'<xds:Document id="Document01">{encoded}</xds:Document>'
        body = dui.envelope("urn:autre", provided(docs.deposit([document]) + attached, {}))
        assert fault(dui, (body, SOAP)) == "banc_action"
        kept = bench.last()["request"]["body"]
        assert f"‹base64:octets={len(document.octets)};sha256=" in kept
        assert encoded[:200] not in kept


REAL = '<id root="1.2.250.1.213.1.4.8" extension="{}"/>'


class TestRealPeople:
    """A real patient leaves no trace, wherever the message hides her."""

    @pytest.fixture
    def real(self) -> str:
        """A matricule with a right key that this bench did not make, as those of real people are."""
        body = "1850175056042"
        return body + nir_key(body)

    def refused(self, dui: Dui, bench: Bench, sent: Message, real: str) -> None:
        answer = dui.http.post(f"{dui.url}/xds/repository", content=sent[0], headers={"Content-Type": sent[1]})
        assert answer.status_code == real_people.STATUS
        assert real not in bench.raw("GET", "echanges").text

    def test_in_the_metadata(self, dui: Dui, bench: Bench, real: str) -> None:
        document = dui.document(spoil=((dui.ins, real), (docs.TEST_OID, "1.2.250.1.213.1.4.8")))
        self.refused(dui, bench, message(dui, document), real)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_in_a_document(self, dui: Dui, bench: Bench, real: str, encoding: str) -> None:
        octets = f'<?xml version="1.0" encoding="{encoding}"?><a>{REAL.format(real)}</a>'.encode(encoding)
        self.refused(dui, bench, message(dui, dui.document(content=octets)), real)

    def test_in_a_document_in_base64(self, dui: Dui, bench: Bench, real: str) -> None:
        octets = base64.b64encode(b"<a>" + REAL.format(real).encode() + b"</a>").decode()
        attached = f'<xds:Document id="Document01">{octets}</xds:Document>'
        request = provided(docs.deposit([dui.document()]) + attached, {})
        self.refused(dui, bench, (dui.envelope(PROVIDE, request), SOAP), real)

    def test_in_the_body_of_a_cda(self, dui: Dui, bench: Bench, real: str) -> None:
        document = dui.document(pdf=b"%PDF-1.4 (" + REAL.format(real).encode() + b")" + bytes(range(256)))
        self.refused(dui, bench, message(dui, document), real)

    def test_after_a_document_that_is_binary(self, dui: Dui, bench: Bench, real: str) -> None:
        body, kind = message(dui, dui.document(content=bytes(range(256)) * 400, mime="application/pdf"))
        part = f"--essai-0123456789\r\nContent-ID: <x@essai>\r\n\r\n<a>{REAL.format(real)}</a>\r\n".encode()
        end = b"--essai-0123456789--"
        self.refused(dui, bench, (body.replace(end, part + end), kind), real)


def test_a_person_of_the_bench_is_nobody_real(dui: Dui, sent: Message) -> None:
    wrong = sent[0].replace(b"urn:ihe:iti:2007:Provide", b"urn:autre:Provide")
    assert fault(dui, (wrong, sent[1])) == "banc_action"
