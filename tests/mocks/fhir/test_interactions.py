from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from werkzeug.test import Client

from mocks import journal
from mocks.sandbox import Sandbox
from tests.mocks.fhir.toy import ID_SYSTEM, REFUSED, appointment

JSON = {"Content-Type": "application/fhir+json"}
BY_IDENTIFIER = f"/Appointment?identifier={ID_SYSTEM}%7Crdv-1"


def last_exchange(sandbox: Sandbox) -> dict[str, Any]:
    with sandbox.store.session() as session:
        return journal.read(session, "defaut")[-1]


def note_codes(sandbox: Sandbox) -> list[str]:
    return [note["code"] for note in last_exchange(sandbox)["notes"]]


def created(fhir: httpx.Client, **changes: object) -> str:
    answer = fhir.post("/Appointment", json=appointment(**changes), headers=JSON)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def issue_of(answer: httpx.Response) -> dict[str, Any]:
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    first: dict[str, Any] = outcome["issue"][0]
    return first


def test_create_answers_the_stored_resource_and_tells_the_journal(fhir: httpx.Client, sandbox: Sandbox) -> None:
    answer = fhir.post(
        "/Appointment", json=appointment(id="choisi"), headers={**JSON, "X-Source": "1.2", "X-Personne": "p"}
    )
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["ETag"] == 'W/"1"'
    assert answer.headers["Location"] == f"https://banc.test/toy/fhir/Appointment/{made['id']}/_history/1"
    assert made["id"] != "choisi"
    assert made["meta"]["versionId"] == "1"
    assert fhir.get(f"/Appointment/{made['id']}").json() == made
    exchange = next(e for e in exchanges(sandbox) if e["operation"] == "toy.fhir.appointment.create")
    assert exchange["person"] == "p"
    assert exchange["context"]["stored"] == {
        "type": "Appointment",
        "id": made["id"],
        "version": 1,
        "created": True,
        "source": "1.2",
    }
    assert [note["code"] for note in exchange["notes"]] == ["id-ignore"]


def exchanges(sandbox: Sandbox) -> list[dict[str, Any]]:
    with sandbox.store.session() as session:
        return journal.read(session, "defaut")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "required"),
        (b"{", 400, "structure"),
        (b"[]", 400, "structure"),
        (b'{"resourceType": "Appointment", "status": "booked", "status": "pending"}', 400, "structure"),
        (b'{"resourceType": "Appointment", "status" : "booked", "status": "\\":"}', 400, "structure"),
        (b'{"resourceType": "Appointment", "description": "\\u0000"}', 400, "structure"),
        (b'{"resourceType": "Appointment", "description": "\xff"}', 400, "structure"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400, "structure"),
        (b'{"resourceType": "Patient"}', 400, "invalid"),
        (b'{"resourceType": "Appointment", "status": "booked"}', 422, None),
    ],
)
def test_a_body_that_is_no_valid_resource_is_refused(
    fhir: httpx.Client, body: bytes, status: int, code: str | None
) -> None:
    answer = fhir.post("/Appointment", content=body, headers=JSON)
    assert answer.status_code == status
    assert code in (None, issue_of(answer)["code"])
    assert fhir.get("/Appointment").json()["total"] == 0


def test_malformed_json_is_located(fhir: httpx.Client) -> None:
    answer = fhir.post("/Appointment", content=b'{\n "a": }', headers=JSON)
    assert "ligne 2, colonne 7" in issue_of(answer)["diagnostics"]


def test_all_errors_of_a_resource_are_listed(fhir: httpx.Client) -> None:
    answer = fhir.post("/Appointment", json=appointment(status="BOOKED", start="2026-07-06T14:00:00"), headers=JSON)
    places = {issue["expression"][0] for issue in answer.json()["issue"] if issue["severity"] == "error"}
    assert {"Appointment.status", "Appointment.start"} <= places


@pytest.mark.parametrize(
    ("headers", "status", "note"),
    [
        ({"Content-Type": "application/fhir+json; charset=utf-8"}, 201, None),
        ({"Content-Type": "application/json"}, 201, "type-non-fhir"),
        ({"Content-Type": "application/fhir+xml"}, 415, None),
        ({"Content-Type": "application/fhir+json; charset=iso-8859-1"}, 415, None),
        ({**JSON, "Accept": "application/fhir+xml"}, 406, None),
        ({**JSON, "Accept": "application/json"}, 201, "accept-non-fhir"),
        ({**JSON, "Accept": "text/html, */*"}, 201, None),
        ({**JSON, "X-Jeton": "faux"}, 401, None),
        ({"Content-Type": "text/plain", "X-Jeton": "faux"}, 401, None),
    ],
)
def test_media_types(
    fhir: httpx.Client, sandbox: Sandbox, headers: dict[str, str], status: int, note: str | None
) -> None:
    answer = fhir.post("/Appointment", content=appointment_bytes(), headers=headers)
    assert answer.status_code == status
    if status >= 400:
        issue_of(answer)
    assert note_codes(sandbox) == ([note] if note else [])


def appointment_bytes() -> bytes:
    return httpx.Request("POST", "http://x", json=appointment()).content


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/Appointment/inconnu", 404, "not-found"),
        ("GET", "/Appointment/inconnu/_history", 404, "not-found"),
        ("GET", "/Appointment/inconnu/_history/x", 404, "not-found"),
        ("GET", "/Medication", 404, "not-supported"),
        ("PATCH", "/Appointment/1", 405, "not-supported"),
        ("DELETE", "/Appointment?status=booked", 405, "not-supported"),
        ("DELETE", "/Slot/1", 405, "not-supported"),
        ("PUT", "/Slot/1", 405, "not-supported"),
        ("GET", "/Slot/1/_history", 405, "not-supported"),
        ("GET", "", 405, "not-supported"),
        ("GET", "/Appointment?_format=xml", 406, "not-supported"),
    ],
)
def test_what_is_not_there_is_refused_with_an_outcome(
    fhir: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = fhir.request(method, path)
    assert (answer.status_code, issue_of(answer)["code"]) == (status, code)


def test_a_method_that_is_not_offered_says_which_are(fhir: httpx.Client) -> None:
    answers = [fhir.patch("/Appointment/1"), fhir.put("/Slot/1"), fhir.delete("/Slot?x=1"), fhir.put("")]
    assert [answer.headers["Allow"] for answer in answers] == ["GET, PUT, DELETE", "GET", "GET, POST", "POST"]


def test_update_makes_a_version_and_keeps_the_former(fhir: httpx.Client) -> None:
    id_ = created(fhir)
    changed = appointment(id=id_, status="cancelled")
    answer = fhir.put(f"/Appointment/{id_}", json=changed, headers={**JSON, "If-Match": 'W/"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"')
    stale = fhir.put(f"/Appointment/{id_}", json=changed, headers={**JSON, "If-Match": 'W/"1"'})
    assert (stale.status_code, issue_of(stale)["code"]) == (412, "conflict")
    assert fhir.get(f"/Appointment/{id_}/_history/1").json()["status"] == "booked"
    assert fhir.get("/Appointment?status=booked").json()["total"] == 0
    history = fhir.get(f"/Appointment/{id_}/_history").json()
    assert [entry["resource"]["meta"]["versionId"] for entry in history["entry"]] == ["2", "1"]
    assert [entry["request"]["method"] for entry in history["entry"]] == ["PUT", "POST"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (appointment(id="autre"), {}, 400),
        (appointment(), {}, 400),
        (appointment(id="absent"), {}, 405),
        (appointment(id="absent"), {"If-Match": "n'importe quoi"}, 400),
    ],
)
def test_update_on_an_unknown_address(
    fhir: httpx.Client, body: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    assert fhir.put("/Appointment/absent", json=body, headers={**JSON, **headers}).status_code == status


def test_update_creates_where_declared(fhir: httpx.Client) -> None:
    patient = {"resourceType": "Patient", "id": "p1"}
    assert fhir.put("/Patient/p1", json=patient, headers=JSON).status_code == 201
    assert fhir.get("/Patient/p1").json()["id"] == "p1"


def test_read_of_a_known_version_has_no_body(fhir: httpx.Client) -> None:
    id_ = created(fhir)
    answer = fhir.get(f"/Appointment/{id_}", headers={"If-None-Match": 'W/"1"'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_delete_leaves_a_trace(fhir: httpx.Client) -> None:
    id_ = created(fhir)
    assert fhir.delete(f"/Appointment/{id_}", headers={"If-Match": 'W/"7"'}).status_code == 412
    assert [fhir.delete(f"/Appointment/{id_}").status_code for _ in range(2)] == [204, 204]
    gone = fhir.get(f"/Appointment/{id_}")
    assert (gone.status_code, issue_of(gone)["code"]) == (410, "deleted")
    assert fhir.get(f"/Appointment/{id_}/_history/1").status_code == 200
    assert fhir.get("/Appointment").json()["total"] == 0
    assert fhir.get(f"/Appointment/{id_}/_history").json()["entry"][0]["request"]["method"] == "DELETE"


def test_conditional_create(fhir: httpx.Client) -> None:
    headers = {**JSON, "If-None-Exist": f"identifier={ID_SYSTEM}%7Crdv-1"}
    first = fhir.post("/Appointment", json=appointment(), headers=headers)
    again = fhir.post("/Appointment", json=appointment(status="cancelled"), headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    created(fhir)
    assert fhir.post("/Appointment", json=appointment(), headers=headers).status_code == 412
    assert fhir.post("/Appointment", json=appointment(), headers={**JSON, "If-None-Exist": ""}).status_code == 400


@pytest.mark.parametrize(
    ("stored", "body", "status"),
    [
        (0, appointment(), 201),
        (0, appointment(id="absent"), 405),
        (1, appointment(status="cancelled"), 200),
        (1, appointment(id="autre"), 400),
        (2, appointment(), 412),
    ],
)
def test_conditional_update(fhir: httpx.Client, stored: int, body: dict[str, Any], status: int) -> None:
    for _ in range(stored):
        created(fhir)
    created(fhir, identifier=[{"system": "urn:oid:autre", "value": "rdv-1"}])
    answer = fhir.put(BY_IDENTIFIER, json=body, headers=JSON)
    assert answer.status_code == status
    expected = stored + (status == 201)
    assert fhir.get(BY_IDENTIFIER).json()["total"] == expected


def test_conditional_update_with_the_same_id_or_a_stale_version(fhir: httpx.Client) -> None:
    body = appointment(id=created(fhir))
    assert fhir.put(BY_IDENTIFIER, json=body, headers={**JSON, "If-Match": 'W/"2"'}).status_code == 412
    assert fhir.put(BY_IDENTIFIER, json=body, headers={**JSON, "If-Match": 'W/"1"'}).status_code == 200
    assert fhir.put("/Appointment?inconnu=1", json=body, headers=JSON).status_code == 400
    assert fhir.put("/Appointment", json=body, headers=JSON).status_code == 400


@pytest.mark.parametrize(("policy", "status", "total"), [("accept", 201, 2), ("reject", 409, 1), ("merge", 200, 1)])
def test_a_second_creation_with_a_known_identifier(
    fhir: httpx.Client, sandbox: Sandbox, policy: str, status: int, total: int
) -> None:
    from dataclasses import replace

    from mocks import tenants

    with sandbox.store.session("defaut") as session:
        tenants.save(session, replace(tenants.load(session, "defaut"), settings={"toy.doublons": policy}))
        session.commit()
    created(fhir)
    assert fhir.post("/Appointment", json=appointment(), headers=JSON).status_code == status
    assert fhir.get("/Appointment").json()["total"] == total


def test_a_compartment_and_an_owner_limit_what_is_reached(fhir: httpx.Client) -> None:
    mine, other = {"X-Personne": "p1", "X-Source": "1.1"}, {"X-Personne": "p2", "X-Source": "1.1"}
    id_ = fhir.post("/Appointment", json=appointment(), headers={**JSON, **mine}).json()["id"]
    body = appointment(id=id_)
    assert fhir.get(f"/Appointment/{id_}", headers=other).status_code == 404
    assert fhir.get("/Appointment", headers=other).json()["total"] == 0
    assert fhir.put(f"/Appointment/{id_}", json=body, headers={**JSON, **other}).status_code == 404
    same_person = {"X-Personne": "p1", "X-Source": "2.2"}
    assert fhir.get(f"/Appointment/{id_}", headers=same_person).status_code == 200
    assert fhir.put(f"/Appointment/{id_}", json=body, headers={**JSON, **same_person}).status_code == 403
    assert fhir.delete(f"/Appointment/{id_}", headers=same_person).status_code == 403
    assert fhir.put(BY_IDENTIFIER, json=appointment(), headers={**JSON, **same_person}).status_code == 201
    assert fhir.get("/Appointment", headers=mine).json()["total"] == 2


def test_a_refusal_of_the_service_stores_nothing(fhir: httpx.Client, sandbox: Sandbox) -> None:
    answer = fhir.post("/Appointment", json=appointment(description=REFUSED), headers=JSON)
    assert (answer.status_code, issue_of(answer)["expression"]) == (422, ["Appointment.description"])
    assert "stored" not in last_exchange(sandbox)["context"]
    assert fhir.get("/Appointment").json()["total"] == 0


@pytest.mark.parametrize(
    ("prefer", "shown"),
    [
        ("return=minimal", None),
        ("return=representation", "Appointment"),
        ("return=OperationOutcome", "OperationOutcome"),
    ],
)
def test_prefer_return(fhir: httpx.Client, prefer: str, shown: str | None) -> None:
    answer = fhir.post("/Appointment", json=appointment(), headers={**JSON, "Prefer": prefer})
    assert answer.status_code == 201
    assert (answer.json()["resourceType"] if answer.content else None) == shown


def test_what_is_presented_is_not_what_is_stored(fhir: httpx.Client) -> None:
    id_ = created(fhir, description="à montrer")
    assert fhir.get(f"/Appointment/{id_}").json()["comment"] == "montré"
    assert fhir.get("/Appointment?description:exact=montré").json()["total"] == 0


def test_a_body_too_large_is_an_outcome(fhir: httpx.Client) -> None:
    answer = fhir.post("/Appointment", content=b" " * 5_000_001, headers=JSON)
    assert (answer.status_code, issue_of(answer)["code"]) == (413, "too-long")


def test_the_capability_statement_is_valid_and_says_what_is_declared(fhir: httpx.Client) -> None:
    import profiles

    statement = fhir.get("/metadata").json()
    assert [issue for issue in profiles.validate(statement) if issue.severity in ("error", "fatal")] == []
    resources = {resource["type"]: resource for resource in statement["rest"][0]["resource"]}
    assert resources["Slot"]["interaction"] == [{"code": "read"}, {"code": "create"}, {"code": "search-type"}]
    assert resources["Appointment"]["conditionalUpdate"] is True
    assert {"name": "status", "type": "token"} in resources["Appointment"]["searchParam"]


def in_parallel(sandbox: Sandbox, count: int, call: Callable[[Client], int]) -> list[int]:
    with ThreadPoolExecutor(count) as pool:
        return sorted(pool.map(lambda _: call(Client(sandbox.wsgi)), range(count)))


def test_equal_conditional_creations_at_once_make_one(fhir: httpx.Client, sandbox: Sandbox) -> None:
    def create(client: Client) -> int:
        headers = {"If-None-Exist": f"identifier={ID_SYSTEM}%7Crdv-1"}
        path, body = "/toy/fhir/Appointment", appointment_bytes()
        return client.post(path, data=body, headers=headers, content_type="application/fhir+json").status_code

    assert in_parallel(sandbox, 20, create) == [200] * 19 + [201]
    assert fhir.get("/Appointment").json()["total"] == 1


def test_updates_of_one_version_at_once_make_one(fhir: httpx.Client, sandbox: Sandbox) -> None:
    id_ = created(fhir)
    body = httpx.Request("PUT", "http://x", json=appointment(id=id_)).content

    def update(client: Client) -> int:
        path, headers = f"/toy/fhir/Appointment/{id_}", {"If-Match": 'W/"1"'}
        return client.put(path, data=body, headers=headers, content_type="application/fhir+json").status_code

    assert in_parallel(sandbox, 10, update) == [200] + [412] * 9


def test_the_repository_forgets_a_tenant(fhir: httpx.Client, sandbox: Sandbox) -> None:
    created(fhir)
    with sandbox.store.session("defaut") as session:
        sandbox.services[0].forget_tenant(session, "defaut")
        session.commit()
    assert fhir.get("/Appointment").json()["total"] == 0
