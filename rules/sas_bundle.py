"""What the product answered the SAS platform: slots, whose they are, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.reading import dig, objects, text
from rules.sas_searches import PRACTITIONERS, prefixed

Json = Mapping[str, Any]
PUBLICS = "https://mos.esante.gouv.fr/NOS/TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau"
CONSULTATIONS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
SERVICE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Slot.serviceType"
COMMUNITY = "604"


@dataclass(frozen=True)
class Slot:
    """A slot of an answer. at: its FHIRPath."""

    at: str
    resource: Json

    @cached_property
    def start(self) -> datetime | None:
        return parse_instant(self.resource.get("start"))

    @cached_property
    def end(self) -> datetime | None:
        return parse_instant(self.resource.get("end"))

    @property
    def publics(self) -> frozenset[str]:
        """Codes of TRE_R314 in `meta.security`."""
        return frozenset(codes(dig(self.resource, "meta", "security"), PUBLICS))

    @property
    def consultations(self) -> frozenset[str]:
        """Codes of ActCode in `serviceType`: AMB, HH, VR."""
        services = [service for _, service in objects(self.resource.get("serviceType"))]
        return frozenset(code for service in services for code in codes(service.get("coding"), CONSULTATIONS))

    @property
    def communities(self) -> list[tuple[str, str]]:
        """Each `serviceType` of a community (code 604): its FHIRPath and the reference to its service, "" without."""
        found = []
        for index, service in objects(self.resource.get("serviceType")):
            # The guide writes the system of TRE_R66 in three ways: only the code counts here.
            if any(coding.get("code") == COMMUNITY for _, coding in objects(service.get("coding"))):
                found.append((f"{self.at}.serviceType[{index}]", _service(service)))
        return found


@dataclass(frozen=True)
class Answer:
    """The bundle of an answer."""

    bundle: Json

    @classmethod
    def of(cls, search: Exchange) -> Answer:
        return cls(search.answer_resource)

    @cached_property
    def entries(self) -> list[tuple[str, Json, str]]:
        """FHIRPath, resource and fullUrl of each entry that holds one."""
        return [
            (f"Bundle.entry[{index}].resource", entry["resource"], text(entry.get("fullUrl")))
            for index, entry in objects(self.bundle.get("entry"))
            if isinstance(entry.get("resource"), Mapping)
        ]

    def of_type(self, kind: str) -> list[tuple[str, Json]]:
        """FHIRPath and content of each resource of this type."""
        return [(at, found) for at, found, _ in self.entries if found.get("resourceType") == kind]

    @cached_property
    def slots(self) -> list[Slot]:
        return [Slot(at, found) for at, found in self.of_type("Slot")]

    def resolve(self, reference: Any, kind: str) -> Json | None:
        """The resource of this type that a reference names, relative (`Type/id`) or absolute; None without it."""
        wanted = text(dig(reference, "reference")).partition("/_history/")[0]
        return self._by_reference.get((kind, wanted)) if wanted else None

    def numbers_of(self, slot: Slot) -> frozenset[str]:
        """Prefixed national identifiers of the practitioners of a slot, by its schedule."""
        schedule = self.resolve(slot.resource.get("schedule"), "Schedule") or {}
        actors = [self.resolve(actor, "Practitioner") for _, actor in objects(schedule.get("actor"))]
        return frozenset(number for actor in actors if actor for number in national(actor))

    @cached_property
    def _by_reference(self) -> dict[tuple[str, str], Json]:
        found: dict[tuple[str, str], Json] = {}
        for _, resource, url in self.entries:
            kind = text(resource.get("resourceType"))
            names = [url, "/".join(url.split("/")[-2:]), f"{kind}/{text(resource.get('id'))}"]
            found.update({(kind, name): resource for name in names if name})
        return found


def national(practitioner: Json) -> Iterator[str]:
    """Prefixed RPPS or ADELI of a practitioner, whatever the answered form."""
    for _, identifier in objects(practitioner.get("identifier")):
        if identifier.get("system") == PRACTITIONERS and text(identifier.get("value")):
            yield prefixed(identifier["value"])


def codes(codings: Any, system: str) -> Iterator[str]:
    """Codes of this system in a list of codings."""
    for _, coding in objects(codings):
        if coding.get("system") == system and text(coding.get("code")):
            yield coding["code"]


def _service(service: Json) -> str:
    extensions = [extension for _, extension in objects(service.get("extension"))]
    found = (text(dig(one, "valueReference", "reference")) for one in extensions if one.get("url") == SERVICE)
    return next(filter(None, found), "")
