"""Documents and lots of the registry as FHIR resources (PDSm 3.1.1). Pure."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mocks.dmp.model_documents import Entry, Lot
from mocks.dmp.names import ARCHIVED, DELETED, DEPRECATED
from mocks.dmp.pdsm import names, people
from mocks.dmp.pdsm.names import Resource, bare, concept, first

_STATUS = {DEPRECATED: "superseded", DELETED: "entered-in-error"}


def instant(time: str | None) -> str | None:
    """A time of XDS (UTC) as a FHIR dateTime of the same precision, seconds always said."""
    if not time:
        return None
    if len(time) <= 8:
        return "-".join(part for part in (time[:4], time[4:6], time[6:]) if part)
    read = datetime.strptime(time.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return read.strftime("%Y-%m-%dT%H:%M:%SZ")


def document(entry: Entry, version: int, updated: str, links: Mapping[str, Any]) -> Resource:
    """The DocumentReference of the last version of an entry.

    version: of the resource, more than the registry's when statuses changed. updated: RFC 3339. links: `subject`
    (Reference), `binary` (address of the content), `replaces` (ids of DocumentReferences).
    """
    facts = entry.facts
    authors = [people.actor(one["person"] or "", f"auteur-{rank}") for rank, one in enumerate(facts["authors"], 1)]
    signer = people.actor(facts["legal_authenticator"] or "", "responsable")
    xon = next((xon for one in facts["authors"] for xon in one["institutions"]), None)
    patient = people.source_patient(facts["source_patient_id"], facts["source_patient_info"], "patient-source")
    made = {
        "resourceType": "DocumentReference",
        "id": bare(entry.lid),
        "meta": {"versionId": str(version), "lastUpdated": updated, "profile": [names.COMPREHENSIVE]},
        "contained": [*authors, signer, people.organization(xon, "structure"), patient],
        "extension": [{"url": names.IS_ARCHIVED, "valueBoolean": entry.status == ARCHIVED}],
        "masterIdentifier": names.unique_identifier(entry.unique_id),
        "identifier": [{"use": "official", "system": names.RFC3986, "value": entry.uuid}],
        "status": _STATUS.get(entry.status, "current"),
        "type": concept(facts["type"]),
        "category": [concept(facts["class"])],
        "subject": links["subject"],
        "date": instant(facts["creation_time"]),
        "author": [{"reference": f"#{one['id']}"} for one in authors],
        "authenticator": {"reference": "#responsable"},
        "custodian": {"reference": "#structure"},
        "relatesTo": [
            {"code": "replaces", "target": {"reference": f"DocumentReference/{id_}"}} for id_ in links["replaces"]
        ],
        "description": facts["comments"],
        "securityLabel": [concept(one) for one in facts["confidentiality"]],
        "content": [_content(facts, links["binary"])],
        "context": _context(facts),
    }
    return {name: value for name, value in made.items() if value}


def lot(held: Lot, members: Sequence[str], updated: str, subject: Resource) -> Resource:
    """The List of a lot. members: ids of DocumentReferences."""
    facts = held.facts
    said = first(facts["authors"])
    structure = first(said.get("institutions")) or None
    author = people.actor(said.get("person") or "", "auteur")
    if author["resourceType"] == "Practitioner":
        author = _role(author)
    extensions = [{"url": names.AUTHOR_ORG, "valueReference": {"reference": "#structure"}}] if structure else []
    source = {"extension": extensions, "reference": "#auteur"}
    made = {
        "resourceType": "List",
        "id": bare(held.uuid),
        "meta": {"versionId": "1", "lastUpdated": updated, "profile": [names.SUBMISSION_SET]},
        "contained": [author, *([people.organization(structure, "structure")] if structure else [])],
        "extension": [
            {"url": names.DESIGNATION, "valueCodeableConcept": concept(facts["content_type"])},
            {
                "url": names.SOURCE_ID,
                "valueIdentifier": {"system": names.RFC3986, "value": f"urn:oid:{facts['source_id']}"},
            },
            {"url": names.IS_ARCHIVED, "valueBoolean": held.status == ARCHIVED},
        ],
        "identifier": [
            names.unique_identifier(held.unique_id),
            {"use": "official", "system": names.RFC3986, "value": held.uuid},
        ],
        "status": "current",
        "mode": "working",
        "title": facts["title"],
        "code": {"coding": [{"system": names.LIST_TYPES, "code": "submissionset"}]},
        "subject": subject,
        "date": instant(held.submitted),
        "source": {name: value for name, value in source.items() if value},
        "note": [{"text": facts["comments"]}] if facts["comments"] else [],
        "entry": [{"item": {"reference": f"DocumentReference/{id_}"}} for id_ in members],
    }
    return {name: value for name, value in made.items() if value}


def _role(author: Resource) -> Resource:
    """The author of a lot is a PractitionerRole; who it is stands in its practitioner."""
    name = first(author.get("name"))
    shown = " ".join([name.get("family", ""), *name.get("given", [])]).strip()
    identifier = {key: author["identifier"][0][key] for key in ("system", "value")}
    practitioner = {"identifier": identifier, **({"display": shown} if shown else {})}
    return {"resourceType": "PractitionerRole", "id": author["id"], "practitioner": practitioner}


def _content(facts: Mapping[str, Any], url: str) -> Resource:
    attachment = {
        "contentType": facts["mime_type"],
        "language": facts["language"],
        "url": url,
        "size": int(facts["size"]),
        "hash": base64.b64encode(bytes.fromhex(facts["hash"])).decode(),
        "title": facts["title"],
        "creation": instant(facts["creation_time"]),
    }
    return {"attachment": attachment, "format": names.coding(facts["format"])}


def _context(facts: Mapping[str, Any]) -> Resource:
    period = {"start": instant(facts["service_start_time"]), "end": instant(facts["service_stop_time"])}
    made = {
        "event": [concept(one) for one in facts["events"]],
        "period": {name: value for name, value in period.items() if value},
        "facilityType": concept(facts["facility"]),
        "practiceSetting": concept(facts["practice"]),
        "sourcePatientInfo": {"reference": "#patient-source"},
    }
    return {name: value for name, value in made.items() if value}
