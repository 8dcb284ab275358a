"""ITI-65 and ITI-105: what is deposited by FHIR is in the one store, and what is refused leaves nothing."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from profiles import validate
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.fhir import PDSM, Mobile, Resource

COMPREHENSIVE = f"{PDSM}comprehensive-document-reference"


@pytest.fixture
def mobile(dui: Dui) -> Mobile:
    return Mobile(dui)


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status, and the refusal of the first issue (its code when the bench names none)."""
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    issue = body["issue"][0]
    return answer.status_code, issue.get("details", {}).get("coding", [{"code": issue["code"]}])[0]["code"]


def test_a_bundle_is_found_by_soap_with_its_metadata(mobile: Mobile, bench: Bench) -> None:
    document = mobile.dui.document()
    answer = mobile.provide(document)
    assert answer.status_code == 200, answer.text
    assert mobile.dui.found() == {document.unique_id}
    assert mobile.dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}
    (told,) = bench.seen(mobile.dui.person)
    assert (told["type"]["code"], told["classe"]["code"], told["confidentialite"]) == ("80788-3", "44", ["N"])
    assert (told["date_creation"], told["date_acte"]) == ("20260115091500", "20260110080000")
    assert told["auteurs"] == [docs.XCN]
    assert told["metadonnees"]["source_patient_id"] == "U-0042^^^&1.2.3.4&ISO^PI"


def test_the_answer_follows_the_order_of_the_entries(mobile: Mobile) -> None:
    answer = mobile.provide(mobile.dui.document(), mobile.dui.document(symbol="Document02")).json()
    assert (answer["resourceType"], answer["type"]) == ("Bundle", "transaction-response")
    assert [one["response"]["status"] for one in answer["entry"]] == ["201 Created"] * 5
    kinds = [one["response"]["location"].partition("/")[0] for one in answer["entry"]]
    assert kinds == ["List", "DocumentReference", "Binary", "DocumentReference", "Binary"]
    for one in answer["entry"]:
        if not one["response"]["location"].startswith("Binary"):
            path = "/" + one["response"]["location"].partition("/_history")[0]
            assert mobile.send("GET", path).json()["meta"]["versionId"] == "1"


def test_a_deposit_of_soap_is_a_valid_resource(mobile: Mobile) -> None:
    document = mobile.dui.document(confidentiality=(docs.NORMAL, *docs.visibility("INVISIBLE_PATIENT")))
    assert mobile.dui.provide(document).outcome == "Success"
    (found,) = mobile.search()
    assert [one for one in validate(found, COMPREHENSIVE) if one.severity == "error"] == []
    assert found["masterIdentifier"]["value"] == f"urn:oid:{document.unique_id}"
    assert [one["coding"][0]["code"] for one in found["securityLabel"]] == ["N", "INVISIBLE_PATIENT"]
    assert found["date"] == "2026-01-15T09:15:00Z"
    assert found["context"]["period"] == {"start": "2026-01-10T08:00:00Z"}
    (lot,) = mobile.lots()
    assert [one for one in validate(lot, f"{PDSM}submissionset-comprehensive") if one.severity == "error"] == []
    assert [one["item"]["reference"] for one in lot["entry"]] == [f"DocumentReference/{found['id']}"]


def test_what_fhir_gives_is_what_fhir_was_given(mobile: Mobile) -> None:
    document = mobile.dui.document()
    given = mobile.reference(document, "Binary/x")
    mobile.provide(document)
    (found,) = mobile.search()
    for name in ("masterIdentifier", "status", "category", "securityLabel", "custodian"):
        assert found[name] == given[name], name
    seen, sent = found["content"][0], given["content"][0]
    for name in ("contentType", "language", "size", "hash", "title"):
        assert seen["attachment"][name] == sent["attachment"][name]
    assert seen["format"] == sent["format"]
    assert found["context"]["facilityType"]["coding"][0]["code"] == "SA16"
    assert [one for one in validate(found, COMPREHENSIVE) if one.severity == "error"] == []


def test_a_document_replaces_another(mobile: Mobile, bench: Bench) -> None:
    old = mobile.dui.document()
    mobile.dui.provide(old)
    new = mobile.dui.document(replaces=old.unique_id)
    answer = mobile.provide(new, replaces=old.unique_id)
    assert answer.status_code == 200, answer.text
    assert answer.json()["entry"][-1]["response"]["status"] == "200 OK"
    assert mobile.found() == {new.unique_id}
    assert mobile.found(status="superseded") == {old.unique_id}
    assert mobile.dui.found(docs.DEPRECATED) == {old.unique_id}
    (shown,) = mobile.search()
    (before,) = mobile.search(status="superseded")
    assert shown["relatesTo"] == [{"code": "replaces", "target": {"reference": f"DocumentReference/{before['id']}"}}]
    assert before["meta"]["versionId"] == "2"
    assert "remplacement-sans-patch" not in bench.notes()


def test_a_replacement_without_its_patch_is_noted(mobile: Mobile, bench: Bench) -> None:
    old = mobile.dui.document()
    mobile.dui.provide(old)
    assert mobile.provide(mobile.dui.document(), replaces=old.unique_id, patch=False).status_code == 200
    assert "remplacement-sans-patch" in bench.notes()
    assert mobile.found(status="superseded") == {old.unique_id}


def _spoil(path: tuple[str | int, ...], value: Any) -> Callable[[Resource], None]:
    def change(bundle: Resource) -> None:
        node: Any = bundle
        for step in path[:-1]:
            node = node[step]
        if value is None:
            del node[path[-1]]
        else:
            node[path[-1]] = value

    return change


REFERENCE = ("entry", 1, "resource")
ATTACHMENT = (*REFERENCE, "content", 0, "attachment")
BAD_BUNDLES = {
    "batch": (_spoil(("type",), "batch"), (400, "invalid")),
    "sans-entree": (_spoil(("entry",), []), (400, "structure")),
    "sans-lot": (_spoil(("entry", 0), {"request": {"method": "POST", "url": "List"}}), (400, "required")),
    "autre-type": (_spoil(("entry", 2, "request", "url"), "Basic"), (422, "not-supported")),
    "put": (_spoil(("entry", 1, "request", "method"), "PUT"), (422, "not-supported")),
    "sans-custodian": (_spoil((*REFERENCE, "custodian"), None), (422, "required")),
    "empreinte": (_spoil((*ATTACHMENT, "hash"), "AAAA"), (422, "XDSRepositoryMetadataError")),
    "taille": (_spoil((*ATTACHMENT, "size"), 1), (422, "XDSRepositoryMetadataError")),
    "langue": (_spoil((*ATTACHMENT, "language"), "en-US"), (422, "XDSRegistryMetadataError")),
    "autre-patient": (
        _spoil((*REFERENCE, "subject", "reference"), "Patient?identifier=urn:oid:1.2.250.1.213.1.4.10|1"),
        (403, "vihf-patient"),
    ),
    "patient-inconnu": (_spoil((*REFERENCE, "subject", "reference"), "Patient/personne"), (404, "XDSUnknownPatientId")),
    "hors-lot": (
        _spoil(
            ("entry", 0, "resource", "entry", 0, "item", "reference"), "urn:uuid:00000000-0000-4000-8000-00000000000f"
        ),
        (422, "XDSRegistryMetadataError"),
    ),
    "sans-contenu": (_spoil((*ATTACHMENT, "url"), "Binary/ailleurs"), (422, "XDSMissingDocumentMetadata")),
    "remplace-inconnu": (
        _spoil((*REFERENCE, "relatesTo"), [{"code": "replaces", "target": {"reference": "DocumentReference/rien"}}]),
        (422, "UnresolvedReferenceException"),
    ),
    "ajout": (
        _spoil((*REFERENCE, "relatesTo"), [{"code": "appends", "target": {"reference": "DocumentReference/rien"}}]),
        (422, "XDSRegistryMetadataError"),
    ),
}


@pytest.mark.parametrize("name", BAD_BUNDLES)
def test_a_bad_bundle_leaves_nothing(mobile: Mobile, bench: Bench, name: str) -> None:
    change, expected = BAD_BUNDLES[name]
    bundle = mobile.bundle(mobile.dui.document())
    change(bundle)
    answer = mobile.send("POST", "", bundle)
    assert refused(answer) == expected, answer.text
    whole = bench("GET", "dmp/bilan")
    assert (whole["lots"], whole["documents"], whole["octets"]) == (0, 0, 0)


def test_the_second_of_two_documents_spoils_the_first(mobile: Mobile, bench: Bench) -> None:
    first, second = mobile.dui.document(), mobile.dui.document(symbol="Document02")
    bundle = mobile.bundle(first, second)
    bundle["entry"][3]["resource"]["content"][0]["attachment"]["size"] = 3
    answer = mobile.send("POST", "", bundle)
    assert refused(answer) == (422, "XDSRepositoryMetadataError")
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[3].resource"]
    assert bench("GET", "dmp/bilan")["documents"] == 0


def test_a_patch_that_is_refused_undoes_the_deposit(mobile: Mobile, bench: Bench) -> None:
    other = mobile.dui.document()
    mobile.dui.provide(other)
    bundle = mobile.bundle(mobile.dui.document(), replaces=other.unique_id)
    bundle["entry"][-1]["request"]["url"] += "9"
    assert refused(mobile.send("POST", "", bundle)) == (404, "not-found")
    assert mobile.found() == {other.unique_id}
    assert bench("GET", "dmp/bilan")["documents"] == 1


def test_a_document_is_not_registered_twice(mobile: Mobile, bench: Bench) -> None:
    document = mobile.dui.document()
    mobile.dui.provide(document)
    assert refused(mobile.provide(document)) == (422, "XDSDuplicateUniqueIdInRegistry")
    assert refused(mobile.provide(document.with_(title="Autre"))) == (422, "XDSNonIdenticalHash")
    bench.set(doublon_unique_id="accepter_identique")
    answer = mobile.provide(document)
    assert answer.status_code == 200, answer.text
    assert bench("GET", "dmp/bilan")["documents"] == 1


def test_profiles_may_be_noted_only(mobile: Mobile, bench: Bench) -> None:
    bench.set(fhir_validation="noter")
    bundle = mobile.bundle(mobile.dui.document())
    del bundle["entry"][1]["resource"]["custodian"]
    assert mobile.send("POST", "", bundle).status_code == 200
    assert "profil-non-respecte" in bench.notes()
    bundle = mobile.bundle(mobile.dui.document())
    bundle["entry"][1]["resource"]["content"] = "texte"
    assert mobile.send("POST", "", bundle).status_code == 400


def test_one_document_is_published_with_its_content(mobile: Mobile, bench: Bench) -> None:
    document = mobile.dui.document()
    answer = mobile.publish(document)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["Location"] == f"{mobile.url}/DocumentReference/{made['id']}/_history/1"
    assert (made["meta"]["versionId"], made["type"]["coding"][0]["code"]) == ("1", "80788-3")
    assert [one for one in validate(made, COMPREHENSIVE) if one.severity == "error"] == []
    assert "metadonnee-deduite" in bench.notes()
    assert mobile.dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}
    assert len(mobile.lots()) == 1


def test_a_pdf_alone_is_published(mobile: Mobile) -> None:
    document = mobile.dui.document(content=docs.PDF, mime="application/pdf")
    kind = {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]}
    assert refused(mobile.publish(document)) == (422, "XDSRegistryMetadataError")  # nothing says its type
    answer = mobile.publish(document, type=kind)
    assert answer.status_code == 201, answer.text
    assert answer.json()["context"]["facilityType"]["coding"][0]["code"] == "SA16"  # sector of the VIHF


def test_a_publication_replaces(mobile: Mobile) -> None:
    old, new = mobile.dui.document(), mobile.dui.document()
    mobile.publish(old)
    target = {"identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{old.unique_id}"}}
    assert mobile.publish(new, relatesTo=[{"code": "replaces", "target": target}]).status_code == 201
    assert (mobile.found(), mobile.found(status="superseded")) == ({new.unique_id}, {old.unique_id})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "superseded"}, (422, "value")),
        ({"identifier": [{"system": "urn:x", "value": "1"}]}, (400, "structure")),
        ({"custodian": None}, (400, "structure")),
        ({"resourceType": "Basic"}, (400, "invalid")),
        (
            {"masterIdentifier": {"use": "usual", "system": "urn:x", "value": "pas un oid"}},
            (422, "XDSRegistryMetadataError"),
        ),
    ],
)
def test_a_bad_publication_is_refused(
    mobile: Mobile, bench: Bench, changes: Resource, expected: tuple[int, str]
) -> None:
    answer = mobile.publish(mobile.dui.document(), **changes)
    assert answer.status_code == expected[0], answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert bench("GET", "dmp/bilan")["documents"] == 0


def test_a_content_that_is_no_base64(mobile: Mobile) -> None:
    made = copy.deepcopy(mobile.simplified(mobile.dui.document()))
    made["content"][0]["attachment"]["data"] = "é" * 8
    assert mobile.send("POST", "/DocumentReference", made).status_code in (400, 422)


def test_the_journal_keeps_no_homologation_number(mobile: Mobile, bench: Bench) -> None:
    mobile.provide(mobile.dui.document())
    told = bench.last()
    assert (told["operation"], told["context"]["transaction"]) == ("dmp.fhir.transaction", "ITI-65")
    assert told["context"]["experimental"] is True
    assert told["context"]["stored"]["documents"][0]["version"] == 1
    (header,) = [value for name, value in told["request"]["headers"] if name == "Authorization"]
    assert header.startswith("IHE-SAML ‹masqué:")
    shown = str(told)
    assert "ABC-123-secret" not in shown
    assert base64.b64encode(b"ABC-123-secret").decode()[:16] not in shown
