"""Documents of the file as FHIR resources of PDSm 3.1.1, and what is found as the product shows it."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reference.documents.kinds import Code
from reference.documents.sheet import ESTABLISHMENT_PRACTICE, PS_OID, STRUCTURE_OID, Sheet

PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-"
MHD = "https://profiles.ihe.net/ITI/MHD/"
RFC3986 = "urn:ietf:rfc:3986"
IS_ARCHIVED = f"{PDSM}ext-is-archived"
_NOS = "https://mos.esante.gouv.fr/NOS"
VISIBILITY = f"{_NOS}/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
NORMAL = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
FORMATS = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode"
_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
_SYSTEMS = {
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "1.2.250.1.213.1.1.4.1": f"{_NOS}/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument",
    "1.2.250.1.213.1.1.4.9": f"{_NOS}/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice",
    "1.2.250.1.71.4.2.4": f"{_NOS}/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite",
}
_OIDS = {system: oid for oid, system in _SYSTEMS.items()}
MEDIA_TYPE = "text/xml"
Json = dict[str, Any]


def bundle(sheet: Sheet, content: bytes, replaced: str) -> Json:
    """The transaction of ITI-65. replaced: address of the DocumentReference that this one replaces, empty for none."""
    names = [f"urn:uuid:{uuid.uuid4()}" for _ in range(3)]
    data = base64.b64encode(content).decode()
    entries = [
        _entry(names[0], "POST", "List", _lot(sheet, names[1])),
        _entry(names[1], "POST", "DocumentReference", _document(sheet, content, names[2], replaced)),
        _entry(names[2], "POST", "Binary", {"resourceType": "Binary", "contentType": MEDIA_TYPE, "data": data}),
    ]
    if replaced:
        address = f"DocumentReference?identifier={RFC3986}|urn:oid:{sheet.replaces}"
        entries.append(_entry(f"urn:uuid:{uuid.uuid4()}", "PATCH", address, superseded()))
    profile = f"{PDSM}comprehensive-provide-document-bundle"
    return {"resourceType": "Bundle", "meta": {"profile": [profile]}, "type": "transaction", "entry": entries}


def simplified(sheet: Sheet, content: bytes) -> Json:
    """The DocumentReference of ITI-105: few metadata, and the content inside."""
    attachment = {"contentType": MEDIA_TYPE, "data": base64.b64encode(content).decode(), "title": sheet.title}
    return {
        "resourceType": "DocumentReference",
        "meta": {"profile": [f"{PDSM}simplified-publish"]},
        "contained": _people(sheet),
        "masterIdentifier": master(sheet.unique_id),
        "status": "current",
        "type": concept(sheet.type),
        "subject": subject(sheet.patient.ins),
        "date": _instant(sheet.made),
        "author": [{"reference": "#auteur"}],
        "custodian": {"reference": "#structure"},
        "content": [{"attachment": attachment}],
    }


def superseded() -> Json:
    """The FHIRPath Patch that makes a document superseded."""
    parts = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "DocumentReference.status"},
        {"name": "value", "valueCode": "superseded"},
    ]
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}


def labels(found: Mapping[str, Any], code: str, *, hidden: bool) -> list[Json]:
    """The JSON Patch that hides a document from somebody, or shows it; empty when there is nothing to do."""
    held = [_code(one) for one in found.get("securityLabel", [])]
    if hidden == (code in held):
        return []
    if hidden:
        value = {"coding": [{"system": VISIBILITY, "code": code}]}
        return [{"op": "add", "path": "/securityLabel/-", "value": value}]
    return [{"op": "remove", "path": f"/securityLabel/{held.index(code)}"}]


def shown(found: Mapping[str, Any]) -> Json:
    """One line of the list of documents."""
    coding: Mapping[str, Any] = next(iter((found.get("type") or {}).get("coding") or []), {})
    codes = [_code(one) for one in found.get("securityLabel") or []]
    return {
        "unique_id": unique_id(found),
        "titre": str(attachment(found).get("title", "Document")),
        "type": {"code": str(coding.get("code")), "systeme": _OIDS.get(str(coding.get("system")), "")},
        "etats": [_STATES[one] for one in codes if one in _STATES],
    }


_STATES = {
    "MASQUE_PS": "masque",
    "INVISIBLE_PATIENT": "invisible_patient",
    "INVISIBLE_REPRESENTANTS_LEGAUX": "invisible_representants",
}


def unique_id(found: Mapping[str, Any]) -> str:
    """The uniqueId of a document."""
    return str((found.get("masterIdentifier") or {}).get("value", "")).removeprefix("urn:oid:")


def attachment(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where the content of a document is, and of what type."""
    first: Mapping[str, Any] = next(iter(found.get("content") or []), {})
    held: Mapping[str, Any] = first.get("attachment") or {}
    return held


def master(unique_id_: str) -> Json:
    """The business identifier of a document."""
    return {"use": "usual", "system": RFC3986, "value": f"urn:oid:{unique_id_}"}


def concept(code: Code) -> Json:
    """A code as a CodeableConcept."""
    system = _SYSTEMS.get(code.system, f"urn:oid:{code.system}")
    return {"coding": [{"system": system, "code": code.code, "display": code.label}]}


def subject(ins: tuple[str, str]) -> Json:
    """The patient, by her INS."""
    return {"reference": f"Patient?identifier=urn:oid:{ins[1]}|{ins[0]}"}


def _document(sheet: Sheet, content: bytes, url: str, replaced: str) -> Json:
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    held = {
        "contentType": MEDIA_TYPE,
        "language": "fr-FR",
        "url": url,
        "size": len(content),
        "hash": base64.b64encode(digest).decode(),
        "title": sheet.title,
        "creation": _instant(sheet.made),
    }
    links = [{"code": "replaces", "target": {"reference": replaced}}] if replaced else []
    hidden = [{"coding": [{"system": VISIBILITY, "code": code}]} for code in sheet.hidden]
    made = {
        "resourceType": "DocumentReference",
        "meta": {"profile": [f"{PDSM}comprehensive-document-reference"]},
        "contained": [*_people(sheet), _source(sheet)],
        "masterIdentifier": master(sheet.unique_id),
        "status": "current",
        "type": concept(sheet.type),
        "category": [concept(sheet.class_)],
        "subject": subject(sheet.patient.ins),
        "date": _instant(sheet.made),
        "author": [{"reference": "#auteur"}],
        "authenticator": {"reference": "#auteur"},
        "custodian": {"reference": "#structure"},
        "relatesTo": links,
        "securityLabel": [{"coding": [{"system": NORMAL, "code": "N"}]}, *hidden],
        "content": [{"attachment": held, "format": {"system": FORMATS, "code": "urn:ihe:iti:xds-sd:pdf:2008"}}],
        "context": {
            "period": {"start": _instant(sheet.acted)},
            "facilityType": concept(sheet.structure.sector),
            "practiceSetting": concept(ESTABLISHMENT_PRACTICE),
            "sourcePatientInfo": {"reference": "#patient"},
        },
    }
    return {name: value for name, value in made.items() if value}


def _people(sheet: Sheet) -> list[Json]:
    kind = {"coding": [{"system": _TYPES, "code": "IDNPS"}]}
    national = {"use": "official", "type": kind, "system": f"urn:oid:{PS_OID}", "value": sheet.signer.id}
    name = [{"family": sheet.signer.family, "given": [sheet.signer.given]}]
    structure = [{"system": f"urn:oid:{STRUCTURE_OID}", "value": sheet.structure.id}]
    return [
        {"resourceType": "Practitioner", "id": "auteur", "identifier": [national], "name": name},
        {"resourceType": "Organization", "id": "structure", "identifier": structure, "name": sheet.structure.name},
    ]


def _source(sheet: Sheet) -> Json:
    ins, traits = sheet.patient.ins, sheet.patient.traits
    identifier = [{"system": f"urn:oid:{ins[1]}", "value": ins[0]}]
    name = [{"use": "official", "family": traits.nom_naissance, "given": list(traits.prenoms)}]
    return {"resourceType": "Patient", "id": "patient", "identifier": identifier, "name": name}


def _lot(sheet: Sheet, member: str) -> Json:
    role = {
        "resourceType": "PractitionerRole",
        "id": "role",
        "practitioner": {"identifier": {"system": f"urn:oid:{PS_OID}", "value": sheet.signer.id}},
    }
    activity = {"coding": [{"system": "urn:oid:1.2.250.1.213.2.2", "code": "07", "display": "Consultation"}]}
    source = {"system": RFC3986, "value": f"urn:oid:2.25.{uuid.UUID(int=1).int}"}
    return {
        "resourceType": "List",
        "meta": {"profile": [f"{PDSM}submissionset-comprehensive"]},
        "contained": [role],
        "extension": [
            {"url": f"{MHD}StructureDefinition/ihe-designationType", "valueCodeableConcept": activity},
            {"url": f"{MHD}StructureDefinition/ihe-sourceId", "valueIdentifier": source},
        ],
        "identifier": [master(f"2.25.{uuid.uuid4().int}")],
        "status": "current",
        "mode": "working",
        "code": {"coding": [{"system": f"{MHD}CodeSystem/MHDlistTypes", "code": "submissionset"}]},
        "subject": subject(sheet.patient.ins),
        "date": _instant(sheet.made),
        "source": {"reference": "#role"},
        "entry": [{"item": {"reference": member}}],
    }


def _entry(name: str, method: str, url: str, resource: Json) -> Json:
    return {"fullUrl": name, "resource": resource, "request": {"method": method, "url": url}}


def _code(labelled: Mapping[str, Any]) -> str:
    return next((str(one.get("code")) for one in labelled.get("coding") or []), "")


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
