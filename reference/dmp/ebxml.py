"""Lots and entries in ebXML, as the product writes them (IHE ITI TF vol. 3 §4.2; sheet DMP §5)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from reference.dmp import hl7v2, lot_signature
from reference.dmp.names import CONFIDENTIALITY, ENTRY, HAS_MEMBER, LCM, LOT, RIM, STABLE, VISIBILITY, XDS
from reference.documents.cda import LOCAL_IDS
from reference.documents.kinds import Code
from reference.documents.sheet import ESTABLISHMENT_PRACTICE, Sheet, Signer, Structure

Element = Any
NORMAL = Code("N", CONFIDENTIALITY, "Normal")
PDF_FORMAT = Code("urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3", "Document à corps non structuré (PDF)")
CONTENT_TYPE = Code("07", "1.2.250.1.213.2.2", "Consultation")
SOURCE_ID = "1.2.250.1.999.1.2"
"""OID of the product as a source of lots (fictitious)."""

LABELS = {
    "MASQUE_PS": "Masqué aux professionnels de santé",
    "INVISIBLE_PATIENT": "Non visible par le patient",
    "INVISIBLE_REPRESENTANTS_LEGAUX": "Non visible par les représentants légaux du patient",
}
DOCUMENT, SIGNATURE, PACKAGE = "Document01", "Signature01", "Lot01"


@dataclass(frozen=True)
class By:
    """Who submits a lot, and for which structure."""

    signer: Signer
    structure: Structure


def new_oid() -> str:
    """An OID nobody else has (ITU-T X.667)."""
    return f"2.25.{uuid.uuid4().int}"


def entry(sheet: Sheet, octets: bytes) -> Element:
    """The ExtrinsicObject of a document. octets: its file."""
    made = _object(DOCUMENT)
    for name, values in _slots(sheet, octets).items():
        _slot(made, name, *values)
    _name(made, sheet.title)
    _author(made, ENTRY["author"], DOCUMENT, By(sheet.signer, sheet.structure))
    for name, codes in _codes(sheet).items():
        for code in codes:
            _coded(made, ENTRY[name], DOCUMENT, code)
    _identifier(made, ENTRY["patient_id"], DOCUMENT, hl7v2.cx(sheet.patient.ins), "XDSDocumentEntry.patientId")
    _identifier(made, ENTRY["unique_id"], DOCUMENT, sheet.unique_id, "XDSDocumentEntry.uniqueId")
    return made


def _slots(sheet: Sheet, octets: bytes) -> Mapping[str, Sequence[str]]:
    return {
        "creationTime": [hl7v2.dtm(sheet.made)],
        "hash": [hashlib.sha1(octets, usedforsecurity=False).hexdigest()],
        "languageCode": ["fr-FR"],
        "legalAuthenticator": [hl7v2.xcn(sheet.signer)],
        "serviceStartTime": [hl7v2.dtm(sheet.acted)],
        "size": [str(len(octets))],
        "sourcePatientId": [hl7v2.local_cx(sheet.patient, LOCAL_IDS)],
        "sourcePatientInfo": hl7v2.source_info(sheet.patient),
    }


def _codes(sheet: Sheet) -> Mapping[str, Sequence[Code]]:
    hidden = [Code(code, VISIBILITY, LABELS[code]) for code in sheet.hidden]
    return {
        "class": [sheet.class_],
        "confidentiality": [NORMAL, *hidden],
        "format": [PDF_FORMAT],
        "facility": [sheet.structure.sector],
        "practice": [ESTABLISHMENT_PRACTICE],
        "type": [sheet.type],
    }


def signature_entry(sheet: Sheet, octets: bytes) -> Element:
    """The ExtrinsicObject of the signature of the lot that brings this document. octets: its file."""
    made = _object(SIGNATURE)
    instant = [hl7v2.dtm(sheet.made)]
    told = _slots(sheet, octets)
    for name, values in {**told, "serviceStartTime": instant}.items():
        _slot(made, name, *values)
    _name(made, lot_signature.TITLE)
    _author(made, ENTRY["author"], SIGNATURE, By(sheet.signer, sheet.structure))
    codes = {**_codes(sheet), "class": [lot_signature.CLASS], "format": [lot_signature.FORMAT]}
    for name, all_ in {**codes, "type": [lot_signature.TYPE], "confidentiality": [NORMAL]}.items():
        for code in all_:
            _coded(made, ENTRY[name], SIGNATURE, code)
    _identifier(made, ENTRY["patient_id"], SIGNATURE, hl7v2.cx(sheet.patient.ins), "XDSDocumentEntry.patientId")
    _identifier(made, ENTRY["unique_id"], SIGNATURE, new_oid(), "XDSDocumentEntry.uniqueId")
    return made


def _object(name: str) -> Element:
    made = etree.Element(f"{{{RIM}}}ExtrinsicObject", nsmap={"rim": RIM})
    for key, value in (("id", name), ("mimeType", "text/xml"), ("objectType", STABLE)):
        made.set(key, value)
    return made


def lot(patient_id: str, by: By, submitted: datetime, title: str = "") -> Element:
    """The RegistryPackage of a lot. submitted: aware. title: empty for none."""
    made = etree.Element(f"{{{RIM}}}RegistryPackage", nsmap={"rim": RIM})
    made.set("id", PACKAGE)
    _slot(made, "submissionTime", hl7v2.dtm(submitted))
    if title:
        _name(made, title)
    node = _child(made, "Classification", {"id": _fresh(), "classifiedObject": PACKAGE})
    node.set("classificationNode", LOT["node"])
    _author(made, LOT["author"], PACKAGE, by)
    _coded(made, LOT["content_type"], PACKAGE, CONTENT_TYPE)
    _identifier(made, LOT["patient_id"], PACKAGE, patient_id, "XDSSubmissionSet.patientId")
    _identifier(made, LOT["source_id"], PACKAGE, SOURCE_ID, "XDSSubmissionSet.sourceId")
    _identifier(made, LOT["unique_id"], PACKAGE, new_oid(), "XDSSubmissionSet.uniqueId")
    return made


def association(kind: str, source: str, target: str, **slots: str) -> Element:
    """An Association between two objects."""
    made = etree.Element(f"{{{RIM}}}Association", nsmap={"rim": RIM})
    told = {"id": _fresh(), "associationType": kind, "sourceObject": source, "targetObject": target}
    for name, value in told.items():
        made.set(name, value)
    for name, value in slots.items():
        _slot(made, name, value)
    return made


def member(target: str, **slots: str) -> Element:
    """The membership of an object in the lot."""
    return association(HAS_MEMBER, PACKAGE, target, SubmissionSetStatus="Original", **slots)


def submission(*objects: Element) -> Element:
    """A SubmitObjectsRequest."""
    made = etree.Element(f"{{{LCM}}}SubmitObjectsRequest", nsmap={"lcm": LCM, "rim": RIM})
    listed = etree.SubElement(made, f"{{{RIM}}}RegistryObjectList")
    listed.extend(objects)
    return made


def provided(submit: Element, *names: str) -> tuple[Element, list[Element]]:
    """A ProvideAndRegisterDocumentSetRequest, and its Documents of these names, still empty."""
    made = etree.Element(f"{{{XDS}}}ProvideAndRegisterDocumentSetRequest", nsmap={"xds": XDS})
    made.append(submit)
    return made, [etree.SubElement(made, f"{{{XDS}}}Document", {"id": name}) for name in names]


def hide(element: Element, code: str) -> None:
    """Add a visibility code to an entry that the registry gave."""
    coded = _coded(element, ENTRY["confidentiality"], str(element.get("id")), Code(code, VISIBILITY, LABELS[code]))
    first = element.find(f"{{{RIM}}}ExternalIdentifier")
    if first is not None:
        first.addprevious(coded)


def show(element: Element, code: str) -> None:
    """Take a visibility code away from an entry that the registry gave."""
    for one in element.findall(f"{{{RIM}}}Classification"):
        if one.get("nodeRepresentation") == code and one.get("classificationScheme") == ENTRY["confidentiality"]:
            element.remove(one)


def _author(parent: Element, scheme: str, owner: str, by: By) -> None:
    made, profession = _classified(parent, scheme, owner, ""), by.signer.profession
    _slot(made, "authorInstitution", hl7v2.xon(by.structure))
    _slot(made, "authorPerson", hl7v2.xcn(by.signer))
    _slot(made, "authorSpecialty", f"{profession.code}^{profession.label}^{profession.system}")


def _coded(parent: Element, scheme: str, owner: str, code: Code) -> Element:
    made = _classified(parent, scheme, owner, code.code)
    _slot(made, "codingScheme", code.system)
    _name(made, code.label)
    return made


def _classified(parent: Element, scheme: str, owner: str, node: str) -> Element:
    told = {"id": _fresh(), "classificationScheme": scheme, "classifiedObject": owner, "nodeRepresentation": node}
    return _child(parent, "Classification", told)


def _identifier(parent: Element, scheme: str, owner: str, value: str, label: str) -> None:
    told = {"id": _fresh(), "identificationScheme": scheme, "registryObject": owner, "value": value}
    _name(_child(parent, "ExternalIdentifier", told), label)


def _slot(parent: Element, name: str, *values: str) -> None:
    listed = _child(_child(parent, "Slot", {"name": name}), "ValueList")
    for value in values:
        _child(listed, "Value").text = value


def _name(parent: Element, text: str) -> None:
    _child(_child(parent, "Name"), "LocalizedString", {"value": text})


def _child(parent: Element, name: str, attributes: Mapping[str, str] | None = None) -> Element:
    return etree.SubElement(parent, f"{{{RIM}}}{name}", dict(attributes or {}))


def _fresh() -> str:
    return f"urn:uuid:{uuid.uuid4()}"
