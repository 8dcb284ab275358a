"""Documents exchanged with Mon espace santé: what is checked, sent, taken up again, listed and opened."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx
import pytest

from reference.product import Refusal
from tests.reference.bench import Bench
from tests.reference.fake_mes import ASSIGN_AUTH, BASE, refused

PDF = b"%PDF-1.4\n%essai"
SCOPE = "openid DOCUMENTS_ECRITURE DOCUMENTS_LECTURE"
POST, GET = ("POST", "/DocumentReference"), ("GET", "/DocumentReference")
CREATED = httpx.Response(201, json={"resourceType": "DocumentReference", "id": "d-1"})


@pytest.fixture
def marie(bench: Bench) -> str:
    usager = bench.declare()
    bench.pair(usager, SCOPE)
    return usager


def add(bench: Bench, usager: str, content: bytes = PDF, media_type: str = "application/pdf", **more: Any) -> Any:
    data = base64.b64encode(content).decode()
    return bench.product.ajouter_document_mes(usager, "Bilan", "CPT_REND", media_type, data, **more)


def found(name: str, author: str = "PRACTITIONER", **elements: Any) -> dict[str, Any]:
    attachment = {"contentType": "application/pdf", "url": f"{BASE}/fhir/Binary/{name}", "title": f"Titre {name}"}
    resource = {
        "resourceType": "DocumentReference",
        "id": name,
        "meta": {"tag": [{"code": author}]},
        "category": [{"coding": [{"code": "CPT_REND"}]}],
        "author": [{"display": "Alice Martin"}],
        "content": [{"attachment": attachment}],
        **elements,
    }
    return {"resource": resource, "search": {"mode": "match"}}


def searchset(*entries: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"resourceType": "Bundle", "type": "searchset", "entry": list(entries)})


def test_one_document_leaves_with_its_content(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, CREATED)
    made = add(bench, marie, date="2026-01-10", masque=True)
    assert made["envoi"] == {"etat": "envoye"}
    (call,) = bench.mes.calls(*POST)
    (content,) = call.json["content"]
    attachment = content["attachment"]
    assert base64.b64decode(attachment["data"]) == PDF
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(PDF).digest()
    assert (attachment["contentType"], attachment["size"]) == ("application/pdf", len(PDF))
    assert call.json["category"][0]["coding"][0]["code"] == "CPT_REND"
    assert [one["coding"][0]["code"] for one in call.json["securityLabel"]] == ["N", "MASQUE_PS"]
    assert call.json["subject"]["identifier"]["system"] == f"urn:oid:{ASSIGN_AUTH}"
    assert call.json["context"]["period"]["start"] == "2026-01-10"


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", "application/pdf", "document_trop_grand"),
        (b"x" * 5_000_001, "application/pdf", "document_trop_grand"),
        (b"PK", "application/zip", "document_de_type_refuse"),
    ],
)
def test_what_may_not_go_does_not_leave(bench: Bench, marie: str, content: bytes, media_type: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        add(bench, marie, content, media_type)
    assert caught.value.code == code
    assert bench.mes.business() == []


def test_what_is_no_base64_is_refused(bench: Bench, marie: str) -> None:
    with pytest.raises(Refusal, match="ne peut pas être lu"):
        bench.product.ajouter_document_mes(marie, "Bilan", "CPT_REND", "application/pdf", "é")


def test_a_lost_answer_is_followed_by_the_same_octets_and_a_duplicate_is_done(bench: Bench, marie: str) -> None:
    issue = {"severity": "error", "code": "duplicate"}
    twin = httpx.Response(409, json={"resourceType": "OperationOutcome", "issue": [issue]})
    bench.mes.next(*POST, httpx.RemoteProtocolError("coupé"), twin)
    assert add(bench, marie)["envoi"]["etat"] == "en_attente"
    assert bench.product.reprendre_envois(marie) == {"envoyes": 1, "en_attente": 0}
    first, second = bench.mes.calls(*POST)
    assert first.json["content"][0]["attachment"]["data"] == second.json["content"][0]["attachment"]["data"]
    assert bench.product.reprendre_envois(marie) == {"envoyes": 0, "en_attente": 0}


def test_a_busy_service_keeps_the_document_waiting(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, httpx.Response(503), httpx.Response(503))
    assert add(bench, marie)["envoi"]["etat"] == "en_attente"
    assert bench.product.reprendre_envois(marie) == {"envoyes": 0, "en_attente": 1}


def test_a_refusal_is_said_and_not_tried_again(bench: Bench, marie: str) -> None:
    bench.mes.next(*POST, refused(422, "value"))
    assert add(bench, marie)["envoi"]["etat"] == "refuse"
    assert bench.product.reprendre_envois(marie)["envoyes"] == 0
    assert len(bench.mes.calls(*POST)) == 1


def test_without_consent_nothing_leaves_and_it_is_said(bench: Bench) -> None:
    marie = bench.declare()
    bench.pair(marie, "openid AGENDA_ECRITURE")
    told = add(bench, marie)["envoi"]
    assert (told["etat"], "DOCUMENTS_ECRITURE" in told["message"]) == ("refuse", True)
    read = bench.product.lire_documents_mes(marie)
    assert (read["documents"], "DOCUMENTS_LECTURE" in read["message"]) == ([], True)
    assert bench.mes.business() == []


def test_the_list_shows_whose_each_document_is(bench: Bench, marie: str) -> None:
    bench.mes.next(*GET, searchset(found("a"), found("b", "PATIENT"), found("c", "ORGANISATION"), found("d", "AUTRE")))
    read = bench.product.lire_documents_mes(marie, categorie="CPT_REND", depuis="2026-01-01")
    kinds = [(one["document"], one["titre"], one["type_auteur"]) for one in read["documents"]]
    assert kinds == [
        ("a", "Titre a", "professionnel"),
        ("b", "Titre b", "usager"),
        ("c", "Titre c", "service"),
        ("d", "Titre d", "autre"),
    ]
    (call,) = bench.mes.calls(*GET)
    patient, *others = call.query.split("&")
    assert patient.startswith(f"patient:identifier={ASSIGN_AUTH}%7Cpe-")
    assert others == ["category=CPT_REND", "period-start=ge2026-01-01", "_count=100"]


def test_a_document_is_opened_by_its_address(bench: Bench, marie: str) -> None:
    bench.mes.next(*GET, searchset(found("a")))
    bench.product.lire_documents_mes(marie)
    bench.mes.next("GET", "/Binary/a", httpx.Response(200, content=PDF, headers={"Content-Type": "application/pdf"}))
    opened = bench.product.ouvrir_document_mes(marie, "a")
    assert (opened["type_media"], base64.b64decode(opened["contenu_base64"])) == ("application/pdf", PDF)


def test_what_cannot_be_opened_is_refused(bench: Bench, marie: str) -> None:
    with pytest.raises(Refusal, match="n'est pas dans la liste"):
        bench.product.ouvrir_document_mes(marie, "a")
    elsewhere = {"contentType": "application/pdf", "url": "https://ailleurs.test/fhir/Binary/a"}
    bench.mes.next(*GET, searchset(found("a", content=[{"attachment": elsewhere}])))
    bench.product.lire_documents_mes(marie)
    with pytest.raises(Refusal, match="n'est pas celle de Mon espace santé"):
        bench.product.ouvrir_document_mes(marie, "a")  # our tokens go nowhere else
    bench.mes.next(*GET, searchset(found("b")))
    bench.product.lire_documents_mes(marie)
    bench.mes.next("GET", "/Binary/b", refused(404))
    with pytest.raises(Refusal):
        bench.product.ouvrir_document_mes(marie, "b")


def test_a_search_that_fails_is_said(bench: Bench, marie: str) -> None:
    bench.mes.next(*GET, httpx.Response(503))
    read = bench.product.lire_documents_mes(marie)
    assert (read["documents"], bool(read["message"])) == ([], True)
