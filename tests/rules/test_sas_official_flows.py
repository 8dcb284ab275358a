"""Every rule of the bench on the guide's examples of INT_R02 and INT_R03 (ans.fhir.fr.sas 1.2.0): none accuses them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

import rules
from tests.profiles import official
from tests.rules.journal import Entry, http, journal

SAS = "ans.fhir.fr.sas-1.2.0"
APPOINTMENTS = ("Appointment-1", "Appointment-2", "Appointment-12345678")
REGULATORS = ("Practitioner-ExamplePractitionerRegul1", "Practitioner-ExamplePractitionerRegul3")
FHIR = [("Content-Type", "application/fhir+json")]
NATIONAL = "urn:oid:1.2.250.1.71.4.2.1"
pytestmark = pytest.mark.skipif(SAS not in official.packages(), reason=official.ABSENT)


def example(name: str) -> dict[str, Any]:
    return deepcopy(official.examples(SAS)[f"{name}.json"])


def told(name: str, variant: str = "ps", **changes: Any) -> Entry:
    body = {**example(name), **changes}
    known: dict[str, Any] = {"variante": variant, "regulateur": "regulateur1"}
    return http(
        "sas.fhir.appointment.create", "POST", "/sas/fhir/Appointment", body, 201, headers=FHIR, person=None, **known
    )


def changed(name: str) -> Entry:
    """The update of an appointment that was announced."""
    (identifier,) = example(name)["identifier"]
    target = f"/sas/fhir/Appointment?identifier={identifier['system']}%7C{identifier['value']}"
    known: dict[str, Any] = {"variante": "ps", "regulateur": "regulateur1"}
    return http("sas.fhir.appointment.update", "PUT", target, example(name), 200, headers=FHIR, person=None, **known)


def opened(account: str, **changes: Any) -> Entry:
    body = {**example(account), **changes}
    located = [("Location", "https://produit.test/sas/fhir/Practitioner/1")]
    target = "/sas/fhir/Practitioner"
    return http(
        "serveur.sas.practitioner.create", "POST", target, body, 201, answer=body, answer_headers=located, person=None
    )


def findings(*entries: Entry) -> list[tuple[str, str, str]]:
    judged = rules.judge(journal(*entries), list(rules.load_all().values()))
    return [(one.rule, one.at, one.seen) for one in judged.findings]


@pytest.mark.parametrize("name", APPOINTMENTS)
def test_no_rule_accuses_an_appointment_of_the_guide(name: str) -> None:
    assert findings(told(name, "sos" if name == "Appointment-12345678" else "ps")) == []


def test_nor_the_sequence_of_two_of_them() -> None:
    """The guide's second example is the first one cancelled, under its identifier."""
    assert findings(told("Appointment-1"), changed("Appointment-2")) == []


@pytest.mark.parametrize("name", REGULATORS)
def test_no_rule_accuses_an_account_of_the_guide(name: str) -> None:
    assert findings(opened(name)) == []


@pytest.mark.parametrize(
    ("entry", "accused"),
    [
        (lambda: told("Appointment-1", status="proposed"), "AGD-087"),
        (lambda: told("Appointment-1", identifier=[]), "AGD-085"),
        (lambda: told("Appointment-1", extension=[]), "AGD-086"),
        (lambda: told("Appointment-1", contained=[{"resourceType": "Patient", "id": "p"}]), "AGD-089"),
        (lambda: opened(REGULATORS[0], name=[]), "AGD-080"),
        (lambda: opened(REGULATORS[0], identifier=[{"system": NATIONAL, "value": "1"}]), "AGD-081"),
    ],
)
def test_the_same_ones_spoilt_are_accused(entry: Any, accused: str) -> None:
    assert accused in {rule for rule, _, _ in findings(entry())}
