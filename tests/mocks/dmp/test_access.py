"""Who may do what on a DMP (sheet §2), and who sees what (sheet §12)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui, Reply
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.documents import Document
from tests.mocks.dmp.vihf import PURPOSE

MASKED, HIDDEN, NOT_FOR_PARENTS = docs.visibility("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")
MODES = "1.2.250.1.213.1.1.4.248"
COLLEAGUE, STRANGER = "899990000099", "1999999999"
UNKNOWN = "urn:uuid:00000000-0000-4000-8000-000000000000"

Act = Callable[[Dui], Reply]
DEPOSIT: Act = lambda dui: dui.provide(dui.document())  # noqa: E731
SEARCH: Act = lambda dui: dui.find()  # noqa: E731
LOCAL: Act = lambda dui: dui.query("GetDocuments", XDSDocumentEntryUniqueId="('1.2.3')")  # noqa: E731
READ: Act = lambda dui: dui.retrieve("1.2.3")  # noqa: E731
CHANGE: Act = lambda dui: dui.set_status(UNKNOWN, docs.APPROVED, docs.ARCHIVED)  # noqa: E731
ALLOWED = {
    DEPOSIT: "Success",
    SEARCH: "Success",
    LOCAL: "Success",
    READ: "Failure XDSDocumentUniqueIdError",
    CHANGE: "Failure XDSMetadataUpdateError",
}


def outcomes(dui: Dui) -> tuple[str, ...]:
    """What each transaction says: empty when the caller may do it, else the code of the refusal."""
    replies = ((act(dui).outcome, allowed) for act, allowed in ALLOWED.items())
    return tuple("" if outcome == allowed else outcome.removeprefix("Failure Banc") for outcome, allowed in replies)


def test_with_an_authorisation_everything_is_allowed(dui: Dui) -> None:
    assert outcomes(dui) == ("",) * 5


@pytest.mark.parametrize(("status", "code"), [("ferme", "DmpFerme"), ("absent", "DmpAbsent")])
def test_nothing_on_a_dmp_that_is_not_active(dui: Dui, bench: Bench, status: str, code: str) -> None:
    bench.dmp(dui.person, "PUT", body={"statut": status})
    assert outcomes(dui) == (code,) * 5
    assert bench.last()["context"]["refusal"] == {"ferme": "dmp-ferme", "absent": "dmp-absent"}[status]
    assert bench.last()["context"]["patient"]["status"] == status


def test_a_dmp_that_nobody_opened_is_a_setting(dui: Dui, bench: Bench) -> None:
    bench.set(statut_initial="absent")
    dui.person = bench.person()
    assert outcomes(dui) == ("DmpAbsent",) * 5


@pytest.mark.parametrize(("status", "code"), [("aucune", "AutorisationAbsente"), ("expiree", "AutorisationExpiree")])
def test_without_authorisation_feeding_and_correcting_only(dui: Dui, bench: Bench, status: str, code: str) -> None:
    bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.structure, "statut": status})
    assert outcomes(dui) == ("", code, "", code, "")


def test_an_authorisation_ends_by_itself_where_the_dmp_says_so(dui: Dui, bench: Bench) -> None:
    bench.set(duree_autorisation_h=1)
    assert outcomes(dui) == ("",) * 5
    bench("PUT", "horloge", {"mode": "decalee", "secondes": 3700})
    assert outcomes(dui) == ("", "AutorisationExpiree", "", "AutorisationExpiree", "")


def test_a_blocked_professional_may_nothing(dui: Dui, bench: Bench) -> None:
    bench.dmp(dui.person, "POST", "/actes", {"acte": "bloquer", "professionnel": dui.name_id})
    assert outcomes(dui) == ("ProfessionnelBloque",) * 5
    dui.name_id = COLLEAGUE
    assert outcomes(dui) == ("",) * 5
    dui.name_id = docs.PS
    bench.dmp(dui.person, "POST", "/actes", {"acte": "debloquer", "professionnel": dui.name_id})
    assert outcomes(dui) == ("",) * 5


@pytest.mark.parametrize("purpose", ["bris_de_glace", "centre_regulation"])
def test_an_emergency_opens_the_consultation(dui: Dui, bench: Bench, purpose: str) -> None:
    bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.structure, "statut": "aucune"})
    dui.said[PURPOSE] = (purpose, MODES, "Urgence")
    assert outcomes(dui) == ("",) * 5


def test_whose_authorisation_it_is_depends_on_the_mode(dui: Dui, bench: Bench) -> None:
    dui.said["Authentification_Mode"] = "DIRECTE"
    assert SEARCH(dui).outcome == "Failure BancAutorisationAbsente"  # it is the structure's
    bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.name_id, "statut": "valide"})
    assert SEARCH(dui).outcome == "Success"


def test_reinforced_authentication_is_for_consultation(dui: Dui, bench: Bench) -> None:
    dui.said["Authentification_Mode"] = "AIR"
    bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.name_id, "statut": "valide"})
    assert outcomes(dui) == ("ModeInterdit", "", "ModeInterdit", "", "ModeInterdit")
    bench.set(alimentation_air="accepter")
    assert outcomes(dui) == ("",) * 5


def test_plain_indirect_consultation_may_be_refused(dui: Dui, bench: Bench) -> None:
    bench.set(consultation_indirecte="refuser")
    assert outcomes(dui) == ("", "ModeInterdit", "", "ModeInterdit", "")


@pytest.mark.check("DMP-088")
def test_the_codes_of_the_dmp_are_a_setting_and_the_journal_names_the_refusal(dui: Dui, bench: Bench) -> None:
    bench.set(codes_refus={"dmp-ferme": "DMPClosed"})
    bench.dmp(dui.person, "PUT", body={"statut": "ferme"})
    assert DEPOSIT(dui).outcome == "Failure DMPClosed"
    assert bench.last()["context"]["refusal"] == "dmp-ferme"


def test_without_authorisation_one_finds_back_only_ones_own(dui: Dui, bench: Bench) -> None:
    mine = dui.document()
    dui.provide(mine)
    theirs = bench.dmp(dui.person, "POST", "/documents", {"origine": "autre_structure"})["unique_id"]
    both = f"('{mine.unique_id}','{theirs}')"
    assert len(dui.query("GetDocuments", XDSDocumentEntryUniqueId=both).entries) == 2
    bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": dui.structure, "statut": "aucune"})
    (found,) = dui.query("GetDocuments", XDSDocumentEntryUniqueId=both).entries
    assert found.xpath("string(*[local-name()='ExternalIdentifier'][2]/@value)") == mine.unique_id
    assert bench.last()["context"]["query"]["hidden"] == 1


class TestMasking:
    """A masked document is for its author and the médecin traitant."""

    @pytest.fixture
    def masked(self, dui: Dui) -> Document:
        document = dui.document(confidentiality=(docs.NORMAL, MASKED))
        assert dui.provide(document).outcome == "Success"
        return document

    @pytest.fixture
    def elsewhere(self, dui: Dui, bench: Bench, masked: Document) -> Dui:
        """A professional of another structure, authorised too."""
        bench.dmp(dui.person, "PUT", "/autorisations", {"titulaire": STRANGER, "statut": "valide"})
        dui.name_id, dui.structure = COLLEAGUE, STRANGER
        return dui

    def test_its_author_finds_it(self, dui: Dui, bench: Bench, masked: Document) -> None:
        assert dui.found() == {masked.unique_id}
        bench.set(masque_visible_auteur=False)
        assert dui.found() == set()

    def test_another_does_not(self, elsewhere: Dui, bench: Bench, masked: Document) -> None:
        assert elsewhere.found() == set()
        assert bench.last()["context"]["query"]["hidden"] == 1
        assert elsewhere.retrieve(masked.unique_id).outcome == "Failure XDSDocumentUniqueIdError"
        reply = elsewhere.query("GetDocuments", XDSDocumentEntryUniqueId=f"('{masked.unique_id}')")
        assert (reply.outcome, reply.entries) == ("Success", [])
        lots = elsewhere.query(
            "FindSubmissionSets",
            XDSSubmissionSetPatientId=f"'{elsewhere.patient_id}'",
            XDSSubmissionSetStatus=f"('{docs.APPROVED}')",
        )
        assert lots.all("//rim:RegistryPackage") == []

    def test_the_treating_doctor_does(self, elsewhere: Dui, bench: Bench, masked: Document) -> None:
        bench.dmp(elsewhere.person, "PUT", body={"medecins_traitants": [COLLEAGUE]})
        assert elsewhere.found() == {masked.unique_id}
        assert elsewhere.retrieve(masked.unique_id).documents == {masked.unique_id: masked.octets}
        assert bench.last()["context"]["patient"]["treating"] is True

    def test_unmasked_by_its_person_everybody_does(self, elsewhere: Dui, bench: Bench, masked: Document) -> None:
        act = {"acte": "demasquer", "document": masked.unique_id}
        bench.dmp(elsewhere.person, "POST", "/actes", act)
        assert elsewhere.found() == {masked.unique_id}


class TestViews:
    """One store, several views."""

    @pytest.mark.parametrize(
        ("code", "user", "parent", "other"),
        [
            ((), True, True, True),
            ((MASKED,), True, True, False),
            ((HIDDEN,), False, False, True),
            ((NOT_FOR_PARENTS,), True, False, True),
        ],
    )
    def test_who_sees_a_document(
        self, dui: Dui, bench: Bench, code: tuple[tuple[str, str, str], ...], user: bool, parent: bool, other: bool
    ) -> None:
        assert dui.provide(dui.document(confidentiality=(docs.NORMAL, *code))).outcome == "Success"
        someone = {"titulaire": COLLEAGUE, "structure": STRANGER}
        assert bool(bench.seen(dui.person, "usager")) is user
        assert bool(bench.seen(dui.person, "representant")) is parent
        assert bool(bench.seen(dui.person, "professionnel", **someone)) is other
        assert bool(bench.seen(dui.person, "professionnel", titulaire=docs.PS)) is True
        (told,) = bench.seen(dui.person)
        assert told["alerte"] is (code in ((HIDDEN,), (NOT_FOR_PARENTS,)))

    def test_what_was_replaced_or_deleted_is_for_the_whole_view_only(self, dui: Dui, bench: Bench) -> None:
        old, gone = dui.document(), dui.document(symbol="Document02")
        dui.provide(old, gone)
        dui.provide(dui.document(replaced_uuid=dui.entry(old.unique_id).get("id")))
        dui.set_status(dui.entry(gone.unique_id).get("id"), docs.APPROVED, docs.DELETED)
        assert [one["statut"] for one in bench.seen(dui.person, "usager")] == ["Approved"]
        assert sorted(one["statut"] for one in bench.seen(dui.person)) == ["Approved", "Deleted", "Deprecated"]
