"""Who may call, media types, what the journal keeps, and what a mock must survive."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mocks.gap.manager import Manager, appointment, on_slot, schedule


@pytest.mark.parametrize(
    ("token", "state"),
    [("", "absent"), ("Bearer banc-at-inconnu0000", "unknown"), ("Basic eDp5", "absent"), ("Bearer ", "absent")],
)
def test_a_call_without_a_known_token_is_refused(manager: Manager, token: str, state: str) -> None:
    headers = {"Authorization": token} if token else {}
    for path in ("fhir/Slot", "fhir/Appointment/x", "ical/Practitioner/x.ics"):
        answer = manager.http.get(f"{manager.base}/{path}", headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert answer.json()["issue"][0]["code"] == "login"
        assert manager.last()["context"]["token"]["state"] == state
    manager.set(acces="libre")
    assert manager.http.get(f"{manager.base}/fhir/Slot", headers=headers).status_code == 200


def test_the_token_is_not_in_the_journal(manager: Manager) -> None:
    manager.read("Slot")
    told = manager.last()
    assert manager.token not in str(told)
    assert (told["client"]["client_id"], told["context"]["token"]["state"]) == ("dui", "valid")


def test_a_token_is_of_one_tenant(manager: Manager) -> None:
    manager.admin("POST", "gap/clients", {"client_id": "dui"}, status=409)
    other = Manager(manager.http, "defaut", token=manager.token)
    assert other.fhir("GET", "Slot").status_code == 401
    assert manager.admin("GET", "gap/clients") == {"clients": [{"client_id": "dui", "nom": "dui"}]}


def test_media_types(manager: Manager) -> None:
    assert manager.fhir("GET", "Slot", Accept="application/fhir+xml").status_code == 406
    assert manager.fhir("GET", "Slot", Accept="application/json+fhir").status_code == 200
    assert [note["code"] for note in manager.last()["notes"]] == ["accept-non-fhir"]
    xml = {"Content-Type": "application/fhir+xml"}
    assert manager.fhir("POST", "Appointment", appointment(), **xml).status_code == 415


@pytest.mark.parametrize(
    ("path", "status"), [("Slot/inconnu", 404), ("Observation", 404), ("Slot?start=demain", 400), ("metadata/x", 404)]
)
def test_refusals_are_operation_outcomes(manager: Manager, path: str, status: int) -> None:
    answer = manager.fhir("GET", path)
    assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")


@pytest.mark.parametrize("nature", ["429", "500", "503"])
def test_faults_of_transport(manager: Manager, nature: str) -> None:
    manager.admin("POST", "pannes", {"operation": "gap.fhir.appointment.create", "nature": nature, "retry_after": 2})
    answer = manager.fhir("POST", "Appointment", appointment())
    assert (answer.status_code, answer.headers["Retry-After"]) == (int(nature), "2")
    assert manager.found("Appointment") == []
    assert manager.fhir("POST", "Appointment", appointment()).status_code == 201


def test_a_fault_may_wait_for_a_person(manager: Manager) -> None:
    person, patient = manager.patient()
    manager.admin(
        "POST",
        "pannes",
        {"operation": "gap.fhir.appointment.create", "nature": "503", "personne": person["id"]},
    )
    assert manager.fhir("POST", "Appointment", appointment()).status_code == 201
    actor = [{"actor": {"reference": f"Patient/{patient['id']}"}, "status": "accepted"}]
    assert manager.fhir("POST", "Appointment", appointment("rdv-2", participant=actor)).status_code == 503
    assert manager.fhir("POST", "Appointment", appointment("rdv-2", participant=actor)).status_code == 201


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PLACES = ("status", "start", "end", "participant", "slot", "identifier", "extension", "actor", "id", "meta", "priority")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.sampled_from(PLACES),
    value=JSON,
    kind=st.sampled_from(["Appointment", "Schedule"]),
    strict=st.booleans(),
)
def test_no_content_breaks_the_mock(manager: Manager, place: str, value: Any, kind: str, strict: bool) -> None:
    manager.set(profil="refuser" if strict else "noter", doublon_identifiant="accepter")
    resource = appointment() if kind == "Appointment" else schedule()
    assert manager.fhir("POST", kind, {**resource, place: value}).status_code < 500
    inner = [{"url": place, "valueDateTime": value, "extension": [{"url": place, "valueCode": value}]}]
    source = schedule({"url": "x"})["extension"]
    assert manager.fhir("POST", kind, {**resource, "extension": [*source, *inner]}).status_code < 500


def test_references_that_lead_nowhere(manager: Manager) -> None:
    odd = ["Slot/", "/Slot", "Slot", "#x", "urn:uuid:1", "https://ailleurs.test/fhir/Slot/1", "Slot/a/b", "Slot/é"]
    for rank, reference in enumerate(odd):
        answer = manager.fhir("POST", "Appointment", on_slot({"id": "", "start": "", "end": ""}, slot=None))
        assert answer.status_code in (400, 422)
        made = appointment(f"rdv-{rank}", slot=[{"reference": reference}])
        assert manager.fhir("POST", "Appointment", made).status_code in (201, 400, 422)
