"""TD3.2: documents given back, those that are not."""

from __future__ import annotations

import hashlib

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench


def test_several_at_once(dui: Dui, bench: Bench) -> None:
    pair = [dui.document(symbol=f"Document0{rank}") for rank in range(2)]
    dui.provide(*pair)
    assert dui.retrieve(*(one.unique_id for one in pair)).documents == {one.unique_id: one.octets for one in pair}
    told = bench.last()["context"]
    assert told["transaction"] == "TD3.2"
    assert told["retrieve"]["returned"][0] == {
        "unique_id": pair[0].unique_id,
        "sha1": hashlib.sha1(pair[0].octets).hexdigest(),
        "size": len(pair[0].octets),
        "confidentiality": ["N"],
    }


def test_any_octets_come_back_as_they_are(dui: Dui) -> None:
    odd = b"\r\n--essai-01234\r\n\x00\xff" + bytes(range(256))
    document = dui.document(content=odd, mime="application/pdf")
    assert dui.provide(document).outcome == "Success"
    assert dui.retrieve(document.unique_id).documents == {document.unique_id: odd}


def test_an_obsolete_document_is_still_read(dui: Dui) -> None:
    old = dui.document()
    dui.provide(old)
    dui.provide(dui.document(replaced_uuid=dui.entry(old.unique_id).get("id")))
    assert dui.retrieve(old.unique_id).documents == {old.unique_id: old.octets}


def test_what_is_not_there(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    dui.provide(document)
    assert dui.retrieve("1.2.3.404").outcome == "Failure XDSDocumentUniqueIdError"
    assert bench.last()["context"]["refusal"] == "XDSDocumentUniqueIdError"
    reply = dui.retrieve(document.unique_id, "1.2.3.404")
    assert reply.outcome == "PartialSuccess XDSDocumentUniqueIdError"
    assert reply.documents == {document.unique_id: document.octets}
    assert "refusal" not in bench.last()["context"]


@pytest.mark.check("DMP-086")
def test_a_deleted_document_is_never_given_back(dui: Dui) -> None:
    document = dui.document()
    dui.provide(document)
    dui.set_status(dui.entry(document.unique_id).get("id"), docs.APPROVED, docs.DELETED)
    assert dui.retrieve(document.unique_id).outcome == "Failure XDSDocumentUniqueIdError"


def test_another_repository(dui: Dui) -> None:
    document = dui.document()
    dui.provide(document)
    assert dui.retrieve(document.unique_id, repository="1.2.3").outcome == "Failure XDSUnknownRepositoryId"


def test_nothing_asked(dui: Dui) -> None:
    assert dui.retrieve().outcome == "Failure XDSRepositoryError"


def test_the_document_of_another_patient(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    dui.provide(document)
    dui.person = bench.person()
    bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.structure, "statut": "valide"})
    assert dui.retrieve(document.unique_id).outcome == "Failure XDSDocumentUniqueIdError"
