"""A client of the manager and the admin API of one tenant, over httpx."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from mocks.agendas.availability import AVAILABILITY, DURATION

ROOT = "https://banc.test"
RPPS = "urn:oid:1.2.250.1.71.4.2.1"
CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition"
OURS = "urn:oid:1.2.250.1.999.7"
FHIR_JSON = {"Content-Type": "application/fhir+json"}
NOW = "2026-03-15T08:00:00+01:00"  # a Sunday; the clock changes on the 29th
MONDAY = "2026-03-16"


@dataclass
class Manager:
    """One tenant, with a frozen clock and a registered client."""

    http: httpx.Client
    tenant: str
    root: str = ROOT
    token: str = field(default="", repr=False)

    def admin(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        answer = self.http.request(method, f"{self.root}/_banc/tenants/{self.tenant}/{path}", json=body)
        assert answer.is_success if status is None else answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def set(self, **settings: Any) -> None:
        self.admin("PATCH", "reglages", {f"gap.{key}": value for key, value in settings.items()})

    def clock(self, instant: str) -> None:
        self.admin("PUT", "horloge", {"mode": "figee", "instant": instant})

    def register(self, client_id: str = "dui") -> str:
        token: str = self.admin("POST", "gap/clients", {"client_id": client_id})["jeton"]
        return token

    @property
    def base(self) -> str:
        return f"{self.root}/t/{self.tenant}/gap"

    def fhir(self, method: str, path: str, resource: Any = None, **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {self.token}", **({} if resource is None else FHIR_JSON)}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, f"{self.base}/fhir/{path}", json=resource, headers=sent)

    def made(self, resource: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """The resource as stored."""
        answer = self.fhir("POST", resource["resourceType"], resource)
        assert answer.status_code == status, answer.text
        stored: dict[str, Any] = answer.json()
        return stored

    def read(self, path: str) -> dict[str, Any]:
        answer = self.fhir("GET", path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def found(self, path: str) -> list[dict[str, Any]]:
        """The matches of a search."""
        entries = self.read(path).get("entry", [])
        return [entry["resource"] for entry in entries if entry["search"]["mode"] == "match"]

    def slots(self, schedule: str, status: str = "free") -> list[dict[str, Any]]:
        return self.found(f"Slot?schedule=Schedule/{schedule}&status={status}&_count=200&_sort=start")

    def agenda(self, *openings: dict[str, Any], **wishes: Any) -> dict[str, Any]:
        """An agenda opened by the admin API; by default one Monday morning, in half hours."""
        wanted = list(openings) or [opening("09:00", "12:00")]
        made: dict[str, Any] = self.admin("POST", "gap/agendas", {"disponibilites": wanted, **wishes})
        return made

    def patient(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(fictitious person, Patient)."""
        person = self.admin("POST", "personnes", {})
        name = {"use": "official", "family": person["nom"], "given": person["prenoms"]}
        ins = person["ins"]
        return person, self.made(
            {
                "resourceType": "Patient",
                "identifier": [{"system": f"urn:oid:{ins['oid']}", "value": ins["matricule"]}],
                "name": [name],
                "birthDate": person["date_naissance"],
            }
        )

    def last(self) -> dict[str, Any]:
        """The last exchange with the service."""
        told: dict[str, Any] = self.admin("GET", "echanges?service=gap&limite=5000")["echanges"][-1]
        return told


def opening(start: str, end: str, day: str = MONDAY, **wishes: Any) -> dict[str, Any]:
    """An availability of the admin API, in winter time of Paris."""
    return {"debut": f"{day}T{start}:00+01:00", "fin": f"{day}T{end}:00+01:00", **wishes}


def availability(start: str, end: str, kind: str = "free", key: str = "1", rule: Any = None) -> dict[str, Any]:
    """The extension availabilityTime. rule: sub-extensions of rrule as (url, value[x] name, value)."""
    parts: list[dict[str, Any]] = [
        {"url": "type", "valueCoding": {"system": f"{CS}/fr-core-cs-schedule-type", "code": kind}},
        {"url": "start", "valueDateTime": start},
        {"url": "end", "valueDateTime": end},
        {"url": "identifier", "valueIdentifier": {"system": OURS, "value": key}},
    ]
    if rule is not None:
        parts.append({"url": "rrule", "extension": [{"url": url, name: value} for url, name, value in rule]})
    return {"url": AVAILABILITY, "extension": parts}


CS = "https://hl7.fr/ig/fhir/core/CodeSystem"


def freq(code: str) -> tuple[str, str, Any]:
    return ("freq", "valueCoding", {"system": "https://www.ietf.org/rfc/rfc2445", "code": code})


def duration(minutes: float, text: str = "Consultation", unit: str = "min") -> dict[str, Any]:
    value = {"value": minutes, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    service = {"url": "serviceType", "valueCodeableConcept": {"text": text}}
    return {"url": DURATION, "extension": [service, {"url": "duration", "valueDuration": value}]}


def schedule(*extensions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    made = {
        "resourceType": "Schedule",
        "extension": list(extensions),
        "actor": [{"type": "Practitioner", "identifier": {"system": RPPS, "value": "899990000000"}}],
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def appointment(value: str = "rdv-1", **changes: Any) -> dict[str, Any]:
    """A valid appointment of half an hour; None removes an element."""
    made = {
        "resourceType": "Appointment",
        "identifier": [{"system": OURS, "value": value}],
        "status": "booked",
        "created": "2026-03-15",
        "start": f"{MONDAY}T09:00:00+01:00",
        "end": f"{MONDAY}T09:30:00+01:00",
        "participant": [
            {"actor": {"type": "Patient", "identifier": {"system": OURS, "value": "u-1"}}, "status": "accepted"}
        ],
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def on_slot(slot: dict[str, Any], value: str = "rdv-1", /, **changes: Any) -> dict[str, Any]:
    """An appointment on that slot."""
    times = {"start": slot["start"], "end": slot["end"], "slot": [{"reference": f"Slot/{slot['id']}"}]}
    return appointment(value, **{**times, **changes})


def with_professional(agenda: dict[str, Any], value: str = "rdv-1", **changes: Any) -> dict[str, Any]:
    """An appointment with that professional, without a slot."""
    made = appointment(value, **changes)
    actor = {"reference": f"Practitioner/{agenda['practitioner']}"}
    return {**made, "participant": [*made["participant"], {"actor": actor, "status": "accepted"}]}


def by_identifier(value: str = "rdv-1", system: str = OURS) -> str:
    return f"Appointment?identifier={quote(f'{system}|{value}', safe='')}"
