"""Tables of rules/dmp_deposits.py, dmp_versions.py and dmp_searches.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.dmp import deposit, found, leaf, query, refused, td02, unknown, update
from tests.rules.dmp_facts import APPROVED, ARCHIVED, DELETED, DEPRECATED, UUID
from tests.rules.journal import Entry, action, began

ENTRY = "entrée Document01"
CDA = "CDA de Document01, ClinicalDocument"
NEW = "2.25.102"
TARGET = ("2.25.101", UUID)
BODY = "<component><nonXMLBody><text>{}</text></nonXMLBody></component>"
DUPLICATE = refused(deposit(), "XDSDuplicateUniqueIdInRegistry")
LOCAL = {"XDSDocumentEntryUniqueId": ["2.25.101"]}
STALE = "XDSMetadataUpdateError"
BATCH = {"XDSDocumentEntryEntryUUID": [f"urn:uuid:{n}" for n in range(21)]}


def version(*, same: bool = False, **more: Any) -> Entry:
    """A new version of the document, with its own bytes."""
    body = BODY.format("un" if same else "deux")
    return deposit(NEW, replaces=TARGET, body=body, document__sha1="b" * 40, **more)


def since(time: str) -> Entry:
    return query("FindSubmissionSets", parameters={"XDSSubmissionSetSubmissionTimeFrom": [time]})


def seen(uuid: str) -> Entry:
    return query(returned={uuid: APPROVED}, answer=found(leaf(uuid)))


CASES = [
    Case(
        "DMP-050",
        accepted=[
            [deposit()],
            [deposit(body=BODY.format("un")), version()],
            [deposit(status=None, bare=("response_status",)), deposit()],
            [deposit(body=BODY.format("un")), version(same=True, entry__title="Autre titre")],
        ],
        refused=[
            ([deposit(document__size=0)], [f"1 {ENTRY}, size"]),
            ([deposit(cda__body__size=0)], [f"1 {ENTRY}, size"]),
            ([deposit(), deposit()], [f"2 {ENTRY}, uniqueId"]),
            ([deposit(body=BODY.format("un")), version(same=True)], [f"2 {ENTRY}, uniqueId"]),
        ],
        silent=[[td02()]],
    ),
    Case(
        "DMP-051",
        accepted=[[deposit(status=None), deposit()], [DUPLICATE, query("GetDocuments", parameters=LOCAL)]],
        refused=[
            ([deposit(status=None), deposit(NEW)], [f"2 {ENTRY}, uniqueId"]),
            ([DUPLICATE, query()], ["1 TD3.1b"]),
        ],
        silent=[[deposit(), deposit(NEW)], [deposit(status=500), deposit(NEW, entry__title="Autre")], [DUPLICATE]],
    ),
    Case(
        "DMP-052",
        accepted=[[query(), version()], [deposit(), query(), version()]],
        refused=[
            ([version()], ["1 Association RPLC de Document01, targetObject"]),
            ([query(), version(associations=[])], ["2 Association RPLC de Document01"]),
            (
                [query(), version(cda__related=[])],
                [f'2 {CDA}/relatedDocument[@typeCode="RPLC"]/parentDocument/id'],
            ),
            ([query(), deposit(replaces=TARGET)], [f"2 {ENTRY}, uniqueId"]),
            ([deposit(), query(), version(cda__set_id="2.25.8")], [f"3 {CDA}/setId"]),
            ([deposit(), query(), version(cda__version_number="1")], [f"3 {CDA}/versionNumber/@value"]),
        ],
        silent=[[deposit()], [query()]],
    ),
    Case(
        "DMP-053",
        accepted=[[query(), version()]],
        refused=[
            ([query(returned={UUID: DEPRECATED}), version()], ["2 Association RPLC, targetObject"]),
            ([query(returned={UUID: DELETED}), version()], ["2 Association RPLC, targetObject"]),
        ],
        silent=[[version()], [query()]],
    ),
    Case(
        "DMP-061",
        accepted=[[seen("urn:uuid:e1"), seen("urn:uuid:e2"), update(APPROVED, ARCHIVED, target="urn:uuid:e2")]],
        refused=[
            (
                [seen("urn:uuid:e1"), seen("urn:uuid:e2"), update(APPROVED, DELETED, target="urn:uuid:e1")],
                ["3 entryUUID visé"],
            ),
            ([seen("urn:uuid:e1"), seen("urn:uuid:e2"), version()], ["3 entryUUID visé"]),
        ],
        silent=[[seen("urn:uuid:e1"), update(APPROVED, ARCHIVED)], [update()]],
    ),
    Case(
        "DMP-062",
        accepted=[
            [update(APPROVED, DELETED)],
            [update(APPROVED, DELETED), began(action("supprimer_document", confirmation=True), 0)],
        ],
        refused=[
            (
                [refused(update(APPROVED, DELETED), "non-auteur")],
                ["1 Association UpdateAvailabilityStatus, targetObject"],
            ),
            ([unknown("urn:ihe:iti:2010:DeleteDocumentSet")], ["1 Envelope/Header/wsa:Action"]),
            (
                [update(APPROVED, DELETED), began(action("supprimer_document", unique_id="2.25.101"), 0)],
                ["1 Association UpdateAvailabilityStatus, targetObject"],
            ),
        ],
        silent=[[update()], [unknown("urn:x")]],
    ),
    Case(
        "DMP-063",
        accepted=[[update(("N", "INVISIBLE_REPRESENTANTS_LEGAUX"), ("N",))]],
        refused=[
            (
                [
                    update(("N", "INVISIBLE_REPRESENTANTS_LEGAUX"), ("N",)),
                    update(("N",), ("N", "INVISIBLE_REPRESENTANTS_LEGAUX")),
                ],
                ["2 entrée, confidentialityCode"],
            ),
            (
                [
                    update(("N", "INVISIBLE_REPRESENTANTS_LEGAUX"), ("N",)),
                    began(action("masquer_document", a="representants", masquer=False), 0),
                ],
                ["1 entrée, confidentialityCode"],
            ),
        ],
        silent=[[update()], [update(APPROVED, ARCHIVED)]],
    ),
    Case(
        "DMP-064",
        accepted=[[update()], [refused(update(), STALE), query(), update()]],
        refused=[
            ([refused(update(), STALE), update()], ["2 version visée"]),
            ([refused(update(APPROVED, ARCHIVED), STALE), update(APPROVED, ARCHIVED)], ["2 version visée"]),
        ],
        silent=[[deposit()], [update(bare=("update",))]],
    ),
    Case(
        "DMP-055",
        accepted=[[query(), since("20241020080000")], [query(), since("20241019")]],
        refused=[
            ([query(), since("20241020100000")], ["2 $XDSSubmissionSetSubmissionTimeFrom"]),
            ([query(), since("hier")], ["2 $XDSSubmissionSetSubmissionTimeFrom"]),
        ],
        silent=[[query()], [since("20241020100000")], [refused(query(), "XDSRegistryBusy"), since("20241020100000")]],
    ),
    Case(
        "DMP-056",
        accepted=[[query("GetDocumentsAndAssociations", parameters={"XDSDocumentEntryEntryUUID": ["urn:uuid:1"]})]],
        refused=[([query("GetDocumentsAndAssociations", parameters=BATCH)], ["1 $XDSDocumentEntryEntryUUID"])],
        silent=[[query("GetDocuments", parameters=BATCH)]],
    ),
]
