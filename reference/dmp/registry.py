"""What the answers of the DMP say: outcome, entries, associations, lots, state of a DMP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from reference.dmp.names import ENTRY, HL7, QUERY, RIM, RS
from reference.dmp.soap import Reply

Element = Any
_BUSY = ("XDSRegistryBusy", "XDSRepositoryBusy")


@dataclass(frozen=True)
class Verdict:
    """The outcome of a transaction. status: `Success`, `Failure`, `PartialSuccess`; errors: codes and texts."""

    status: str
    errors: list[tuple[str, str]]

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.errors]

    @property
    def busy(self) -> bool:
        """Whether one may come back later."""
        return any(code in _BUSY for code in self.codes)

    def said(self) -> str:
        """For the user."""
        return " ".join(f"{text} ({code})" for code, text in self.errors) or self.status


def verdict(reply: Reply) -> Verdict:
    """The outcome that an answer of XDS tells, whatever its HTTP status."""
    told = [*reply.root.iter(f"{{{RS}}}RegistryResponse"), *reply.root.iter(f"{{{QUERY}}}AdhocQueryResponse")]
    status = str(told[0].get("status", "")).rpartition(":")[2] if told else "Failure"
    refused = reply.root.iter(f"{{{RS}}}RegistryError")
    errors = [(one.get("errorCode", ""), one.get("codeContext", "")) for one in refused]
    return Verdict(status, errors)


@dataclass(frozen=True)
class Found:
    """An entry as the registry gives it. acted, made: times in UTC; confidentiality: codes; xml: the object."""

    unique_id: str
    uuid: str
    lid: str
    version: str
    status: str
    title: str
    type: tuple[str, str]
    acted: str
    made: str
    hash: str
    size: str
    repository: str
    confidentiality: list[str]
    persons: list[str]
    institutions: list[str]
    labels: Mapping[str, str] = field(default_factory=dict)
    xml: str = ""

    @property
    def author(self) -> str:
        """As it is shown: the name of the first author, or her structure."""
        return self.labels.get("author", "")


def entries(reply: Reply) -> list[Found]:
    """Entries of an answer."""
    return [_entry(one) for one in reply.root.iter(f"{{{RIM}}}ExtrinsicObject")]


def lots(reply: Reply) -> list[str]:
    """entryUUIDs of the lots of an answer."""
    return [one.get("id", "") for one in reply.root.iter(f"{{{RIM}}}RegistryPackage")]


def associations(reply: Reply, kind: str) -> Iterator[tuple[str, str]]:
    """Source and target of the associations of that type."""
    for one in reply.root.iter(f"{{{RIM}}}Association"):
        if one.get("associationType") == kind:
            yield one.get("sourceObject", ""), one.get("targetObject", "")


def _entry(element: Element) -> Found:
    codes = _classified(element, "confidentiality")
    kind = next(iter(_classified(element, "type")), None)
    authors = _classified(element, "author")
    persons = [text for one in authors for text in slot(one, "authorPerson")]
    institutions = [text for one in authors for text in slot(one, "authorInstitution")]
    info = element.find(f"{{{RIM}}}VersionInfo")
    return Found(
        unique_id=_identifier(element, "unique_id"),
        uuid=element.get("id", ""),
        lid=element.get("lid", ""),
        version="1" if info is None else info.get("versionName", "1"),
        status=element.get("status", ""),
        title=_named(element),
        type=("", "") if kind is None else (kind.get("nodeRepresentation", ""), _first(slot(kind, "codingScheme"))),
        acted=_first(slot(element, "serviceStartTime")),
        made=_first(slot(element, "creationTime")),
        hash=_first(slot(element, "hash")),
        size=_first(slot(element, "size")),
        repository=_first(slot(element, "repositoryUniqueId")),
        confidentiality=[one.get("nodeRepresentation", "") for one in codes],
        persons=[one.split("^")[0] for one in persons],
        institutions=[[*one.split("^"), *[""] * 10][9] for one in institutions],
        labels={"author": _shown(persons, institutions), "type": "" if kind is None else _named(kind)},
        xml=etree.tostring(element, encoding="unicode"),
    )


def _shown(persons: list[str], institutions: list[str]) -> str:
    if persons:
        parts = [*persons[0].split("^"), "", ""][1:3]
        return " ".join(part for part in reversed(parts) if part)
    return institutions[0].split("^")[0] if institutions else ""


def slot(element: Element, name: str) -> list[str]:
    """Values of a slot."""
    held = f"{{{RIM}}}Slot[@name='{name}']/{{{RIM}}}ValueList/{{{RIM}}}Value"
    return [(one.text or "").strip() for one in element.iterfind(held)]


def _classified(element: Element, name: str) -> list[Element]:
    found = element.iterfind(f"{{{RIM}}}Classification")
    return [one for one in found if one.get("classificationScheme") == ENTRY[name]]


def _identifier(element: Element, name: str) -> str:
    found = element.iterfind(f"{{{RIM}}}ExternalIdentifier")
    return next((one.get("value", "") for one in found if one.get("identificationScheme") == ENTRY[name]), "")


def _named(element: Element) -> str:
    told = element.find(f"{{{RIM}}}Name/{{{RIM}}}LocalizedString")
    return "" if told is None else str(told.get("value", ""))


def _first(values: list[str]) -> str:
    return values[0] if values else ""


@dataclass(frozen=True)
class State:
    """What TD0.2 says. status: `actif`, `ferme`, `absent`; authorisation: its code; named: by a defect only."""

    status: str
    authorisation: str = ""
    treating: bool = False
    closing: str = ""
    named: str = ""


def state(reply: Reply) -> State | None:
    """The state of a DMP; None when the answer is an error or cannot be read."""
    found = reply.root.find(f".//{{{HL7}}}queryResponseCode")
    if found is None:
        return None
    if found.get("code") == "NF":
        return State("absent")
    said = _observations(reply)
    status = {"ACTIF": "actif", "FERME": "ferme"}.get(said.get("STATUT_DMP", ""))
    if status is None:
        return None
    why = said.get("MOTIF_FERMETURE", "")
    return State(status, said.get("AUTORISATION", ""), said.get("MEDECIN_TRAITANT_DMP") == "true", why)


def _observations(reply: Reply) -> dict[str, str]:
    found = {}
    for one in reply.root.iter(f"{{{HL7}}}administrativeObservation"):
        code, value = one.find(f"{{{HL7}}}code"), one.find(f"{{{HL7}}}value")
        if code is not None and value is not None:
            found[code.get("code", "")] = value.get("value", "")
    return found


def accepted(reply: Reply) -> bool:
    """Whether TD0.3 was done."""
    code = reply.root.find(f".//{{{HL7}}}acknowledgement/{{{HL7}}}typeCode")
    return code is not None and code.get("code") == "AA"


def name(reply: Reply, qualifier: str) -> str:
    """A name that TD0.2 gives (`BR`: of birth, `SP`: usual), never shown: only defects read it."""
    found = (one.text for one in reply.root.iter(f"{{{HL7}}}family") if one.get("qualifier") == qualifier)
    return next(found, None) or ""
