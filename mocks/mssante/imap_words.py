"""What is said in IMAP: names of operations, answers as the journal keeps them, refusals."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from typing import Any

from mocks.journal import fingerprint
from mocks.mssante.recording import Reply
from mocks.mssante.transport import tls_of as _tls_of

OK, NO, BAD = 200, 403, 400
LONGEST_LITERAL = 4096  # bytes that the journal keeps of a literal in an answer
_STATUS = {b"OK": OK, b"NO": NO, b"BAD": BAD, b"BYE": 421}
_NAMES = (
    *("capability", "logout", "noop", "id", "append", "create", "delete", "examine", "list", "lsub", "rename"),
    *("select", "status", "subscribe", "unsubscribe", "authenticate", "login", "starttls", "check", "close"),
    *("expunge", "copy", "move", "fetch", "store", "search", "idle"),
    *("uid_copy", "uid_move", "uid_expunge", "uid_fetch", "uid_search", "uid_store"),
)
_WORDS = re.compile(rb"^\S+ +(\S+)(?: +(\S+))?")
_LITERAL = re.compile(rb"\{(\d+)\}\r\n")
_LAST = re.compile(rb"(?:^|\r\n)(\S+) (OK|NO|BAD|BYE|PREAUTH)\b[^\r\n]*\r\n$")
_REFUSALS = {
    "429": (b"NO [LIMIT] Too many requests, try again later", False),
    "500": (b"NO [SERVERBUG] Local error in processing", False),
    "503": (b"BYE [UNAVAILABLE] Service not available", True),
    "personne_reelle": (b"NO [NOPERM] This may concern a real person: refused, and not kept", False),
}


def operation(line: bytes) -> str:
    """Name of the operation of a command: `fetch`, `uid_fetch`… or `inconnue`."""
    found = _WORDS.match(line)
    if not found:
        return "inconnue"
    name = found[1].decode("latin-1").lower()
    if name == "uid" and found[2]:
        name = f"uid_{found[2].decode('latin-1').lower()}"
    return name if name in _NAMES else "inconnue"


def reply(content: bytes, *, closes: bool = False) -> Reply:
    """What is answered, with what the journal keeps of it."""
    found = _LAST.search(content)
    status = _STATUS.get(found[2], OK) if found else OK
    return Reply(status, _shown(content).decode("utf-8", "replace"), closes, raw=content)


def holds_secret(name: str) -> bool:
    """Whether what follows this command may not be shown."""
    return name in ("authenticate", "login")


def refuse(tag: bytes, nature: str) -> Reply:
    """The answer to a fault of transport, or of the bench itself."""
    text, closes = _REFUSALS[nature]
    return reply(b"%b %b\r\n" % (b"*" if closes else tag or b"*", text), closes=closes)


def without_secret(lines: Sequence[bytes]) -> bytes:
    """The lines of an AUTHENTICATE with what follows the mechanism hidden; of a LOGIN, whatever follows it."""
    first, *rest = [line.rstrip(b"\r\n") for line in lines]
    words = first.split(b" ")
    plain = 2 if len(words) > 1 and words[1].upper() == b"LOGIN" else 3
    shown = [b" ".join([*words[:plain], *map(_hidden, words[plain:])]), *map(_hidden, rest)]
    return b"".join(line + b"\r\n" for line in shown)


def tls_of(writer: asyncio.StreamWriter, server: str) -> dict[str, Any] | None:
    """What TLS came to on a connection, as `context.tls`."""
    return _tls_of(writer.transport, server)


def _shown(content: bytes) -> bytes:
    """The answer without its long literals."""
    kept, at = [], 0
    for found in _LITERAL.finditer(content):
        size, start = int(found[1]), found.end()
        if found.start() < at or size <= LONGEST_LITERAL:
            continue
        literal = content[start : start + size]
        told = f"‹octets={size};sha256={hashlib.sha256(literal).hexdigest()}›".encode()
        kept += [content[at:start], told]
        at = start + size
    return b"".join([*kept, content[at:]])


def _hidden(secret: bytes) -> bytes:
    if secret in (b"", b"=", b"*"):
        return secret
    return f"‹masqué:{fingerprint(secret.decode('latin-1'))}›".encode()
