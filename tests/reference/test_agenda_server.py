"""The agendas of the product as a third-party agenda reads and writes them, without the bench."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from reference.product import Product

MES = {"base_url": "https://mes.test", "client_id": "c", "client_secret": "s", "oid": "1.2", "redirect_uri": "/r"}
RDV = {"base_url": "https://rdv.test/fhir", "jeton": "notre-jeton", "jeton_agenda": "jeton-du-bloc"}
IDNPS, SYSTEM = "urn:oid:1.2.250.1.71.4.2.1", "urn:oid:1.2.250.1.999.41.1"
OURS, OTHER = "899990000011", "899990000012"
BASE = "/agenda/fhir"
HEADERS = {"Authorization": "Bearer jeton-de-l-agenda", "Content-Type": "application/fhir+json"}
NOW = datetime(2026, 3, 16, 7, tzinfo=UTC)
MONDAYS = {"debut": "2026-03-16T09:00", "fin": "2026-03-16T10:30", "frequence": "WEEKLY", "jours": ["MO"]}


@pytest.fixture
def product() -> Iterator[Product]:
    made = Product(now=lambda: NOW)
    made.configurer(MES, agenda_tiers={"jeton": "jeton-de-l-agenda"}, rdv=RDV)
    yield made
    made.close()


@pytest.fixture
def web(product: Product) -> FlaskClient:
    return product.application.test_client()


@pytest.fixture
def account(product: Product) -> str:
    product.declarer_professionnel("AUTRE", "Dominique", identifiant_national=OTHER)
    made = product.declarer_professionnel("DUSOIN", "Claude", identifiant_national=OURS)
    return str(made["professionnel"])


def event(value: str = "e-1", **changes: Any) -> dict[str, Any]:
    actor = {"type": "Practitioner", "identifier": {"system": IDNPS, "value": OURS}}
    usual = {
        "resourceType": "Appointment",
        "identifier": [{"system": SYSTEM, "value": value}],
        "status": "booked",
        "start": "2026-03-23T09:00:00+01:00",
        "end": "2026-03-23T09:30:00+01:00",
        "participant": [{"actor": actor, "status": "accepted"}],
    }
    return {**usual, **changes}


def slots(web: FlaskClient, more: str = "&status=free", window: str = "start=ge2026-03-20&start=le2026-03-27") -> Any:
    asked = f"{BASE}/Slot?schedule.actor:Practitioner.identifier={IDNPS}%7C{OURS}&{window}{more}"
    return web.get(asked, headers=HEADERS)


def starts(answer: Any) -> list[str]:
    entries = answer.get_json().get("entry", [])
    return [one["resource"]["start"] for one in entries if one["search"]["mode"] == "match"]


def events(web: FlaskClient, query: str) -> list[str]:
    found = web.get(f"{BASE}/Appointment?{query}", headers=HEADERS).get_json()
    return [one["resource"]["identifier"][0]["value"] for one in found.get("entry", [])]


def put(web: FlaskClient, value: str, resource: Any, **headers: str) -> Any:
    address = f"{BASE}/Appointment?identifier={SYSTEM}%7C{value}"
    return web.put(address, json=resource, headers={**HEADERS, **headers})


def test_nine_o_clock_stays_nine_o_clock_across_the_change(product: Product, web: FlaskClient, account: str) -> None:
    product.declarer_disponibilites(account, [MONDAYS])
    found = starts(slots(web, window="start=ge2026-03-22&start=le2026-03-31"))
    assert [start for start in found if "T09:00" in start] == ["2026-03-23T09:00:00+01:00", "2026-03-30T09:00:00+02:00"]
    assert len(found) == 6


def test_nights_of_the_change_give_each_slot_once(product: Product, web: FlaskClient, account: str) -> None:
    nights = {"debut": "2026-03-16T01:00", "fin": "2026-03-16T04:00", "frequence": "DAILY"}
    product.declarer_disponibilites(account, [nights], 60)
    spring = starts(slots(web, window="start=ge2026-03-29&start=le2026-03-29"))
    autumn = starts(slots(web, window="start=ge2026-10-25&start=le2026-10-25"))
    assert [one[11:13] for one in spring] == ["01", "03"]
    assert [one[11:13] for one in autumn] == ["01", "02", "03"]


def test_a_leave_closes_the_agenda(product: Product, web: FlaskClient, account: str) -> None:
    leave = {"debut": "2026-03-23T00:00", "fin": "2026-03-24T00:00", "type": "busy-unavailable"}
    product.declarer_disponibilites(account, [MONDAYS, leave])
    assert starts(slots(web)) == []


def test_an_event_pushed_takes_its_time_and_gives_it_back(product: Product, web: FlaskClient, account: str) -> None:
    product.declarer_disponibilites(account, [MONDAYS])
    assert len(starts(slots(web))) == 3
    made = put(web, "e-1", event())
    assert (made.status_code, made.headers["ETag"]) == (201, 'W/"1"')
    assert [one[11:16] for one in starts(slots(web))] == ["09:30", "10:00"]
    assert [one[11:16] for one in starts(slots(web, "&status=busy"))] == ["09:00"]
    assert put(web, "e-1", event(status="cancelled")).status_code == 200
    assert len(starts(slots(web))) == 3


def test_both_see_the_events_of_the_other(product: Product, web: FlaskClient, account: str) -> None:
    told = ("TEST", ["Alice"], "F", "1980-01-01", "a@banc.test")
    person = product.declarer_usager(*told, lieu_naissance="75056")["usager"]
    typed = {"nom": "DUSOIN", "prenom": "Claude", "rpps": OURS[1:]}
    product.creer_rendez_vous(person, "2026-03-24T10:00", "Consultation", professionnel=typed)
    elsewhere = {**typed, "rpps": OTHER[1:]}
    product.creer_rendez_vous(person, "2026-03-24T11:00", "Avec une autre", professionnel=elsewhere)
    put(web, "e-1", event(description="Cabinet"))
    assert len(events(web, f"practitioner.identifier={IDNPS}%7C{OURS}")) == 2
    assert events(web, f"practitioner.identifier={IDNPS}%7C{OURS}&date=lt2026-03-24") == ["e-1"]
    assert len(events(web, f"practitioner.identifier=https://rpps.esante.gouv.fr%7C{OTHER[1:]}")) == 1
    shown = product.lire_agenda_professionnel(account, "2026-03-20", "2026-03-27")["evenements"]
    assert [one["intitule"] for one in shown] == ["Cabinet", "Consultation"]


def test_the_condition_is_system_and_value(web: FlaskClient, account: str) -> None:
    put(web, "e-1", event())
    other = event(identifier=[{"system": "urn:oid:1.2.250.1.999.41.2", "value": "e-1"}])
    got = web.put(f"{BASE}/Appointment?identifier=urn:oid:1.2.250.1.999.41.2%7Ce-1", json=other, headers=HEADERS)
    assert got.status_code == 201
    assert len(events(web, f"practitioner.identifier={IDNPS}%7C{OURS}")) == 2


def test_versions(web: FlaskClient, account: str) -> None:
    made = put(web, "e-1", event())
    where = made.headers["Location"].partition("/_history/")[0]
    read = web.get(where, headers=HEADERS)
    assert read.headers["ETag"] == made.headers["ETag"]
    assert web.get(where, headers={**HEADERS, "If-None-Match": made.headers["ETag"]}).status_code == 304
    assert put(web, "e-1", event(), **{"If-Match": 'W/"1"'}).status_code == 200
    assert put(web, "e-1", event(), **{"If-Match": 'W/"1"'}).status_code == 412


def test_of_simultaneous_bookings_of_a_slot_one_wins(product: Product, web: FlaskClient, account: str) -> None:
    product.declarer_disponibilites(account, [MONDAYS])
    slot = slots(web).get_json()["entry"][0]["resource"]
    wanted = {"slot": [{"reference": f"Slot/{slot['id']}"}], "start": slot["start"], "end": slot["end"]}

    def book(rank: int) -> int:
        client = product.application.test_client()
        return client.post(f"{BASE}/Appointment", json=event(f"e-{rank}", **wanted), headers=HEADERS).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(book, range(8))) == [201, *[409] * 7]
    assert len(events(web, f"practitioner.identifier={IDNPS}%7C{OURS}")) == 1


def test_a_page_repeats_nothing_and_loses_nothing(web: FlaskClient, account: str) -> None:
    for rank in range(4):
        put(web, f"e-{rank}", event(f"e-{rank}"))
    first = web.get(f"{BASE}/Appointment?practitioner.identifier={IDNPS}%7C{OURS}&_count=3", headers=HEADERS).get_json()
    put(web, "e-4", event("e-4"))
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    second = web.get(following, headers=HEADERS).get_json()
    values = [one["resource"]["identifier"][0]["value"] for one in first["entry"] + second["entry"]]
    assert values == ["e-0", "e-1", "e-2", "e-3", "e-4"]
    assert (first["total"], [link["relation"] for link in second["link"]]) == (4, ["self"])


def test_an_agenda_is_closed_with_its_slots(product: Product, web: FlaskClient, account: str) -> None:
    product.declarer_disponibilites(account, [MONDAYS])
    assert web.delete(f"{BASE}/Schedule/{account}", headers=HEADERS).status_code == 204
    assert starts(slots(web)) == []
    assert web.delete(f"{BASE}/Schedule/{account}", headers=HEADERS).status_code == 404


def test_what_is_included_comes_once(product: Product, web: FlaskClient, account: str) -> None:
    product.declarer_disponibilites(account, [MONDAYS])
    found = slots(web, "&status=free&_include=Slot:schedule&_include:iterate=Schedule:actor").get_json()["entry"]
    kinds = [one["resource"]["resourceType"] for one in found if one["search"]["mode"] == "include"]
    assert kinds == ["Schedule", "Practitioner", "PractitionerRole"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"status": None}, 400, "structure"),
        ({"status": "reserve"}, 422, "code-invalid"),
        ({"start": "2026-03-23T09:00:00"}, 400, "structure"),
        ({"start": "2026-03-23T09:00"}, 400, "structure"),
        ({"start": 12}, 400, "structure"),
        ({"end": None}, 422, "required"),
        ({"end": "2026-03-23T08:00:00+01:00"}, 422, "business-rule"),
        ({"participant": []}, 422, "required"),
        ({"participant": [{"status": "accepted"}]}, 422, "business-rule"),
        ({"identifier": None}, 422, "required"),
        ({"slot": [{"reference": "Slot/inconnu"}]}, 422, "business-rule"),
        ({"inconnu": 1}, 400, "structure"),
        ({"resourceType": "Slot"}, 400, "structure"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    web: FlaskClient, account: str, change: dict[str, Any], status: int, code: str
) -> None:
    wrong = {name: value for name, value in event(**change).items() if value is not None}
    got = web.post(f"{BASE}/Appointment", json=wrong, headers=HEADERS)
    assert (got.status_code, got.get_json()["issue"][0]["code"]) == (status, code)
    assert events(web, f"practitioner.identifier={IDNPS}%7C{OURS}") == []


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/Slot?start=ge2026-03-20", 400),
        ("/Slot?schedule=Schedule/inconnu&start=ge2026-13-45", 400),
        (f"/Slot?schedule.actor:Practitioner.identifier={IDNPS}%7C{OURS}&start=ge2026-03-20T08:00:00+01:00", 400),
        (f"/Slot?schedule.actor:Practitioner.identifier={IDNPS}%7C{OURS}&_count=0", 400),
        ("/Appointment?date=ge2026-03-20", 400),
        (f"/Appointment?practitioner.identifier={IDNPS}%7C{OURS}&_apres=perdu", 410),
        ("/Appointment/inconnu", 404),
        ("/Slot/inconnu", 404),
        ("/Practitioner/inconnu", 404),
    ],
)
def test_searches_that_cannot_be_made(web: FlaskClient, account: str, target: str, status: int) -> None:
    got = web.get(BASE + target, headers=HEADERS)
    assert (got.status_code, got.get_json()["resourceType"]) == (status, "OperationOutcome")


def test_who_does_not_show_the_token_stays_out(web: FlaskClient, account: str) -> None:
    for shown in ({}, {"Authorization": "Bearer autre"}, {"Authorization": "Bearer jeton-du-bloc"}):
        got = web.get(f"{BASE}/Slot", headers=shown)
        assert (got.status_code, got.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert web.get(f"{BASE}/metadata").get_json()["fhirVersion"] == "4.0.1"


def test_what_the_booking_block_writes_takes_time_too(product: Product, web: FlaskClient, account: str) -> None:
    product.declarer_disponibilites(account, [MONDAYS])
    block = {**HEADERS, "Authorization": "Bearer jeton-du-bloc"}
    resource = event("reunion", participant=[*event()["participant"]])
    address = f"{BASE}/Appointment?identifier={SYSTEM}%7Creunion"
    assert web.put(address, json=resource, headers=block).status_code == 200
    assert [one[11:16] for one in starts(slots(web))] == ["09:30", "10:00"]
    assert web.put(address, json={**resource, "status": "cancelled"}, headers=block).status_code == 200
    assert len(starts(slots(web))) == 3
