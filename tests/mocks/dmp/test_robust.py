"""Whatever is taken away from a message or put in it, the service answers, and keeps all of a lot or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from threading import Barrier
from typing import Any

import pytest
from lxml import etree

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import PROVIDE, QUERY, RETRIEVE, TD02, TD03, UPDATE, Dui, Reply, provided, td03_body
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.documents import Document

LONG = "x" * 300
SOME = 5  # one message of five where each is followed by others: all of them have passed
ODD = ("", LONG, "urn:uuid:" + "-" * 300, "é\u2028☃", "'", "%", "2.25." + "9" * 400)


def spoilt(xml: str) -> Iterator[str]:
    """Every message with one element or attribute less, or one text or attribute that is something else."""
    total = sum(1 for _ in etree.fromstring(xml).iter())
    for rank in range(1, total):
        yield _changed(xml, rank, lambda element: element.getparent().remove(element))
        yield _changed(xml, rank, lambda element: element.getparent().append(etree.fromstring(etree.tostring(element))))
    for rank in range(total):
        names = list(list(etree.fromstring(xml).iter())[rank].attrib)
        for name in names:
            yield _changed(xml, rank, lambda element, name=name: element.attrib.pop(name))
            value = ODD[rank % len(ODD)]
            yield _changed(xml, rank, lambda element, name=name, value=value: element.set(name, value))
            yield _changed(xml, rank, lambda element, name=name: element.set(name, LONG))


def _changed(xml: str, rank: int, change: Callable[[Any], object]) -> str:
    root = etree.fromstring(xml)
    change(list(root.iter())[rank])
    return etree.tostring(root, encoding="unicode")


def answered(reply: Reply) -> bool:
    """Whether this is an answer of the service: nothing broke."""
    return reply.status in (200, 400, 403)


def anew(message: str, *old: str) -> str:
    """The message with other identifiers, so that it is not refused for those of the last one."""
    for one in old:
        message = message.replace(one, docs.new_oid())
    return message


def replaceable(dui: Dui) -> str:
    """The entryUUID of a document that was just deposited."""
    document = dui.document()
    assert dui.provide(document).outcome == "Success"
    return str(dui.entry(document.unique_id).get("id"))


def test_a_deposit(dui: Dui, bench: Bench) -> None:
    first, lot = replaceable(dui), docs.new_oid()
    document = dui.document(replaced_uuid=first, content=b"<a/>")
    attached = '<xds:Document id="Document01">PGEvPg==</xds:Document>'
    stored, target = 1, first
    for message in islice(spoilt(provided(docs.deposit([document], unique_id=lot) + attached, {})), 0, None, SOME):
        reply = dui.send("repository", PROVIDE, anew(message, document.unique_id, lot).replace(first, target))
        assert answered(reply), (reply.status, message)
        if reply.status == 200 and reply.outcome == "Success":
            target = replaceable(dui)
            stored += 2
    balance = bench("GET", "dmp/bilan")
    assert (balance["lots"], balance["doublons"], balance["sans_contenu"]) == (stored, [], [])
    assert balance["empreintes_fausses"] == []
    assert stored > 20  # much may be said otherwise


def test_an_update(dui: Dui, bench: Bench) -> None:
    document, lot = dui.document(), docs.new_oid()
    dui.provide(document)
    entry = dui.entry(document.unique_id)
    masked = document.with_(confidentiality=(docs.NORMAL, *docs.visibility("MASQUE_PS")))
    done = {"metadata": 0, "status": 0}
    for kind, message in _updates(dui, masked, entry, lot):
        last = dui.entry(document.unique_id)
        version = last.find("{*}VersionInfo").get("versionName")
        current = anew(message, lot).replace("VERSION", version)
        if kind == "status":
            current = current.replace(entry.get("id"), last.get("id"))
        reply = dui.send("registry", UPDATE, current)
        assert answered(reply), (reply.status, message)
        if reply.status == 200 and reply.outcome == "Success":
            done[kind] += 1
            if kind == "status":
                assert dui.set_status(last.get("id"), docs.ARCHIVED, docs.APPROVED).outcome == "Success"
    versions = sorted(one["version"] for one in bench.seen(dui.person))
    assert versions == list(range(1, done["metadata"] + 2))
    assert min(done.values()) > 10
    assert dui.retrieve(document.unique_id).documents == {document.unique_id: document.octets}


def _updates(dui: Dui, masked: Document, entry: Any, lot: str) -> Iterator[tuple[str, str]]:
    """Updates of the metadata, then of the status."""
    slots = {"SubmissionSetStatus": "Original", "PreviousVersion": "VERSION"}
    member = docs.association(docs.HAS_MEMBER, "Lot01", masked.symbol, **slots)
    held = docs.lot(dui.patient_id, unique_id=lot)
    metadata = docs.submission(docs.entry(masked, lid=entry.get("lid")), held, member)
    for message in islice(spoilt(metadata), 0, None, SOME):
        yield "metadata", message
    kind = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
    change = docs.association(kind, "Lot01", entry.get("id"), OriginalStatus=docs.APPROVED, NewStatus=docs.ARCHIVED)
    for message in islice(spoilt(docs.submission(held, change)), 0, None, SOME):
        yield "status", message


MESSAGES = {
    "recherche": (
        "registry",
        QUERY,
        lambda dui: (
            f'<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" {docs.RIM}>'
            '<q:ResponseOption returnComposedObjects="true" returnType="LeafClass"/>'
            '<rim:AdhocQuery id="urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d">'
            + docs.slot("$XDSDocumentEntryPatientId", f"'{dui.patient_id}'")
            + docs.slot("$XDSDocumentEntryStatus", f"('{docs.APPROVED}')")
            + docs.slot("$XDSDocumentEntryServiceStartTimeFrom", "'2020'")
            + docs.slot("$XDSDocumentEntryAuthorPerson", "('%MARTIN%')")
            + "</rim:AdhocQuery></q:AdhocQueryRequest>"
        ),
    ),
    "lecture": (
        "repository",
        RETRIEVE,
        lambda _dui: (
            '<x:RetrieveDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"><x:DocumentRequest>'
            "<x:RepositoryUniqueId>1.2</x:RepositoryUniqueId><x:DocumentUniqueId>1.2.3</x:DocumentUniqueId>"
            "</x:DocumentRequest></x:RetrieveDocumentSetRequest>"
        ),
    ),
    "existence": (
        "patients",
        TD02,
        lambda dui: (
            '<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3"><id root="2.25.1" extension="m"/><patientIdentifier>'
            f'<value root="{docs.TEST_OID}" extension="{dui.ins}"/></patientIdentifier></PRPA_IN201307UV02>'
        ),
    ),
    "autorisation": ("patients", TD03, lambda dui: td03_body(dui.ins, "AJOUT")),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_other_messages(dui: Dui, name: str) -> None:
    dui.provide(dui.document())
    way, action, body = MESSAGES[name]
    for message in spoilt(body(dui)):
        reply = dui.send(way, action, message)
        assert answered(reply), (reply.status, message)


def test_a_vihf(dui: Dui) -> None:
    for message in spoilt(dui.vihf()):
        security = message if "Assertion" in message else f"<a>{message}</a>"
        held = f'<wsse:Security xmlns:wsse="{_WSSE}">{security}</wsse:Security>'
        reply = dui.post("patients", dui.envelope(TD03, td03_body(dui.ins, "AJOUT"), held))
        assert reply.status in (400, 403), message


_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


@pytest.mark.parametrize("document", ["cda", "prose"])
def test_a_cda(dui: Dui, bench: Bench, document: str) -> None:
    """What the header of a document says is read, never trusted."""
    whole = dui.document(pdf=b"%PDF").octets.decode()
    for message in list(spoilt(whole.partition("?>")[2]))[:: 1 if document == "cda" else 7]:
        content = message.encode() if document == "cda" else message.encode()[: len(message) // 2]
        reply = dui.provide(dui.document(content=content))
        assert reply.status == 200, message
    assert bench("GET", "dmp/bilan")["doublons"] == []


THREADS = 8


def all_at_once(call: Callable[[int], Any]) -> list[Any]:
    barrier = Barrier(THREADS)

    def run(rank: int) -> Any:
        barrier.wait()
        return call(rank)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_one_document_deposited_by_several_at_once_is_there_once(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    outcomes = [reply.outcome for reply in all_at_once(lambda _rank: dui.provide(document))]
    assert sorted(outcomes) == ["Failure XDSDuplicateUniqueIdInRegistry"] * (THREADS - 1) + ["Success"]
    assert [one["unique_id"] for one in bench.seen(dui.person)] == [document.unique_id]


def test_one_document_replaced_by_several_at_once_is_replaced_once(dui: Dui, bench: Bench) -> None:
    old = dui.document()
    dui.provide(old)
    uuid = dui.entry(old.unique_id).get("id")
    outcomes = [one.outcome for one in all_at_once(lambda _rank: dui.provide(dui.document(replaced_uuid=uuid)))]
    assert outcomes.count("Success") == 1
    assert set(outcomes) == {"Success", "Failure XDSRegistryDeprecatedDocumentError"}
    assert len(dui.found()) == 1


def test_one_version_changed_by_several_at_once_changes_once(dui: Dui, bench: Bench) -> None:
    document = dui.document()
    dui.provide(document)
    lid = dui.entry(document.unique_id).get("lid")
    masked = document.with_(confidentiality=(docs.NORMAL, *docs.visibility("MASQUE_PS")))
    outcomes = [one.outcome for one in all_at_once(lambda _rank: dui.set_metadata(masked, lid, 1))]
    assert sorted(outcomes) == ["Failure XDSMetadataVersionError"] * (THREADS - 1) + ["Success"]
    assert sorted(one["version"] for one in bench.seen(dui.person)) == [1, 2]


def test_one_assertion_used_by_several_at_once_serves_once(dui: Dui) -> None:
    held = f'<wsse:Security xmlns:wsse="{_WSSE}">{dui.vihf()}</wsse:Security>'
    bodies = [dui.envelope(TD03, td03_body(dui.ins, "AJOUT"), held) for _ in range(THREADS)]
    statuses = [reply.status for reply in all_at_once(lambda rank: dui.post("patients", bodies[rank]))]
    assert sorted(statuses) == [200] + [400] * (THREADS - 1)


def test_documents_of_several_clients_at_once_are_all_there_once(dui: Dui, bench: Bench) -> None:
    """A small one: a thousand documents of a megabyte take minutes."""
    documents = [[dui.document(pdf=bytes([rank]) * 50_000) for _ in range(5)] for rank in range(THREADS)]
    outcomes = all_at_once(lambda rank: [dui.provide(one).outcome for one in documents[rank]])
    assert {outcome for row in outcomes for outcome in row} == {"Success"}
    balance = bench("GET", "dmp/bilan")
    assert (balance["lots"], balance["documents"]) == (THREADS * 5, THREADS * 5)
    assert (balance["doublons"], balance["sans_contenu"], balance["empreintes_fausses"]) == ([], [], [])
    assert balance["octets"] == sum(len(one.octets) for row in documents for one in row)
