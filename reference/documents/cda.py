"""A CDA R2 of level 1 with its PDF, after the minimal structure of the CI-SIS (sheet DMP §7)."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from lxml import etree

from reference.documents.kinds import Code
from reference.documents.pdf import pdf
from reference.documents.sheet import ESTABLISHMENT_PRACTICE, PS_OID, STRUCTURE_OID, Sheet
from reference.identity.traits import UNKNOWN_PLACE

HL7 = "urn:hl7-org:v3"
TEMPLATES = ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.3.6.1.4.1.19376.1.2.20")
"""HL7 France, CI-SIS, document without structure (IHE XDS-SD)."""

CONFIDENTIALITY = "2.16.840.1.113883.5.25"
GENDERS = "2.16.840.1.113883.5.1"
LOCAL_IDS = "1.2.250.1.999.1.1"
"""OID of the numbers that the product gives to the persons of its files (fictitious)."""

Element = Any


def cda(sheet: Sheet) -> Element:
    """The ClinicalDocument of a sheet."""
    root = etree.Element(f"{{{HL7}}}ClinicalDocument", nsmap=_default())
    _begin(root, sheet)
    _patient(root, sheet)
    _author(root, sheet)
    _custodian(root, sheet)
    _signature(root, sheet)
    _act(root, sheet)
    if sheet.replaces:
        related = _add(root, "relatedDocument", typeCode="RPLC")
        _add(_add(related, "parentDocument"), "id", root=sheet.replaces)
    _encounter(root, sheet)
    _body(root, sheet)
    return root


def octets(root: Element) -> bytes:
    """The file of a ClinicalDocument."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def local_time(instant: datetime) -> str:
    """An instant in HL7 v3: the time of the place, to the second, with its offset."""
    return instant.strftime("%Y%m%d%H%M%S%z")


def _begin(root: Element, sheet: Sheet) -> None:
    _add(root, "realmCode", code="FR")
    _add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    for template in TEMPLATES:
        _add(root, "templateId", root=template)
    _add(root, "id", root=sheet.unique_id)
    _code(root, "code", sheet.type)
    _add(root, "title").text = sheet.title
    _add(root, "effectiveTime", value=local_time(sheet.made))
    _add(root, "confidentialityCode", code="N", codeSystem=CONFIDENTIALITY, displayName="Normal")
    _add(root, "languageCode", code="fr-FR")
    _add(root, "setId", root=sheet.set_id)
    _add(root, "versionNumber", value=str(sheet.version))


def _patient(root: Element, sheet: Sheet) -> None:
    traits = sheet.patient.traits
    role = _add(_add(root, "recordTarget"), "patientRole", classCode="PAT")
    matricule, oid = sheet.patient.ins
    _add(role, "id", root=oid, extension=matricule)
    _add(role, "id", root=LOCAL_IDS, extension=sheet.patient.local_id)
    _add(role, "addr", nullFlavor="NASK")
    _add(role, "telecom", nullFlavor="NASK")
    person = _add(role, "patient", classCode="PSN")
    name = _add(person, "name")
    _add(name, "given").text = " ".join(traits.prenoms)
    _add(name, "given", qualifier="BR").text = traits.premier_prenom
    _add(name, "family", qualifier="BR").text = traits.nom_naissance
    label = {"F": "Féminin", "M": "Masculin"}.get(traits.sexe, traits.sexe)
    _add(person, "administrativeGenderCode", code=traits.sexe, codeSystem=GENDERS, displayName=label)
    _add(person, "birthTime", value=traits.date_naissance.replace("-", ""))
    place = _add(_add(_add(person, "birthplace"), "place"), "addr")
    _add(place, "county").text = traits.lieu_naissance or UNKNOWN_PLACE


def _author(root: Element, sheet: Sheet) -> None:
    author = _add(root, "author")
    _add(author, "time", value=local_time(sheet.made))
    assigned = _add(author, "assignedAuthor", classCode="ASSIGNED")
    _signer(assigned, sheet, person="assignedPerson")
    _organization(assigned, "representedOrganization", sheet)


def _custodian(root: Element, sheet: Sheet) -> None:
    assigned = _add(_add(root, "custodian"), "assignedCustodian")
    _organization(assigned, "representedCustodianOrganization", sheet)


def _signature(root: Element, sheet: Sheet) -> None:
    legal = _add(root, "legalAuthenticator")
    _add(legal, "time", value=local_time(sheet.made))
    _add(legal, "signatureCode", code="S")
    entity = _add(legal, "assignedEntity")
    _signer(entity, sheet, person="assignedPerson")
    _organization(entity, "representedOrganization", sheet)


def _act(root: Element, sheet: Sheet) -> None:
    event = _add(_add(root, "documentationOf"), "serviceEvent")
    _add(_add(event, "effectiveTime"), "low", value=local_time(sheet.acted))
    entity = _add(_add(event, "performer", typeCode="PRF"), "assignedEntity")
    _signer(entity, sheet, person="assignedPerson")
    organization = _organization(entity, "representedOrganization", sheet)
    _code(organization, "standardIndustryClassCode", ESTABLISHMENT_PRACTICE)


def _encounter(root: Element, sheet: Sheet) -> None:
    encounter = _add(_add(root, "componentOf"), "encompassingEncounter")
    _add(_add(encounter, "effectiveTime"), "low", value=local_time(sheet.acted))
    facility = _add(_add(encounter, "location"), "healthCareFacility")
    _code(facility, "code", sheet.structure.sector)


def _body(root: Element, sheet: Sheet) -> None:
    content = pdf(sheet.title, sheet.lines)
    text = _add(_add(_add(root, "component"), "nonXMLBody"), "text", mediaType="application/pdf", representation="B64")
    text.text = base64.b64encode(content).decode()


def _signer(entity: Element, sheet: Sheet, *, person: str) -> None:
    signer = sheet.signer
    _add(entity, "id", root=PS_OID, extension=signer.id)
    _code(entity, "code", signer.profession)
    _add(entity, "addr", nullFlavor="NASK")
    _add(entity, "telecom", nullFlavor="NASK")
    name = _add(_add(entity, person), "name")
    _add(name, "family", qualifier="CL").text = signer.family
    _add(name, "given", qualifier="CL").text = signer.given


def _organization(parent: Element, name: str, sheet: Sheet) -> Element:
    made = _add(parent, name)
    _add(made, "id", root=STRUCTURE_OID, extension=sheet.structure.id)
    _add(made, "name").text = sheet.structure.name
    if name == "representedCustodianOrganization":
        _add(made, "telecom", nullFlavor="NASK")
        _add(made, "addr", nullFlavor="NASK")
    return made


def _code(parent: Element, name: str, code: Code) -> None:
    _add(parent, name, code=code.code, codeSystem=code.system, displayName=code.label)


def _add(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{HL7}}}{name}", attributes)


def _default() -> Any:
    return {None: HL7}
