"""Reading the header of a CDA R2 (sheet DMP §7): what it says, for the journal. Nothing is judged here."""

from __future__ import annotations

import binascii
from typing import Any

from mocks import base64_text
from mocks.dmp.names import hl7

MAX_DEPTH = 200  # tables inside lists inside sections
_FORBIDDEN = ("raceCode", "religiousAffiliationCode", "ethnicGroupCode")
_ACTIVE = ("script", "object", "iframe", "form", "link")
Facts = dict[str, Any]


def is_cda(root: Any) -> bool:
    """Whether a document is a CDA."""
    return bool(root.tag == hl7("ClinicalDocument"))


def header(root: Any) -> Facts:
    """What a CDA says of itself, as the journal keeps it (contract of the DMP §4)."""
    identifier = _id(root.find(hl7("id")))
    return {
        "id": _joined(identifier),
        **{key: identifier.get(key) for key in ("root", "extension")},
        "code": _code(root.find(hl7("code"))),
        "title": _text(root.find(hl7("title"))),
        "effective_time": _value(root.find(hl7("effectiveTime"))),
        "confidentiality": _code(root.find(hl7("confidentialityCode"))),
        "language": _code(root.find(hl7("languageCode")))["code"],
        "realm": [one.get("code") for one in root.iterfind(hl7("realmCode"))],
        "type_id": _joined(_id(root.find(hl7("typeId")))),
        "templates": [one.get("root") for one in root.iterfind(hl7("templateId"))],
        "set_id": _joined(_id(root.find(hl7("setId")))),
        "version_number": _value(root.find(hl7("versionNumber"))),
        **_counts(root),
        "related": [_related(one) for one in root.iterfind(hl7("relatedDocument"))],
        "patient": _patient(root.find(_path("recordTarget", "patientRole"))),
        "families_unqualified": sum(1 for one in root.iter(hl7("family")) if one.get("qualifier") not in ("BR", "CL")),
        "authors": [_author(one) for one in root.iterfind(hl7("author"))],
        "legal_authenticator": _authenticator(root.find(hl7("legalAuthenticator"))),
        "custodian": {"ids": _ids(root, "custodian", "assignedCustodian", "representedCustodianOrganization")},
        **_event(root),
        "body": _body(root),
        "active_content": any(one.tag.rpartition("}")[2].lower() in _ACTIVE for one in root.iter("{*}*")),
    }


def _counts(root: Any) -> Facts:
    named = {
        "record_targets": "recordTarget",
        "legal_authenticators": "legalAuthenticator",
        "documentation_of": "documentationOf",
        "component_of": "componentOf",
    }
    return {key: len(root.findall(hl7(name))) for key, name in named.items()}


def _related(element: Any) -> Facts:
    parent = element.find(hl7("parentDocument"))
    return {
        "type": element.get("typeCode"),
        "ids": [] if parent is None else [_joined(_id(one)) for one in parent.iterfind(hl7("id"))],
        "set_id": None if parent is None else _joined(_id(parent.find(hl7("setId")))),
        "version_number": None if parent is None else _value(parent.find(hl7("versionNumber"))),
    }


def _patient(role: Any) -> Facts:
    if role is None:
        return {}
    person = role.find(hl7("patient"))
    found: Facts = {"ids": [{**_id(one), "null_flavor": one.get("nullFlavor")} for one in role.iterfind(hl7("id"))]}
    if person is None:
        return found
    place = person.find(_path("birthplace", "place", "addr", "county"))
    return {
        **found,
        "names": len(person.findall(hl7("name"))),
        "families": _names(person, "family"),
        "givens": _names(person, "given"),
        "birth_time": _value(person.find(hl7("birthTime"))),
        "gender": _code(person.find(hl7("administrativeGenderCode")))["code"],
        "birthplace": _text(place),
        "forbidden": [name for name in _FORBIDDEN if any(True for _ in person.iter(f"{{*}}{name}"))],
    }


def _names(person: Any, part: str) -> list[Facts]:
    return [
        {"text": _text(one), "qualifier": one.get("qualifier"), "null_flavor": one.get("nullFlavor")}
        for one in person.iterfind(f"{hl7('name')}/{hl7(part)}")
    ]


def _author(element: Any) -> Facts:
    assigned = element.find(hl7("assignedAuthor"))
    device = None if assigned is None else assigned.find(hl7("assignedAuthoringDevice"))
    return {
        "ids": _ids(element, "assignedAuthor"),
        "code": None if assigned is None else _code(assigned.find(hl7("code"))),
        "function": _code(element.find(hl7("functionCode"))),
        "time": _value(element.find(hl7("time"))),
        "device": device is not None,
        "software": None if device is None else _text(device.find(hl7("softwareName"))),
        "organizations": _ids(element, "assignedAuthor", "representedOrganization"),
    }


def _authenticator(element: Any) -> Facts | None:
    if element is None:
        return None
    return {
        "ids": _ids(element, "assignedEntity"),
        "time": _value(element.find(hl7("time"))),
        "signature": _code(element.find(hl7("signatureCode")))["code"],
    }


def _event(root: Any) -> Facts:
    event = root.find(_path("documentationOf", "serviceEvent"))
    when = None if event is None else event.find(hl7("effectiveTime"))
    performer = _path("performer", "assignedEntity", "representedOrganization", "standardIndustryClassCode")
    place = _path("componentOf", "encompassingEncounter", "location", "healthCareFacility", "code")
    return {
        "service_event": {
            "low": None if when is None else _value(when.find(hl7("low"))) or _value(when),
            "high": None if when is None else _value(when.find(hl7("high"))),
            "code": _code(None if event is None else event.find(hl7("code"))),
        },
        "performer_practice": _code(None if event is None else event.find(performer)),
        "facility": _code(root.find(place)),
    }


def _body(root: Any) -> Facts:
    component = root.find(hl7("component"))
    if component is None or not len(component):
        return {"kind": "absent"}
    text = component.find(_path("nonXMLBody", "text"))
    if text is None:
        return {"kind": "n3" if component.find(hl7("structuredBody")) is not None else "absent"}
    kept = (text.text or "").strip()
    inside = _decoded(kept) if text.get("representation") == "B64" else kept.encode()
    return {
        "kind": "n1",
        "media_type": text.get("mediaType"),
        "representation": text.get("representation"),
        "size": None if inside is None else len(inside),
    }


def _decoded(text: str) -> bytes | None:
    try:
        return base64_text.decode(text.encode())
    except binascii.Error:
        return None


def _ids(element: Any, *path: str) -> list[str]:
    found = element.find(_path(*path))
    if found is None:
        return []
    return [joined for one in found.iterfind(hl7("id")) if (joined := _joined(_id(one))) is not None]


def _id(element: Any) -> dict[str, str | None]:
    if element is None:
        return {"root": None, "extension": None}
    return {"root": element.get("root"), "extension": element.get("extension")}


def _joined(identifier: dict[str, str | None]) -> str | None:
    """`root` or `root^extension`, as XDS writes the id of a CDA."""
    root, extension = identifier["root"], identifier["extension"]
    return f"{root}^{extension}" if root and extension else root


def _code(element: Any) -> dict[str, str | None]:
    get = (lambda _key: None) if element is None else element.get
    return {"code": get("code"), "system": get("codeSystem"), "label": get("displayName")}


def _value(element: Any) -> str | None:
    return None if element is None else element.get("value")


def _text(element: Any) -> str | None:
    return None if element is None else "".join(element.itertext()).strip()


def _path(*names: str) -> str:
    return "/".join(map(hl7, names))
