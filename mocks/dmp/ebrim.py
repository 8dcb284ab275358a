"""Reading ebRIM: what lots, entries and associations say (IHE ITI TF vol. 3 §4.2). Nothing is judged here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from mocks.dmp.names import rim
from mocks.dmp.settings import DATA

SCHEMES: dict[str, Any] = orjson.loads((DATA / "schemas.json").read_bytes())
DOCUMENT, LOT = SCHEMES["document"], SCHEMES["lot"]
Facts = dict[str, Any]


@dataclass(frozen=True)
class Submission:
    """The content of a SubmitObjectsRequest. lots, folders, entries, associations: elements of ebRIM."""

    lots: tuple[Any, ...]
    folders: tuple[Any, ...]
    entries: tuple[Any, ...]
    associations: tuple[Any, ...]


def submission(request: Any) -> Submission:
    """What an `lcm:SubmitObjectsRequest` submits."""
    listed = request.find(rim("RegistryObjectList"))
    objects = [] if listed is None else list(listed)
    apart = [one for one in objects if one.tag == rim("Classification")]

    def packages(node: str) -> tuple[Any, ...]:
        named = {one.get("classifiedObject") for one in apart if one.get("classificationNode") == node}
        return tuple(
            one
            for one in objects
            if one.tag == rim("RegistryPackage") and (one.get("id") in named or _has_node(one, node))
        )

    return Submission(
        lots=packages(LOT["node"]),
        folders=packages(SCHEMES["folder"]["node"]),
        entries=tuple(one for one in objects if one.tag == rim("ExtrinsicObject")),
        associations=tuple(one for one in objects if one.tag == rim("Association")),
    )


def _has_node(package: Any, node: str) -> bool:
    return any(one.get("classificationNode") == node for one in package.iterfind(rim("Classification")))


def entry(element: Any) -> Facts:
    """A DocumentEntry as the journal keeps it (contract of the DMP §4)."""
    held = slots(element)
    return {
        "entry_uuid": element.get("id"),
        "lid": element.get("lid"),
        "version": _version(element),
        "object_type": element.get("objectType"),
        "status": element.get("status"),
        "mime_type": element.get("mimeType"),
        "unique_id": external(element, DOCUMENT["unique_id"]),
        "patient_id": external(element, DOCUMENT["patient_id"]),
        "title": _text(element, "Name"),
        "comments": _text(element, "Description"),
        "language": _one(held, "languageCode"),
        "creation_time": _one(held, "creationTime"),
        "service_start_time": _one(held, "serviceStartTime"),
        "service_stop_time": _one(held, "serviceStopTime"),
        "hash": _one(held, "hash"),
        "size": _one(held, "size"),
        "repository": _one(held, "repositoryUniqueId"),
        "source_patient_id": _one(held, "sourcePatientId"),
        "source_patient_info": held.get("sourcePatientInfo", []),
        "legal_authenticator": _one(held, "legalAuthenticator"),
        "authors": authors(element, DOCUMENT["author"]),
        "events": codes(element, DOCUMENT["events"]),
        "confidentiality": codes(element, DOCUMENT["confidentiality"]),
        **{name: _code(element, name) for name in ("type", "class", "format", "facility", "practice")},
    }


def lot(element: Any) -> Facts:
    """A SubmissionSet as the journal keeps it."""
    held = slots(element)
    return {
        "id": element.get("id"),
        "status": element.get("status"),
        "unique_id": external(element, LOT["unique_id"]),
        "source_id": external(element, LOT["source_id"]),
        "patient_id": external(element, LOT["patient_id"]),
        "submission_time": _one(held, "submissionTime"),
        "title": _text(element, "Name"),
        "comments": _text(element, "Description"),
        "content_type": next(iter(codes(element, LOT["content_type"])), None),
        "authors": authors(element, LOT["author"]),
    }


def association(element: Any) -> Facts:
    """An Association as the journal keeps it."""
    return {
        "id": element.get("id"),
        "type": element.get("associationType"),
        "source": element.get("sourceObject"),
        "target": element.get("targetObject"),
        "slots": slots(element),
    }


def slots(element: Any) -> dict[str, list[str]]:
    """The values of the slots of an element, by name; those of a slot that comes twice are put together."""
    found: dict[str, list[str]] = {}
    for slot in element.iterfind(rim("Slot")):
        values = (value.text or "" for value in slot.iterfind(f"{rim('ValueList')}/{rim('Value')}"))
        found.setdefault(slot.get("name", ""), []).extend(value.strip() for value in values)
    return found


def codes(element: Any, scheme: str) -> list[Facts]:
    """The codes of a scheme."""
    return [
        {
            "code": one.get("nodeRepresentation"),
            "system": _one(slots(one), "codingScheme"),
            "label": _text(one, "Name"),
        }
        for one in _classifications(element, scheme)
    ]


def authors(element: Any, scheme: str) -> list[Facts]:
    """The authors of an entry or of a lot."""
    return [
        {
            "person": _one(held, "authorPerson"),
            "persons": len(held.get("authorPerson", [])),
            "institutions": held.get("authorInstitution", []),
            "roles": held.get("authorRole", []),
            "specialties": held.get("authorSpecialty", []),
        }
        for held in map(slots, _classifications(element, scheme))
    ]


def external(element: Any, scheme: str) -> str | None:
    """The value of an ExternalIdentifier, None when there is none."""
    for one in element.iterfind(rim("ExternalIdentifier")):
        if one.get("identificationScheme") == scheme:
            value: str | None = one.get("value")
            return value
    return None


def _classifications(element: Any, scheme: str) -> Iterator[Any]:
    return (one for one in element.iterfind(rim("Classification")) if one.get("classificationScheme") == scheme)


def _code(element: Any, name: str) -> Facts | None:
    return next(iter(codes(element, DOCUMENT[name])), None)


def _one(held: dict[str, list[str]], name: str) -> str | None:
    return next(iter(held.get(name, [])), None)


def _text(element: Any, name: str) -> str | None:
    string = element.find(f"{rim(name)}/{rim('LocalizedString')}")
    return None if string is None else string.get("value")


def _version(element: Any) -> str | None:
    info = element.find(rim("VersionInfo"))
    return None if info is None else info.get("versionName")
