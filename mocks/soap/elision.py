"""What the journal keeps of a large message: its XML, and of the rest size and SHA-256 (contract of the DMP §4)."""

from __future__ import annotations

import base64
import binascii
import hashlib

from werkzeug.http import parse_options_header

from mocks.soap import multipart
from mocks.soap.faults import SoapFaultError

LONGEST_RUN = 4096  # characters of base64 that are kept as they are
LONGEST_TEXT = 300_000  # characters
_SHORTEST_WORD = 40  # base64 is written in long lines; prose is not
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"
_ONLY_LETTERS = bytes(byte if byte in _LETTERS else 0 for byte in range(256))


def elided(body: bytes, content_type: str) -> bytes:
    """The body (as received, of that Content-Type) as the journal keeps it.

    UTF-8, unless it is no multipart, small and not.
    """
    kind, parameters = parse_options_header(content_type)
    if kind.lower() != "multipart/related":
        return _text(body)
    boundary = parameters.get("boundary", "")
    try:
        parts = multipart.split(body, boundary)
    except SoapFaultError:
        return _text(body)  # nobody could tell its parts
    mark = b"--" + boundary.encode("latin-1", "replace")
    return b"".join(mark + b"\r\n" + _part(part) + b"\r\n" for part in parts) + mark + b"--\r\n"


def _part(raw: bytes) -> bytes:
    try:
        head, content = multipart.divided(raw)
    except SoapFaultError:
        return _text(raw)
    return head + b"\r\n\r\n" + _text(content, even_small=True)


def _text(content: bytes, *, even_small: bool = False) -> bytes:
    """A text without its long runs of base64, cut; the size and digest of what is no text.

    even_small: of what is small and no text too.
    """
    shortened = _without_base64(content) if len(content) > LONGEST_RUN else content
    try:
        text = shortened.decode()
    except UnicodeDecodeError:
        return content if len(content) <= LONGEST_RUN and not even_small else _told("octets", content)
    if len(text) <= LONGEST_TEXT:
        return shortened
    return f"{text[:LONGEST_TEXT]}‹tronqué:octets={len(content)}›".encode()


def _without_base64(content: bytes) -> bytes:
    kept: list[bytes] = []
    told_up_to = start = 0
    for run in content.translate(_ONLY_LETTERS).split(b"\x00"):
        end = start + len(run)
        words = run.split() if len(run) > LONGEST_RUN else []
        decoded = _decoded(words) if len(run) > _SHORTEST_WORD * len(words) > 0 else None
        if decoded is not None:
            kept += [content[told_up_to:start], _told("base64:octets", decoded)]
            told_up_to = end
        start = end + 1
    return b"".join([*kept, content[told_up_to:]])


def _decoded(words: list[bytes]) -> bytes | None:
    try:
        return base64.b64decode(b"".join(words), validate=True)
    except binascii.Error:
        return None


def _told(what: str, content: bytes) -> bytes:
    return f"‹{what}={len(content)};sha256={hashlib.sha256(content).hexdigest()}›".encode()
