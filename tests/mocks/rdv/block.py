"""Software connected to the block, the agendas where it writes, and the admin API of one tenant."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx

ROOT = "https://banc.test"
IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
OURS = "urn:oid:1.2.250.1.999.7"
NOW = "2026-03-15T08:00:00+01:00"  # a Sunday
MONDAY = "2026-03-16"
CANCELLED = {"status": "cancelled", "cancelationReason": {"text": "Usager hospitalisé"}}


@dataclass
class Agenda:
    """The agenda server of one piece of software: keeps by identifier what is written, or answers as told."""

    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"null")
        query = environ.get("QUERY_STRING", "")
        self.calls.append((environ["REQUEST_METHOD"], query, environ.get("HTTP_AUTHORIZATION", "")))
        status = self.statuses.pop(0) if self.statuses else 200
        if status < 300:
            self.kept[query] = body
        start_response(f"{status} X", [("Content-Type", "application/fhir+json")])
        return [json.dumps(body).encode()]


@dataclass
class Block:
    """One tenant with a frozen clock."""

    http: httpx.Client
    tenant: str
    root: str = ROOT
    tokens: dict[str, str] = field(default_factory=dict, repr=False)

    def admin(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        answer = self.http.request(method, f"{self.root}/_banc/tenants/{self.tenant}/{path}", json=body)
        assert answer.is_success if status is None else answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def set(self, **settings: Any) -> None:
        self.admin("PATCH", "reglages", {f"rdv.{key}": value for key, value in settings.items()})

    def clock(self, instant: str) -> None:
        self.admin("PUT", "horloge", {"mode": "figee", "instant": instant})

    def connect(self, client_id: str, **wishes: Any) -> None:
        self.tokens[client_id] = self.admin("POST", "rdv/logiciels", {"client_id": client_id, **wishes})["jeton"]

    def fhir(self, client: str, method: str, path: str, resource: Any = None, **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {self.tokens[client]}", "Content-Type": "application/fhir+json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{self.root}/t/{self.tenant}/rdv/fhir/{path}"
        return self.http.request(method, url, json=resource, headers=sent)

    def professional(self, client: str, *openings: tuple[str, str], day: str = MONDAY) -> str:
        """National identifier of a professional whose agenda this software holds; by default one Monday morning."""
        wanted = [
            {"debut": f"{day}T{start}:00+01:00", "fin": f"{day}T{end}:00+01:00"}
            for start, end in openings or [("09:00", "12:00")]
        ]
        made = self.admin("POST", "rdv/agendas", {"disponibilites": wanted, "logiciel": client})
        return str(made["identifiant_national"])

    def ask(self, client: str, resource: dict[str, Any], status: int = 201) -> dict[str, Any]:
        """The request as the block keeps it, or the refusal."""
        answer = self.fhir(client, "POST", "Appointment", resource)
        assert answer.status_code == status, answer.text
        stored: dict[str, Any] = answer.json()
        return stored

    def write(self, client: str, resource: dict[str, Any], **headers: str) -> httpx.Response:
        """An answer: conditional PUT of the whole request."""
        identifier = resource["identifier"][0]
        token = quote(f"{identifier['system']}|{identifier['value']}", safe="")
        return self.fhir(client, "PUT", f"Appointment?identifier={token}", resource, **headers)

    def read(self, client: str, id_: str) -> dict[str, Any]:
        found: dict[str, Any] = self.fhir(client, "GET", f"Appointment/{id_}").json()
        return found

    def reply(self, id_: str, who: str, reponse: str, status: int | None = None, **more: Any) -> Any:
        """A professional of elsewhere answers, by the admin API."""
        body = {"professionnel": who, "reponse": reponse, **more}
        return self.admin("POST", f"rdv/demandes/{id_}/reponses", body, status)

    def deliveries(self) -> dict[str, tuple[str, int]]:
        """State and number of attempts, by software."""
        found = self.admin("GET", "rdv/envois")["envois"]
        return {one["logiciel"]: (one["etat"], one["essais"]) for one in found}

    def exchanges(self, **query: str) -> list[dict[str, Any]]:
        text = "&".join(f"{name}={value}" for name, value in query.items())
        found: list[dict[str, Any]] = self.admin("GET", f"echanges?limite=5000&{text}")["echanges"]
        return found

    def patient(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(fictitious person, participant)."""
        person = self.admin("POST", "personnes", {})
        ins = person["ins"]
        actor = {"type": "Patient", "identifier": {"system": f"urn:oid:{ins['oid']}", "value": ins["matricule"]}}
        return person, {"actor": actor, "required": "required", "status": "accepted"}


def guest(professional: str, status: str = "needs-action", **more: Any) -> dict[str, Any]:
    actor = {"type": "Practitioner", "identifier": {"system": IDNPS, "value": professional}, "display": "Dr Test"}
    return {"actor": actor, "required": "required", "status": status, **more}


def request(*participants: dict[str, Any], value: str = "reunion-1", **changes: Any) -> dict[str, Any]:
    """A request of half an hour on Monday at nine; None removes an element."""
    made = {
        "resourceType": "Appointment",
        "identifier": [{"system": OURS, "value": value}],
        "status": "proposed",
        "description": "Réunion de synthèse",
        "reasonCode": [{"text": "Préparer la sortie de l'établissement"}],
        "start": f"{MONDAY}T09:00:00+01:00",
        "end": f"{MONDAY}T09:30:00+01:00",
        "participant": list(participants),
        **changes,
    }
    return {name: element for name, element in made.items() if element is not None}


def answered(stored: dict[str, Any], professional: str, status: str, **changes: Any) -> dict[str, Any]:
    """A copy in which this professional has answered."""
    listed = []
    for participant in stored["participant"]:
        hers = participant["actor"].get("identifier", {}).get("value") == professional
        listed.append({**participant, "status": status} if hers else participant)
    return {**stored, "participant": listed, **changes}


def answers(stored: dict[str, Any]) -> list[str]:
    return [participant["status"] for participant in stored["participant"]]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal of the block."""
    return answer.status_code, answer.json()["issue"][0]["details"]["coding"][0]["code"]
