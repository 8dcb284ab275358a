"""Messages in several parts (RFC 2046 §5.1, RFC 2387): read strictly and within bounds, written for MTOM answers."""

from __future__ import annotations

import binascii
import quopri
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser

from mocks import base64_text
from mocks.soap.faults import SoapFaultError

MAX_PARTS = 100
MAX_HEADER = 16_000  # bytes before the content of a part
_ASIS = ("", "binary", "8bit", "7bit")


@dataclass(frozen=True, slots=True)
class Part:
    """One part. content_id: without its angle brackets; encoding: transfer encoding, already undone in content."""

    content_id: str
    content_type: str
    encoding: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Multipart:
    """A message in several parts. root: the one that holds the envelope."""

    root: Part
    parts: Sequence[Part]


def read(content: bytes, parameters: Mapping[str, str]) -> Multipart:
    """The parts of a multipart/related message. parameters: of its Content-Type. Raises SoapFaultError `banc_mime`."""
    parts = [_part(raw) for raw in split(content, parameters.get("boundary", ""))]
    seen = [part.content_id for part in parts if part.content_id]
    if len(set(seen)) != len(seen):
        raise SoapFaultError("banc_mime", "Deux parties ont le même Content-ID.")
    start = parameters.get("start", "").strip().strip("<>")
    named = [part for part in parts if part.content_id == start]
    if start and not named:
        raise SoapFaultError("banc_mime", f"Aucune partie n'est la racine que le type annonce : « {start[:200]} ».")
    return Multipart(named[0] if start else parts[0], parts)


def split(content: bytes, boundary: str) -> list[bytes]:
    """The parts as they stand, headers included. Raises SoapFaultError `banc_mime`."""
    if not boundary or len(boundary) > 70:
        raise SoapFaultError("banc_mime", "Le type ne dit pas la limite des parties (boundary).")
    mark = b"--" + boundary.encode("latin-1", "replace")
    pieces = (b"\r\n" + content).split(b"\r\n" + mark)
    if len(pieces) < 3:
        raise SoapFaultError("banc_mime", "La limite annoncée n'y est pas, ou le message est tronqué.")
    if not pieces[-1].startswith(b"--"):
        raise SoapFaultError("banc_mime", "La limite finale manque : le message est tronqué.")
    if len(pieces) - 2 > MAX_PARTS:
        raise SoapFaultError("banc_mime", f"Il est permis {MAX_PARTS} parties.")
    return [_after_line(piece) for piece in pieces[1:-1]]


def _after_line(piece: bytes) -> bytes:
    """What follows the line of the boundary, which may end with blanks."""
    blank, line_end, rest = piece.partition(b"\r\n")
    if not line_end or blank.strip(b" \t"):
        raise SoapFaultError("banc_mime", "Une limite n'est pas seule sur sa ligne.")
    return rest


def _part(raw: bytes) -> Part:
    head, content = divided(raw)
    fields = BytesHeaderParser().parsebytes(head)
    encoding = str(fields.get("Content-Transfer-Encoding", "")).strip().lower()
    return Part(
        content_id=str(fields.get("Content-ID", "")).strip().strip("<>"),
        content_type=str(fields.get("Content-Type", "")).strip(),
        encoding=encoding,
        content=_decoded(content, encoding),
    )


def divided(raw: bytes) -> tuple[bytes, bytes]:
    """Headers and content of a part. Raises SoapFaultError `banc_mime`."""
    if raw.startswith(b"\r\n"):
        return b"", raw[2:]
    head, blank, content = raw.partition(b"\r\n\r\n")
    if not blank or len(head) > MAX_HEADER:
        raise SoapFaultError("banc_mime", "Une partie n'a pas de ligne vide après ses en-têtes.")
    return head, content


def _decoded(content: bytes, encoding: str) -> bytes:
    if encoding in _ASIS:
        return content
    if encoding == "quoted-printable":
        return quopri.decodestring(content)
    if encoding == "base64":
        try:
            return base64_text.decode(content)
        except binascii.Error:
            raise SoapFaultError(
                "banc_mime", "Une partie n'est pas du base64, contrairement à ce qu'elle dit."
            ) from None
    raise SoapFaultError("banc_mime", f"Codage de transfert inconnu : « {encoding[:50]} ».")


def mtom(envelope: bytes, attachments: Mapping[str, bytes]) -> tuple[str, bytes]:
    """Content-Type and body of an MTOM message (XOP §2). attachments: content by Content-ID, without brackets."""
    boundary = f"banc_{secrets.token_hex(16)}"
    kind = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    pieces = [_written("racine@banc.test", kind, envelope)]
    pieces += [_written(name, "application/octet-stream", content) for name, content in attachments.items()]
    mark = f"--{boundary}".encode()
    body = b"".join(mark + b"\r\n" + piece + b"\r\n" for piece in pieces) + mark + b"--\r\n"
    return (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<racine@banc.test>"; '
        'start-info="application/soap+xml"'
    ), body


def _written(name: str, kind: str, content: bytes) -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{name}>\r\n\r\n"
    return head.encode() + content
