"""A new version of an entry, which differs from the last one by its confidentiality codes (sheet DMP §4.5, §12)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from mocks.dmp import ebrim, ebrim_writing
from mocks.dmp.access import visibilities
from mocks.dmp.ebrim import DOCUMENT
from mocks.dmp.model_documents import Entry, Registry
from mocks.dmp.names import DEPRECATED, HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES, rim

Code = Mapping[str, Any]


def store(registry: Registry, target: Entry, codes: Sequence[Code]) -> Entry:
    """Store the version of an entry that has these confidentiality codes; it is the last one from now on."""
    uuid = ebrim_writing.new_uuid()
    made = ebrim_writing.registered(_coded(target, codes), {target.uuid: uuid})
    ebrim_writing.set_version(made, lid=target.lid, version=target.version + 1)
    xml = ebrim_writing.text(made)
    changed = replace(target, uuid=uuid, version=target.version + 1, facts=ebrim.entry(made), xml=xml)
    registry.set_status(target.uuid, DEPRECATED, latest=False)
    registry.add_entry(changed)
    return changed


def irreversible(
    registry: Registry, target: Entry, codes: set[str], setting: Callable[[str], Any]
) -> Iterator[tuple[str, str]]:
    """(code, why): codes that cannot come back. Who was shown a document has seen it (EX_3.3-1045)."""
    final = [HIDDEN_FROM_REPRESENTATIVES]
    if setting("invisible_patient_definitif"):
        final.append(HIDDEN_FROM_PATIENT)
    once = {code for one in registry.entries("lid", target.lid) for code in visibilities(one.facts)}
    for code in final:
        if code in (codes - visibilities(target.facts)) & once:
            yield code, f"{code} ne se remet pas : le document a été rendu visible."


def _coded(target: Entry, codes: Sequence[Code]) -> Any:
    """The ebRIM of an entry, with these confidentiality codes instead of its own."""
    made = copy.deepcopy(etree.fromstring(target.xml))
    for one in made.findall(rim("Classification")):
        if one.get("classificationScheme") == DOCUMENT["confidentiality"]:
            made.remove(one)
    place = next(rank for rank, one in enumerate(made) if one.tag == rim("ExternalIdentifier"))
    for code in reversed(codes):
        made.insert(place, _classification(code))
    return made


def _classification(code: Code) -> Any:
    made = etree.Element(rim("Classification"))
    made.set("classificationScheme", DOCUMENT["confidentiality"])
    made.set("nodeRepresentation", code["code"])
    ebrim_writing.set_slot(made, "codingScheme", code["system"])
    name = etree.SubElement(made, rim("Name"))
    etree.SubElement(name, rim("LocalizedString"), {"value": code.get("label") or code["code"]})
    return made
