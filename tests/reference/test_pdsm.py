"""The product as a client of the FHIR face of the DMP: what it sends, what it makes of the answers."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from lxml import etree

import profiles
from reference.defects import Defects
from reference.dmp.client import Who
from reference.dmp.desk import DmpDesk
from reference.dmp.records import Document
from reference.documents.kinds import Code
from reference.documents.sheet import Patient, Sheet, Signer, Structure
from reference.identity.traits import Traits
from reference.pdsm import mapping
from reference.pdsm.mobile import MobileDmp
from reference.refusal import Refusal
from reference.spoil import Outgoing
from reference.wire import Wire

BASE = "https://dmp.test/dmp"
INS = ("255069999999934", "1.2.250.1.213.1.4.10")
TRAITS = Traits("TESTINE", ("Marie", "Anne"), "F", "1955-06-09", "99999")
AT = datetime.fromisoformat("2026-01-15T10:15:00+01:00")
SHEET = Sheet(
    unique_id="2.25.1",
    set_id="2.25.9",
    version=1,
    title="Projet personnalisé",
    lines=["Ce que la personne souhaite."],
    type=Code("80788-3", "2.16.840.1.113883.6.1", "Projet personnalisé d'accompagnement"),
    class_=Code("44", "1.2.250.1.213.1.1.4.1", "Plan de soins"),
    made=AT,
    acted=AT,
    patient=Patient(INS, "u-1", TRAITS),
    signer=Signer("899990000053", "MARTIN", "Alice", Code("60", "1.2.250.1.71.1.2.7", "Infirmier")),
    structure=Structure("1009000019", "IME Les Tilleuls", Code("SA16", "1.2.250.1.71.4.2.4", "Handicap")),
)
WHO = cast(Who, SimpleNamespace(ins=INS, usager=SimpleNamespace(id="u-1", nom="TESTINE")))
PDF = b"%PDF-1.4"
CDA = (
    b'<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody><text mediaType="application/pdf">'
    + base64.b64encode(PDF)
    + b"</text></nonXMLBody></component></ClinicalDocument>"
)


@dataclass
class FakeWire:
    """Answers in order; keeps what left."""

    answers: list[httpx.Response | Exception] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, request: Outgoing) -> httpx.Response:
        self.sent.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Bench:
    wire: FakeWire
    mobile: MobileDmp
    choice: SimpleNamespace
    saved: list[Document]


@pytest.fixture
def bench() -> Bench:
    wire, saved = FakeWire(), list[Document]()
    choice = SimpleNamespace(feeding="accepte")
    desk = SimpleNamespace(
        access=SimpleNamespace(choice=lambda _usager: choice),
        deposits=SimpleNamespace(sheet=lambda _document, _who: SHEET),
        drafts=SimpleNamespace(save=saved.append, get=lambda _id: draft()),
        dmp=SimpleNamespace(address=lambda: BASE, assertion=lambda _who: etree.Element("Assertion")),
    )
    mobile = MobileDmp(cast(DmpDesk, desk), cast(Wire, wire), Defects(), lambda: AT)
    return Bench(wire, mobile, choice, saved)


def draft(**changes: Any) -> Document:
    made = Document("d-1", "u-1", "ppa", "Projet", ["a"], "2026-01-15T10:15:00+01:00", "p-1", "2.25.1", "2.25.9")
    made.state = "valide"
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def found(url: str = f"{BASE}/fhir/Binary/b", **elements: Any) -> httpx.Response:
    resource = {
        "resourceType": "DocumentReference",
        "id": "r-1",
        "masterIdentifier": mapping.master("2.25.1"),
        "type": {"coding": [{"system": "http://loinc.org", "code": "80788-3"}]},
        "securityLabel": [{"coding": [{"code": "N"}]}],
        "content": [{"attachment": {"url": url, "title": "Projet"}}],
        **elements,
    }
    return httpx.Response(200, json={"resourceType": "Bundle", "entry": [{"resource": resource}]})


def errors(resource: dict[str, Any], name: str) -> list[Any]:
    return [one for one in profiles.validate(resource, f"{mapping.PDSM}{name}") if one.severity == "error"]


@pytest.mark.parametrize("replaced", ["", "DocumentReference/r-1"])
def test_the_lot_follows_the_profiles(replaced: str) -> None:
    made = mapping.bundle(SHEET, PDF, replaced)
    assert errors(made, "comprehensive-provide-document-bundle") == []
    kinds = [one["resource"]["resourceType"] for one in made["entry"]]
    assert kinds == ["List", "DocumentReference", "Binary", *(["Parameters"] if replaced else [])]
    document = made["entry"][1]["resource"]
    attachment = document["content"][0]["attachment"]
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(PDF).digest()
    assert attachment["url"] == made["entry"][2]["fullUrl"]
    assert ("relatesTo" in document) == bool(replaced)


def test_the_simplified_publication_follows_its_profile() -> None:
    made = mapping.simplified(SHEET, PDF)
    assert errors(made, "simplified-publish") == []
    assert "identifier" not in made


def test_a_deposit_is_signed_by_the_assertion_and_noted(bench: Bench) -> None:
    bench.wire.answers = [httpx.Response(200, json={})]
    assert bench.mobile.send(draft(), WHO, simply=False).sending == "depose"
    (request,) = bench.wire.sent
    assert (request.method, request.path) == ("POST", "/dmp/fhir")
    scheme, _, token = request.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(token)) == ("IHE-SAML", b"<Assertion/>")


def test_a_lost_answer_and_a_refusal_are_said(bench: Bench) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"diagnostics": "DMP fermé"}]}
    bench.wire.answers = [httpx.ReadTimeout("trop long"), httpx.Response(403, json=outcome)]
    assert bench.mobile.send(draft(), WHO, simply=True).sending == "en_attente"
    refused = bench.mobile.send(draft(), WHO, simply=True)
    assert (refused.sending, "DMP fermé" in refused.message) == ("refuse", True)


def test_what_may_not_leave_stays(bench: Bench) -> None:
    with pytest.raises(Refusal, match="validé"):
        bench.mobile.send(draft(state="brouillon"), WHO, simply=False)
    bench.choice.feeding = "refuse"
    with pytest.raises(Refusal, match="accord"):
        bench.mobile.send(draft(), WHO, simply=False)
    assert bench.wire.sent == []


def test_a_search_names_the_patient_and_the_status(bench: Bench) -> None:
    bench.wire.answers = [found()]
    (one,) = bench.mobile.find(WHO, [{"code": "80788-3", "systeme": "2.16.840.1.113883.6.1"}])
    assert mapping.shown(one)["type"] == {"code": "80788-3", "systeme": "2.16.840.1.113883.6.1"}
    query = bench.wire.sent[0].query
    assert query.startswith(f"patient.identifier=urn:oid:{INS[1]}%7C{INS[0]}&status=current&type=")


@pytest.mark.parametrize("url", [f"{BASE}/fhir/Binary/b", "Binary/b"])
def test_both_kinds_of_address_lead_to_the_content(bench: Bench, url: str) -> None:
    bench.wire.answers = [found(url), httpx.Response(200, content=CDA)]
    assert bench.mobile.open(WHO, "2.25.1") == ("Projet", PDF)
    assert bench.wire.sent[1].path == "/dmp/fhir/Binary/b"


def test_an_address_elsewhere_gets_no_assertion(bench: Bench) -> None:
    bench.wire.answers = [found("https://ailleurs.test/Binary/b")]
    with pytest.raises(Refusal, match="n'est pas celle du DMP"):
        bench.mobile.open(WHO, "2.25.1")
    assert len(bench.wire.sent) == 1


def test_what_is_no_cda_is_shown_as_it_is(bench: Bench) -> None:
    bench.wire.answers = [found(), httpx.Response(200, content=PDF)]
    assert bench.mobile.open(WHO, "2.25.1")[1] == PDF


def test_masking_adds_a_label_once(bench: Bench) -> None:
    bench.wire.answers = [found(), httpx.Response(200, json={})]
    bench.mobile.hide(WHO, "2.25.1", hidden=True)
    request = bench.wire.sent[1]
    assert (request.method, request.headers["Content-Type"]) == ("PATCH", "application/json-patch+json")
    assert request.query == "identifier=urn:ietf:rfc:3986%7Curn:oid:2.25.1"
    assert [(one["op"], one["path"]) for one in request.json] == [("add", "/securityLabel/-")]
    labels = [{"coding": [{"code": "N"}]}, {"coding": [{"code": "MASQUE_PS"}]}]
    bench.wire.answers = [found(securityLabel=labels), found(securityLabel=labels), httpx.Response(200, json={})]
    bench.mobile.hide(WHO, "2.25.1", hidden=True)  # it is masked already
    bench.mobile.hide(WHO, "2.25.1", hidden=False)
    assert bench.wire.sent[-1].json == [{"op": "remove", "path": "/securityLabel/1"}]


def test_an_unknown_document_and_a_dead_service(bench: Bench) -> None:
    bench.wire.answers = [httpx.Response(200, json={"resourceType": "Bundle"}), httpx.ConnectError("mort")]
    with pytest.raises(Refusal, match="ne se trouve pas"):
        bench.mobile.open(WHO, "2.25.1")
    with pytest.raises(Refusal, match="ne répond pas"):
        bench.mobile.find(WHO, [])
