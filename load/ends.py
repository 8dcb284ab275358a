"""What each end holds when the load is over, read by its own way in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.sandbox_client import TenantClient
from load.ledger import same_instant
from load.reconcile import Seen


def of_mes(tenant: TenantClient, people: Iterable[str]) -> list[Seen]:
    """The agenda of these persons, as each of them sees it."""
    found: list[Seen] = []
    for person in people:
        events = tenant.call("GET", f"/mes/usagers/{person}/agenda")["evenements"]
        found += [_event(event, person) for event in events]
    return found


def of_manager(tenant: TenantClient) -> list[Seen]:
    """The appointments of the sandbox's agenda manager. The owner is not told."""
    return [
        Seen(key, "", same_instant(one["debut"] or ""), one["statut"])
        for one in tenant.call("GET", "/gap/rendez-vous")["rendez_vous"]
        for key in one["identifiants"] or [""]
    ]


def _event(event: dict[str, Any], person: str) -> Seen:
    named = event.get("identifiant") or {}
    key = f"{named['system']}|{named['value']}" if named else ""
    return Seen(key, person, same_instant(event["debut"]), event["statut"])
