"""TD2.1 refused: what is wrong with a deposit, and that nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import Dui
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.documents import Document

REGISTRY, CONTENT = "XDSRegistryMetadataError", "XDSRepositoryMetadataError"
MASKED, HIDDEN, NOT_FOR_PARENTS = docs.visibility("MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX")


def _slotless(document: Document, name: str) -> dict[str, Any]:
    """The metadata without one slot."""
    held = docs.entry(document)
    start = held.index(f'<rim:Slot name="{name}">')
    end = held.index("</rim:Slot>", start) + len("</rim:Slot>")
    return {"spoil": ((held[start:end], ""),)}


def _without(name: str) -> Callable[[Document], dict[str, Any]]:
    return lambda document: _slotless(document, name)


def _code(name: str) -> Callable[[Document], dict[str, Any]]:
    return lambda _document: {"spoil": ((f"urn:uuid:{docs.ENTRY[name]}", "urn:uuid:autre"),)}


def _spoil(old: str, new: str) -> Callable[[Document], dict[str, Any]]:
    return lambda _document: {"spoil": ((old, new),)}


def _with(**changes: Any) -> Callable[[Document], dict[str, Any]]:
    return lambda _document: changes


REFUSED = {
    "sans creationTime": (_without("creationTime"), REGISTRY),
    "sans serviceStartTime": (_without("serviceStartTime"), REGISTRY),
    "sans languageCode": (_without("languageCode"), REGISTRY),
    "sans legalAuthenticator": (_without("legalAuthenticator"), REGISTRY),
    "sans sourcePatientId": (_without("sourcePatientId"), REGISTRY),
    "langue fr": (_spoil("fr-FR", "fr"), REGISTRY),
    "date avec décalage": (_with(created=("20260115101500+0100", "20260115101500+0100")), REGISTRY),
    "date impossible": (_with(acted=("20260110090000+0100", "20260230080000")), REGISTRY),
    **{f"sans {name}": (_code(name), REGISTRY) for name in docs.ENTRY},
    "sans système de code": (_spoil('name="codingScheme"', 'name="autre"'), REGISTRY),
    "deux niveaux": (_with(confidentiality=(docs.NORMAL, ("R", docs.NORMAL[1], "Restreint"))), REGISTRY),
    "visibilité seule": (_with(confidentiality=(MASKED,)), REGISTRY),
    "visibilité inconnue": (_with(confidentiality=(docs.NORMAL, ("AUTRE", docs.HIDING, ""))), REGISTRY),
    "masqué et invisible": (_with(confidentiality=(docs.NORMAL, MASKED, HIDDEN)), REGISTRY),
    "sans type MIME": (_spoil('mimeType="text/xml"', ""), REGISTRY),
    "sans titre": (_with(title=""), REGISTRY),
    "uniqueId sans forme": (_with(unique_id="pas-un-oid"), REGISTRY),
    "statut supprimé": (_spoil(' mimeType="', f' status="{docs.DELETED}" mimeType="'), REGISTRY),
    "empreinte en base64": (_with(given_hash="2jmj7l5rSw0yVb/vlWAYkK/YBwk="), CONTENT),
    "empreinte d'un autre": (_with(given_hash="0" * 40), CONTENT),
    "taille d'un autre": (_with(given_size="12"), CONTENT),
    "taille en octets": (_with(given_size="12 octets"), CONTENT),
    "document vide": (_with(content=b""), CONTENT),
    "XML mal formé": (_with(content=b"<ClinicalDocument>"), CONTENT),
    "document avec DTD": (_with(content=b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'), CONTENT),
    "autre patient dans le CDA": (_with(cda_ins="248029999900100"), "XDSPatientIdDoesNotMatch"),
    "autre identifiant dans le CDA": (_with(cda_id="1.2.3.4"), CONTENT),
    "remplace l'inconnu": (
        _with(replaced_uuid="urn:uuid:00000000-0000-4000-8000-000000000000"),
        "UnresolvedReferenceException",
    ),
    "remplace un symbole": (_with(replaced_uuid="Document99"), "UnresolvedReferenceException"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_deposit_is_refused_and_leaves_no_trace(dui: Dui, bench: Bench, case: str) -> None:
    spoil, code = REFUSED[case]
    document = dui.document()
    assert dui.provide(document.with_(**spoil(document))).outcome == f"Failure {code}"
    told = bench.last()["context"]
    assert (told["refusal"], told["response_status"]) == (code, "Failure")
    assert "stored" not in told
    assert bench("GET", "dmp/bilan")["lots"] == 0
    assert dui.provide(dui.document()).outcome == "Success"  # nothing is stuck


def test_one_wrong_document_refuses_the_whole_lot(dui: Dui, bench: Bench) -> None:
    wrong = dui.document(symbol="Document02", given_size="1")
    assert dui.provide(dui.document(), wrong).outcome == f"Failure {CONTENT}"
    assert bench("GET", "dmp/bilan")["documents"] == 0


def test_visibilities_may_go_together_when_the_parameter_says_so(dui: Dui, bench: Bench) -> None:
    bench.set(cumul_invisible_patient_masque_ps=True)
    hidden = (docs.NORMAL, MASKED, HIDDEN, NOT_FOR_PARENTS)
    assert dui.provide(dui.document(confidentiality=hidden)).outcome == "Success"


def test_a_document_without_its_octets(dui: Dui) -> None:
    submit = docs.deposit([dui.document()])
    assert dui.mtom(submit, {}).outcome == "Failure XDSMissingDocument"


def test_octets_without_their_document(dui: Dui) -> None:
    document = dui.document()
    attached = {document.symbol: document.octets, "Document99": b"autre"}
    assert dui.mtom(docs.deposit([document]), attached).outcome == "Failure XDSMissingDocumentMetadata"


@pytest.mark.parametrize("objects", ["deux", "aucun"])
def test_a_deposit_has_one_lot(dui: Dui, objects: str) -> None:
    document = dui.document()
    lots = [docs.lot(dui.patient_id), docs.lot(dui.patient_id, symbol="Lot02")] if objects == "deux" else []
    member = docs.association(docs.HAS_MEMBER, "Lot01", document.symbol, SubmissionSetStatus="Original")
    submit = docs.submission(docs.entry(document), *lots, member)
    codes = REGISTRY if objects == "deux" else f"UnresolvedReferenceException XDSPatientIdDoesNotMatch {REGISTRY}"
    assert dui.mtom(submit, {document.symbol: document.octets}).outcome == f"Failure {codes}"


def test_an_entry_is_a_member_of_its_lot(dui: Dui) -> None:
    document = dui.document()
    submit = docs.submission(docs.entry(document), docs.lot(dui.patient_id))
    assert dui.mtom(submit, {document.symbol: document.octets}).outcome == f"Failure {REGISTRY}"


@pytest.mark.parametrize("field", ["submitted", "unique_id"])
def test_the_lot_has_its_metadata(dui: Dui, field: str) -> None:
    wrong = {"submitted": "15/01/2026", "unique_id": "pas-un-oid"}[field]
    assert dui.provide(dui.document(), **{field: wrong}).outcome == f"Failure {REGISTRY}"


def test_the_patient_of_the_lot_is_that_of_its_documents(dui: Dui, bench: Bench) -> None:
    document, other = dui.document(), bench.person()
    submit = docs.deposit([document])
    assert dui.ins in submit
    submit = submit.replace(dui.ins, other["ins"]["matricule"], 1)
    assert dui.mtom(submit, {document.symbol: document.octets}).outcome == "Failure BancPatientDuVihf"
    assert bench.last()["context"]["refusal"] == "vihf-patient"


def test_a_patient_nobody_knows(dui: Dui, bench: Bench) -> None:
    nobody = {**dui.person, "ins": {"matricule": "248029999900100", "oid": docs.TEST_OID}}
    dui.person = nobody
    assert dui.provide(dui.document()).outcome == "Failure XDSUnknownPatientId"
    assert bench.last()["context"]["patient"]["known"] is False


def test_an_identifier_without_type_is_noted(dui: Dui, bench: Bench) -> None:
    document = dui.document(spoil=(("&amp;ISO^NH", "&amp;ISO"),))
    assert dui.provide(document).outcome == "Success"
    assert "cx-sans-nh" in bench.notes()
