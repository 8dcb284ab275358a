"""iCalendar (RFC 5545), read back with a library."""

from datetime import UTC, datetime

from icalendar import Calendar

from tests.mocks.gap.manager import (
    MONDAY,
    OURS,
    RPPS,
    Manager,
    appointment,
    by_identifier,
    on_slot,
    with_professional,
)


def calendar(manager: Manager, path: str) -> Calendar:
    answer = manager.http.get(f"{manager.base}/ical/{path}.ics", headers={"Authorization": f"Bearer {manager.token}"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    lines = answer.content.split(b"\r\n")
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    assert manager.last()["operation"] == "gap.ical.agenda"
    return Calendar.from_ical(answer.content)


def test_an_event_says_what_the_appointment_says(manager: Manager) -> None:
    agenda = manager.agenda()
    made = with_professional(
        agenda,
        description="Entretien ; à l'œuvre, ç",
        comment="Étage 2\nporte 3",
        priority=5,
        created="2026-03-15T09:12:00+01:00",
        supportingInformation=[{"reference": "DocumentReference/d1"}],
    )
    made["participant"][1] |= {"required": "optional", "status": "tentative"}
    made["participant"][1]["actor"]["display"] = 'Le "Docteur" Fictif'
    made["participant"].append(
        {"actor": {"reference": f"Location/{agenda['location']}", "display": "Salle 4"}, "status": "accepted"}
    )
    manager.made(made)
    [event] = calendar(manager, f"Practitioner/{agenda['practitioner']}").walk("VEVENT")
    assert event["UID"] == f"rdv-1@{OURS}"
    assert event.decoded("DTSTART") == datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2026, 3, 16, 8, 30, tzinfo=UTC)
    assert event.decoded("CREATED") == datetime(2026, 3, 15, 8, 12, tzinfo=UTC)
    assert event.decoded("DTSTAMP") == datetime(2026, 3, 15, 7, 0, tzinfo=UTC)
    assert (str(event["DESCRIPTION"]), str(event["COMMENT"])) == (made["description"], made["comment"])
    assert (event["PRIORITY"], event["SEQUENCE"], event["STATUS"], event["LOCATION"]) == (5, 0, "CONFIRMED", "Salle 4")
    assert str(event["ATTACH"]).endswith("/gap/fhir/DocumentReference/d1")
    patient, professional = event["ATTENDEE"]
    assert (patient.params["PARTSTAT"], patient.params["ROLE"]) == ("ACCEPTED", "REQ-PARTICIPANT")
    assert (professional.params["PARTSTAT"], professional.params["ROLE"]) == ("TENTATIVE", "OPT-PARTICIPANT")
    assert professional.params["CN"] == "Le 'Docteur' Fictif"
    assert [str(one["LOCATION"]) for one in calendar(manager, f"Location/{agenda['location']}").walk("VEVENT")] == [
        "Salle 4"
    ]


def test_status_and_sequence_follow_the_changes(manager: Manager) -> None:
    agenda = manager.agenda()
    manager.made(with_professional(agenda, status="proposed"))
    seen = []
    for rank, status in enumerate(("proposed", "booked", "fulfilled", "cancelled"), 1):
        manager.fhir("PUT", by_identifier(), with_professional(agenda, status=status))
        [event] = calendar(manager, f"Practitioner/{agenda['practitioner']}").walk("VEVENT")
        assert event["SEQUENCE"] == rank
        seen.append(str(event["STATUS"]))
    assert seen == ["TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    manager.fhir("PUT", by_identifier(), with_professional(agenda, status="entered-in-error"))
    manager.made(with_professional(agenda, "rdv-2", status="proposed", start=None, end=None))
    assert calendar(manager, f"Practitioner/{agenda['practitioner']}").walk("VEVENT") == []


def test_who_is_named_by_identifier_has_the_event_too_and_once(manager: Manager) -> None:
    agenda = manager.agenda()
    identifier = {"system": RPPS, "value": agenda["identifiant_national"]}
    actor = {"reference": f"Practitioner/{agenda['practitioner']}", "identifier": identifier}
    by_name = {"actor": {"type": "Practitioner", "identifier": identifier}, "status": "accepted"}
    later = {"start": f"{MONDAY}T10:00:00+01:00", "end": f"{MONDAY}T10:30:00+01:00"}
    manager.made(appointment(participant=[{"actor": actor, "status": "accepted"}]))
    manager.made(appointment("rdv-2", participant=[by_name], **later))
    events = calendar(manager, f"Practitioner/{agenda['practitioner']}").walk("VEVENT")
    assert sorted(str(event["UID"])[:5] for event in events) == ["rdv-1", "rdv-2"]


def test_the_time_of_a_schedule(manager: Manager) -> None:
    agenda = manager.agenda()
    slots = manager.slots(agenda["schedule"])
    manager.made(on_slot(slots[0]))
    manager.made(on_slot(slots[1], "rdv-2", status="proposed"))
    [busy] = calendar(manager, f"Schedule/{agenda['schedule']}").walk("VFREEBUSY")
    kinds = {period.params["FBTYPE"]: period for period in busy["FREEBUSY"]}
    assert set(kinds) == {"FREE", "BUSY", "BUSY-TENTATIVE"}
    assert kinds["BUSY"].start == datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


def test_no_agenda_of_what_does_not_exist(manager: Manager) -> None:
    agenda = manager.agenda()
    headers = {"Authorization": f"Bearer {manager.token}"}
    for path in ("Practitioner/x", "Slot/x", f"Organization/{agenda['organization']}", "Practitioner/%00"):
        answer = manager.http.get(f"{manager.base}/ical/{path}.ics", headers=headers)
        assert (answer.status_code, answer.json()["resourceType"]) == (404, "OperationOutcome")
