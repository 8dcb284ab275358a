"""What enters the journal without being a call: acts on the national side, handshakes that were refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from mocks import clock, journal

if TYPE_CHECKING:
    from mocks.store import Session
    from mocks.tenants import Tenant

_NOBODY = {"client_id": None, "certificate": None, "address": None}


def act(
    session: Session,
    tenant: Tenant,
    operation: str,
    person: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Write an act in the journal; returns the id of the exchange.

    operation: `mes.usager.consentement_retire`; the service is its first part. details: what the body holds besides
    the person.
    """
    body = orjson.dumps({"person": person, **(details or {})}).decode()
    service = operation.partition(".")[0]
    return journal.write(session, _entry(tenant, "acte", service, operation, person, journal.mask(body), _NOBODY, {}))


def refused_handshake(session: Session, tenant: Tenant, context: Mapping[str, Any], address: str) -> int:
    """Write a refused TLS handshake in the journal; returns the id of the exchange.

    context: `alert`, `reason` and `client`, as the contract of identity says (§1).
    """
    client = {"client_id": None, "certificate": (context.get("client") or {}).get("subject"), "address": address}
    return journal.write(session, _entry(tenant, "tls", "tls", "tls.refus", None, "", client, {"tls": dict(context)}))


def _entry(
    tenant: Tenant,
    protocol: str,
    service: str,
    operation: str,
    person: str | None,
    body: str,
    client: Mapping[str, Any],
    context: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "tenant": tenant.name,
        "instant": clock.rfc3339(tenant.now()),
        "protocol": protocol,
        "service": service,
        "operation": operation,
        "person": person,
        "request": {"method": "", "target": "", "path": "", "query": [], "headers": [], "body": body},
        "answer": None,
        "client": client,
        "context": context,
        "notes": [],
        "fault": None,
        "duration_ms": 0,
    }
