"""An editor's product that sends appointments to the platform (INT_R03), and the admin API of one tenant."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

ROOT = "https://banc.test"
OURS = "urn:oid:1.2.250.1.999.7.3"
TYPES = "http://interopsante.org/fhir/CodeSystem/fr-v2-0203"
INDIVIDUAL = "http://sas.fr/fhir/StructureDefinition/FrAppointmentSAS"
SOS = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/sas-sos-appointment"
OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"
TECHNICAL = "urn:oid:1.2.250.1.213.3.6"
NATIONAL = "urn:oid:1.2.250.1.71.4.2.1"


def numbered(code: str, system: str, value: str) -> dict[str, Any]:
    return {"type": {"coding": [{"system": TYPES, "code": code}]}, "system": system, "value": value}


def operator(identifier: dict[str, Any]) -> dict[str, Any]:
    return {"url": OPERATOR, "valueReference": {"identifier": identifier}}


RIGHT: dict[str, Any] = {
    "resourceType": "Appointment",
    "meta": {"profile": [INDIVIDUAL]},
    "extension": [operator(numbered("INTRN", TECHNICAL, "7f0c1d52-3a54-4a0e-9a6e-0b8c2f2d9e11"))],
    "identifier": [{"system": OURS, "value": "rdv-1"}],
    "status": "booked",
    "start": "2026-07-06T14:00:00.000+02:00",
    "end": "2026-07-06T14:15:00.000+02:00",
    "created": "2026-07-06T11:58:00+02:00",
    "participant": [{"actor": {"identifier": numbered("IDNPS", NATIONAL, "899990000426")}, "status": "accepted"}],
}
ATTENDED = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "ADM"}]}
OF_SOS = {"meta": {"profile": [SOS]}, "participant": [{"type": [ATTENDED], "status": "needs-action"}]}


def appointment(value: str = "rdv-1", **changes: Any) -> dict[str, Any]:
    """A right appointment; an element given as None is left out."""
    made = {**deepcopy(RIGHT), "identifier": [{"system": OURS, "value": value}], **changes}
    return {name: element for name, element in made.items() if element is not None}


def by_identifier(value: str = "rdv-1", name: str = "identifier") -> str:
    return f"Appointment?{name}={quote(f'{OURS}|{value}', safe='')}"


@dataclass
class Platform:
    """One tenant."""

    http: httpx.Client
    tenant: str
    root: str = ROOT

    def admin(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        answer = self.http.request(method, f"{ROOT}/_banc/tenants/{self.tenant}/{path}", json=body)
        assert answer.is_success if status is None else answer.status_code == status, answer.text
        return answer.json()

    def set(self, **settings: Any) -> None:
        self.admin("PATCH", "reglages", {f"sas.{key}": value for key, value in settings.items()})

    def send(self, method: str, path: str, resource: Any = None, **headers: str) -> httpx.Response:
        sent = {"Content-Type": "application/fhir+json", "Accept": "application/json+fhir"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"{self.root}/t/{self.tenant}/sas/fhir/{path}"
        if isinstance(resource, str):
            return self.http.request(method, address, content=resource.encode(), headers=sent)
        return self.http.request(method, address, json=resource, headers=sent)

    def last(self) -> dict[str, Any]:
        """The last exchange with the service."""
        told: dict[str, Any] = self.admin("GET", "echanges?service=sas&limite=5000")["echanges"][-1]
        return told

    def noted(self) -> list[str]:
        return [note["code"] for note in self.last()["notes"]]

    def held(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.admin("GET", "sas/rendez-vous")["rendez_vous"]
        return found
