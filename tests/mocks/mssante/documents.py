"""A mail that carries a CDA in an IHE_XDM archive, and its PDF, as a correct product makes it."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from tests.mocks.dmp.documents import PDF, Document, deposit
from tests.mocks.mssante.conftest import LEA, MDPH

FILES = ("INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/DOC0001.XML")


def sheet(person: dict[str, Any], **changes: Any) -> Document:
    """A fiche de liaison about this person."""
    uri = '<rim:Slot name="URI"><rim:ValueList><rim:Value>DOC0001.XML</rim:Value></rim:ValueList></rim:Slot>'
    spoil = (('<rim:Slot name="hash">', f'{uri}<rim:Slot name="hash">'),)
    return Document(person, "1990000010", title="Fiche de liaison", **{"spoil": spoil, **changes})


def archive(document: Document, **others: bytes) -> bytes:
    """IHE_XDM.zip of a document. others: more files by name."""
    made = io.BytesIO()
    held = (b"<html/>", b"Fichiers du banc", deposit([document]).encode(), document.octets)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in (*zip(FILES, held, strict=True), *others.items()):
            written.writestr(name, content)
    return made.getvalue()


def letter(document: Document, zipped: bytes | None = None, *, to: str = MDPH, **fields: str) -> bytes:
    """The mail. zipped: the archive, that of the document by default. fields: header fields that replace the usual."""
    person = document.person
    made = EmailMessage(policy=SMTP)
    usual = {
        "From": f"Léa Essai <{LEA}>",
        "To": f"<{to}>",
        "Subject": f"XDM/1.0/DDM+Fiche de liaison {person['nom']} {person['prenoms'][0]} 07/03/2011",
        "Message-ID": "<fiche-1@ems.test>",
        "X-MSS-NIL": "TEST000001",
        "X-MSS-CODECDA": "80788-3",
        "X-MSS-INS": "O",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    for name, value in usual.items():
        made[name] = value
    made.set_content("Bonjour,\n\nci-joint la fiche de liaison.\n")
    content = archive(document) if zipped is None else zipped
    made.add_attachment(content, maintype="application", subtype="zip", filename="IHE_XDM.zip")
    name = f"20260110_Fiche de liaison_{person['nom']}_{person['prenoms'][0]}.pdf"
    made.add_attachment(PDF, maintype="application", subtype="pdf", filename=name)
    return made.as_bytes()
