"""Base64 in messages of megabytes (RFC 4648): decoded, and found where long runs of it stand in a text."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pybase64

LONGEST_RUN = 4096  # characters that are not yet a long run
_SHORTEST_WORD = 40  # base64 is written in long lines; prose is not
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n"
_ONLY_LETTERS = bytes(byte if byte in _LETTERS else 0 for byte in range(256))


@dataclass(frozen=True, slots=True)
class Run:
    """A run of base64 in a text. start, end: where it stands, blanks around it included; decoded: what it says."""

    start: int
    end: int
    decoded: bytes


def decode(text: bytes) -> bytes:
    """What base64 says, blanks and ends of lines left out. Raises binascii.Error."""
    with suppress(binascii.Error):  # most often it is in one line
        return pybase64.b64decode(text.strip(), validate=True)
    return pybase64.b64decode(b"".join(text.split()), validate=True)


def long_runs(content: bytes) -> Iterator[Run]:
    """The long runs of base64 of a text, in their order."""
    # Most often an element or a string is all base64 or has none: letters are only looked at in what is neither.
    for start, text in _long_pieces(content, content.replace(b">", b"<").replace(b'"', b"<"), b"<"):
        decoded = _decoded(text)
        if decoded is not None:
            yield Run(start, start + len(text), decoded)
            continue
        for within, run in _long_pieces(text, text.translate(_ONLY_LETTERS), b"\x00"):
            decoded = _decoded(run)
            if decoded is not None:
                yield Run(start + within, start + within + len(run), decoded)


def _long_pieces(content: bytes, marked: bytes, mark: bytes) -> Iterator[tuple[int, bytes]]:
    """What stands between the marks of a copy, where it is long."""
    start = 0
    for piece in marked.split(mark):
        if len(piece) > LONGEST_RUN:
            yield start, content[start : start + len(piece)]
        start += len(piece) + 1


def _decoded(run: bytes) -> bytes | None:
    """What a run says, in lines or not; None when it is prose or nothing."""
    with suppress(binascii.Error):
        return pybase64.b64decode(run.strip(), validate=True) or None
    words = run.split()
    if len(run) > _SHORTEST_WORD * len(words):
        with suppress(binascii.Error):
            return pybase64.b64decode(b"".join(words), validate=True)
    return None
