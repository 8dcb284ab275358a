"""SOAP 1.2 with WS-Addressing, and MTOM (W3C; IHE ITI TF vol. 2 appendix V)."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from lxml import etree

from reference.dmp.names import SOAP, WSA, WSSE, XDS, XOP

Element = Any
ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous"
KIND = "application/soap+xml; charset=utf-8"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def envelope(action: str, to: str, body: Element, assertion: Element) -> Element:
    """A request with a MessageID of its own."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "wsa": WSA})
    header = etree.SubElement(root, f"{{{SOAP}}}Header")
    must = f"{{{SOAP}}}mustUnderstand"
    _addressing(header, "Action", action).set(must, "true")
    _addressing(header, "MessageID", f"urn:uuid:{uuid.uuid4()}")
    _addressing(header, "To", to)
    reply_to = _addressing(header, "ReplyTo")
    reply_to.set(must, "true")
    _addressing(reply_to, "Address", ANONYMOUS)
    etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"wsse": WSSE}).append(assertion)
    etree.SubElement(root, f"{{{SOAP}}}Body").append(body)
    return root


def include(document: Element, content_id: str) -> None:
    """Have a Document say in which part its octets are."""
    etree.SubElement(document, f"{{{XOP}}}Include", {"href": f"cid:{content_id}"}, nsmap={"xop": XOP})


def packed(root: bytes, parts: Mapping[str, bytes], action: str) -> tuple[bytes, str]:
    """Body and Content-Type of an MTOM message. parts: octets by Content-ID."""
    boundary, start = f"lot-{secrets.token_hex(16)}", "enveloppe@dui"
    head = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    pieces = [(start, head, root), *((name, "text/xml", content) for name, content in parts.items())]
    written = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{name}>\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, kind, content in pieces
    )
    kind = (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<{start}>"; '
        f'start-info="application/soap+xml"; action="{action}"'
    )
    return written + f"--{boundary}--\r\n".encode(), kind


@dataclass(frozen=True)
class Reply:
    """What the service answered. root: the envelope; parts: octets by Content-ID; fault: text of a SOAP fault."""

    root: Element
    parts: Mapping[str, bytes] = field(default_factory=dict)
    fault: str = ""

    def documents(self) -> dict[str, bytes]:
        """Octets of the documents given back, by uniqueId."""
        found = {}
        for one in self.root.iter(f"{{{XDS}}}DocumentResponse"):
            held = one.find(f"{{{XDS}}}Document")
            found[one.findtext(f"{{{XDS}}}DocumentUniqueId", "").strip()] = self._octets(held)
        return found

    def _octets(self, held: Element) -> bytes:
        included = held.find(f"{{{XOP}}}Include")
        if included is None:
            return base64.b64decode(held.text or "")
        return self.parts.get(included.get("href", "").removeprefix("cid:"), b"")


def read(content: bytes, kind: str) -> Reply:
    """An answer. Raises ValueError when it is no SOAP message."""
    parts: dict[str, bytes] = {}
    if kind.startswith("multipart/"):
        message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + content)
        parts = {_name(one): one.get_payload(decode=True) or b"" for one in _pieces(message)}
        content = next(iter(parts.values()), b"")
    try:
        root = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError as error:
        raise ValueError("ce n'est pas du XML") from error
    if root.tag != f"{{{SOAP}}}Envelope":
        raise ValueError("ce n'est pas un message SOAP")
    fault = root.find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    text = "" if fault is None else fault.findtext(f"{{{SOAP}}}Reason/{{{SOAP}}}Text") or "erreur sans texte"
    return Reply(root, parts, text)


def _pieces(message: Message) -> list[Any]:
    held = message.get_payload()
    return held if isinstance(held, list) else []


def _name(part: Any) -> str:
    return str(part["Content-ID"] or "").strip("<> ")


def _addressing(parent: Element, name: str, text: str | None = None) -> Element:
    made = etree.SubElement(parent, f"{{{WSA}}}{name}")
    made.text = text
    return made
