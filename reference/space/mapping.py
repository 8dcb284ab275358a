"""A document of the portal as a DocumentReference, and one of Mon espace santé as the portal shows it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from reference.space.records import SentDocument

CATEGORY_SYSTEM = "https://banc.test/mes/categorie-document"
AUTHORS = {"PATIENT": "usager", "PRACTITIONER": "professionnel", "ORGANISATION": "service"}
Json = dict[str, Any]


def resource(document: SentDocument, patient: Mapping[str, str]) -> Json:
    """The DocumentReference to send, validated by `fhir.resources`. patient: how the person is known there."""
    from fhir.resources.R4B.documentreference import DocumentReference  # slow to import: only when something is sent

    octets = base64.b64decode(document.content)
    labels = ["N", *document.hidden]
    made: Json = {
        "status": "current",
        "category": [{"coding": [{"system": CATEGORY_SYSTEM, "code": document.category}]}],
        "subject": {"type": "Patient", "identifier": dict(patient)},
        "date": document.created,
        "securityLabel": [{"coding": [{"code": code}]} for code in labels],
        "content": [
            {
                "attachment": {
                    "contentType": document.media_type,
                    "size": len(octets),
                    "hash": base64.b64encode(hashlib.sha1(octets, usedforsecurity=False).digest()).decode(),
                    "title": document.title,
                    "creation": document.created,
                }
            }
        ],
    }
    if document.act:
        made["context"] = {"period": {"start": document.act}}
    result: Json = DocumentReference.model_validate(made).model_dump(mode="json")
    result["content"][0]["attachment"]["data"] = document.content  # megabytes need not go through the validation
    return {"resourceType": "DocumentReference", **result}


def shown(found: Mapping[str, Any]) -> Json:
    """One line of the list of documents."""
    attachment = _attachment(found)
    tags = [str(one.get("code")) for one in (found.get("meta") or {}).get("tag") or []]
    authors = [str(one["display"]) for one in found.get("author") or [] if one.get("display")]
    return {
        "document": str(found.get("id", "")),
        "titre": str(attachment.get("title") or found.get("description") or "Document"),
        "categorie": category_of(found),
        "date": str(((found.get("context") or {}).get("period") or {}).get("start") or found.get("date") or ""),
        "auteur": ", ".join(authors),
        "type_auteur": next((AUTHORS[tag] for tag in tags if tag in AUTHORS), "autre"),
    }


def category_of(found: Mapping[str, Any]) -> str:
    """The category of a document, empty when it has none."""
    codings = [one for concept in found.get("category") or [] for one in concept.get("coding") or []]
    return next((str(one["code"]) for one in codings if one.get("code")), "")


def address_of(found: Mapping[str, Any]) -> tuple[str, str]:
    """Address and media type of the content."""
    attachment = _attachment(found)
    return str(attachment.get("url", "")), str(attachment.get("contentType", ""))


def _attachment(found: Mapping[str, Any]) -> Mapping[str, Any]:
    first: Mapping[str, Any] = next(iter(found.get("content") or []), {})
    attachment: Mapping[str, Any] = first.get("attachment") or {}
    return attachment
