"""Bodies of the requests other than deposits: TD0.2, TD0.3, TD3.1 to TD3.3 (sheet DMP §4; contract of the DMP §1)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from reference.dmp import ebxml
from reference.dmp.names import HL7, QUERIES, QUERY, RIM, TD02, TD03, UPDATE_STATUS, XDS

Element = Any


def td02(ins: tuple[str, str]) -> Element:
    """Is there a DMP, and may we enter it? ins: matricule and OID."""
    root, act = _hl7(TD02)
    asked = _add(_add(_add(act, "queryByParameter"), "parameterList"), "patientIdentifier")
    _add(asked, "value", root=ins[1], extension=ins[0])
    return root


def td03(ins: tuple[str, str], action: str) -> Element:
    """Set or remove the authorisation. action: `AJOUT` or `SUPPRESSION`."""
    root, act = _hl7(TD03)
    patient = _add(_add(_add(_add(act, "subject"), "registrationRequest"), "subject1"), "patient")
    _add(patient, "id", root=ins[1], extension=ins[0])
    observation = _add(_add(patient, "subjectOf"), "administrativeObservation")
    _add(observation, "code", code="AUTORISATION")
    _add(observation, "value", value=action)
    return root


def stored_query(name: str, parameters: Mapping[str, str | Sequence[str]]) -> Element:
    """A query whose answer is whole objects.

    parameters: a text is one value between quotes, a sequence a list of them; names without `$`.
    """
    root = etree.Element(f"{{{QUERY}}}AdhocQueryRequest", nsmap={"query": QUERY, "rim": RIM})
    option = etree.SubElement(root, f"{{{QUERY}}}ResponseOption")
    option.set("returnComposedObjects", "true")
    option.set("returnType", "LeafClass")
    asked = etree.SubElement(root, f"{{{RIM}}}AdhocQuery", {"id": QUERIES[name]})
    for key, value in parameters.items():
        slot = etree.SubElement(asked, f"{{{RIM}}}Slot", {"name": f"${key}"})
        listed = etree.SubElement(slot, f"{{{RIM}}}ValueList")
        etree.SubElement(listed, f"{{{RIM}}}Value").text = _written(value)
    return root


def _written(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return value if value.isdigit() else _quoted(value)
    return f"({','.join(map(_quoted, value))})"


def _quoted(value: str) -> str:
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def retrieve(repository: str, unique_id: str) -> Element:
    """Give the document of that uniqueId."""
    root = etree.Element(f"{{{XDS}}}RetrieveDocumentSetRequest", nsmap={"xds": XDS})
    asked = etree.SubElement(root, f"{{{XDS}}}DocumentRequest")
    etree.SubElement(asked, f"{{{XDS}}}RepositoryUniqueId").text = repository
    etree.SubElement(asked, f"{{{XDS}}}DocumentUniqueId").text = unique_id
    return root


def status_update(lot: Element, target: str, before: str, after: str) -> Element:
    """Change the status of the entry of that entryUUID (TD3.3c, TD3.3d)."""
    change = ebxml.association(UPDATE_STATUS, ebxml.PACKAGE, target, OriginalStatus=before, NewStatus=after)
    return ebxml.submission(lot, change)


def metadata_update(lot: Element, given: Element, previous: str) -> Element:
    """Replace the metadata of an entry (TD3.3a, TD3.3b).

    given: the ExtrinsicObject as the registry gave it, changed. previous: version number that it had.
    """
    made = deepcopy(given)
    made.set("id", ebxml.DOCUMENT)
    made.attrib.pop("status", None)
    for one in made.findall(f"{{{RIM}}}VersionInfo"):
        made.remove(one)
    for name in ("classifiedObject", "registryObject"):
        for one in made.iterfind(f"*[@{name}]"):
            one.set(name, ebxml.DOCUMENT)
    return ebxml.submission(made, lot, ebxml.member(ebxml.DOCUMENT, PreviousVersion=previous))


def _hl7(interaction: str) -> tuple[Element, Element]:
    names: Any = {None: HL7}  # the stubs know no default namespace
    root = etree.Element(f"{{{HL7}}}{interaction}", {"ITSVersion": "XML_1.0"}, nsmap=names)
    _add(root, "id", root="2.25.1", extension=str(uuid.uuid4()))
    _add(root, "interactionId", root="2.16.840.1.113883.1.6", extension=interaction)
    return root, _add(root, "controlActProcess", classCode="CACT", moodCode="RQO")


def _add(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{HL7}}}{name}", attributes)
