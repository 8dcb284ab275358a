"""What a DocumentReference and a List say, in the terms of XDS (`mocks.dmp.submissions` writes them). Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from mocks.dmp import hl7
from mocks.dmp.pdsm import names, people
from mocks.dmp.pdsm.names import Resource, code_of, first

Facts = dict[str, Any]


def document(resource: Resource, symbol: str, patient: str | None, others: Mapping[str, Resource]) -> Facts:
    """A DocumentReference. symbol: its id in the lot; patient: CX of its subject; others: resources of the Bundle."""
    held = contained(resource, others)
    content = first(resource.get("content"))
    attachment, context = content.get("attachment", {}), resource.get("context", {})
    structure = people.xon(held.get(_reference(resource.get("custodian")), {}))
    authors = [one for one in (_author(named, held, structure) for named in resource.get("author", [])) if one]
    signer = _author(resource.get("authenticator") or {}, held, None) or next(iter(authors), None)
    source = held.get(_reference(context.get("sourcePatientInfo")), {})
    period = context.get("period", {})
    slots = {
        "creationTime": utc(attachment.get("creation") or resource.get("date")),
        "languageCode": attachment.get("language"),
        "legalAuthenticator": None if signer is None else signer["person"],
        "serviceStartTime": utc(period.get("start")),
        "serviceStopTime": utc(period.get("end")),
        "sourcePatientId": people.cx(source, "NH" if _is_ins(source) else "PI") or patient,
        "hash": _hexadecimal(attachment.get("hash")),
        "size": attachment.get("size"),
    }
    listed = {name: [str(value)] for name, value in slots.items() if value is not None}
    return {
        "symbol": symbol,
        "mime_type": attachment.get("contentType", ""),
        "slots": {**listed, **({"sourcePatientInfo": info} if (info := people.source_info(source)) else {})},
        "title": attachment.get("title"),
        "comments": resource.get("description"),
        "authors": authors,
        "codes": list(_codes(resource, content, context)),
        "patient_id": patient,
        "unique_id": names.unique_id(resource.get("masterIdentifier")),
    }


def lot(resource: Resource, symbol: str, patient: str | None, others: Mapping[str, Resource]) -> Facts:
    """A List that is a lot; its members are said apart."""
    held = contained(resource, others)
    extensions = {one.get("url"): one for one in resource.get("extension", [])}
    kind = extensions.get(names.DESIGNATION, {}).get("valueCodeableConcept")
    sent_by = extensions.get(names.SOURCE_ID, {}).get("valueIdentifier")
    source = resource.get("source", {})
    structures = [
        one.get("valueReference") for one in source.get("extension", []) if one.get("url") == names.AUTHOR_ORG
    ]
    structure = next((people.xon(held.get(_reference(one), {})) for one in structures), None)
    author = _author(source, held, structure) or {"person": None, "institutions": [structure] if structure else []}
    usual = next((one for one in resource.get("identifier", []) if one.get("use") != "official"), None)
    return {
        "symbol": symbol,
        "submitted": utc(resource.get("date")),
        "title": resource.get("title"),
        "comments": first(resource.get("note")).get("text"),
        "authors": [author] if author["person"] or author["institutions"] else [],
        "content_type": None if kind is None else code_of(kind),
        "patient_id": patient,
        "source_id": names.unique_id(sent_by),
        "unique_id": names.unique_id(usual),
        "members": [],
    }


def patient(resource: Resource, others: Mapping[str, Resource]) -> tuple[str, str, str]:
    """Whom a resource is about: (matricule, OID, address); the two first are empty when only an address is said."""
    named = resource.get("subject", {})
    reference = unquote(named.get("reference", ""))
    held = contained(resource, others).get(reference, {})
    identifiers = [named["identifier"]] if "identifier" in named else held.get("identifier", [])
    if "?identifier=" in reference:
        system, _, value = reference.partition("?identifier=")[2].rpartition("|")
        identifiers = [{"system": system, "value": value}]
    for one in identifiers:
        oid = one.get("system", "").removeprefix("urn:oid:")
        if hl7.is_oid(oid) and one.get("value"):
            return one["value"], oid, reference
    return "", "", reference


def contained(resource: Resource, others: Mapping[str, Resource]) -> dict[str, Resource]:
    """What references of a resource may lead to, by the text of the reference."""
    inside = {f"#{one.get('id')}": one for one in resource.get("contained", [])}
    return {**others, **inside}


def utc(text: str | None) -> str | None:
    """A FHIR dateTime as XDS writes it: in UTC, with the same precision; the text itself when it is no time."""
    if text is None:
        return None
    if "T" not in text:
        return text.replace("-", "")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if read.tzinfo is None else read.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def decoded(data: Any) -> bytes | None:
    """The octets of base64, None for what is none."""
    try:
        return base64.b64decode(data, validate=True) if isinstance(data, str) else None
    except (binascii.Error, ValueError):
        return None


def _codes(resource: Resource, content: Resource, context: Resource) -> Iterator[tuple[str, Facts]]:
    """Codes of a document with the names of their schemes."""
    coded = {
        "class": resource.get("category", [])[:1],
        "confidentiality": resource.get("securityLabel", []),
        "format": [content["format"]] if "format" in content else [],
        "facility": [context["facilityType"]] if "facilityType" in context else [],
        "practice": [context["practiceSetting"]] if "practiceSetting" in context else [],
        "type": [resource["type"]] if "type" in resource else [],
        "events": context.get("event", []),
    }
    for name, concepts in coded.items():
        for one in concepts:
            code = code_of(one)
            if code is not None:
                yield name, confidentiality(code) if name == "confidentiality" else code


def confidentiality(code: Facts) -> Facts:
    """A confidentiality code under the system that XDS has for it: PDSm prints N, R and V under TRE_A07 too."""
    known = names.confidentiality_system(code["code"])
    return {**code, "system": known} if known and code["system"].startswith(("http", "1.2.250", "2.16.840")) else code


def _author(named: Resource, held: Mapping[str, Resource], structure: str | None) -> Facts | None:
    """An author of XDS; its structure is the one that it names, or the custodian."""
    resource = held.get(_reference(named))
    if resource is None:
        return None
    person = people.xcn(resource, held)
    own = held.get(_reference(resource.get("organization")), {})
    xon = people.xon(own) or structure
    is_patient = resource.get("resourceType") == "Patient"
    return None if person is None else {"person": person, "institutions": [xon] if xon and not is_patient else []}


def _reference(named: Any) -> str:
    return str((named or {}).get("reference", ""))


def _is_ins(patient_: Resource) -> bool:
    return str(first(patient_.get("identifier")).get("system", "")).startswith("urn:oid:1.2.250.1.213.1.4.")


def _hexadecimal(hash_: Any) -> str | None:
    """A hash as XDS writes it; what is no base64 stays, to be refused."""
    if hash_ is None:
        return None
    read = decoded(hash_)
    return str(hash_) if read is None else read.hex()
