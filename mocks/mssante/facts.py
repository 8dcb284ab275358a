"""What a message says, for the journal: header, parts, archive and the documents in it. Nothing is judged here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from mocks import real_people
from mocks.dmp import cda, ebrim
from mocks.dmp.hl7 import cx
from mocks.dmp.names import LCM
from mocks.soap import envelope
from mocks.soap.faults import SoapFaultError
from profiles.mail import receipts, xdm
from profiles.mail.message import Address, Mail, Part, UnreadableMessageError, read

ARCHIVE = "IHE_XDM.ZIP"
MOST_TEXT = 2_000  # characters of a field that the journal repeats
MAX_DEPTH = 200  # of a CDA
FIELDS = (
    *("Message-ID", "Date", "In-Reply-To", "References", "Return-Receipt-To", "Disposition-Notification-To"),
    *("X-MSS-NIL", "X-MSS-CODECDA", "X-MSS-INS", "X-MSS-MES", "Auto-Submitted"),
)
_ADDRESSES = ("From", "Sender", "Reply-To", "To", "Cc")
Facts = dict[str, Any]


def message(content: bytes) -> Facts:
    """What a message says (contract of MSSanté §6). Raises real_people.RealPersonError."""
    try:
        said: Facts = _clean(_message(read(content)))
        return said
    except UnreadableMessageError as error:
        return {"unreadable": str(error)}


def patients(facts: Mapping[str, Any]) -> Iterator[str]:
    """The INS matricules of the persons whom the documents of a message concern, as its metadata say."""
    for archive in facts.get("xdm", ()):
        for one in archive.get("sets", ()):
            for entry in one.get("entries", ()):
                found = cx(entry.get("patient_id") or "")
                if found is not None:
                    yield found.value


def _message(mail: Mail) -> Facts:
    parts = mail.parts
    told = receipts.receipt(mail)
    subject = mail.value("Subject")
    return {
        "subject": None if subject is None else _cut(mail.text("Subject") or ""),
        "subject_raw": None if subject is None else _cut(subject),
        "ascii_header": mail.ascii_header,
        "fields": {name.lower(): [_cut(value) for value in mail.values(name)] for name in FIELDS if mail.values(name)},
        "addresses": {name.lower(): [asdict(one) for one in found] for name, found in _addresses(mail) if found},
        "type": mail.type,
        "parts": [_part(one) for one in parts],
        "xdm": [_archive(one) for one in parts if _is_archive(one)],
        **({} if told is None else {"receipt": asdict(told)}),
    }


def _addresses(mail: Mail) -> Iterator[tuple[str, Sequence[Address]]]:
    for name in _ADDRESSES:
        yield name, mail.addresses(name)


def _part(part: Part) -> Facts:
    return {
        "type": part.type,
        "within": part.within,
        "charset": part.charset or None,
        "disposition": part.disposition or None,
        "filename": _cut(part.filename) or None,
        "extended": part.extended,
        "encoding": part.encoding or None,
        "size": len(part.content),
        "sha256": part.sha256,
        "pdf": part.content.startswith(b"%PDF-"),
    }


def _is_archive(part: Part) -> bool:
    return part.filename.upper() == ARCHIVE or part.type == "application/zip"


def _archive(part: Part) -> Facts:
    told: Facts = {"filename": _cut(part.filename) or None, "size": len(part.content)}
    try:
        archive = xdm.read(part.content)
    except xdm.RefusedArchiveError as error:
        return {**told, "refused": error.code, "reason": _cut(str(error))}
    if any(real_people.seen_in(one.content) for one in archive.files):
        raise real_people.RealPersonError
    return {
        **told,
        "files": [{"name": one.name, "size": len(one.content)} for one in archive.files],
        "index": archive.has(xdm.INDEX),
        "readme": archive.has(xdm.README),
        "sets": [_set(one) for one in archive.sets],
    }


def _set(one: xdm.SubmissionSet) -> Facts:
    documents = [_document(file) for file in one.documents]
    told: Facts = {"folder": one.folder, "documents": documents}
    try:
        root = envelope.parse(one.metadata, MAX_DEPTH)
    except SoapFaultError as error:
        return {**told, "metadata": error.code}
    if root.tag != f"{{{LCM}}}SubmitObjectsRequest":
        return {**told, "metadata": "autre-racine"}
    submitted = ebrim.submission(root)
    return {
        **told,
        "metadata": "lu",
        "lots": [ebrim.lot(element) for element in submitted.lots],
        "entries": [_entry(element, one) for element in submitted.entries],
        "associations": [ebrim.association(element) for element in submitted.associations],
    }


def _entry(element: Any, one: xdm.SubmissionSet) -> Facts:
    uri = next(iter(ebrim.slots(element).get("URI", [])), None)
    found = None if uri is None else one.at(uri)
    return {**ebrim.entry(element), "uri": uri, "file": None if found is None else found.name}


def _document(file: xdm.File) -> Facts:
    told: Facts = {
        "name": file.name,
        "size": len(file.content),
        "sha1": hashlib.sha1(file.content, usedforsecurity=False).hexdigest(),
        "kind": "autre",
    }
    if file.content.startswith(b"%PDF-"):
        return {**told, "kind": "pdf"}
    try:
        root = envelope.parse(file.content, MAX_DEPTH)
    except SoapFaultError as error:
        return {**told, **({"kind": "xml-refuse", "refused": error.code} if b"<" in file.content[:200] else {})}
    return {**told, "kind": "cda", "cda": cda.header(root)} if cda.is_cda(root) else {**told, "kind": "xml"}


def _clean(value: Any) -> Any:
    """The same without what no JSON may hold: bytes of no character, as the parser of mail keeps them."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _cut(text: str) -> str:
    return text[:MOST_TEXT]
