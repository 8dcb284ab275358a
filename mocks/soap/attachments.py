"""A message with its attachments: MTOM, SOAP with attachments, or plain SOAP with base64 inside (XOP 1.0 §3)."""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from mocks import base64_text
from mocks.soap import multipart
from mocks.soap.faults import SoapFaultError
from mocks.soap.multipart import Part
from mocks.soap.names import INCLUDE

Transport = Literal["mtom", "multipart", "simple"]


@dataclass(frozen=True)
class Message:
    """What came by HTTP. envelope: bytes of the SOAP message; parts: all of them, the envelope's too."""

    transport: Transport
    envelope: bytes
    parts: Sequence[Part] = ()
    action: str | None = None  # of the media type

    def content(self, element: Any) -> tuple[bytes, bool]:
        """The bytes that an element carries, and whether they stood in the message itself.

        Raises SoapFaultError `banc_piece` (included, but not there), `banc_corps` (no base64).
        """
        include = element.find(INCLUDE)
        if include is not None:
            return self._part(include.get("href", "")), False
        try:
            return base64_text.decode((element.text or "").encode()), True
        except binascii.Error:
            raise SoapFaultError("banc_corps", "Un contenu n'est pas du base64.") from None

    def _part(self, href: str) -> bytes:
        wanted = unquote(href.removeprefix("cid:"))
        found = [part for part in self.parts if part.content_id == wanted] if href.startswith("cid:") else []
        if not found or not wanted:
            raise SoapFaultError("banc_piece", f"Cherchée : « {href[:200]} ».")
        return found[0].content


def received(body: bytes, media_type: str, parameters: Mapping[str, str]) -> Message:
    """The message of an HTTP body. Raises SoapFaultError `banc_type`, `banc_mime`."""
    if media_type == "application/soap+xml":
        return Message("simple", body, action=parameters.get("action"))
    if media_type != "multipart/related":
        raise SoapFaultError("banc_type", f"Vu : {media_type or 'aucun type'}.")
    read = multipart.read(body, parameters)
    kind = read.root.content_type.partition(";")[0].strip().lower()
    if kind not in ("application/xop+xml", "application/soap+xml"):
        raise SoapFaultError("banc_type", f"Vu dans la partie racine : {kind or 'aucun type'}.")
    transport: Transport = "mtom" if kind == "application/xop+xml" else "multipart"
    return Message(transport, read.root.content, read.parts, parameters.get("action"))
