"""Real patients never enter the bench: what looks like one is refused, and nothing of it is kept (design §7).

Looked for: an INS matricule with a right key that the world did not make, in an exchange that names the OID of real
INS (1.2.250.1.213.1.4.8 for NIR, .9 for NIA; sheet SEC §5.4), or as an MSSanté address of a real patient. A message to
a teleservice of the Assurance Maladie may bear the NIR of a card, without key nor OID: there the number is enough.
"""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import pybase64

from mocks import base64_text
from mocks.world.places import NOWHERE
from profiles.keys import nir_key

CODE = "patient-reel"
MESSAGE = (
    "Cet échange porte un INS qui n'est pas de ce banc : il peut être celui d'une vraie personne. Rien n'en a été "
    "conservé. Essayez avec les personnes fictives du banc (GET /_banc/tenants/<locataire>/personnes)."
)
STATUS = 451  # Unavailable For Legal Reasons (RFC 7725)
DEPTH = 3  # encodings one inside the other
_REGISTER = b"213.1.4."  # in the OID of any INS
_MAIL = b"@patient.mssante"
_TELESERVICE = b"siram:bam"  # in the context of any message to one
_REAL_OID = re.compile(r"(?<![\d.])1\.2\.250\.1\.213\.1\.4\.[89](?![\d.]*\d)")
# The key follows at once, or in the next element: INSi writes them apart.
_MATRICULE = re.compile(
    r"(?<![0-9A-Za-z])([1-478]\d{4}(?:\d{2}|2[AB])\d{6})([^0-9]{0,80}?)(\d{2})(?!\d)", re.IGNORECASE
)
_ADDRESS = re.compile(r"([1-478]\d{4}(?:\d{2}|2[AB])\d{8})@patient\.mssante\.fr", re.IGNORECASE)
_CARD = re.compile(
    r"<(?:[\w.-]+:)?Num(?:Identifiant)?\b[^>]*>\s*([1-478]\d{4}(?:\d{2}|2[AB])\d{6})\s*</", re.IGNORECASE
)
_TEST_OID = re.compile(r"(?<![\d.])1\.2\.250\.1\.213\.1\.4\.1[01](?![\d.]*\d)")  # of test, of demonstration
_ESCAPED = re.compile(rb"\\u00([0-9a-fA-F]{2})")
_ESCAPED_SIGNS = (b"\\u002", b"\\u003", b"\\u004")  # a dot, a digit or an arobase hidden by JSON
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_ONLY_LETTERS = bytes(byte if byte in _LETTERS else 0x20 for byte in range(256))
_PLAIN = bytes.maketrans(b"-_", b"+/")
_SHORTEST_RUN = 24  # the OID alone takes 26
_SHORTEST_LINE = 60  # of base64 in lines, all as long but the last
_LONGEST_TOKEN = 4096  # bytes of what may come back call after call
_AROUND = 40  # bytes around the middle of an OID that hold it whole
_NEVER_IN_TEXT = (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05", b"\x06")


class RealPersonError(Exception):
    """What was found inside an exchange may be somebody real: nothing of it may be kept."""


def seen_in(body: bytes, heads: Sequence[bytes] = ()) -> bool:
    """Tell whether an exchange names somebody who may be real. heads: target and values of headers."""
    # First the cheap question, which nearly every exchange answers no; headers come back call after call.
    pieces = list(_pieces(body))
    named = any(_names_a_register(piece, depth) for piece, depth in pieces)
    if not named and not any(_part_names_a_register(head, DEPTH, False) for head in heads):
        return False
    parts = (*pieces, *((head, DEPTH) for head in heads))
    readings = [reading for part, depth in parts for reading in _readings(part, depth)]
    if any(_names_a_patient_mailbox(reading) or _names_a_card_holder(reading) for reading in readings):
        return True
    if not any(_names_a_real_register(reading) for reading in readings):
        return False
    texts = (reading.decode("utf-8", "replace") for reading in readings)
    return any(_is_foreign(found[1].upper(), found[3]) for text in texts for found in _MATRICULE.finditer(text))


def _pieces(body: bytes) -> Iterator[tuple[bytes, int]]:
    """The body, and how many encodings may be left in each piece.

    Cut where it may be a multipart that carries binary parts, for the sake of the others. Documents in base64 are taken
    out: a million letters hide neither dot nor arobase.
    """
    for part in body.split(b"\r\n--") if _is_binary(body) else [body]:
        runs = list(base64_text.long_runs(part))
        starts, ends = [0, *(run.end for run in runs)], [*(run.start for run in runs), len(part)]
        yield b" ".join(part[start:end] for start, end in zip(starts, ends, strict=True)), DEPTH
        yield from ((run.decoded, DEPTH - 1) for run in runs)


def _names_a_patient_mailbox(reading: bytes) -> bool:
    if not _names_a_mailbox(reading):
        return False
    return any(not _made_here(found[1]) for found in _ADDRESS.finditer(reading.decode("utf-8", "replace")))


def _names_a_mailbox(content: bytes) -> bool:
    return b"@" in content and _MAIL in content.lower()


def _names_a_card_holder(reading: bytes) -> bool:
    """A number that its own message does not say to be of test."""
    if _TELESERVICE not in reading:
        return False
    text = reading.decode("utf-8", "replace")
    return not _TEST_OID.search(text) and any(not _made_here(found[1]) for found in _CARD.finditer(text))


def _names_a_real_register(reading: bytes) -> bool:
    # An expression that begins by looking behind is slow to find: a document may have millions of characters.
    at = reading.find(_REGISTER)
    while at >= 0:
        around = reading[max(0, at - _AROUND) : at + _AROUND].decode("utf-8", "replace")
        if _REAL_OID.search(around):
            return True
        at = reading.find(_REGISTER, at + 1)
    return False


def _is_foreign(body: str, key: str) -> bool:
    """A right key makes a matricule of a number, which is ours when its commune does not exist."""
    return nir_key(body) == key and not _made_here(body)


def _made_here(matricule: str) -> bool:
    return matricule[5:10].upper() in NOWHERE


def _names_a_register(content: bytes, depth: int) -> bool:
    if _REGISTER in content or _TELESERVICE in content or _names_a_mailbox(content):
        return True
    if depth == 0:
        return False
    inner = any(_names_a_register(plain, depth - 1) for plain in _unescaped(content))
    return inner or any(_part_names_a_register(run, depth - 1, True) for run in _runs(content))


def _part_names_a_register(part: bytes, depth: int, encoded: bool) -> bool:
    """The same of a header, or of a run of base64: products show the same tokens call after call."""
    if len(part) > _LONGEST_TOKEN:
        return _names_a_register(_decoded(part) if encoded else part, depth)
    return _token_names_a_register(part, depth, encoded)


@lru_cache(maxsize=4096)
def _token_names_a_register(part: bytes, depth: int, encoded: bool) -> bool:
    return _names_a_register(_decoded(part) if encoded else part, depth)


def _readings(content: bytes, depth: int) -> Iterator[bytes]:
    """The content, and what it reads once each of the encodings met on the way is undone."""
    yield content
    if depth:
        for inner in (*_unescaped(content), *map(_decoded, _runs(content))):
            yield from _readings(inner, depth - 1)


def _unescaped(content: bytes) -> Iterator[bytes]:
    """The content without the escapes of its syntax, one reading for each syntax that it may be in."""
    if b"\x00" in content:
        yield content.replace(b"\x00", b"")  # UTF-16 or UTF-32, whose order does not matter to ASCII
    if _is_binary(content):
        return
    if b"%" in content:
        yield unquote_to_bytes(content)
    if b"&" in content and b"&#" in content:  # one sign is found at once, several are not
        yield html.unescape(content.decode("utf-8", "replace")).encode()
    if b"\\" in content and any(sign in content for sign in _ESCAPED_SIGNS):
        yield _ESCAPED.sub(lambda found: bytes((int(found[1], 16),)), content)


def _is_binary(content: bytes) -> bool:
    """Whether nobody wrote this as text: an image or a PDF, whose signs are no escapes."""
    return len(content) > _LONGEST_TOKEN and all(sign in content for sign in _NEVER_IN_TEXT)


def _runs(content: bytes) -> list[bytes]:
    """What may be base64: by splitting, a tenth of the time of a regular expression. Its lines are put together."""
    if _is_binary(content):
        return []
    runs: list[bytes] = []
    lines: list[bytes] = []
    for word in content.translate(_ONLY_LETTERS).split():
        if len(word) < _SHORTEST_RUN and not lines:
            continue
        if lines and len(word) > len(lines[0]):
            runs.append(b"".join(lines))
            lines.clear()
        lines.append(word)
        if len(word) < _SHORTEST_LINE or len(word) != len(lines[0]) or len(word) % 4:
            runs.append(b"".join(lines))
            lines.clear()
    return [*runs, b"".join(lines)] if lines else runs


def _decoded(run: bytes) -> bytes:
    """What a run of base64 says; empty when it is none."""
    bare = run.translate(_PLAIN) if b"-" in run or b"_" in run else run
    try:
        return pybase64.b64decode(bare[: len(bare) - (len(bare) % 4 == 1)] + b"=" * (-len(bare) % 4 % 3), validate=True)
    except (binascii.Error, ValueError):
        return b""
