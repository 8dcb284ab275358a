"""What is wrong with a deposit, before the state of the registry is looked at (sheet DMP §5, §7, §11). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from mocks.dmp import cda_rules, hl7, metadata_rules, submission_rules
from mocks.dmp.deposit import Deposit, Deposited
from mocks.dmp.names import HAS_MEMBER
from mocks.dmp.refusals import XdsError

Setting = Callable[[str], Any]
REGISTRY, REPOSITORY = "XDSRegistryMetadataError", "XDSRepositoryMetadataError"


def errors(deposit: Deposit, setting: Setting) -> Iterator[XdsError]:
    """Every error of a deposit."""
    yield from _lot(deposit, setting)
    yield from _attachments(deposit)
    for document in deposit.documents:
        yield from metadata_rules.of_entry(document.entry, together=setting("cumul_invisible_patient_masque_ps"))
        yield from _content(document, setting)
        yield from _header(document, setting)
    yield from _patients(deposit)
    yield from _links(deposit)


def notes(deposit: Deposit) -> Iterator[tuple[str, str]]:
    """What the journal notices without refusing."""
    if not deposit.signature["present"]:
        yield "lot-non-signe", "le lot ne porte pas de signature (document de type E1762)"
    for document in deposit.documents:
        if document.attached is not None and document.attached.inline:
            yield "sans-mtom", "un document est en base64 dans le message, sans XOP"
        if document.entry["hash"] is None or document.entry["size"] is None:
            yield "hash-absent", "une fiche ne dit pas l'empreinte ou la taille de son document"
        for code in [] if document.is_signature else metadata_rules.unknown_codes(document.entry):
            yield "code-inconnu", f"code absent des listes du banc : {code}"
        for difference in document.differences:
            what = difference["what"].replace("_", "-")
            yield f"cda-{what}", f"CDA : {difference['cda']} ; fiche : {difference['xds']}"
        for code in document.lacks:
            yield f"cda-structure-{code}", "l'en-tête du CDA s'écarte de la structuration minimale"


def _lot(deposit: Deposit, setting: Setting) -> Iterator[XdsError]:
    if len(deposit.lots) != 1:
        yield XdsError(REGISTRY, f"Un lot, et un seul, par dépôt ; vus : {len(deposit.lots)}.")
    if deposit.submission.folders:
        yield XdsError(REGISTRY, "Les classeurs ne sont pas offerts.")
    if not deposit.documents:
        yield XdsError(REGISTRY, "Le lot ne contient aucune fiche.")
    for lot in deposit.lots:
        yield from metadata_rules.of_lot(lot)
    if setting("signature_lot") == "exiger" and deposit.signature["state"] != "valide":
        yield XdsError(REPOSITORY, "Le lot doit porter une signature XAdES valide.")


def _attachments(deposit: Deposit) -> Iterator[XdsError]:
    for name in deposit.orphans:
        yield XdsError("XDSMissingDocumentMetadata", "Un document est joint sans fiche.", name)
    for document in deposit.documents:
        if document.attached is None:
            where = str(document.entry["entry_uuid"])
            yield XdsError("XDSMissingDocument", "Une fiche n'a pas de document joint.", where)


def _content(document: Deposited, setting: Setting) -> Iterator[XdsError]:
    held, entry = document.attached, document.entry
    if held is None:
        return
    where = str(entry["entry_uuid"])
    if not held.content:
        yield XdsError(REPOSITORY, "Le document est vide.", where)
    if (entry["hash"] is None or entry["size"] is None) and setting("hash_absent") == "refuser":
        yield XdsError(REPOSITORY, "hash et size sont obligatoires.", where)
    if entry["hash"] is not None and entry["hash"].lower() != held.sha1:
        yield XdsError(REPOSITORY, "hash : ce n'est pas le SHA-1 hexadécimal du document.", where)
    if entry["size"] is not None and entry["size"] != str(len(held.content)):
        yield XdsError(REPOSITORY, "size : ce n'est pas le nombre d'octets du document.", where)
    if held.inline and setting("mtom") == "exiger":
        yield XdsError("XDSRepositoryError", "Les documents se déposent en MTOM/XOP.", where)
    if document.unreadable:
        why = {"banc_dtd": "il porte une DTD", "banc_profondeur": "il est trop profond"}
        text = why.get(document.unreadable, "ce n'est pas du XML bien formé")
        yield XdsError(REPOSITORY, f"Le document n'est pas lisible : {text}.", where)


def _header(document: Deposited, setting: Setting) -> Iterator[XdsError]:
    cda, where = document.cda, str(document.entry["entry_uuid"])
    if not document.is_signature and setting("codes_inconnus") == "refuser":
        for code in metadata_rules.unknown_codes(document.entry):
            yield XdsError(REGISTRY, f"Code inconnu : {code}.", where)
    if cda is None:
        return
    if cda_rules.ins_differs(cda, document.entry):
        yield XdsError("XDSPatientIdDoesNotMatch", "Le patient du CDA n'est pas celui de la fiche.", where)
    for difference in document.differences:
        if difference["what"] == "unique_id" or setting("accord_cda") == "strict":
            yield XdsError(REPOSITORY, f"{difference['what']} : la fiche et le CDA diffèrent.", where)
    if setting("structuration_cda") == "refuser":
        for code in document.lacks:
            yield XdsError(REPOSITORY, f"En-tête du CDA : {code}.", where)


def _patients(deposit: Deposit) -> Iterator[XdsError]:
    lots = {_patient(lot["patient_id"]) for lot in deposit.lots}
    for document in deposit.documents:
        if document.entry["patient_id"] is not None and {_patient(document.entry["patient_id"])} != lots:
            where = str(document.entry["entry_uuid"])
            yield XdsError("XDSPatientIdDoesNotMatch", "Le patient de la fiche n'est pas celui du lot.", where)


def _patient(text: str | None) -> tuple[str, str] | None:
    """CX.1 and CX.4.2, all that the registry compares."""
    read = hl7.cx(text or "")
    return None if read is None else (read.value, read.oid)


def _links(deposit: Deposit) -> Iterator[XdsError]:
    entries = [document.entry for document in deposit.documents]
    twice = [name for name, count in Counter(one["unique_id"] for one in entries).items() if count > 1]
    for name in twice:
        yield XdsError("XDSDuplicateUniqueIdInRegistry", f"uniqueId deux fois dans le lot : {name}.")
    members = {one["target"]: one for one in deposit.associations if one["type"] == HAS_MEMBER}
    for entry in entries:
        name = entry["entry_uuid"]
        if members.get(name, {"slots": {}})["slots"].get("SubmissionSetStatus") != ["Original"]:
            yield XdsError(REGISTRY, "La fiche n'est pas membre du lot (HasMember, Original).", str(name))
    yield from submission_rules.errors(entries, deposit.lots, deposit.associations)
