"""Names of the FHIR face: profiles, extensions, code systems, and how identifiers and codes of XDS are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mocks.dmp.names import CONFIDENTIALITY, CONFIDENTIALITY_SYSTEM, VISIBILITY, VISIBILITY_SYSTEM
from mocks.dmp.settings import DATA

PROFILE = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-"
COMPREHENSIVE = f"{PROFILE}comprehensive-document-reference"
SIMPLIFIED = f"{PROFILE}simplified-publish"
SUBMISSION_SET = f"{PROFILE}submissionset-comprehensive"
PROVIDE = f"{PROFILE}comprehensive-provide-document-bundle"
IS_ARCHIVED = f"{PROFILE}ext-is-archived"
_MHD = "https://profiles.ihe.net/ITI/MHD/"
DESIGNATION, SOURCE_ID = f"{_MHD}StructureDefinition/ihe-designationType", f"{_MHD}StructureDefinition/ihe-sourceId"
AUTHOR_ORG = f"{_MHD}StructureDefinition/ihe-authorOrg"
LIST_TYPES = f"{_MHD}CodeSystem/MHDlistTypes"
DMP_EXTENSION = "https://interop.esante.gouv.fr/ig/fhir/dmp/StructureDefinition/dmp-"
RFC3986 = "urn:ietf:rfc:3986"
REFUSALS = "https://banc.test/dmp/refus"
KNOWN: dict[str, Any] = orjson.loads((DATA / "fhir.json").read_bytes())
_URIS: dict[str, str] = orjson.loads((DATA / "systemes_fhir.json").read_bytes())
_OIDS = {uri: oid for oid, uri in _URIS.items()}
Code = Mapping[str, Any]
Resource = dict[str, Any]


def first(listed: Any) -> Any:
    """The first of some resources or elements; an empty one when there is none."""
    return next(iter(listed or ()), {})


def system_uri(oid: str | None) -> str:
    """The FHIR system of a code system of XDS."""
    return _URIS.get(oid or "", oid if oid and ":" in oid else f"urn:oid:{oid}")


def system_oid(uri: str) -> str:
    """The OID of a FHIR system; the URI itself when none is known."""
    return _OIDS.get(uri, uri.removeprefix("urn:oid:"))


def coding(code: Code) -> Resource:
    """A code as a Coding."""
    made = {"system": system_uri(code["system"]), "code": code["code"]}
    label = code.get("label")
    return {**made, "display": label} if label and label != code["code"] else made


def concept(code: Code) -> Resource:
    """A code as a CodeableConcept."""
    return {"coding": [coding(code)]}


def code_of(coded: Any) -> dict[str, Any] | None:
    """The first code of a Coding or CodeableConcept, None when there is none."""
    said = first(coded.get("coding")) if "coding" in coded else coded
    if not said.get("code"):
        return None
    return {"code": said["code"], "system": system_oid(said.get("system", "")), "label": said.get("display")}


def unique_identifier(unique_id: str, use: str = "usual") -> Resource:
    """A uniqueId of XDS as an Identifier (IHE MHD: `root^extension` is a system and a value)."""
    root, caret, extension = unique_id.partition("^")
    if caret:
        return {"use": use, "system": f"urn:oid:{root}", "value": extension}
    return {"use": use, "system": RFC3986, "value": f"urn:oid:{root}"}


def unique_id(identifier: Any) -> str | None:
    """The uniqueId that an Identifier is, None when it is none."""
    identifier = identifier or {}
    system, value = identifier.get("system", ""), identifier.get("value", "")
    if system.startswith("urn:oid:"):
        return f"{system.removeprefix('urn:oid:')}^{value}"
    return value.removeprefix("urn:oid:") or None


def bare(uuid: str) -> str:
    """The FHIR id that an entryUUID or a lid makes."""
    return uuid.removeprefix("urn:uuid:")


def confidentiality_system(code: str) -> str | None:
    """The system that XDS has for a confidentiality code, None for an unknown code."""
    if code in CONFIDENTIALITY:
        return CONFIDENTIALITY_SYSTEM
    return VISIBILITY_SYSTEM if code in VISIBILITY else None
