"""TD2.1: what is stored, what the registry makes of it, what the journal tells."""

from __future__ import annotations

from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench


def test_a_document_is_deposited_found_and_read(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    assert dui.provide(document).outcome == "Success"
    assert bench.last()["context"]["transaction"] == "TD2.1a"
    assert bench.notes() == ["lot-non-signe"]
    assert dui.found() == {document.unique_id}
    reply = dui.retrieve(document.unique_id)
    assert reply.documents == {document.unique_id: document.octets}
    assert reply.type.startswith("multipart/related")
