"""Reading a SOAP 1.2 message from a stranger: no DTD, no entity, bounded depth, exact envelope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from mocks.soap import names
from mocks.soap.faults import SoapFaultError

MAX_DEPTH = 40  # an assertion in its signature takes fifteen
_TRUE = ("true", "1")
# Roles of the receiver (SOAP 1.2 part 1 §2.2): a block for another role is none of our business.
_OURS = (None, f"{names.SOAP}/role/next", f"{names.SOAP}/role/ultimateReceiver")


@dataclass(frozen=True, slots=True)
class Envelope:
    """The blocks of the header, by name, and the only element of the body."""

    blocks: dict[str, Any]
    body: Any

    def text(self, name: str) -> str:
        """The text of a block, empty when there is none."""
        block = self.blocks.get(name)
        return "" if block is None else (block.text or "").strip()


def parse(content: bytes, depth: int = MAX_DEPTH) -> Any:
    """The root of an XML document. Raises SoapFaultError `banc_xml`, `banc_dtd` or `banc_profondeur`.

    depth: elements one inside the other that are allowed.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        # libxml2 gives up on a document whose entities grow: it has one, whatever else is wrong.
        if b"<!DOCTYPE" in content.replace(b"\x00", b""):
            raise SoapFaultError("banc_dtd") from None
        line = getattr(error, "lineno", None)
        raise SoapFaultError("banc_xml", f"Première faute à la ligne {line}." if line else "") from None
    info: Any = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise SoapFaultError("banc_dtd")
    _bound(root, depth)
    return root


def _bound(root: Any, most: int) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            raise SoapFaultError("banc_profondeur", f"Il est permis {most} éléments l'un dans l'autre.")


def read(root: Any, *, once: Sequence[str], understood: Callable[[str], bool]) -> Envelope:
    """The envelope of a message. Raises SoapFaultError.

    once: blocks that may stand once. understood: whether the service knows a block, by its name.
    """
    if root.tag != names.soap("Envelope"):
        code = "banc_version_soap" if root.tag == f"{{{names.SOAP_11}}}Envelope" else "banc_enveloppe"
        raise SoapFaultError(code, f"Vu : {root.tag}.")
    parts = [child for child in root if isinstance(child.tag, str)]
    if [part.tag for part in parts] != [names.soap("Header"), names.soap("Body")]:
        seen = ", ".join(names.local(part.tag) for part in parts[:5]) or "rien"
        raise SoapFaultError("banc_enveloppe", f"Vu : {seen}.")
    header, body = parts
    content = [child for child in body if isinstance(child.tag, str)]
    if len(content) != 1:
        raise SoapFaultError("banc_enveloppe", f"Vu dans le corps : {len(content)} éléments.")
    return Envelope(_blocks(header, once, understood), content[0])


def _blocks(header: Any, once: Sequence[str], understood: Callable[[str], bool]) -> dict[str, Any]:
    blocks: dict[str, Any] = {}
    for block in header:
        if not isinstance(block.tag, str):
            continue
        if block.tag in blocks and block.tag in once:
            raise SoapFaultError("banc_entete_double", f"Vu deux fois : {names.local(block.tag)}.")
        if must_be_understood(block) and not understood(block.tag):
            raise SoapFaultError("banc_entete_inconnu", f"Vu : {block.tag}.")
        blocks[block.tag] = block
    return blocks


def must_be_understood(block: Any) -> bool:
    """Whether a block of the header says that we must know it."""
    return block.get(names.soap("role")) in _OURS and block.get(names.soap("mustUnderstand")) in _TRUE
