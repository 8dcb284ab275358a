"""Documents and lots that the product writes, held against readers and schemas that are not its own."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from lxml import etree

from mocks.dmp import cda as reading
from mocks.dmp import cda_rules, ebrim, signatures
from mocks.pki import Pki
from reference.dmp import ebxml, hl7v2, messages
from reference.dmp.client import NORMAL
from reference.dmp.lot_signature import signature
from reference.dmp.names import RPLC
from reference.dmp.seal import Seal
from reference.dmp.soap import packed, read
from reference.dmp.vihf import Context, Speaker, vihf
from reference.documents.cda import cda, octets
from reference.documents.kinds import KINDS, Code, kind_of
from reference.documents.pdf import pdf
from reference.documents.sheet import SECTORS, Patient, Sheet, Signer, Structure
from reference.identity.traits import Traits
from tests.mocks.dmp.test_schemas import schema

INS = ("279035121518989", "1.2.250.1.213.1.4.10")
NURSE = Code("60", "1.2.250.1.71.1.2.7", "Infirmier")
# fmt: off
IN_ORDER = [
    "realmCode", "typeId", "templateId", "id", "code", "title", "effectiveTime", "confidentialityCode",
    "languageCode", "setId", "versionNumber", "recordTarget", "author", "custodian", "legalAuthenticator",
    "documentationOf", "relatedDocument", "componentOf", "component",
]
# fmt: on
"""Children of ClinicalDocument, in the order of the CDA R2 schema (POCD_MT000040)."""


@pytest.fixture(scope="module")
def seal() -> Seal:
    made = Pki().get("signature")
    return Seal(made.certificate, made.key)


def sheet(kind: str = "ppa", **changes: Any) -> Sheet:
    coded = kind_of(kind)
    made = Sheet(
        unique_id="2.25.10",
        set_id="2.25.9",
        version=1,
        title="Projet de Zoé (suite)",
        lines=["Une ligne.", "Une autre, à l'accent."],
        type=coded.type,
        class_=coded.class_,
        made=datetime.fromisoformat("2026-01-15T10:15:00+01:00"),
        acted=datetime.fromisoformat("2025-07-10T00:30:00+02:00"),
        patient=Patient(INS, "u-1", Traits("D'ARTAGNAN", ("Zoé", "Anne"), "F", "1979-03-05", "51215")),
        signer=Signer("899990000053", "MARTIN", "ALICE", NURSE),
        structure=Structure("1990000010", "Foyer Les Tilleuls", Code("SA16", SECTORS, "Handicap")),
    )
    return replace(made, **changes)


def entry(one: Sheet) -> tuple[Any, Any]:
    """An entry, and the header of the CDA that goes with it, as the DMP reads them."""
    root = cda(one)
    return ebrim.entry(ebxml.entry(one, octets(root))), reading.header(etree.fromstring(octets(root)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_has_the_minimal_structure(kind: str) -> None:
    _, header = entry(sheet(kind))
    assert cda_rules.lacks(header) == []
    assert header["body"]["kind"] == "n1"
    assert header["patient"]["birthplace"] == "51215"


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_and_its_entry_say_the_same(kind: str) -> None:
    told, header = entry(sheet(kind, replaces="2.25.8", version=2))
    assert cda_rules.differences(header, told) == []
    assert (header["version_number"], header["set_id"]) == ("2", "2.25.9")
    assert header["related"][0]["ids"] == ["2.25.8"]


def test_times_are_local_in_the_document_and_universal_in_the_entry() -> None:
    told, header = entry(sheet())
    assert (header["effective_time"], told["creation_time"]) == ("20260115101500+0100", "20260115091500")
    assert (header["service_event"]["low"], told["service_start_time"]) == ("20250710003000+0200", "20250709223000")


def test_the_header_is_in_the_order_of_the_schema() -> None:
    names = [etree.QName(child).localname for child in cda(sheet(replaces="2.25.8"))]
    assert list(dict.fromkeys(names)) == IN_ORDER


def test_a_liaison_sheet_takes_the_code_that_it_is_told() -> None:
    told = {"code": "X-1", "systeme": "1.2.3", "libelle": "Fiche"}
    assert kind_of("fiche_liaison_mdph", told).type == Code("X-1", "1.2.3", "Fiche")
    assert kind_of("ppa", told).type.code == "80788-3"


def test_a_pdf_finds_its_objects() -> None:
    made = pdf("Un titre (long)", [f"ligne {rank} : é€ω" for rank in range(120)])
    table = int(re.findall(rb"startxref\n(\d+)\n", made)[0])
    assert made[table : table + 4] == b"xref"
    places = [int(one) for one in re.findall(rb"(\d{10}) 00000 n", made)]
    assert [made[place:].split(b" ", 1)[0] for place in places] == [str(n + 1).encode() for n in range(len(places))]
    assert re.findall(rb"/Count (\d+)", made) == [b"3"]
    for length, drawn in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)endstream", made, re.DOTALL):
        assert int(length) == len(drawn)
    assert b"\\(long\\)" in made


def test_a_lot_follows_the_schema(seal: Seal) -> None:
    one = sheet(hidden=["MASQUE_PS"])
    file = octets(cda(one))
    signed = signature(seal, one.unique_id, file)
    by = ebxml.By(one.signer, one.structure)
    objects = (
        ebxml.entry(one, file),
        ebxml.signature_entry(one, signed),
        ebxml.lot(hl7v2.cx(INS), by, one.made, one.title),
        ebxml.member(ebxml.DOCUMENT),
        ebxml.member(ebxml.SIGNATURE),
        ebxml.association(RPLC, ebxml.DOCUMENT, "urn:uuid:1"),
    )
    body, held = ebxml.provided(ebxml.submission(*objects), ebxml.DOCUMENT, ebxml.SIGNATURE)
    for element, content in zip(held, (file, signed), strict=True):
        element.text = base64.b64encode(content).decode()
    schema("xds-b").assertValid(etree.fromstring(etree.tostring(body)))


def test_queries_follow_the_schema() -> None:
    body = messages.stored_query("FindDocuments", {"XDSDocumentEntryPatientId": hl7v2.cx(INS), "since": "20260101"})
    schema("query").assertValid(etree.fromstring(etree.tostring(body)))
    assert [one.text for one in body.iter("{*}Value")] == [f"'{hl7v2.cx(INS)}'", "20260101"]
    wanted = messages.retrieve("1.2.3", "1.2.4")
    schema("xds-b").assertValid(etree.fromstring(etree.tostring(wanted)))


def test_the_lot_is_signed_over_the_file(seal: Seal) -> None:
    file = octets(cda(sheet()))
    made = etree.fromstring(signature(seal, "2.25.10", file))
    assert signatures.of_document(made, {"urn:oid:2.25.10": file}.__getitem__)["state"] == "valide"
    assert signatures.of_document(made, lambda _: file + b" ")["state"] == "invalide"


def test_an_assertion_is_signed_whole_and_never_twice_the_same(seal: Seal) -> None:
    context = Context(seal.subject, seal.structure, Code("SA16", SECTORS, "Handicap"), "secret")
    speaker = Speaker("899990000053", "MARTIN", "ALICE", [NURSE])
    now = datetime.fromisoformat("2026-01-15T10:15:00+01:00")
    bare = [vihf(context, speaker, hl7v2.cx(INS), NORMAL, now) for _ in range(2)]
    made = [etree.fromstring(etree.tostring(seal.sign(one))) for one in bare]
    facts, _ = signatures.of_assertion(made[0])
    assert (facts["state"], facts["whole"]) == ("valide", True)
    assert made[0].get("IssueInstant") == "2026-01-15T09:15:00Z"
    assert made[0].get("ID") != made[1].get("ID")


def test_a_message_with_parts_is_read_again() -> None:
    envelope = b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>'
    body, kind = packed(envelope, {"document01@dui": b"\r\n--\x00octets\r\n"}, "urn:action")
    assert read(body, kind).parts["document01@dui"] == b"\r\n--\x00octets\r\n"


@pytest.mark.parametrize("content", [b"", b"<html/>", b"not xml"])
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="ce n'est pas"):
        read(content, "text/xml")
