"""Registering what came by FHIR: the way of ITI-41, with what a DocumentReference need not say added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from mocks.dmp import cda, deposit_rules, hl7, submissions
from mocks.dmp.deposit import Deposit
from mocks.dmp.model_documents import Entry
from mocks.dmp.names import PS_OID, STRUCTURE_OID
from mocks.dmp.pdsm import guard, reading
from mocks.dmp.pdsm.names import KNOWN, Resource, bare, unique_id
from mocks.dmp.refusals import RefusedError, XdsError
from mocks.dmp.transaction import Transaction
from mocks.dmp.views_documents import FROM_A_STRUCTURE
from mocks.soap.envelope import parse
from mocks.soap.faults import SoapFaultError

Facts = dict[str, Any]


def patient_of(tx: Transaction, resource: Resource, others: Mapping[str, Resource]) -> str:
    """The CX of the patient of a resource. Raises RefusedError: nobody, or not whom the VIHF names."""
    matricule, oid, address = reading.patient(resource, others)
    ins = tx.said["ins"] or {}
    if not matricule and tx.person is not None and address.rpartition("/")[2] == tx.person.id:
        matricule, oid = ins.get("value") or "", ins.get("oid") or ""
    if not matricule:
        raise RefusedError(XdsError("XDSUnknownPatientId", f"Le patient n'est pas dit par son INS : « {address} »."))
    guard.same_subject(tx, matricule, oid)
    return hl7.written_cx(matricule, oid)


def completed(tx: Transaction, facts: Facts) -> Facts:
    """A document whose author or structure is not in the resource: those of the VIHF (PDSm, custodian)."""
    structure = f"^^^^^&{STRUCTURE_OID}&ISO^IDNST^^^{tx.who.structure}"
    name = " ".join(tx.said["subject_id"][:1])
    who = f"{tx.who.professional}^{name}^^^^^^^&{PS_OID}&ISO^D^^^IDNPS"
    authors = facts["authors"] or [{"person": who, "institutions": [structure]}]
    slots = {"legalAuthenticator": [authors[0]["person"]], **facts["slots"]}
    return {**facts, "authors": authors, "slots": slots}


def derived(tx: Transaction, facts: Facts, content: bytes) -> Facts:
    """A document published with few metadata: the rest is in its CDA, in the VIHF, or usual (IHE MHD, ITI-105)."""
    said = _header(content)
    codes = {name for name, _ in facts["codes"]}
    usual = _usual_codes(tx, facts, said)
    added = [(name, code) for name, code in usual.items() if name not in codes and code and code.get("code")]
    if added:
        tx.call.note("metadonnee-deduite", f"non dit par la fiche : {', '.join(name for name, _ in added)}")
    event = said.get("service_event", {})
    times = {
        "creationTime": hl7.utc_time(said.get("effective_time") or ""),
        "serviceStartTime": hl7.utc_time(event.get("low") or ""),
    }
    slots = {name: [value] for name, value in times.items() if value}
    date = facts["slots"].get("creationTime", [])
    kept = {"languageCode": ["fr-FR"], "serviceStartTime": date, **slots, **facts["slots"]}
    return completed(tx, {**facts, "slots": kept, "codes": [*facts["codes"], *added]})


def lot_around(tx: Transaction, facts: Facts, oid: str) -> Facts:
    """The lot of a document published alone. oid: of the lot, and of its source."""
    return {
        "symbol": "Lot",
        "submitted": hl7.now_time(tx.call.now),
        "title": facts["title"],
        "comments": None,
        "authors": facts["authors"],
        "content_type": KNOWN["contenu"],
        "patient_id": facts["patient_id"],
        "source_id": oid,
        "unique_id": oid,
        "members": [facts["symbol"]],
    }


def replaced(tx: Transaction, resource: Resource) -> list[Entry]:
    """The last versions of the documents that a DocumentReference replaces. Raises RefusedError for an unknown one."""
    found = []
    for link in resource.get("relatesTo", []):
        if link.get("code") != "replaces":
            raise RefusedError(
                XdsError("XDSRegistryMetadataError", f"relatesTo « {link.get('code')} » n'est pas offert.")
            )
        target = link.get("target", {})
        entry = find(tx, target)
        if entry is None:
            raise RefusedError(XdsError("UnresolvedReferenceException", f"Fiche remplacée inconnue : {target}."))
        found.append(entry)
    return found


def find(tx: Transaction, named: Mapping[str, Any]) -> Entry | None:
    """The last version of the document that a Reference names: by address, by identifier, or by both at once."""
    reference = str(named.get("reference", ""))
    identifier = named.get("identifier")
    if "?identifier=" in reference:
        system, _, value = unquote(reference).partition("?identifier=")[2].rpartition("|")
        identifier = {"system": system, "value": value}
    if identifier is not None:
        value = str(identifier.get("value", ""))
        by, wanted = ("uuid", value) if value.startswith("urn:uuid:") else ("unique_id", unique_id(identifier) or "")
    else:
        by, wanted = "lid", f"urn:uuid:{reference.rpartition('/')[2]}"
    return next((one for one in tx.registry.entries(by, wanted) if one.latest), None)


def register(tx: Transaction, documents: Sequence[Facts], lots: Sequence[Facts], links: Any, contents: Any) -> Facts:
    """Register a lot; gives `context.stored`. links: replacements; contents: by symbol. Raises RefusedError."""
    asked = submissions.written(documents, lots, links, contents)
    _tell(tx, asked)
    assert tx.person is not None  # `require` has seen to it
    stored = submissions.register(tx.registry, asked, tx.person.id, FROM_A_STRUCTURE, tx.setting)
    tx.call.context["stored"] = stored
    return stored


def _tell(tx: Transaction, asked: Deposit) -> None:
    tx.call.context["fhir"] = {
        "lots": [lot["unique_id"] for lot in asked.lots],
        "documents": [
            {
                "unique_id": one.entry["unique_id"],
                "sha1": one.attached.sha1 if one.attached else None,
                "size": len(one.attached.content) if one.attached else None,
                "mime": one.kind,
            }
            for one in asked.documents
        ],
    }
    for code, text in deposit_rules.notes(asked):
        if code.startswith(("cda-", "code-")):
            tx.call.note(code, text)


def _header(content: bytes) -> Facts:
    try:
        root = parse(content, cda.MAX_DEPTH)
    except SoapFaultError:
        return {}
    return cda.header(root) if cda.is_cda(root) else {}


def _usual_codes(tx: Transaction, facts: Facts, said: Facts) -> Facts:
    sector, _, oid = (tx.said["sector"] or "").partition("^")
    kind = next((code for name, code in facts["codes"] if name == "type"), said.get("code") or {})
    class_ = KNOWN["classes"].get(kind.get("code"), KNOWN["classe_sinon"])
    body, facility = said.get("body", {}), said.get("facility") or {}
    pdf = body.get("kind") == "n1" and body.get("media_type") == "application/pdf"
    return {
        "type": said.get("code"),
        "class": {"code": class_, "system": KNOWN["classe_systeme"], "label": class_},
        "confidentiality": KNOWN["normal"],
        "format": KNOWN["format_cda_pdf" if pdf else "format"],
        "facility": facility if facility.get("code") else {"code": sector, "system": oid, "label": None},
        "practice": KNOWN["cadre"],
    }


def address(entry: Entry) -> str:
    """The relative address of a document."""
    return f"DocumentReference/{bare(entry.lid)}"
