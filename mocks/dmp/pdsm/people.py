"""Persons, systems and structures: from XCN, XON and CX of XDS to FHIR resources, and back (sheet DMP §5, §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mocks.dmp import hl7
from mocks.dmp.names import PS_OID, STRUCTURE_OID
from mocks.dmp.pdsm.names import Resource, first

_TYPES = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
_PATIENT_ID, _SYSTEM_ID = "NH", "RI"


def actor(xcn: str, local_id: str) -> Resource:
    """The resource of an author: Practitioner, Device (system) or Patient, by the type of its identifier."""
    parts = xcn.split("^") + [""] * 13
    oid = [*parts[8].split("&"), ""][1]
    identifier = {"system": f"urn:oid:{oid or PS_OID}", "value": parts[0]}
    if parts[12] == _SYSTEM_ID:
        names = [{"name": text, "type": "user-friendly-name"} for text in parts[1:2] if text]
        return {"resourceType": "Device", "id": local_id, "identifier": [identifier], "deviceName": names}
    name = {"family": parts[1], "given": [parts[2]] if parts[2] else []}
    named = [{key: value for key, value in name.items() if value}] if parts[1] or parts[2] else []
    if parts[12] == _PATIENT_ID:
        return _clean({"resourceType": "Patient", "id": local_id, "identifier": [identifier], "name": named})
    kind = {"coding": [{"system": _TYPES, "code": "IDNPS"}]}
    typed = {"use": "official", "type": kind, **identifier}
    return _clean({"resourceType": "Practitioner", "id": local_id, "identifier": [typed], "name": named})


def organization(xon: str | None, local_id: str) -> Resource:
    """The resource of a structure; of the DMP itself when a document names none (expression of the patient)."""
    if not xon:
        return {"resourceType": "Organization", "id": local_id, "name": "Dossier médical partagé"}
    parts = xon.split("^")
    identifier = {"system": f"urn:oid:{STRUCTURE_OID}", "value": hl7.institution_id(xon)}
    return {"resourceType": "Organization", "id": local_id, "identifier": [identifier], "name": parts[0] or "Structure"}


def source_patient(cx: str | None, info: list[str], local_id: str) -> Resource:
    """The patient as the source knew it. info: PID fields (`PID-5|NOM^PRENOM`)."""
    made: Resource = {"resourceType": "Patient", "id": local_id}
    read = hl7.cx(cx or "")
    if read is not None:
        made["identifier"] = [{"system": f"urn:oid:{read.oid}", "value": read.value}]
    fields = dict(text.split("|", 1) for text in info if "|" in text)
    name = [*fields.get("PID-5", "").split("^"), ""][:2]
    if any(name):
        made["name"] = [_clean({"family": name[0], "given": [name[1]] if name[1] else []})]
    birth = fields.get("PID-7", "")[:8]
    if len(birth) == 8 and birth.isdigit():
        made["birthDate"] = f"{birth[:4]}-{birth[4:6]}-{birth[6:]}"
    return made


def xcn(resource: Mapping[str, Any], contained: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The XCN of an author, None for one that is no person nor system. contained: the others, by `#id`."""
    kind = resource.get("resourceType")
    if kind == "PractitionerRole":
        return _of_role(resource, contained)
    value, oid = _identifier(resource)
    family, given = _name(resource)
    if kind == "Device":
        name = first(resource.get("deviceName")).get("name", "")
        return _xcn(value, name, "", oid or PS_OID, "U", _SYSTEM_ID)
    if kind in ("Practitioner", "Patient"):
        return _xcn(value, family, given, oid or PS_OID, "D", "IDNPS" if kind == "Practitioner" else _PATIENT_ID)
    return None


def xon(resource: Mapping[str, Any]) -> str | None:
    """The XON of an Organization, None for one without identifier."""
    value, oid = _identifier(resource)
    if not value:
        return None
    return f"{_safe(resource.get('name', ''))}^^^^^&{oid or STRUCTURE_OID}&ISO^IDNST^^^{_safe(value)}"


def cx(resource: Mapping[str, Any], kind: str) -> str | None:
    """The first identifier of a Patient, None when there is none. kind: CX.5."""
    value, oid = _identifier(resource)
    return hl7.written_cx(_safe(value), oid, kind) if value and oid else None


def source_info(resource: Mapping[str, Any]) -> list[str]:
    """PID fields of the patient as the source knows it."""
    family, given = _name(resource)
    birth = str(resource.get("birthDate", "")).replace("-", "")
    sex = {"male": "M", "female": "F"}.get(resource.get("gender", ""), "")
    fields = {"PID-5": f"{family}^{given}" if family or given else "", "PID-7": birth, "PID-8": sex}
    return [f"{name}|{value}" for name, value in fields.items() if value]


def _of_role(role: Mapping[str, Any], contained: Mapping[str, Mapping[str, Any]]) -> str | None:
    """A role names its practitioner: contained, by identifier, or it bears the identifier itself."""
    named = role.get("practitioner", {})
    held = contained.get(named.get("reference", ""))
    if held is not None:
        return xcn(held, contained)
    identified = {"identifier": [named["identifier"]]} if "identifier" in named else role
    return xcn({"resourceType": "Practitioner", **identified, "name": [{"family": named.get("display", "")}]}, {})


def _xcn(value: str, family: str, given: str, oid: str, use: str, kind: str) -> str | None:
    if not value:
        return None
    return f"{_safe(value)}^{_safe(family)}^{_safe(given)}^^^^^^&{oid}&ISO^{use}^^^{kind}"


def _identifier(resource: Mapping[str, Any]) -> tuple[str, str]:
    """(value, OID): the national one (PS_IdNat, Struct_IdNat) when there are several."""
    found = [one for one in resource.get("identifier", []) if one.get("value")]
    national = [one for one in found if one.get("system") in (f"urn:oid:{PS_OID}", f"urn:oid:{STRUCTURE_OID}")]
    said = first(national or found)
    return said.get("value", ""), said.get("system", "").removeprefix("urn:oid:")


def _name(resource: Mapping[str, Any]) -> tuple[str, str]:
    said = first(resource.get("name"))
    return said.get("family", ""), first(said.get("given")) or ""


def _safe(text: str) -> str:
    """A text inside a field of HL7 v2: its separators would cut it."""
    return "".join(" " if sign in "^&|~\\" else sign for sign in text)


def _clean(resource: Resource) -> Resource:
    return {name: value for name, value in resource.items() if value}
