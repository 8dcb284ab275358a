"""TD3.3: masking, visibility, deletion, archiving; what cannot be changed, and what is final."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import UPDATE, Dui
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.documents import APPROVED, ARCHIVED, DELETED, DEPRECATED, Document

MASKED, HIDDEN, NOT_FOR_PARENTS = docs.visibility("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")
OPERATION, METADATA, VERSION = (
    "Failure XDSMetadataUpdateOperationError",
    "Failure XDSMetadataUpdateError",
    "Failure XDSMetadataVersionError",
)


@pytest.fixture
def document(dui: Dui) -> Document:
    made = dui.document()
    assert dui.provide(made).outcome == "Success"
    return made


def uuid_of(dui: Dui, document: Document) -> str:
    return str(dui.entry(document.unique_id).get("id"))


def hidden(dui: Dui, document: Document, *codes: tuple[str, str, str], previous: int = 1, **changes: object) -> str:
    """What an update of the confidentiality answers."""
    lid = str(dui.entry(document.unique_id).get("lid"))
    changed = document.with_(confidentiality=(docs.NORMAL, *codes), **changes)
    return dui.set_metadata(changed, lid, previous).outcome


@pytest.mark.check("DMP-085")
def test_masking_makes_a_new_version(dui: Dui, bench: Bench, document: Document) -> None:
    before = dui.entry(document.unique_id)
    assert hidden(dui, document, MASKED) == "Success"
    told = bench.last()["context"]
    assert told["transaction"] == "TD3.3a"
    assert (told["update"]["from"], told["update"]["to"]) == (["N"], ["MASQUE_PS", "N"])
    assert told["stored"]["version"] == 2
    after = dui.entry(document.unique_id)
    assert after.get("id") != before.get("id")
    assert after.get("lid") == before.get("lid")
    assert after.find("{*}VersionInfo").get("versionName") == "2"
    assert dui.found(DEPRECATED) == {document.unique_id}
    assert dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}


@pytest.mark.check("DMP-085")
def test_versions_are_told_apart_by_the_level(dui: Dui, document: Document) -> None:
    hidden(dui, document, MASKED)
    lid = dui.entry(document.unique_id).get("lid")
    hidden(dui, document, previous=2)
    wanted = f"('{lid}')"
    assert len(dui.query("GetDocuments", XDSDocumentEntryLogicalID=wanted).entries) == 1
    every = dui.query("GetDocuments", XDSDocumentEntryLogicalID=wanted, MetadataLevel="2").entries
    assert sorted(one.find("{*}VersionInfo").get("versionName") for one in every) == ["1", "2", "3"]
    assert [one.get("status") for one in every].count(APPROVED) == 1


@pytest.mark.parametrize(
    ("codes", "transaction"),
    [
        ((MASKED,), "TD3.3a"),
        ((HIDDEN,), "TD3.3b"),
        ((NOT_FOR_PARENTS,), "TD3.3b"),
        ((MASKED, NOT_FOR_PARENTS), "TD3.3b"),
    ],
)
def test_which_transaction_it_is(
    dui: Dui, bench: Bench, document: Document, codes: tuple[tuple[str, str, str], ...], transaction: str
) -> None:
    assert hidden(dui, document, *codes) == "Success"
    assert bench.last()["context"]["transaction"] == transaction
    assert hidden(dui, document, previous=2) == "Success"
    assert bench.last()["context"]["transaction"] == transaction


def test_what_representatives_saw_cannot_be_hidden_from_them(dui: Dui, document: Document) -> None:
    assert hidden(dui, document, NOT_FOR_PARENTS) == "Success"
    assert hidden(dui, document, previous=2) == "Success"
    assert hidden(dui, document, NOT_FOR_PARENTS, previous=3) == METADATA


def test_what_the_patient_saw_is_a_setting(dui: Dui, bench: Bench, document: Document) -> None:
    assert hidden(dui, document, HIDDEN) == "Success"
    assert hidden(dui, document, previous=2) == "Success"
    bench.set(invisible_patient_definitif=True)
    assert hidden(dui, document, HIDDEN, previous=3) == METADATA
    bench.set(invisible_patient_definitif=False)
    assert hidden(dui, document, HIDDEN, previous=3) == "Success"


def test_masked_and_invisible_do_not_go_together(dui: Dui, document: Document) -> None:
    assert hidden(dui, document, MASKED, HIDDEN) == "Failure XDSRegistryMetadataError"


def test_a_version_that_is_not_the_current_one(dui: Dui, bench: Bench, document: Document) -> None:
    assert hidden(dui, document, MASKED, previous=2) == VERSION
    assert hidden(dui, document, MASKED) == "Success"
    assert hidden(dui, document, previous=1) == VERSION
    assert bench.last()["context"]["refusal"] == "XDSMetadataVersionError"
    assert len(bench.seen(dui.person)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Autre titre"},
        {"type": ("34842-5", docs.PPA[1], "Grille")},
        {"created": ("20260115101500+0100", "20260116091500")},
        {"mime": "application/xml"},
        {"unique_id": "1.2.3.4.5.6"},
    ],
)
def test_only_the_confidentiality_changes(dui: Dui, document: Document, change: dict[str, object]) -> None:
    lid = str(dui.entry(document.unique_id).get("lid"))
    assert dui.set_metadata(document.with_(**change), lid, 1).outcome == METADATA


def test_an_unknown_entry(dui: Dui, document: Document) -> None:
    nowhere = "urn:uuid:00000000-0000-4000-8000-000000000000"
    assert dui.set_metadata(document, nowhere, 1).outcome == METADATA
    assert dui.set_status(nowhere, APPROVED, ARCHIVED).outcome == METADATA


def test_the_entry_of_another_patient(dui: Dui, bench: Bench, document: Document) -> None:
    uuid = uuid_of(dui, document)
    dui.person = bench.person()
    assert dui.set_status(uuid, APPROVED, DELETED).outcome == METADATA


@pytest.mark.check("DMP-086")
def test_a_deleted_document_is_never_found(dui: Dui, bench: Bench, document: Document) -> None:
    uuid = uuid_of(dui, document)
    assert dui.set_status(uuid, APPROVED, DELETED).outcome == "Success"
    told = bench.last()["context"]
    assert (told["transaction"], told["update"]["to"], told["stored"]["status"]) == ("TD3.3c", DELETED, DELETED)
    assert dui.found(APPROVED, DEPRECATED, ARCHIVED, DELETED) == set()
    for name, key in (("GetDocuments", "XDSDocumentEntryEntryUUID"), ("GetAssociations", "uuid")):
        reply = dui.query(name, **{key: f"('{uuid}')"})
        assert (reply.outcome, reply.all("//rim:RegistryObjectList/*")) == ("Success", [])
    assert bench.seen(dui.person)[0]["statut"] == "Deleted"  # it is not lost


@pytest.mark.check("DMP-086")
def test_an_archived_document_is_found_when_asked(dui: Dui, bench: Bench, document: Document) -> None:
    uuid = uuid_of(dui, document)
    assert dui.set_status(uuid, APPROVED, ARCHIVED).outcome == "Success"
    assert bench.last()["context"]["transaction"] == "TD3.3d"
    assert (dui.found(), dui.found(ARCHIVED)) == (set(), {document.unique_id})
    assert uuid_of(dui, document) == uuid  # a status is changed in place
    assert dui.set_status(uuid, ARCHIVED, APPROVED).outcome == "Success"
    assert bench.last()["context"]["transaction"] == "TD3.3d"
    assert dui.found() == {document.unique_id}


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        (ARCHIVED, APPROVED, METADATA),  # it is not archived
        (APPROVED, APPROVED, OPERATION),
        (APPROVED, DEPRECATED, OPERATION),
        (APPROVED, "urn:autre", OPERATION),
    ],
)
def test_a_passage_that_does_not_exist(dui: Dui, document: Document, old: str, new: str, outcome: str) -> None:
    assert dui.set_status(uuid_of(dui, document), old, new).outcome == outcome
    assert dui.found() == {document.unique_id}


def test_what_is_deleted_stays_so(dui: Dui, document: Document) -> None:
    uuid = uuid_of(dui, document)
    dui.set_status(uuid, APPROVED, ARCHIVED)
    assert dui.set_status(uuid, ARCHIVED, DELETED).outcome == "Success"
    assert dui.set_status(uuid, DELETED, APPROVED).outcome == METADATA


def test_what_was_replaced_is_changed_no_more(dui: Dui, document: Document) -> None:
    uuid = uuid_of(dui, document)
    lid = str(dui.entry(document.unique_id).get("lid"))
    dui.provide(dui.document(replaced_uuid=uuid))
    assert dui.set_metadata(document, lid, 1).outcome == METADATA
    assert dui.set_status(uuid, DEPRECATED, APPROVED).outcome == OPERATION


def test_an_entry_that_is_no_longer_the_last(dui: Dui, document: Document) -> None:
    stale = uuid_of(dui, document)
    hidden(dui, document, MASKED)
    assert dui.set_status(stale, DEPRECATED, DELETED).outcome == METADATA


@pytest.mark.check("DMP-087")
def test_only_the_author_deletes(dui: Dui, bench: Bench, document: Document) -> None:
    uuid = uuid_of(dui, document)
    mine = (dui.structure, dui.name_id)
    dui.structure, dui.name_id = "1999999999", "899990000099"
    assert dui.set_status(uuid, APPROVED, DELETED).outcome == "Failure BancNonAuteur"
    assert bench.last()["context"]["refusal"] == "non-auteur"
    assert dui.set_status(uuid, APPROVED, ARCHIVED).outcome == "Success"  # to archive is allowed
    dui.structure, dui.name_id = mine
    assert dui.set_status(uuid, ARCHIVED, DELETED).outcome == "Success"


@pytest.mark.check("DMP-087")
def test_a_colleague_deletes_where_the_structure_is_the_author(dui: Dui, bench: Bench, document: Document) -> None:
    uuid = uuid_of(dui, document)
    dui.name_id = "899990000099"
    bench.set(auteur="professionnel")
    assert dui.set_status(uuid, APPROVED, DELETED).outcome == "Failure BancNonAuteur"
    bench.set(auteur="professionnel_ou_structure")
    assert dui.set_status(uuid, APPROVED, DELETED).outcome == "Success"


def _two_lots(dui: Dui, uuid: str) -> str:
    return docs.submission(docs.lot(dui.patient_id), docs.lot(dui.patient_id, symbol="Lot02"), _archive(uuid))


def _no_lot(_dui: Dui, uuid: str) -> str:
    return docs.submission(_archive(uuid))


def _only_a_lot(dui: Dui, _uuid: str) -> str:
    return docs.submission(docs.lot(dui.patient_id))


def _archive(uuid: str) -> str:
    kind = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
    return docs.association(kind, "Lot01", uuid, OriginalStatus=APPROVED, NewStatus=ARCHIVED)


@pytest.mark.parametrize("body", [_two_lots, _no_lot, _only_a_lot])
def test_an_update_has_one_lot_and_something_to_change(
    dui: Dui, document: Document, body: Callable[[Dui, str], str]
) -> None:
    reply = dui.send("registry", UPDATE, body(dui, uuid_of(dui, document)))
    assert reply.outcome == OPERATION
    assert dui.found() == {document.unique_id}
