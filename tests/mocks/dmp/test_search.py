"""TD3.1: each stored query, its parameters, its refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui, Reply
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.documents import Document

ALL = f"('{docs.APPROVED}','{docs.DEPRECATED}')"
ENTRIES = "count(//rim:RegistryObjectList/rim:ExtrinsicObject)"
LOTS = "count(//rim:RegistryObjectList/rim:RegistryPackage)"
LINKS = "count(//rim:RegistryObjectList/rim:Association)"


@dataclass
class Library:
    """Three documents in two lots: one, what replaces it, another alone."""

    dui: Dui
    old: Document
    new: Document
    other: Document
    lots: tuple[str, str]

    def uuid(self, document: Document) -> str:
        return str(self.dui.entry(document.unique_id).get("id"))


@pytest.fixture
def library(dui: Dui) -> Library:
    first, second = docs.new_oid(), docs.new_oid()
    old = dui.document(title="Ancien")
    other = dui.document(
        symbol="Document02",
        title="Bilan",
        type=("34842-5", "2.16.840.1.113883.6.1", "Grille"),
        acted=("20240110090000+0100", "20240110080000"),
    )
    assert dui.provide(old, other, unique_id=first, submitted="20260101000000").outcome == "Success"
    new = dui.document(replaces=old.unique_id, replaced_uuid=dui.entry(old.unique_id).get("id"), title="Nouveau")
    assert dui.provide(new, unique_id=second, submitted="20260201000000").outcome == "Success"
    return Library(dui, old, new, other, (first, second))


def _counts(reply: Reply) -> tuple[int, int, int]:
    """Entries, lots, associations."""
    assert reply.outcome == "Success", reply.outcome
    entries, lots, links = (int(reply.root.xpath(path, namespaces=_NS)) for path in (ENTRIES, LOTS, LINKS))
    return entries, lots, links


_NS = {"rim": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"}


class TestFindDocuments:
    """FindDocuments and its filters."""

    @pytest.mark.check("DMP-086")
    def test_gives_the_statuses_that_are_asked(self, library: Library) -> None:
        dui = library.dui
        current = {library.new.unique_id, library.other.unique_id}
        assert dui.found() == current
        assert dui.found(docs.DEPRECATED) == {library.old.unique_id}
        assert dui.found(docs.APPROVED, docs.DEPRECATED) == {*current, library.old.unique_id}
        assert dui.found(docs.ARCHIVED) == dui.found(docs.DELETED) == set()

    def test_by_type(self, library: Library) -> None:
        found = library.dui.found(XDSDocumentEntryTypeCode=f"('{docs.PPA[0]}^^{docs.PPA[1]}')")
        assert found == {library.new.unique_id}
        assert library.dui.found(XDSDocumentEntryTypeCode="('00000-0^^1.2')") == set()
        either = f"('{docs.PPA[0]}^^{docs.PPA[1]}','34842-5^^2.16.840.1.113883.6.1')"
        assert len(library.dui.found(XDSDocumentEntryTypeCode=either)) == 2

    @pytest.mark.parametrize(
        ("start", "end", "found"),
        [
            ("20250101", None, ["Nouveau"]),
            (None, "20250101", ["Bilan"]),
            ("20260110080000", None, ["Nouveau"]),  # the lower bound is included
            (None, "20240110080000", []),  # the upper one is not
            ("20240110080000", "20240110080001", ["Bilan"]),
            ("2020", "2030", ["Bilan", "Nouveau"]),
        ],
    )
    def test_by_date_of_the_act(self, library: Library, start: str | None, end: str | None, found: list[str]) -> None:
        names = {"XDSDocumentEntryServiceStartTimeFrom": start, "XDSDocumentEntryServiceStartTimeTo": end}
        reply = library.dui.find(**{name: f"'{value}'" for name, value in names.items() if value})
        titles = reply.all("//rim:ExtrinsicObject/rim:Name/rim:LocalizedString/@value")
        assert sorted(titles) == found

    def test_by_confidentiality_each_slot_restricts_the_others(self, dui: Dui) -> None:
        masked = dui.document(confidentiality=(docs.NORMAL, *docs.visibility("MASQUE_PS")))
        dui.provide(masked)
        dui.provide(dui.document())
        normal, hidden = f"('N^^{docs.NORMAL[1]}')", f"('MASQUE_PS^^{docs.HIDING}')"
        assert len(dui.found(XDSDocumentEntryConfidentialityCode=normal)) == 2
        assert dui.found(XDSDocumentEntryConfidentialityCode=hidden) == {masked.unique_id}

    @pytest.mark.parametrize(
        ("wanted", "found"), [(docs.PS, 2), (f"{docs.PS}^MARTIN%", 2), ("%ALICE%", 2), ("899990000099", 0)]
    )
    def test_by_author(self, library: Library, wanted: str, found: int) -> None:
        assert len(library.dui.found(XDSDocumentEntryAuthorPerson=f"('{wanted}')")) == found

    def test_as_references(self, library: Library) -> None:
        reply = library.dui.query(
            "FindDocuments",
            "ObjectRef",
            XDSDocumentEntryPatientId=f"'{library.dui.patient_id}'",
            XDSDocumentEntryStatus=f"('{docs.APPROVED}')",
        )
        assert set(reply.all("//rim:ObjectRef/@id")) == {library.uuid(library.new), library.uuid(library.other)}
        assert reply.entries == []

    def test_the_type_of_identifier_does_not_count(self, library: Library, bench: Bench) -> None:
        bare = library.dui.patient_id.removesuffix("^NH")
        reply = library.dui.query(
            "FindDocuments", XDSDocumentEntryPatientId=f"'{bare}'", XDSDocumentEntryStatus=f"('{docs.APPROVED}')"
        )
        assert len(reply.entries) == 2
        assert bench.notes() == ["cx-sans-nh"]

    def test_too_many_results(self, library: Library, bench: Bench) -> None:
        bench.set(resultats_maximum=1)
        assert library.dui.find().outcome == "Failure XDSTooManyResults"

    def test_the_journal_tells_a_search(self, library: Library, bench: Bench) -> None:
        library.dui.found(XDSDocumentEntryServiceStartTimeFrom="'20250101000000'")
        told = bench.last()["context"]
        query = told["query"]
        assert (told["transaction"], query["name"], query["return_type"]) == ("TD3.1a", "FindDocuments", "LeafClass")
        assert query["parameters"]["$XDSDocumentEntryServiceStartTimeFrom"] == ["20250101000000"]
        assert query["parameters"]["$XDSDocumentEntryStatus"] == [docs.APPROVED]
        assert query["returned"] == [library.uuid(library.new)]
        assert query["statuses"] == {library.uuid(library.new): docs.APPROVED}


class TestLots:
    """FindSubmissionSets, GetSubmissionSets, GetSubmissionSetAndContents."""

    @pytest.mark.parametrize(
        ("start", "found"), [("20260101000000", 2), ("20260101000001", 1), ("20260201000000", 1), ("20260202", 0)]
    )
    def test_since_the_last_visit(self, library: Library, start: str, found: int) -> None:
        reply = library.dui.query(
            "FindSubmissionSets",
            XDSSubmissionSetPatientId=f"'{library.dui.patient_id}'",
            XDSSubmissionSetStatus=f"('{docs.APPROVED}')",
            XDSSubmissionSetSubmissionTimeFrom=f"'{start}'",
        )
        assert _counts(reply) == (0, found, 0)

    def test_of_documents(self, library: Library) -> None:
        reply = library.dui.query("GetSubmissionSets", uuid=f"('{library.uuid(library.new)}')")
        assert _counts(reply) == (0, 1, 1)
        assert library.lots[1] in reply.all("//rim:ExternalIdentifier/@value")

    def test_and_their_contents(self, library: Library) -> None:
        reply = library.dui.query("GetSubmissionSetAndContents", XDSSubmissionSetUniqueId=f"'{library.lots[0]}'")
        assert _counts(reply) == (2, 1, 2)


def test_get_all(library: Library) -> None:
    reply = library.dui.query(
        "GetAll",
        patientId=f"'{library.dui.patient_id}'",
        XDSDocumentEntryStatus=ALL,
        XDSSubmissionSetStatus=ALL,
        XDSFolderStatus=ALL,
    )
    assert _counts(reply) == (3, 2, 4)  # a HasMember for each document, and the replacement


class TestGetDocuments:
    """GetDocuments and GetDocumentsAndAssociations."""

    def test_by_entry_uuid(self, library: Library) -> None:
        wanted = f"('{library.uuid(library.new)}','{library.uuid(library.other)}')"
        assert _counts(library.dui.query("GetDocuments", XDSDocumentEntryEntryUUID=wanted)) == (2, 0, 0)
        assert _counts(library.dui.query("GetDocuments", XDSEntryUUID=wanted)) == (2, 0, 0)

    def test_by_unique_id_is_the_search_of_the_local_one(self, library: Library, bench: Bench) -> None:
        assert library.dui.entry(library.new.unique_id) is not None
        assert bench.last()["context"]["transaction"] == "TD3.1b"

    def test_unknown_ones(self, library: Library) -> None:
        reply = library.dui.query("GetDocuments", XDSDocumentEntryUniqueId="('1.2.3.404')")
        assert _counts(reply) == (0, 0, 0)

    def test_of_two_patients(self, library: Library, bench: Bench) -> None:
        dui, mine = library.dui, library.uuid(library.new)
        dui.person = bench.person()
        bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.structure, "statut": "valide"})
        theirs = dui.document()
        dui.provide(theirs)
        both = f"('{mine}','{dui.entry(theirs.unique_id).get('id')}')"
        assert dui.query("GetDocuments", XDSDocumentEntryEntryUUID=both).outcome == "Failure XDSResultNotSinglePatient"
        assert _counts(dui.query("GetDocuments", XDSDocumentEntryEntryUUID=f"('{mine}')")) == (0, 0, 0)

    def test_and_associations(self, library: Library) -> None:
        wanted = f"('{library.uuid(library.new)}')"
        reply = library.dui.query("GetDocumentsAndAssociations", XDSDocumentEntryEntryUUID=wanted)
        assert _counts(reply) == (1, 0, 2)
        assert set(reply.all("//rim:Association/@associationType")) == {docs.HAS_MEMBER, docs.RPLC}


def test_get_associations(library: Library) -> None:
    reply = library.dui.query("GetAssociations", uuid=f"('{library.uuid(library.old)}')")
    assert _counts(reply) == (0, 0, 2)
    (link,) = reply.all(f"//rim:Association[@associationType='{docs.RPLC}']")
    assert (link.get("sourceObject"), link.get("targetObject")) == (
        library.uuid(library.new),
        library.uuid(library.old),
    )


def test_get_related_documents(library: Library) -> None:
    reply = library.dui.query(
        "GetRelatedDocuments",
        XDSDocumentEntryUniqueId=f"'{library.new.unique_id}'",
        AssociationTypes=f"('{docs.RPLC}')",
    )
    assert _counts(reply) == (2, 0, 1)
    alone = library.dui.query(
        "GetRelatedDocuments",
        XDSDocumentEntryUniqueId=f"'{library.other.unique_id}'",
        AssociationTypes=f"('{docs.RPLC}')",
    )
    assert _counts(alone) == (0, 0, 0)


FOLDERS: dict[str, dict[str, str]] = {
    "FindFolders": {"XDSFolderPatientId": "", "XDSFolderStatus": ALL},
    "5737b14c-8a1a-4539-b659-e03a34a5e1e4": {"XDSFolderUniqueId": "('1.2.3')"},
    "b909a503-523d-4517-8acf-8e5834dfc4c7": {"XDSFolderUniqueId": "'1.2.3'"},
    "10cae35a-c7f9-4cf5-b61e-fc3278ffb578": {"XDSDocumentEntryUniqueId": "'1.2.3'"},
}


@pytest.mark.parametrize("name", FOLDERS)
def test_there_are_no_folders(library: Library, name: str) -> None:
    asked = {key: value or f"'{library.dui.patient_id}'" for key, value in FOLDERS[name].items()}
    assert _counts(library.dui.query(name, **asked)) == (0, 0, 0)


PATIENT, STATUS = "XDSDocumentEntryPatientId", "XDSDocumentEntryStatus"
REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "inconnue": ("00000000-0000-4000-8000-000000000000", {}, "XDSUnknownStoredQuery"),
    "sans patient": ("FindDocuments", {STATUS: ALL}, "XDSStoredQueryMissingParam"),
    "sans statut": ("FindDocuments", {PATIENT: "P"}, "XDSStoredQueryMissingParam"),
    "statut vide": ("FindDocuments", {PATIENT: "P", STATUS: "()"}, "XDSStoredQueryMissingParam"),
    "sans clé": ("GetDocuments", {}, "XDSStoredQueryMissingParam"),
    "deux patients": ("FindDocuments", {PATIENT: ["P", "P"], STATUS: ALL}, "XDSStoredQueryParamNumber"),
    "lots sans statut": ("FindSubmissionSets", {"XDSSubmissionSetPatientId": "P"}, "XDSStoredQueryMissingParam"),
    "liens sans type": ("GetRelatedDocuments", {"XDSDocumentEntryUniqueId": "'1.2'"}, "XDSStoredQueryMissingParam"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_query_that_cannot_be_run(dui: Dui, bench: Bench, case: str) -> None:
    name, asked, code = REFUSED[case]
    patient = f"'{dui.patient_id}'"
    written = {
        key: [patient if one == "P" else one for one in ([value] if isinstance(value, str) else value)]
        for key, value in asked.items()
    }
    assert dui.query(name, **written).outcome == f"Failure {code}"
    assert bench.last()["context"]["refusal"] == code


def test_another_kind_of_answer(dui: Dui) -> None:
    reply = dui.query("GetDocuments", "LeafClassWithRepositoryItem", XDSDocumentEntryUniqueId="('1.2')")
    assert reply.outcome == "Failure XDSRegistryError"


def test_the_patient_of_a_search_is_that_of_the_vihf(dui: Dui, bench: Bench) -> None:
    other = bench.person()["ins"]["matricule"]
    reply = dui.query(
        "FindDocuments",
        XDSDocumentEntryPatientId=f"'{other}^^^&{docs.TEST_OID}&ISO^NH'",
        XDSDocumentEntryStatus=f"('{docs.APPROVED}')",
    )
    assert reply.outcome == "Failure BancPatientDuVihf"


def test_a_parameter_that_the_query_has_not_is_noted(dui: Dui, bench: Bench) -> None:
    dui.find(Inconnu="'x'")
    assert bench.notes() == ["parametre-inconnu"]


def test_the_cinematics_of_the_next_visits(library: Library) -> None:
    """Sheet §4.2: lots since the last visit, their links, then the documents in batches."""
    dui = library.dui
    lots = dui.query(
        "FindSubmissionSets",
        XDSSubmissionSetPatientId=f"'{dui.patient_id}'",
        XDSSubmissionSetStatus=f"('{docs.APPROVED}')",
        XDSSubmissionSetSubmissionTimeFrom="'20260115000000'",
    )
    (lot,) = lots.all("//rim:RegistryPackage/@id")
    links = dui.query("GetAssociations", uuid=f"('{lot}')")
    (target,) = links.all(f"//rim:Association[@associationType='{docs.HAS_MEMBER}']/@targetObject")
    reply = dui.query("GetDocumentsAndAssociations", XDSDocumentEntryEntryUUID=f"('{target}')")
    assert reply.one("//rim:ExtrinsicObject").get("id") == library.uuid(library.new)
    (replaced,) = reply.all(f"//rim:Association[@associationType='{docs.RPLC}']/@targetObject")
    assert replaced == library.uuid(library.old)
