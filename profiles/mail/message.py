"""A mail: its header and its parts (RFC 5322, 2045, 2047, 2231), within limits. Nothing is judged here."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from itertools import islice

MAX_MESSAGE = 40_000_000
MAX_PARTS = 500
MAX_DEPTH = 20
MAX_HEADER = 256_000  # bytes of the header
MAX_FIELD = 64_000  # characters of a field that are decoded
MAX_PARAMETERS = 8_192  # bytes of a Content-Type or Content-Disposition: reading them takes the square of the time
MAX_SEPARATORS = 20_000  # lines that may separate parts
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[BbQq]\?[^?]*\?=")
_PARAMETERS = re.compile(
    rb"^content-(?:type|disposition)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE
)
_FOLDING = re.compile(r"[\r\n]+(?=[ \t])")


class UnreadableMessageError(ValueError):
    """A message that is too large, too deep or no message at all; the text is a French sentence."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address with its display name, both decoded."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part that holds something (not a multipart). content: out of its transfer encoding. within: type of its parent.

    extended: whether its file name is written as RFC 2231 wants; filename: decoded, empty for none.
    """

    type: str
    charset: str
    disposition: str
    filename: str
    extended: bool
    encoding: str
    within: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


class Mail:
    """A message as received."""

    def __init__(self, parsed: Message, raw_header: bytes) -> None:
        self._parsed = parsed
        self.ascii_header = raw_header.isascii()
        self.type = parsed.get_content_type()

    def values(self, name: str) -> list[str]:
        """The values of a field as they stand, unfolded, in order."""
        return [_unfolded(value) for key, value in self._parsed.raw_items() if key.lower() == name.lower()]

    def value(self, name: str) -> str | None:
        """The first value of a field as it stands, or None."""
        return next(iter(self.values(name)), None)

    def text(self, name: str) -> str | None:
        """The first value of a field, its encoded words decoded, or None."""
        value = self.value(name)
        return None if value is None else decoded(value)

    def addresses(self, name: str) -> list[Address]:
        """The addresses of a field."""
        try:
            found = getaddresses([value[:MAX_FIELD] for value in self.values(name)])
        except RecursionError:  # comments one inside the other
            return []
        return [Address(decoded(shown), address) for shown, address in found if address]

    @property
    def parts(self) -> list[Part]:
        """Its parts in order, those of attached messages left out. Raises UnreadableMessageError."""
        found = list(islice(_parts(self._parsed, "", 0), MAX_PARTS + 1))
        if len(found) > MAX_PARTS:
            raise UnreadableMessageError(f"le message a plus de {MAX_PARTS} parties")
        return found

    def attached(self, type_: str) -> Iterator[Message]:
        """The parts of a type of message (`message/…`), as parsed; not those inside attached messages."""
        return (part for part in _walk(self._parsed, 0) if part.get_content_type() == type_)


def read(content: bytes) -> Mail:
    """The message of these bytes. Raises UnreadableMessageError."""
    if len(content) > MAX_MESSAGE:
        raise UnreadableMessageError(f"le message dépasse {MAX_MESSAGE // 1_000_000} Mo")
    header = re.split(rb"\r?\n\r?\n", content[: MAX_HEADER + 4], maxsplit=1)[0]
    if len(header) > MAX_HEADER:
        raise UnreadableMessageError(f"l'en-tête dépasse {MAX_HEADER // 1000} ko")
    if content.count(b"\n--") > MAX_SEPARATORS:
        raise UnreadableMessageError(f"le message a plus de {MAX_PARTS} parties")
    if any(found.end() - found.start() > MAX_PARAMETERS for found in _PARAMETERS.finditer(content)):
        raise UnreadableMessageError(f"les paramètres d'un champ Content-… dépassent {MAX_PARAMETERS // 1024} ko")
    try:
        return Mail(email.message_from_bytes(content, policy=email.policy.compat32), header)
    except (RecursionError, MessageError, ValueError, LookupError, AttributeError) as error:
        raise UnreadableMessageError(f"le message n'est pas lisible : {type(error).__name__}") from error


def decoded(value: str) -> str:
    """A value with its encoded words decoded; as it stands where they cannot be."""
    if not _ENCODED_WORD.search(value[:MAX_FIELD]):
        return value
    try:
        pieces = decode_header(value[:MAX_FIELD])
        return "".join(
            text if isinstance(text, str) else text.decode(charset or "ascii", "replace") for text, charset in pieces
        )
    except (HeaderParseError, LookupError, ValueError):
        return value


def has_encoded_words(value: str) -> bool:
    """Whether a value has encoded words (RFC 2047)."""
    return bool(_ENCODED_WORD.search(value[:MAX_FIELD]))


def _parts(parsed: Message, within: str, depth: int) -> Iterator[Part]:
    if depth > MAX_DEPTH:
        raise UnreadableMessageError(f"le message a plus de {MAX_DEPTH} niveaux")
    kind = parsed.get_content_type()
    payload = parsed.get_payload()
    if kind.startswith("message/") or not isinstance(payload, list):
        yield _part(parsed, kind, within)
        return
    for one in payload:
        if isinstance(one, Message):
            yield from _parts(one, kind, depth + 1)


def _walk(parsed: Message, depth: int) -> Iterator[Message]:
    yield parsed
    payload = parsed.get_payload()
    if parsed.get_content_maintype() == "multipart" and isinstance(payload, list) and depth < MAX_DEPTH:
        for one in payload:
            if isinstance(one, Message):
                yield from _walk(one, depth + 1)


def _part(parsed: Message, kind: str, within: str) -> Part:
    try:
        content = parsed.get_payload(decode=True)
        charset = parsed.get_content_charset() or ""
    except (ValueError, LookupError):
        content, charset = b"", ""
    raw = str(parsed.get("Content-Disposition", ""))
    return Part(
        kind,
        charset,
        parsed.get_content_disposition() or "",
        _filename(parsed),
        "filename*" in raw.lower(),
        str(parsed.get("Content-Transfer-Encoding", "")).strip().lower(),
        within,
        content if isinstance(content, bytes) else b"",
    )


def _filename(parsed: Message) -> str:
    try:
        return decoded(parsed.get_filename() or "")
    except (ValueError, LookupError):
        return ""


def _unfolded(value: object) -> str:
    text = _FOLDING.sub("", str(value)).strip()
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
