"""A deposit as it came: the lot, the entries and their documents, read and hashed before anything is decided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mocks.dmp import cda, cda_rules, ebrim, metadata_rules, signatures
from mocks.dmp.ebrim import Submission
from mocks.dmp.names import LCM, XDS_B
from mocks.soap.attachments import Message
from mocks.soap.envelope import parse
from mocks.soap.faults import SoapFaultError

Facts = dict[str, Any]
_XML = ("text/xml", "application/xml", "application/xslt+xml")


@dataclass(frozen=True)
class Attached:
    """The octets of a document. inline: they stood in the message in base64."""

    content: bytes
    inline: bool
    sha1: str


@dataclass(frozen=True)
class Deposited:
    """One entry with its document. unreadable: why what should be XML is not (fault code), empty when it is."""

    element: Any
    entry: Facts
    attached: Attached | None
    kind: str
    cda: Facts | None = None
    differences: list[Facts] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    unreadable: str = ""

    @property
    def is_signature(self) -> bool:
        """Whether this is the signature of the lot."""
        return metadata_rules.is_signature(self.entry)

    def as_json(self) -> Facts:
        """As the journal keeps it."""
        found: Facts = {
            "id": self.entry["entry_uuid"],
            "given": {"hash": self.entry["hash"], "size": self.entry["size"]},
            "mime": self.kind,
            "entry": self.entry,
            "differences": self.differences,
            "structure": self.lacks,
        }
        if self.attached is not None:
            found |= {"sha1": self.attached.sha1, "size": len(self.attached.content), "inline": self.attached.inline}
        return found if self.cda is None else {**found, "cda": self.cda}


@dataclass(frozen=True)
class Deposit:
    """The whole of a ProvideAndRegisterDocumentSet. orphans: ids of documents without entry."""

    submission: Submission
    lots: list[Facts]
    documents: list[Deposited]
    associations: list[Facts]
    orphans: list[str]
    signature: Facts


def sha1(content: bytes) -> str:
    """The digest of a document, as XDS writes it: in hexadecimal."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def read(request: Any, message: Message) -> Deposit:
    """The deposit of a message. Raises SoapFaultError `banc_corps`, `banc_piece`."""
    submit = request.find(f"{{{LCM}}}SubmitObjectsRequest")
    if submit is None:
        raise SoapFaultError("banc_corps", "SubmitObjectsRequest manque.")
    return of(submit, _attached(request, message))


def of(submit: Any, attached: Mapping[str, Attached]) -> Deposit:
    """The deposit of a SubmitObjectsRequest. attached: its documents, by id of their entries."""
    submission = ebrim.submission(submit)
    documents = [_deposited(element, attached) for element in submission.entries]
    known = {document.entry["entry_uuid"] for document in documents}
    return Deposit(
        submission=submission,
        lots=[ebrim.lot(element) for element in submission.lots],
        documents=documents,
        associations=[ebrim.association(element) for element in submission.associations],
        orphans=[name for name in attached if name not in known],
        signature=_signature(documents),
    )


def _attached(request: Any, message: Message) -> dict[str, Attached]:
    found: dict[str, Attached] = {}
    for document in request.iterfind(f"{{{XDS_B}}}Document"):
        name = document.get("id", "")
        if name in found:
            raise SoapFaultError("banc_corps", f"Deux documents ont l'identifiant « {name[:100]} ».")
        content, inline = message.content(document)
        found[name] = Attached(content, inline, sha1(content))
    return found


def _deposited(element: Any, attached: Mapping[str, Attached]) -> Deposited:
    entry = ebrim.entry(element)
    held = attached.get(str(entry["entry_uuid"]))
    if held is None or entry["mime_type"] not in _XML:
        return Deposited(element, entry, held, "autre")
    if metadata_rules.is_signature(entry):
        return Deposited(element, entry, held, "signature")
    try:
        root = parse(held.content, cda.MAX_DEPTH)
    except SoapFaultError as error:
        return Deposited(element, entry, held, "autre", unreadable=error.code)
    if not cda.is_cda(root):
        return Deposited(element, entry, held, "xml")
    said = cda.header(root)
    kind = f"cda-{said['body']['kind']}"
    return Deposited(element, entry, held, kind, said, cda_rules.differences(said, entry), cda_rules.lacks(said))


def _signature(documents: list[Deposited]) -> Facts:
    """What the signature of a lot is worth, when there is one."""
    found = next((one for one in documents if one.is_signature and one.attached is not None), None)
    if found is None or found.attached is None:
        return {"present": False, "state": "absente"}
    contents = {_reference(one.entry["unique_id"]): one.attached.content for one in documents if one.attached}
    try:
        root = parse(found.attached.content)
    except SoapFaultError as error:
        return {"present": True, "state": "invalide", "reason": error.code}
    facts = signatures.of_document(root, lambda uri: contents[_reference(uri)])
    return {"present": True, **facts}


def _reference(unique_id: str | None) -> str:
    """A document inside a signature: its uniqueId, whatever the scheme of the URI that names it."""
    return str(unique_id).removeprefix("urn:oid:").removeprefix("ihe:")
