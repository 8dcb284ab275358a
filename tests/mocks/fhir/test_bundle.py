from typing import Any

import httpx
import pytest

from mocks import journal
from mocks.sandbox import Sandbox
from tests.mocks.fhir.toy import ID_SYSTEM, REFUSED, appointment

JSON = {"Content-Type": "application/fhir+json"}
URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def entry(method: str, url: str, resource: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    full_url = more.pop("fullUrl", None)
    made: dict[str, Any] = {"request": {"method": method, "url": url, **more}}
    if resource is not None:
        made["resource"] = resource
    return made | ({"fullUrl": full_url} if full_url else {})


def send(fhir: httpx.Client, *entries: Any, **changes: Any) -> httpx.Response:
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": list(entries), **changes}
    return fhir.post("", json=bundle, headers=JSON)


def statuses(answer: httpx.Response) -> list[str]:
    return [one["response"]["status"] for one in answer.json()["entry"]]


def total(fhir: httpx.Client, query: str) -> int:
    return int(fhir.get(f"/{query}").json()["total"])


PATIENT = {"resourceType": "Patient", "identifier": [{"system": "urn:s", "value": "1"}]}


def test_references_between_entries_get_their_addresses(fhir: httpx.Client, sandbox: Sandbox) -> None:
    schedule = {"resourceType": "Schedule", "actor": [{"reference": URN}]}
    answer = send(fhir, entry("POST", "Schedule", schedule), entry("POST", "Patient", PATIENT, fullUrl=URN))
    assert (answer.status_code, statuses(answer)) == (200, ["201 Created", "201 Created"])
    first, second = answer.json()["entry"]
    patient = second["response"]["location"].split("/_history")[0]
    assert first["resource"]["actor"] == [{"reference": patient}]
    assert fhir.get(f"/{patient}").status_code == 200
    with sandbox.store.session() as session:
        exchange = next(e for e in journal.read(session, "defaut") if e["operation"] == "toy.fhir.transaction")
    assert sorted(one["type"] for one in exchange["context"]["stored_entries"]) == ["Patient", "Schedule"]


def test_a_conditional_entry_gives_the_address_of_what_it_finds(fhir: httpx.Client) -> None:
    known = fhir.post("/Patient", json=PATIENT, headers=JSON).json()["id"]
    body = {**PATIENT, "id": "local"}
    schedule = {"resourceType": "Schedule", "actor": [{"reference": "Patient/local"}]}
    answer = send(
        fhir,
        entry("POST", "Patient", body, ifNoneExist="identifier=urn:s%7C1"),
        entry("POST", "Schedule", schedule),
    )
    assert statuses(answer) == ["200 OK", "201 Created"]
    assert answer.json()["entry"][1]["resource"]["actor"] == [{"reference": f"Patient/{known}"}]
    assert total(fhir, "Patient") == 1


def test_all_methods_in_the_order_of_r4(fhir: httpx.Client) -> None:
    ids = [fhir.post("/Appointment", json=appointment(), headers=JSON).json()["id"] for _ in range(2)]
    condition = f"Appointment?identifier={ID_SYSTEM}%7Cneuf"
    answer = send(
        fhir,
        entry("GET", "Appointment?status=booked"),
        entry("GET", f"Appointment/{ids[1]}"),
        entry("PUT", f"Appointment/{ids[1]}", appointment(id=ids[1], status="cancelled"), ifMatch='W/"1"'),
        entry("PUT", condition, appointment(identifier=[{"system": ID_SYSTEM, "value": "neuf"}])),
        entry("DELETE", f"Appointment/{ids[0]}"),
    )
    assert statuses(answer) == ["200 OK", "200 OK", "200 OK", "201 Created", "204 No Content"]
    assert answer.json()["entry"][0]["resource"]["total"] == 1
    assert answer.json()["entry"][1]["resource"]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (entry("POST", "Appointment", appointment(description=REFUSED)), 422),
        (entry("POST", "Appointment", appointment(status="BOOKED")), 422),
        (entry("PUT", "Appointment/absent", appointment(id="absent")), 405),
        (entry("PUT", "Patient/p9", {"resourceType": "Patient", "id": "autre"}), 400),
        (entry("DELETE", "Appointment/absent"), 404),
        (entry("GET", "Appointment/absent"), 404),
        (entry("POST", "Medication", {"resourceType": "Medication"}), 422),
        (entry("PATCH", "Patient/1"), 422),
        (entry("POST", "Patient"), 400),
        (entry("PUT", "Patient", PATIENT), 422),
        ({"resource": PATIENT}, 400),
        ("entrée", 400),
        (entry("POST", "Patient", PATIENT, fullUrl=URN), 400),
    ],
)
def test_one_bad_entry_undoes_all(fhir: httpx.Client, bad: Any, status: int) -> None:
    good = entry("POST", "Patient", PATIENT, fullUrl=URN)
    answer = send(fhir, good, entry("POST", "Appointment", appointment()), bad)
    assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")
    assert "Bundle.entry" in answer.json()["issue"][0]["expression"][0]
    assert (total(fhir, "Patient"), total(fhir, "Appointment")) == (0, 0)


@pytest.mark.parametrize("changes", [{"type": "batch"}, {"resourceType": "Patient"}, {"entry": 3}])
def test_only_a_transaction_is_taken(fhir: httpx.Client, changes: dict[str, Any]) -> None:
    assert send(fhir, **changes).status_code == 400


def test_an_empty_transaction_does_nothing(fhir: httpx.Client) -> None:
    assert send(fhir).json() == {"resourceType": "Bundle", "type": "transaction-response", "entry": []}
