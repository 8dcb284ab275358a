"""Flux 03: a document masked, hidden, archived, deleted by its business identifier, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.documents import Document
from tests.mocks.dmp.fhir import ARCHIVED, MASKING, Mobile, Resource, concept, mask, operation
from tests.mocks.dmp.test_fhir_search import refused


@pytest.fixture
def mobile(dui: Dui) -> Mobile:
    return Mobile(dui)


@pytest.fixture
def document(mobile: Mobile) -> Document:
    made = mobile.dui.document()
    assert mobile.dui.provide(made).outcome == "Success"
    return made


def codes(resource: Resource) -> list[str]:
    return [one["coding"][0]["code"] for one in resource["securityLabel"]]


def test_a_document_is_masked_and_unmasked(mobile: Mobile, document: Document, bench: Bench) -> None:
    answer = mobile.patch(document.unique_id, mask())
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert (codes(made), made["meta"]["versionId"]) == (["N", "MASQUE_PS"], "2")
    (entry,) = [one for one in bench.seen(mobile.dui.person) if one["version"] == 2]
    assert (entry["confidentialite"], entry["statut"]) == (["N", "MASQUE_PS"], "Approved")
    assert mobile.dui.entry(document.unique_id).get("id") == entry["entry_uuid"]
    shown = mobile.patch(document.unique_id, {"op": "remove", "path": "/securityLabel/1"}).json()
    assert (codes(shown), shown["id"], shown["meta"]["versionId"]) == (["N"], made["id"], "3")


def test_masking_as_the_draft_guide_does_keeps_the_base_code(mobile: Mobile, document: Document, bench: Bench) -> None:
    change = {"op": "replace", "path": "/securityLabel/0", "value": concept(MASKING, "MASQUE_PS")}
    assert codes(mobile.patch(document.unique_id, change).json()) == ["N", "MASQUE_PS"]
    assert "securitylabel-sans-base" in bench.notes()
    bench.set(fhir_masquage="strict")
    strict = {"op": "replace", "path": "/securityLabel", "value": [concept(MASKING, "MASQUE_PS")]}
    assert refused(mobile.patch(document.unique_id, strict)) == (422, "XDSRegistryMetadataError")


def test_a_document_hidden_from_the_person(mobile: Mobile, document: Document, bench: Bench) -> None:
    mobile.patch(document.unique_id, mask("INVISIBLE_PATIENT"))
    assert bench.seen(mobile.dui.person, "usager") == []
    assert refused(mobile.patch(document.unique_id, mask())) == (422, "XDSRegistryMetadataError")  # not together


def test_what_representatives_saw_is_not_hidden_again(mobile: Mobile, document: Document) -> None:
    hidden = mask("INVISIBLE_REPRESENTANTS_LEGAUX")
    assert mobile.patch(document.unique_id, hidden).status_code == 200
    assert mobile.patch(document.unique_id, {"op": "remove", "path": "/securityLabel/1"}).status_code == 200
    assert refused(mobile.patch(document.unique_id, hidden)) == (422, "XDSMetadataUpdateError")


def test_a_document_is_archived_and_back(mobile: Mobile, document: Document) -> None:
    answer = mobile.patch(document.unique_id, {"op": "replace", "path": "/extension/0/valueBoolean", "value": True})
    assert answer.json()["meta"]["versionId"] == "2"
    assert (mobile.found(), mobile.dui.found(docs.ARCHIVED)) == (set(), {document.unique_id})
    answer = mobile.patch(document.unique_id, {"op": "replace", "path": "/extension/0/valueBoolean", "value": False})
    assert (answer.json()["meta"]["versionId"], mobile.found()) == ("3", {document.unique_id})


def test_the_address_that_the_draft_guide_prints(mobile: Mobile, document: Document, bench: Bench) -> None:
    pseudo = f"/extension[url:'{ARCHIVED}']/valueBoolean"
    assert mobile.patch(document.unique_id, {"op": "replace", "path": pseudo, "value": True}).status_code == 200
    assert "pointeur-non-conforme" in bench.notes()
    assert mobile.found(isArchived="true") == {document.unique_id}


def test_a_document_is_deleted_by_its_author_only(mobile: Mobile, document: Document, bench: Bench) -> None:
    other = Mobile(
        Dui(mobile.dui.http, mobile.dui.url, mobile.dui.seal, mobile.dui.person, "1750000093", "899990000061")
    )
    deleting = {"op": "replace", "path": "/status", "value": "entered-in-error"}
    assert refused(other.patch(document.unique_id, deleting)) == (403, "non-auteur")
    answer = mobile.patch(document.unique_id, deleting)
    assert (answer.status_code, answer.json()["status"]) == (200, "entered-in-error")
    assert (mobile.found(), mobile.dui.found()) == (set(), set())
    assert refused(mobile.patch(document.unique_id, mask())) == (404, "not-found")
    assert bench.seen(mobile.dui.person)[0]["statut"] == "Deleted"


def test_deletion_is_of_the_draft_guide(mobile: Mobile, document: Document, bench: Bench) -> None:
    bench.set(fhir_pdsm4dmp=False)
    deleting = {"op": "replace", "path": "/status", "value": "entered-in-error"}
    assert refused(mobile.patch(document.unique_id, deleting)) == (422, "XDSMetadataUpdateOperationError")
    superseding = {"op": "replace", "path": "/status", "value": "superseded"}
    assert mobile.patch(document.unique_id, superseding).json()["status"] == "superseded"
    back = {"op": "replace", "path": "/status", "value": "current"}
    assert refused(mobile.patch(document.unique_id, back)) == (422, "XDSMetadataUpdateOperationError")
    assert refused(mobile.patch(document.unique_id, mask())) == (422, "XDSMetadataUpdateError")


FORBIDDEN: list[Resource] = [
    {"op": "replace", "path": "/description", "value": "autre"},
    {"op": "replace", "path": "/type/coding/0/code", "value": "11488-4"},
    {"op": "remove", "path": "/custodian"},
    {"op": "replace", "path": "/masterIdentifier/value", "value": "urn:oid:1.2"},
    {"op": "add", "path": "/extension/-", "value": {"url": "https://exemple.test/x", "valueBoolean": True}},
    {"op": "replace", "path": "", "value": {}},
]


@pytest.mark.parametrize("change", FORBIDDEN)
def test_nothing_else_is_changed(mobile: Mobile, document: Document, bench: Bench, change: Resource) -> None:
    answer = mobile.patch(document.unique_id, mask(), change)
    assert refused(answer) == (405, "not-supported")
    (found,) = mobile.search()
    assert (codes(found), found["meta"]["versionId"]) == (["N"], "1")
    bench.set(fhir_patch_refus=422)
    assert refused(mobile.patch(document.unique_id, change)) == (422, "not-supported")


FHIRPATH: list[tuple[Resource, Any]] = [
    (operation("replace", "DocumentReference.status", valueCode="superseded"), ("superseded", ["N"])),
    (
        operation("add", "DocumentReference", name="securityLabel", valueCodeableConcept=concept(MASKING, "MASQUE_PS")),
        ("current", ["N", "MASQUE_PS"]),
    ),
    (
        operation("replace", "DocumentReference.securityLabel[0]", valueCodeableConcept=concept(MASKING, "R")),
        ("current", ["R"]),
    ),
    (operation("delete", "DocumentReference.securityLabel[0]"), ("current", ["N"])),
]


@pytest.mark.parametrize(("change", "expected"), FHIRPATH)
def test_fhirpath_patch(mobile: Mobile, document: Document, change: Resource, expected: tuple[str, list[str]]) -> None:
    answer = mobile.patch(document.unique_id, change, kind="application/fhir+json")
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert (made["status"], codes(made)) == expected


def test_fhirpath_archives(mobile: Mobile, document: Document) -> None:
    path = f"DocumentReference.extension.where(url='{ARCHIVED}').value"
    change = operation("replace", path, valueBoolean=True)
    assert mobile.patch(document.unique_id, change, kind="application/fhir+json").status_code == 200
    assert mobile.found(isArchived="true") == {document.unique_id}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (operation("replace", "DocumentReference.description", valueString="x"), (405, "not-supported")),
        (operation("replace", "DocumentReference.content.attachment.title", valueString="x"), (405, "not-supported")),
        (operation("move", "DocumentReference.status"), (422, "processing")),
        ({"resourceType": "Parameters"}, (400, "invalid")),
        ({"resourceType": "DocumentReference", "status": "superseded"}, (400, "invalid")),
    ],
)
def test_a_bad_fhirpath_patch(mobile: Mobile, document: Document, change: Resource, expected: tuple[int, str]) -> None:
    assert refused(mobile.patch(document.unique_id, change, kind="application/fhir+json")) == expected


def test_a_bad_json_patch(mobile: Mobile, document: Document) -> None:
    assert refused(mobile.patch(document.unique_id, {"op": "replace", "path": 3, "value": "x"})) == (400, "structure")
    assert (
        refused(mobile.patch(document.unique_id, {"op": "replace", "path": "/securityLabel/7", "value": {}}))[0] == 422
    )
    assert refused(mobile.patch(document.unique_id, {"op": "copy", "path": "/status"}))[0] == 400
    wrong = mobile.patch(document.unique_id, {"op": "test", "path": "/status", "value": "superseded"})
    assert wrong.status_code == 422
    assert refused(mobile.patch(document.unique_id, mask(), kind="text/plain")) == (415, "not-supported")


def test_the_document_is_named_by_its_business_identifier(mobile: Mobile, document: Document, bench: Bench) -> None:
    assert refused(mobile.patch("1.2.3.99", mask())) == (404, "not-found")
    kind = {"Content-Type": "application/json-patch+json"}
    assert refused(mobile.send("PATCH", "/DocumentReference?type=80788-3", [mask()], **kind)) == (400, "invalid")
    assert refused(mobile.send("PATCH", "/DocumentReference", [mask()], **kind)) == (400, "invalid")
    other = bench.person()
    bench.dmp(other, "POST", "/documents", {"origine": "usager", "unique_id": "1.2.3.98"})
    assert refused(mobile.patch("1.2.3.98", mask())) == (404, "not-found")


def test_a_change_by_soap_bumps_the_version_that_fhir_shows(mobile: Mobile, document: Document) -> None:
    uuid = mobile.dui.entry(document.unique_id).get("id")
    mobile.dui.set_status(uuid, docs.APPROVED, docs.ARCHIVED)
    (found,) = mobile.search(isArchived="true")
    assert found["meta"]["versionId"] == "2"
    assert found["identifier"][0]["value"] == uuid
