"""What a message says, for the journal and for the search; nothing is judged here."""

from __future__ import annotations

from typing import Any

from mocks.insi import names
from mocks.soap.envelope import Envelope
from mocks.soap.names import ACTION, MESSAGE_ID, SECURITY, local

_LISTED = ("Prenom",)
_NUMBERED = ("MatriculeIndividu", "MatriculeOD")


def context(envelope: Envelope) -> dict[str, Any]:
    """The headers of a message as the journal keeps them (contract of identity, §1); keys are there when known."""
    seen: dict[str, Any] = {
        "message_id": envelope.text(MESSAGE_ID) or None,
        "action": envelope.text(ACTION) or None,
        "assertion": has_assertion(envelope),
    }
    bam, lps = envelope.blocks.get(names.CONTEXTE_BAM), envelope.blocks.get(names.CONTEXTE_LPS)
    if bam is not None:
        seen["bam"] = _context(bam, names.BAM)
    if lps is not None:
        seen["lps"] = _context(lps, names.LPS)
        idam = lps.find(f"{{{names.LPS}}}LPS/{{{names.LPS}}}IDAM")
        if idam is not None:
            seen["lps"] |= {"idam": (idam.text or "").strip(), "idam_r": idam.get("R")}
    return seen


def _context(block: Any, namespace: str) -> dict[str, Any]:
    return {
        "version": block.get("Version"),
        "id": block.findtext(f"{{{namespace}}}Id"),
        "temps": block.findtext(f"{{{namespace}}}Temps"),
    }


def has_assertion(envelope: Envelope) -> bool:
    """CPx mode: an assertion made with the card says who calls. The bench does not check its signature."""
    security = envelope.blocks.get(SECURITY)
    return security is not None and any(local(child.tag) == "Assertion" for child in security.iter("{*}*"))


def traits(body: Any) -> dict[str, Any]:
    """The texts of a body by name of element; `Prenom` is a list, since it may be repeated."""
    found: dict[str, Any] = {}
    for element in body.iter("{*}*"):
        name = local(element.tag)
        if name in _NUMBERED:
            found[name] = element.findtext("{*}NumIdentifiant") or ""
        elif name in _LISTED:
            found.setdefault(name, []).append(element.text or "")
        elif not len(element) and local(element.getparent().tag) not in _NUMBERED:
            found[name] = element.text or ""
    return found
