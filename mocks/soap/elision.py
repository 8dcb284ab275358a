"""What the journal keeps of a large message: its XML, and of the rest size and SHA-256 (contract of the DMP §4)."""

from __future__ import annotations

import hashlib

from werkzeug.http import parse_options_header

from mocks.base64_text import LONGEST_RUN, long_runs
from mocks.soap import multipart
from mocks.soap.faults import SoapFaultError

LONGEST_TEXT = 300_000  # characters


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
    told_up_to = 0
    for run in long_runs(content):
        kept += [content[told_up_to : run.start], _told("base64:octets", run.decoded)]
        told_up_to = run.end
    return b"".join([*kept, content[told_up_to:]])


def _told(what: str, content: bytes) -> bytes:
    return f"‹{what}={len(content)};sha256={hashlib.sha256(content).hexdigest()}›".encode()
