"""Schedules and their slots through the FHIR API (flows 2a to 3c, 4a)."""

import pytest

from tests.mocks.gap.manager import (
    MONDAY,
    OURS,
    Manager,
    availability,
    by_identifier,
    duration,
    freq,
    on_slot,
    opening,
    schedule,
)

MORNING = availability(f"{MONDAY}T09:00:00+01:00", f"{MONDAY}T10:00:00+01:00", key="matin")
AFTERNOON = availability(f"{MONDAY}T14:00:00+01:00", f"{MONDAY}T15:00:00+01:00", key="après-midi")


def hours(slots: list[dict[str, str]]) -> list[str]:
    return [slot["start"][11:16] for slot in slots]


def test_a_schedule_gives_its_slots(manager: Manager) -> None:
    specialty = [{"coding": [{"system": TRE_R38, "code": "SM54"}]}]
    made = manager.made(schedule(MORNING, duration(20, "Entretien"), specialty=specialty))
    slots = manager.slots(made["id"])
    assert hours(slots) == ["09:00", "09:20", "09:40"]
    assert slots[0]["serviceType"] == [{"text": "Entretien"}]
    assert slots[0]["specialty"] == specialty
    assert manager.last()["operation"] == "gap.fhir.slot.search"
    exchanges = manager.admin("GET", "echanges?operation=gap.fhir.schedule.create")["echanges"]
    assert exchanges[0]["context"]["slots"] == {"schedule": made["id"], "created": 3, "removed": 0, "kept": 0}


def other(value: str) -> dict[str, object]:
    return {"identifier": [{"system": OURS, "value": value}]}


TRE_R38 = "https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale"


def test_offsets_follow_the_season(manager: Manager) -> None:
    weekly = availability(f"{MONDAY}T09:00:00+01:00", f"{MONDAY}T09:30:00+01:00", rule=[freq("WEEKLY")])
    slots = manager.slots(manager.made(schedule(weekly))["id"])
    assert [slot["start"] for slot in slots[:3]] == [
        "2026-03-16T09:00:00+01:00",
        "2026-03-23T09:00:00+01:00",
        "2026-03-30T09:00:00+02:00",
    ]
    assert len(slots) == 9  # sixty days


def test_a_schedule_sent_again_keeps_what_is_still_due_and_what_is_taken(manager: Manager) -> None:
    made = manager.made(schedule(MORNING, AFTERNOON))
    before = {slot["start"]: slot["id"] for slot in manager.slots(made["id"])}
    taken = manager.slots(made["id"])[0]
    manager.made(on_slot(taken))
    fewer = {**made, "extension": [AFTERNOON]}
    assert manager.fhir("PUT", f"Schedule/{made['id']}", fewer).status_code == 200
    assert manager.last()["context"]["slots"] == {"schedule": made["id"], "created": 0, "removed": 1, "kept": 3}
    after = manager.slots(made["id"])
    assert hours(after) == ["14:00", "14:30"]
    assert all(before[slot["start"]] == slot["id"] for slot in after)
    assert [slot["id"] for slot in manager.slots(made["id"], "busy")] == [taken["id"]]
    # Once the appointment is cancelled, the slot is not offered again: nobody is there.
    assert manager.fhir("PUT", by_identifier(), on_slot(taken, status="cancelled")).status_code == 200
    assert [slot["id"] for slot in manager.slots(made["id"], "busy-unavailable")] == [taken["id"]]
    # Nor can it be booked, until the availability comes back.
    again = manager.fhir("POST", "Appointment", on_slot(taken, "rdv-2"))
    assert again.status_code == 409
    assert manager.fhir("PUT", f"Schedule/{made['id']}", made).status_code == 200
    assert hours(manager.slots(made["id"])) == ["09:00", "09:30", "14:00", "14:30"]


def test_patch_adds_and_removes_one_availability(manager: Manager) -> None:
    made = manager.made(schedule(MORNING))
    patch = {"Content-Type": "application/json-patch+json"}
    add = [{"op": "add", "path": "/extension/-", "value": AFTERNOON}]
    answer = manager.fhir("PATCH", f"Schedule/{made['id']}", add, **patch)
    assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"')
    assert manager.last()["operation"] == "gap.fhir.schedule.patch"
    assert hours(manager.slots(made["id"])) == ["09:00", "09:30", "14:00", "14:30"]
    remove = [{"op": "remove", "path": "/extension/0"}]
    assert manager.fhir("PATCH", f"Schedule/{made['id']}", remove, If_Match='W/"1"', **patch).status_code == 412
    assert manager.fhir("PATCH", f"Schedule/{made['id']}", remove, If_Match='W/"2"', **patch).status_code == 200
    assert hours(manager.slots(made["id"])) == ["14:00", "14:30"]


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ([{"op": "remove", "path": "/extension/7"}], 422),
        ([{"op": "test", "path": "/active", "value": False}], 422),
        ([{"op": "remove", "path": "/actor"}], 422),
        ([{"op": "replace", "path": "/resourceType", "value": "Slot"}], 422),
        ([{"op": "replace", "path": "/id", "value": "autre"}], 422),
        ([{"op": "replace", "path": "", "value": []}], 422),
        ([{"op": "add", "path": "/actor/0/reference/x", "value": 1}], 422),
        ([{"op": "copy", "from": "/extension", "path": "/x"}], 400),
        ([{"op": "add", "path": "extension", "value": 1}], 422),
        ([{"op": "add"}], 422),
        ([1], 400),
        ([], 400),
        ({"op": "add"}, 400),
    ],
)
def test_a_patch_that_makes_no_sense_changes_nothing(manager: Manager, patch: object, status: int) -> None:
    made = manager.made(schedule(MORNING))
    kind = {"Content-Type": "application/json-patch+json"}
    answer = manager.fhir("PATCH", f"Schedule/{made['id']}", patch, **kind)
    assert answer.status_code == status, answer.text
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert manager.read(f"Schedule/{made['id']}") == made


def test_patch_may_be_refused_and_only_takes_json_patch(manager: Manager) -> None:
    made = manager.made(schedule(MORNING))
    add = [{"op": "add", "path": "/extension/-", "value": AFTERNOON}]
    assert manager.fhir("PATCH", f"Schedule/{made['id']}", add).status_code == 415
    manager.set(patch="refuse")
    answer = manager.fhir("PATCH", f"Schedule/{made['id']}", add, **{"Content-Type": "application/json-patch+json"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT, DELETE")
    assert manager.fhir("PATCH", "Appointment/x", add).status_code == 405
    assert manager.fhir("PATCH", "Schedule/inconnu", add).status_code == 405


def test_deleting_a_schedule_deletes_its_slots_and_leaves_appointments(manager: Manager) -> None:
    made = manager.made(schedule(MORNING))
    appointment = manager.made(on_slot(manager.slots(made["id"])[0]))
    assert manager.fhir("DELETE", f"Schedule/{made['id']}").status_code == 204
    assert manager.found(f"Slot?schedule=Schedule/{made['id']}") == []
    assert manager.read(f"Appointment/{appointment['id']}")["status"] == "booked"
    assert manager.admin("GET", "gap/bilan")["creneaux_incoherents"] == []
    # The appointment can still be changed, though its slot is no more.
    changed = manager.fhir("PUT", by_identifier(), {**appointment, "status": "fulfilled"})
    assert changed.status_code == 200
    assert manager.fhir("POST", "Appointment", {**appointment, **other("rdv-2")}).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        schedule(MORNING, serviceType=[{"text": "x"}]),
        schedule(availability(f"{MONDAY}T10:00:00+01:00", f"{MONDAY}T09:00:00+01:00")),
        schedule(availability(f"{MONDAY}T09:00:00+01:00", f"{MONDAY}T10:00:00+01:00", rule=[freq("SECONDLY")])),
        schedule({**MORNING, "extension": MORNING["extension"][:3]}),
        schedule(MORNING, actor=None),
        schedule(MORNING, specialty=[{"coding": [{"system": "urn:autre", "code": "SM54"}]}]),
    ],
)
def test_a_schedule_against_its_profile_or_without_sense_is_refused(manager: Manager, wrong: dict[str, str]) -> None:
    answer = manager.fhir("POST", "Schedule", wrong)
    assert answer.status_code in (400, 422), answer.text  # 400 for the structure of the resource
    assert answer.json()["issue"][0]["severity"] == "error"
    assert manager.found("Schedule") == []


def test_slots_are_made_again_when_the_clock_has_moved(manager: Manager) -> None:
    agenda = manager.agenda(opening("09:00", "09:30", frequence="WEEKLY"))
    assert agenda["creneaux"] == 9
    manager.clock("2026-04-15T08:00:00+02:00")
    told = manager.admin("POST", f"gap/agendas/{agenda['schedule']}/creneaux")
    assert told == {"crees": 4, "retires": 0, "gardes": 4}
    assert manager.slots(agenda["schedule"])[0]["start"].startswith("2026-03-16")  # the past is left alone


def test_an_actor_deleted_leaves_the_agenda_and_the_last_one_takes_it_away(manager: Manager) -> None:
    agenda = manager.agenda()
    assert manager.fhir("DELETE", f"PractitionerRole/{agenda['practitioner_role']}").status_code == 204
    left = manager.read(f"Schedule/{agenda['schedule']}")
    assert left["actor"] == [{"reference": f"Practitioner/{agenda['practitioner']}"}]
    assert manager.fhir("DELETE", f"Practitioner/{agenda['practitioner']}").status_code == 204
    assert manager.fhir("GET", f"Schedule/{agenda['schedule']}").status_code == 410
    assert manager.found("Slot") == []


def test_what_a_client_may_not_write(manager: Manager) -> None:
    agenda = manager.agenda()
    slot = manager.slots(agenda["schedule"])[0]
    assert manager.fhir("POST", "Slot", slot).status_code == 405
    assert manager.fhir("PUT", f"Slot/{slot['id']}", slot).status_code == 405
    assert manager.fhir("DELETE", f"Slot/{slot['id']}").status_code == 405
    appointment = manager.made(on_slot(slot))
    answer = manager.fhir("DELETE", f"Appointment/{appointment['id']}")
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (405, "not-supported")
    assert manager.last()["operation"] == "gap.fhir.appointment.delete"
    assert OURS in str(manager.read(f"Appointment/{appointment['id']}"))
