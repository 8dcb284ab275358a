"""The block as a client of the agendas of the professionals: it writes there what was agreed upon, by HTTP."""

from __future__ import annotations

import ssl
import time
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import orjson

from mocks import clock, journal, tenants
from mocks.agendas import model_actors
from mocks.agendas.state import State
from mocks.fhir import Resource
from mocks.rdv import model_deliveries, model_software
from mocks.rdv.fhir_api import MANAGER
from mocks.rdv.model_deliveries import Delivery
from mocks.rdv.model_software import Software
from mocks.rdv.settings import DEFAULTS
from mocks.store import Session, Store
from mocks.tenants import Tenant

TIMEOUT_S = 10.0
OPERATION = "serveur.rdv.appointment.update"
ROLE = "bloc-rdv"
_FHIR = "application/fhir+json"


def deliver(store: Store, tenant: str) -> None:
    """Try once everything that is to be written. No transaction is open while an agenda is called."""
    passed: list[tuple[str, str]] = []
    while (delivery := _take(store, tenant, passed)) is not None:
        passed.append((delivery.appointment, delivery.client_id))
        _carry(store, tenant, delivery)


def _take(store: Store, tenant: str, passed: list[tuple[str, str]]) -> Delivery | None:
    with store.session(tenant) as session:
        taken = model_deliveries.take(session, tenant, passed)
        session.commit()
    return taken


def _carry(store: Store, name: str, delivery: Delivery) -> None:
    with store.session(name) as session:
        software = model_software.of_id(session, name, delivery.client_id)
        state = _state(session, tenants.load(session, name))
        stored = state.get("Appointment", delivery.appointment)
        resource = None if stored is None else stored.resource
        person = None if resource is None else next(iter(model_actors.persons_of(state, resource)), None)
    if software is None or resource is None:
        return
    started = time.perf_counter()
    request = _request(software, resource)
    response, silence = _send(request)
    entry = _entry(request, response, silence, delivery)
    entry |= {"person": person, "duration_ms": round((time.perf_counter() - started) * 1000, 3)}
    with store.session(name) as session:
        tenant = tenants.load(session, name)
        done = response is not None and response.is_success
        message = silence if response is None else str(response.status_code)
        model_deliveries.end(session, name, delivery, done=done, message=message)
        journal.write(session, journal.masked({**entry, "tenant": name, "instant": clock.rfc3339(tenant.now())}))
        session.commit()
    store.notify()


def _state(session: Session, tenant: Tenant) -> State:
    return State(session, tenant, MANAGER.repository, tenant.now(), DEFAULTS)


def written(appointment: Resource) -> Resource:
    """An appointment as an agenda receives it: without what means something in the block only."""
    kept = {name: value for name, value in appointment.items() if name not in ("id", "slot")}
    meta = {name: value for name, value in appointment.get("meta", {}).items() if name == "profile"}
    return {**kept, "meta": meta} if meta else {name: value for name, value in kept.items() if name != "meta"}


def _request(software: Software, appointment: Resource) -> httpx.Request:
    identifier = appointment["identifier"][0]
    token = quote(f"{identifier['system']}|{identifier['value']}", safe="")
    headers = {"Content-Type": _FHIR, "Accept": _FHIR}
    if software.authorization:
        headers["Authorization"] = software.authorization
    url = f"{software.agenda.rstrip('/')}/Appointment?identifier={token}"
    return httpx.Request("PUT", url, headers=headers, content=orjson.dumps(written(appointment)))


def _send(request: httpx.Request) -> tuple[httpx.Response | None, str]:
    """The answer, or why there is none (`delai`, `coupure`, `injoignable`)."""
    try:
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False, verify=_authorities()) as client:
            return client.send(request), ""
    except httpx.ConnectError:
        return None, "injoignable"
    except httpx.TimeoutException:
        return None, "delai"
    except httpx.TransportError:
        return None, "coupure"


@cache
def _authorities() -> ssl.SSLContext:
    """Certification authorities, read once per process."""
    return httpx.create_ssl_context()


def _entry(request: httpx.Request, response: httpx.Response | None, silence: str, delivery: Delivery) -> dict[str, Any]:
    split = urlsplit(str(request.url))
    context = {"role": ROLE, "logiciel": delivery.client_id, "rendez_vous": delivery.appointment}
    return {
        "protocol": "http",
        "service": "serveur",
        "operation": OPERATION,
        "request": {
            "method": request.method,
            "target": f"{split.path}?{split.query}",
            "headers": [list(pair) for pair in request.headers.multi_items()],
            "body": request.content.decode(),
        },
        "answer": None if response is None else _answered(response),
        "client": {"client_id": None, "certificate": None, "address": None},
        "context": {**context, "essai": delivery.attempt, **({"silence": silence} if silence else {})},
        "notes": [],
        "fault": None,
    }


def _answered(response: httpx.Response) -> dict[str, Any]:
    headers = [list(pair) for pair in response.headers.multi_items()]
    return {"status": response.status_code, "headers": headers, "body": response.text}
