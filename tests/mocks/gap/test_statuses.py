"""The life of an appointment: the table of the sheet, strict and lenient."""

import pytest

from mocks.agendas import model_status
from mocks.agendas.model_status import STATUSES
from tests.mocks.gap.manager import Manager, appointment, by_identifier, on_slot

REAL = [status for status in STATUSES if status]


def test_the_table_holds_together() -> None:
    """Every status of R4 is there, leads to known ones, and nothing leaves an error of entry."""
    r4 = {"proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow"}
    assert set(REAL) == r4 | {"entered-in-error", "checked-in", "waitlist"}
    for rule in STATUSES.values():
        assert set(rule["suivants"]) <= set(REAL)
    assert [new for new in REAL if model_status.may_become("entered-in-error", new)] == ["entered-in-error"]
    assert not model_status.may_become("cancelled", "booked")
    assert not model_status.may_become("inconnu", "booked")
    assert model_status.takes("inconnu") == ""


ILLEGAL = [("cancelled", "booked"), ("entered-in-error", "booked"), ("fulfilled", "proposed"), ("noshow", "cancelled")]


@pytest.mark.parametrize(("before", "after"), ILLEGAL)
def test_an_illegal_change_is_noted_or_refused(manager: Manager, before: str, after: str) -> None:
    manager.made(appointment(status=before))
    manager.set(statuts="strict")
    refused = manager.fhir("PUT", by_identifier(), appointment(status=after))
    assert (refused.status_code, refused.json()["issue"][0]["code"]) == (422, "business-rule")
    context = manager.last()["context"]
    assert context["transition"] == {"from": before, "to": after, "allowed": False}
    assert context["refusal"] == "transition-interdite"
    manager.set(statuts="souple")
    assert manager.fhir("PUT", by_identifier(), appointment(status=after)).status_code == 200
    assert [note["code"] for note in manager.last()["notes"]] == ["transition-interdite"]


def test_a_legal_life_passes_when_strict(manager: Manager) -> None:
    manager.set(statuts="strict")
    manager.made(appointment(status="proposed"))
    for status in ("pending", "booked", "booked", "arrived", "fulfilled", "noshow", "entered-in-error"):
        answer = manager.fhir("PUT", by_identifier(), appointment(status=status))
        assert answer.status_code == 200, (status, answer.text)
        assert manager.last()["notes"] == []


@pytest.mark.parametrize("answer", ["needs-action", "declined", "tentative"])
def test_booked_while_somebody_required_has_not_accepted(manager: Manager, answer: str) -> None:
    waited = appointment()
    waited["participant"][0] |= {"required": "required", "status": answer}
    made = manager.fhir("POST", "Appointment", waited)
    assert made.status_code == 201
    assert [note["code"] for note in manager.last()["notes"]] == ["reponse-manquante"]
    manager.set(statuts="strict")
    assert manager.fhir("PUT", by_identifier(), waited).status_code == 422
    assert manager.last()["context"]["refusal"] == "reponse-manquante"
    waited["participant"][0]["required"] = "optional"
    assert manager.fhir("PUT", by_identifier(), waited).status_code == 200


@pytest.mark.parametrize(
    ("status", "slot_status"),
    [(status, STATUSES[status]["occupe"] or "free") for status in REAL],
)
def test_what_each_status_takes(manager: Manager, status: str, slot_status: str) -> None:
    slot = manager.slots(manager.agenda()["schedule"])[0]
    manager.made(on_slot(slot, status=status))
    assert manager.read(f"Slot/{slot['id']}")["status"] == slot_status
    assert manager.admin("GET", "gap/bilan")["creneaux_incoherents"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "no-show"},
        {"status": "BOOKED"},
        {"end": None},
        {"start": None, "end": None},
        {"start": "2026-03-16T09:00:00"},
        {"start": "2026-03-16T09:00+01:00"},
        {"cancelationReason": {"text": "motif"}},
        {"participant": []},
        {"participant": [{"status": "accepted"}]},
        {"participant": [{"type": [{"text": "x"}], "status": "présent"}]},
    ],
)
def test_an_appointment_against_its_profile_is_refused_and_not_kept(manager: Manager, changes: dict[str, str]) -> None:
    answer = manager.fhir("POST", "Appointment", appointment(**changes))
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert manager.found("Appointment") == []


@pytest.mark.parametrize("changes", [{"status": "no-show"}, {"start": "demain"}, {"start": "2026-03-16T09:00:00"}])
def test_the_same_may_be_kept_with_a_note(manager: Manager, changes: dict[str, str]) -> None:
    manager.set(profil="noter")
    answer = manager.fhir("POST", "Appointment", appointment(**changes))
    codes = {note["code"] for note in manager.last()["notes"]}
    if answer.status_code == 400:  # not even a FHIR resource
        assert answer.json()["issue"][0]["code"] == "structure"
    else:
        assert (answer.status_code, "profil-non-respecte" in codes) == (201, True)
