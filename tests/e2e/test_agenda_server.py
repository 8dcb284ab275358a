"""The agendas of the reference product over real sockets: bad input, replays, one winner among many."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import pytest

from mocks.servers.cheroot import RunningServer
from reference.product import Product
from tests.reference.test_agenda_server import BASE, HEADERS, IDNPS, MES, MONDAYS, NOW, OURS, SYSTEM, event

CLIENTS, ROUNDS = 12, 3


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product(now=lambda: NOW)
    made.configurer(MES, agenda_tiers={"jeton": HEADERS["Authorization"].removeprefix("Bearer ")})
    yield made
    made.close()


@pytest.fixture
def api(product: Product) -> Iterator[str]:
    """FHIR base of a product that has one professional, who receives on Mondays."""
    account = product.declarer_professionnel("DUSOIN", "Claude", identifiant_national=OURS)["professionnel"]
    product.declarer_disponibilites(account, [MONDAYS])
    server = RunningServer(product.application, "127.0.0.1", 0)
    yield f"{server.url}{BASE}"
    server.stop()


def free(api: str) -> list[dict[str, Any]]:
    asked = f"schedule.actor:Practitioner.identifier={IDNPS}%7C{OURS}&start=ge2026-03-20&start=le2026-03-27&status=free"
    return [one["resource"] for one in httpx.get(f"{api}/Slot?{asked}", headers=HEADERS).json().get("entry", [])]


def held(api: str) -> list[str]:
    found = httpx.get(f"{api}/Appointment?practitioner.identifier={IDNPS}%7C{OURS}", headers=HEADERS).json()
    return [one["resource"]["identifier"][0]["value"] for one in found.get("entry", [])]


def on(slot: dict[str, Any], value: str) -> dict[str, Any]:
    return event(value, slot=[{"reference": f"Slot/{slot['id']}"}], start=slot["start"], end=slot["end"])


def test_of_simultaneous_clients_one_has_each_slot(api: str) -> None:
    offered = free(api)[:ROUNDS]
    for rank, slot in enumerate(offered):

        def book(number: int, slot: dict[str, Any] = slot, rank: int = rank) -> int:
            return httpx.post(f"{api}/Appointment", json=on(slot, f"e-{rank}-{number}"), headers=HEADERS).status_code

        with ThreadPoolExecutor(CLIENTS) as pool:
            assert sorted(pool.map(book, range(CLIENTS))) == [201, *[409] * (CLIENTS - 1)]
    assert len(held(api)) == ROUNDS
    assert not {one["id"] for one in offered} & {one["id"] for one in free(api)}


def test_a_replayed_event_stays_one_event(api: str) -> None:
    address = f"{api}/Appointment?identifier={SYSTEM}%7Ce-1"
    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(lambda _: httpx.put(address, json=event(), headers=HEADERS).status_code, range(6)))
    assert sorted(got) == [200] * 5 + [201]
    assert httpx.post(f"{api}/Appointment", json=event(), headers=HEADERS).status_code == 409
    assert held(api) == ["e-1"]


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b'{"resourceType": "Appoint', "application/fhir+json", 400),
        (b"[]", "application/fhir+json", 400),
        (b"\xff\xfe", "application/fhir+json", 400),
        (b"<Appointment/>", "application/fhir+xml", 415),
        (b"[" * 20_000, "application/fhir+json", 400),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(api: str, content: bytes, media: str, status: int) -> None:
    got = httpx.post(f"{api}/Appointment", content=content, headers={**HEADERS, "Content-Type": media})
    assert (got.status_code, got.json()["resourceType"]) == (status, "OperationOutcome")
    assert held(api) == []


def test_an_enormous_event_is_refused_and_the_next_one_is_served(api: str) -> None:
    with suppress(httpx.TransportError):  # the server may hang up before all is sent
        got = httpx.post(f"{api}/Appointment", json=event(comment="a" * 2_000_000), headers=HEADERS)
        assert got.status_code == 413
    assert held(api) == []
    assert httpx.post(f"{api}/Appointment", json=event(), headers=HEADERS).status_code == 201


def test_a_raw_plus_is_refused_and_an_encoded_one_is_not(api: str) -> None:
    asked = f"{api}/Slot?schedule.actor:Practitioner.identifier={IDNPS}%7C{OURS}&start=ge2026-03-23T09:00:00"
    with httpx.Client(headers=HEADERS) as client:
        request = client.build_request("GET", asked)
        request.extensions["target"] = f"{request.url.raw_path.decode()}+01:00".encode()
        assert client.send(request).status_code == 400
    assert httpx.get(f"{asked}%2B01:00", headers=HEADERS).status_code == 200
