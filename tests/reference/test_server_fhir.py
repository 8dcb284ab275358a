"""What the FHIR APIs of the product share: faults are OperationOutcomes, and defects spoil what leaves."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from reference import server
from reference.defects import Defects
from reference.server.fhir import FhirError, answer, body_of, fhir_api
from reference.spoil import REMOVE, Answering, Outgoing, answering, outgoing


class Spoilt(Defects):
    """One change that is in no catalogue."""

    def __init__(self, *spoils: Any) -> None:
        super().__init__()
        self._changes = spoils


class Host:
    """What the API asks of its product."""

    def __init__(self, *spoils: Any) -> None:
        self.defects = Spoilt(*spoils)


def client(*spoils: Any) -> FlaskClient:
    from flask import Flask

    app = Flask(server.__name__)
    app.config.update(PRODUCT=Host(*spoils), MAX_CONTENT_LENGTH=1000)
    api = fhir_api("essai", "/essai/fhir")

    @api.get("/Slot")
    def slots() -> Any:
        return answer({"resourceType": "Bundle", "entry": [{"resource": {"end": "x", "start": "y"}}]})

    @api.post("/Slot")
    def write() -> Any:
        found = body_of("Slot")
        if "start" not in found:
            raise FhirError(422, "business-rule", "Il manque le début.", at="Slot.start")
        return answer(found, 201, {"Location": "/essai/fhir/Slot/1"})

    app.register_blueprint(api)
    return app.test_client()


@pytest.fixture
def correct() -> FlaskClient:
    return client()


def test_what_is_right_is_answered_in_fhir(correct: FlaskClient) -> None:
    got = correct.post("/essai/fhir/Slot", json={"resourceType": "Slot", "start": "y"})
    assert (got.status_code, got.headers["Location"]) == (201, "/essai/fhir/Slot/1")
    assert got.mimetype == "application/fhir+json"


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        ("{", "application/fhir+json", 400, "structure"),
        ("[]", "application/fhir+json", 400, "structure"),
        ('{"resourceType": "Patient"}', "application/fhir+json", 400, "structure"),
        ('{"resourceType": "Slot"}', "application/fhir+json", 422, "business-rule"),
        ("<Slot/>", "application/fhir+xml", 415, "not-supported"),
        (" " * 2000, "application/fhir+json", 413, "too-long"),
    ],
)
def test_a_fault_is_an_operation_outcome(
    correct: FlaskClient, body: str, media_type: str, status: int, code: str
) -> None:
    got = correct.post("/essai/fhir/Slot", data=body, content_type=media_type)
    assert got.status_code == status
    assert got.get_json()["issue"][0]["code"] == code


def test_a_defect_changes_the_answer_aimed_at() -> None:
    got = client(answering("GET", "/fhir/Slot").json("entry.*.resource.end", REMOVE)).get("/essai/fhir/Slot")
    assert got.get_json()["entry"][0]["resource"] == {"start": "y"}
    assert got.mimetype == "application/fhir+json"


def test_a_defect_may_change_the_status_and_the_headers() -> None:
    def broken(leaving: Answering) -> None:
        leaving.status = 500
        leaving.headers.pop("Location")

    got = client(answering("POST", "/Slot").and_then(broken)).post(
        "/essai/fhir/Slot", json={"resourceType": "Slot", "start": "y"}
    )
    assert got.status_code == 500
    assert "Location" not in got.headers


def test_requests_and_answers_are_told_apart() -> None:
    leaving, sent = Answering("GET", "/fhir/Slot", 200), Outgoing("GET", "https://x.test", "/fhir/Slot")
    assert answering("GET", "/Slot").aims_at(leaving)
    assert not answering("GET", "/Slot").aims_at(sent)
    assert not outgoing("GET", "/Slot").aims_at(leaving)
