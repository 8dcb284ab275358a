"""Whether the manager's state holds together: what a load test asks when it is over."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import select

from mocks.agendas import model_actors, model_booking
from mocks.agendas.model_status import takes
from mocks.agendas.state import State
from mocks.agendas.tables import OCCUPATIONS, SLOTS
from mocks.fhir import Scope


def report(state: State) -> dict[str, Any]:
    """Appointments counted, time that two have, identifiers that two bear, slots that do not say what takes them."""
    found = state.repository.find(state.session, state.tenant.name, "Appointment", [], Scope())
    bearers: dict[str, list[str]] = defaultdict(list)
    statuses: Counter[str] = Counter()
    for stored in found:
        resource = stored.resource
        statuses[resource["status"]] += 1
        for identifier in dict.fromkeys(model_actors.identifiers(resource)):
            bearers[identifier].append(stored.id)
    return {
        "rendez_vous": len(found),
        "par_statut": dict(sorted(statuses.items())),
        "doubles_reservations": [
            {"schedule": schedule, "rendez_vous": [one, other]}
            for schedule, one, other in model_booking.overlaps(state)
        ],
        "identifiants_en_double": [
            {"identifiant": identifier, "rendez_vous": ids} for identifier, ids in bearers.items() if len(ids) > 1
        ],
        "creneaux_incoherents": _incoherent(state, {s.id: takes(s.resource["status"]) for s in found}),
    }


def _incoherent(state: State, taking: dict[str, str]) -> list[str]:
    """Slots that are free though an appointment takes them, or taken by none; and slots that say otherwise in FHIR."""
    query = select(SLOTS.c.id, SLOTS.c.schedule, SLOTS.c.low, SLOTS.c.high, SLOTS.c.status)
    rows = state.session.query(query.where(SLOTS.c.space == state.space))
    slots = state.repository.find(state.session, state.tenant.name, "Slot", [], Scope())
    shown = {stored.id: stored.resource["status"] for stored in slots}
    busy: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in state.session.query(select(OCCUPATIONS).where(OCCUPATIONS.c.space == state.space)):
        busy[row.schedule].append((row.low, row.high, taking.get(row.appointment, "")))
    wrong = []
    for row in rows:
        met = {status for low, high, status in busy[row.schedule] if low < row.high and row.low < high}
        wanted = "busy" if "busy" in met else "busy-tentative" if "busy-tentative" in met else "free"
        if shown.get(row.id) != row.status or row.status not in (wanted, "busy-unavailable"):
            wrong.append(row.id)
    return wrong
