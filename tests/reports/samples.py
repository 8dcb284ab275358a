"""Exchanges, findings and results for the tests of the reports."""

from __future__ import annotations

from typing import Any

from harness.results import RunResult, ScenarioResult
from rules.core import Authority, Finding, Level
from rules.exchange import Exchange


def exchange(**changes: Any) -> Exchange:
    entry = {
        "id": 42,
        "instant": "2026-11-21T09:12:03.000Z",
        "protocol": "http",
        "operation": "mes.fhir.appointment.create",
        "request": {"method": "POST", "target": "/t/a/mes/fhir/Appointment", "body": '{"status": "booked"}'},
        "answer": {"status": 201, "body": "créé"},
    }
    return Exchange({**entry, **changes})


def finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "at": "Appointment.start",
        "expected": "un instant avec décalage horaire",
        "seen": "« 2024-10-27T09:00:00 »",
        "message": "Sans décalage, la visite se déplace d'une ou deux heures.",
        "exchange": 42,
        "rule": "AGD-009",
        "level": Level.SHALL,
        "authority": Authority.OFFICIELLE,
        "source": "HL7 FHIR R4, type instant",
    }
    return Finding(**{**values, **changes})


def scenario(**changes: Any) -> ScenarioResult:
    values: dict[str, Any] = {
        "id": "agenda/toy.feature::Un rendez-vous arrive",
        "name": "Un rendez-vous arrive",
        "feature": "L'agenda",
        "path": "agenda/toy.feature",
        "tags": ("DE1-AGENDA-UC1", "officielle"),
        "requirements": ("DE1-AGENDA-UC1",),
        "authority": Authority.OFFICIELLE,
        "outcome": "reussi",
    }
    return ScenarioResult(**{**values, **changes})


def run_result(*scenarios: ScenarioResult, **changes: Any) -> RunResult:
    target = {"nom": "Mon DUI", "version": "2.0", "editeur": "Éditeur & fils", "mode": "local"}
    target |= {"blocs": ["mes-agenda", "mes-appariement"], "cibles": []}  # type: ignore[dict-item]
    values: dict[str, Any] = {"target": target, "started": "2026-11-21T09:00:00+00:00", "strict": False}
    return RunResult(**{**values, **changes, "scenarios": list(scenarios)})
