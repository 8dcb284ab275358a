"""TD2.1: what is stored, what the registry makes of it, what is refused, what the journal tells."""

from __future__ import annotations

import hashlib

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import REPOSITORY, Dui
from tests.mocks.dmp.conftest import Bench

REGISTRY, CONTENT = "XDSRegistryMetadataError", "XDSRepositoryMetadataError"
(MASKED,) = docs.visibility("MASQUE_PS")


def test_a_document_is_deposited_found_and_read(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    assert dui.provide(document).outcome == "Success"
    assert bench.last()["context"]["transaction"] == "TD2.1a"
    assert bench.notes() == ["lot-non-signe"]
    assert dui.found() == {document.unique_id}
    reply = dui.retrieve(document.unique_id)
    assert reply.documents == {document.unique_id: document.octets}
    assert reply.type.startswith("multipart/related")


def test_a_lot_holds_several_documents(dui: Dui, bench: Bench) -> None:
    several = [dui.document(symbol=f"Document0{rank}", title=f"Document {rank}") for rank in range(3)]
    assert dui.provide(*several).outcome == "Success"
    assert dui.found() == {one.unique_id for one in several}
    balance = bench("GET", "dmp/bilan")
    assert (balance["lots"], balance["documents"]) == (1, 3)
    assert (balance["doublons"], balance["sans_contenu"], balance["empreintes_fausses"]) == ([], [], [])
    assert balance["octets"] == sum(len(one.octets) for one in several)


def test_base64_in_the_message_is_stored_and_noted(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    assert dui.inline(document).outcome == "Success"
    assert "sans-mtom" in bench.notes()
    assert dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}
    bench.set(mtom="exiger")
    assert dui.inline(dui.document()).outcome == "Failure XDSRepositoryError"


@pytest.mark.check("DMP-085")
def test_the_registry_gives_the_identifiers(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    dui.provide(document)
    (stored,) = bench.last()["context"]["stored"]["documents"]
    entry = dui.entry(document.unique_id)
    assert entry.get("id") == entry.get("lid") == stored["entry_uuid"] == stored["lid"]
    assert entry.get("id").startswith("urn:uuid:")
    assert entry.get("status") == docs.APPROVED
    slots = {one.get("name"): one.findtext(".//{*}Value") for one in entry.iterfind("{*}Slot")}
    assert slots["repositoryUniqueId"] == REPOSITORY
    assert slots["hash"] == hashlib.sha1(document.octets).hexdigest()
    assert slots["size"] == str(len(document.octets))
    assert entry.find("{*}VersionInfo").get("versionName") == "1"


@pytest.mark.check("DMP-085")
def test_a_replacement_makes_the_old_one_obsolete(dui: Dui, bench: Bench) -> None:
    old = dui.document()
    dui.provide(old)
    known = dui.entry(old.unique_id)
    new = dui.document(replaces=old.unique_id, replaced_uuid=known.get("id"))
    assert dui.provide(new).outcome == "Success"
    assert bench.last()["context"]["transaction"] == "TD2.1b"
    assert bench.last()["context"]["stored"]["documents"][0]["replaces"] == known.get("id")
    assert dui.found() == {new.unique_id}
    assert dui.found(docs.DEPRECATED) == {old.unique_id}
    assert dui.entry(new.unique_id).get("lid") not in (None, known.get("lid"))
    (first, second) = bench.seen(dui.person)
    told = {one["unique_id"]: (one["statut"], one["remplace"], one["remplace_par"]) for one in (first, second)}
    assert told == {
        old.unique_id: ("Deprecated", None, new.unique_id),
        new.unique_id: ("Approved", old.unique_id, None),
    }


def test_what_was_replaced_is_not_replaced_again(dui: Dui) -> None:
    old = dui.document()
    dui.provide(old)
    uuid = dui.entry(old.unique_id).get("id")
    assert dui.provide(dui.document(replaced_uuid=uuid)).outcome == "Success"
    again = dui.provide(dui.document(replaced_uuid=uuid))
    assert again.outcome == "Failure XDSRegistryDeprecatedDocumentError"


def test_two_documents_of_a_lot_do_not_replace_the_same(dui: Dui) -> None:
    old = dui.document()
    dui.provide(old)
    uuid = dui.entry(old.unique_id).get("id")
    pair = [dui.document(symbol=f"Document0{rank}", replaced_uuid=uuid) for rank in range(2)]
    assert dui.provide(*pair).outcome == f"Failure {REGISTRY}"
    assert dui.found() == {old.unique_id}


def test_a_document_of_another_patient_is_not_replaced(dui: Dui, bench: Bench) -> None:
    old = dui.document()
    dui.provide(old)
    uuid = dui.entry(old.unique_id).get("id")
    dui.person = bench.person()
    assert dui.provide(dui.document(replaced_uuid=uuid)).outcome == "Failure XDSPatientIdDoesNotMatch"


class TestTwice:
    """The same document again."""

    def test_is_refused(self, dui: Dui, bench: Bench) -> None:
        document = dui.document()
        dui.provide(document)
        assert dui.provide(document).outcome == "Failure XDSDuplicateUniqueIdInRegistry"
        assert bench("GET", "dmp/bilan")["documents"] == 1

    def test_is_taken_for_done_where_the_dmp_says_so(self, dui: Dui, bench: Bench) -> None:
        bench.set(doublon_unique_id="accepter_identique")
        document = dui.document()
        dui.provide(document)
        assert dui.provide(document).outcome == "Success"
        assert bench.last()["context"]["stored"] == {"documents": [], "repeated": [document.unique_id]}
        assert bench("GET", "dmp/bilan")["lots"] == 1

    @pytest.mark.parametrize("choice", ["refuser", "accepter_identique"])
    def test_with_other_octets(self, dui: Dui, bench: Bench, choice: str) -> None:
        bench.set(doublon_unique_id=choice)
        document = dui.document()
        dui.provide(document)
        other = document.with_(pdf=b"%PDF-1.4 autre")
        assert dui.provide(other).outcome == "Failure XDSNonIdenticalHash"
        assert dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}

    def test_the_same_lot(self, dui: Dui) -> None:
        lot = docs.new_oid()
        dui.provide(dui.document(), unique_id=lot)
        assert dui.provide(dui.document(), unique_id=lot).outcome == "Failure XDSDuplicateUniqueIdInRegistry"

    def test_in_one_lot(self, dui: Dui) -> None:
        document = dui.document()
        again = document.with_(symbol="Document02")
        assert dui.provide(document, again).outcome == "Failure XDSDuplicateUniqueIdInRegistry"


def test_a_missing_digest_is_counted_or_refused(dui: Dui, bench: Bench) -> None:
    document = dui.document(given_hash=None, given_size=None)
    assert dui.provide(document).outcome == "Success"
    assert "hash-absent" in bench.notes()
    assert (
        dui.entry(document.unique_id).xpath("string(//*[@name='hash'])").strip()
        == hashlib.sha1(document.octets).hexdigest()
    )
    bench.set(hash_absent="refuser")
    assert dui.provide(dui.document(given_hash=None)).outcome == f"Failure {CONTENT}"


def test_a_digest_in_capitals_is_the_same(dui: Dui) -> None:
    document = dui.document()
    assert (
        dui.provide(document.with_(given_hash=hashlib.sha1(document.octets).hexdigest().upper())).outcome == "Success"
    )


def test_an_unknown_code_is_noted_or_refused(dui: Dui, bench: Bench) -> None:
    odd = ("00000-0", docs.PPA[1], "Inconnu")
    assert dui.provide(dui.document(type=odd)).outcome == "Success"
    assert "code-inconnu" in bench.notes()
    bench.set(codes_inconnus="refuser")
    assert dui.provide(dui.document(type=odd)).outcome == f"Failure {REGISTRY}"


def test_what_the_cda_says_otherwise_is_noted_or_refused(dui: Dui, bench: Bench) -> None:
    local = ("20260115101500+0100", "20260115101500")  # the classic confusion: the local time, not UTC
    assert dui.provide(dui.document(created=local)).outcome == "Success"
    assert "cda-creation-time" in bench.notes()
    (told,) = bench.last()["context"]["documents"]
    assert told["differences"] == [{"what": "creation_time", "cda": "20260115091500", "xds": "20260115101500"}]
    bench.set(accord_cda="strict")
    assert dui.provide(dui.document(created=local)).outcome == f"Failure {CONTENT}"


@pytest.mark.parametrize(
    ("created", "written"),
    [
        ("20260115101500+0100", "20260115091500"),
        ("20260715101500+0200", "20260715081500"),
        ("20260101003000+0100", "20251231233000"),
    ],
)
def test_winter_and_summer_agree_once_in_universal_time(dui: Dui, bench: Bench, created: str, written: str) -> None:
    assert dui.provide(dui.document(created=(created, written))).outcome == "Success"
    assert bench.notes() == ["lot-non-signe"]


def test_what_the_header_lacks_is_noted_or_refused(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    bare = document.octets.replace(b'<realmCode code="FR"/>', b"")
    assert dui.provide(document.with_(content=bare)).outcome == "Success"
    assert "cda-structure-realm-code" in bench.notes()
    bench.set(structuration_cda="refuser")
    other = dui.document()
    bare = other.octets.replace(b'<realmCode code="FR"/>', b"")
    assert dui.provide(other.with_(content=bare)).outcome == f"Failure {CONTENT}"


def test_the_journal_tells_a_deposit(dui: Dui, bench: Bench) -> None:
    document = dui.document(confidentiality=(docs.NORMAL, MASKED))
    dui.provide(document)
    told = bench.last()
    assert (told["operation"], told["person"]) == ("dmp.xds.provide_and_register", dui.person["id"])
    context = told["context"]
    assert context["soap"]["transport"] == "mtom"
    assert [part["size"] for part in context["soap"]["parts"]][1] == len(document.octets)
    (seen,) = context["documents"]
    assert (seen["mime"], seen["inline"]) == ("cda-n1", False)
    assert (seen["sha1"], seen["size"]) == (hashlib.sha1(document.octets).hexdigest(), len(document.octets))
    assert seen["given"] == {"hash": seen["sha1"], "size": str(seen["size"])}
    assert seen["cda"]["patient"]["ids"][0]["extension"] == dui.ins
    assert [code["code"] for code in seen["entry"]["confidentiality"]] == ["N", "MASQUE_PS"]
    assert (context["lot"]["count"], context["lot"]["source_id"]) == (1, "1.2.3.4.5")
    assert context["signature_lot"] == {"present": False, "state": "absente"}
