"""What the answers of the DMP tell the product: the entries of a search, as the journal keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from rules.exchange import Exchange

_RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
_CONFIDENTIALITY = "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"
_UNIQUE_ID = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass(frozen=True)
class Entry:
    """An entry of an answer. visibility: codes other than N, R and V."""

    uuid: str
    lid: str
    unique_id: str
    status: str
    visibility: frozenset[str]


def answered_entries(query: Exchange) -> Iterator[Entry]:
    """Entries (LeafClass) that an answer gives; none when the answer cannot be read."""
    body = query.answer_body
    start, end = body.find("<"), body.rfind(">")
    if "ExtrinsicObject" not in body or start < 0:
        return
    text = body[start : end + 1]
    opening = text.find(":Envelope")
    if not text.startswith("<?xml") and opening > 0:
        text = text[text.rfind("<", 0, opening) :]
    try:
        root = etree.fromstring(text.encode(), _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        return
    yield from map(_entry, root.iter(f"{_RIM}ExtrinsicObject"))


def _entry(element: etree._Element) -> Entry:
    coded = element.iterfind(f"{_RIM}Classification[@classificationScheme='{_CONFIDENTIALITY}']")
    named = element.iterfind(f"{_RIM}ExternalIdentifier[@identificationScheme='{_UNIQUE_ID}']")
    return Entry(
        uuid=element.get("id", ""),
        lid=element.get("lid", ""),
        unique_id=next((one.get("value", "") for one in named), ""),
        status=element.get("status", ""),
        visibility=frozenset(one.get("nodeRepresentation", "") for one in coded) - {"N", "R", "V"},
    )
