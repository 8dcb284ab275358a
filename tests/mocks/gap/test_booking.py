"""Booking (flows 6a, 6b): what an appointment takes, what it gives back, and that one of many wins."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from mocks.sandbox import Sandbox
from tests.mocks.gap.conftest import opened
from tests.mocks.gap.manager import (
    MONDAY,
    RPPS,
    Manager,
    appointment,
    by_identifier,
    on_slot,
    opening,
    schedule,
    with_professional,
)

THREADS = 8


def statuses(manager: Manager, schedule_: str) -> list[str]:
    return [slot["status"] for slot in manager.found(f"Slot?schedule=Schedule/{schedule_}&_sort=start&_count=200")]


def test_the_worked_example_of_the_sheet(manager: Manager) -> None:
    """Sheet §9: proposed, then booked, then cancelled by conditional update."""
    agenda = manager.agenda()
    slot = manager.slots(agenda["schedule"])[0]
    people = [
        {"actor": {"reference": f"{type_}/{agenda[key]}"}, "required": "required", "status": "needs-action"}
        for type_, key in (("Practitioner", "practitioner"), ("PractitionerRole", "practitioner_role"))
    ]
    request = on_slot(slot, status="proposed", participant=[*appointment()["participant"], *people])
    made = manager.fhir("POST", "Appointment", request)
    assert (made.status_code, made.headers["ETag"]) == (201, 'W/"1"')
    assert made.headers["Location"].endswith(f"/gap/fhir/Appointment/{made.json()['id']}/_history/1")
    assert statuses(manager, agenda["schedule"])[:2] == ["busy-tentative", "free"]
    booking = {"schedules": [agenda["schedule"]], "conflict": None}
    assert manager.admin("GET", "echanges?operation=gap.fhir.appointment.create")["echanges"][-1]["context"][
        "booking"
    ] == booking | {"slots": [{"id": slot["id"], "from": "free", "to": "busy-tentative"}]}

    accepted = [{**one, "status": "accepted"} for one in request["participant"]]
    booked = manager.fhir("PUT", by_identifier(), {**request, "status": "booked", "participant": accepted})
    assert (booked.status_code, booked.headers["ETag"]) == (200, 'W/"2"')
    assert manager.last()["context"]["transition"] == {"from": "proposed", "to": "booked", "allowed": True}
    assert statuses(manager, agenda["schedule"])[:2] == ["busy", "free"]

    reason = {"cancelationReason": {"text": "empêchement"}, "participant": accepted}
    cancelled = manager.fhir("PUT", by_identifier(), {**request, "status": "cancelled", **reason})
    assert (cancelled.status_code, cancelled.headers["ETag"]) == (200, 'W/"3"')
    assert statuses(manager, agenda["schedule"])[:2] == ["free", "free"]


@pytest.mark.parametrize("code", [409, 412, 422])
def test_the_second_on_a_slot_is_refused_as_the_setting_says(manager: Manager, code: int) -> None:
    manager.set(double_reservation_code=code)
    agenda = manager.agenda()
    slot = manager.slots(agenda["schedule"])[0]
    first = manager.made(on_slot(slot))
    answer = manager.fhir("POST", "Appointment", on_slot(slot, "rdv-2"))
    issue = answer.json()["issue"][0]
    assert (answer.status_code, issue["code"], issue["expression"]) == (code, "conflict", ["Appointment.slot"])
    context = manager.last()["context"]
    assert (context["refusal"], context["booking"]["conflict"]) == ("creneau-pris", first["id"])
    assert "stored" not in context
    assert len(manager.found("Appointment")) == 1


def test_double_booking_may_be_accepted_and_is_told(manager: Manager) -> None:
    manager.set(double_reservation="accepter")
    slot = manager.slots(manager.agenda()["schedule"])[0]
    first, second = manager.made(on_slot(slot)), manager.made(on_slot(slot, "rdv-2"))
    assert [note["code"] for note in manager.last()["notes"]] == ["double-reservation"]
    [double] = manager.admin("GET", "gap/bilan")["doubles_reservations"]
    assert sorted(double["rendez_vous"]) == sorted([first["id"], second["id"]])
    # The slot is free only when both are cancelled.
    for value, expected in (("rdv-1", "busy"), ("rdv-2", "free")):
        manager.fhir("PUT", by_identifier(value), on_slot(slot, value, status="cancelled"))
        assert manager.read(f"Slot/{slot['id']}")["status"] == expected


def test_an_appointment_without_slot_makes_the_professional_unavailable(manager: Manager) -> None:
    """AGD-059: by reference, in every agenda of the professional, for the time that overlaps."""
    agenda = manager.agenda()
    elsewhere = manager.made(
        {
            "resourceType": "Schedule",
            "actor": [{"reference": f"Practitioner/{agenda['practitioner']}"}],
            "extension": manager.read(f"Schedule/{agenda['schedule']}")["extension"],
        }
    )
    times = {"start": f"{MONDAY}T08:15:00Z", "end": f"{MONDAY}T09:00:00Z"}
    manager.made(with_professional(agenda, **times))
    for one in (agenda["schedule"], elsewhere["id"]):
        assert statuses(manager, one) == ["busy", "busy", "free", "free", "free", "free"]
    answer = manager.fhir("POST", "Appointment", with_professional(agenda, "rdv-2", **times))
    assert (answer.status_code, answer.json()["issue"][0]["expression"]) == (409, ["Appointment.participant"])
    # Those who follow each other do not overlap.
    later = {"start": f"{MONDAY}T09:00:00Z", "end": f"{MONDAY}T09:30:00Z"}
    manager.made(with_professional(agenda, "rdv-3", **later))


def test_a_professional_is_known_by_identifier_too_even_after_it_changed(manager: Manager) -> None:
    agenda = manager.agenda()

    def named(identifier: str, value: str, **times: str) -> dict[str, object]:
        actor = {"type": "Practitioner", "identifier": {"system": RPPS, "value": identifier}}
        made = appointment(value, **times)
        return {**made, "participant": [*made["participant"], {"actor": actor, "status": "accepted"}]}

    manager.made(named(agenda["identifiant_national"], "rdv-1"))
    assert statuses(manager, agenda["schedule"])[:2] == ["busy", "free"]
    practitioner = manager.read(f"Practitioner/{agenda['practitioner']}")
    practitioner["identifier"][0]["value"] = "899990000001"
    assert manager.fhir("PUT", f"Practitioner/{practitioner['id']}", practitioner).status_code == 200
    later = {"start": f"{MONDAY}T09:30:00+01:00", "end": f"{MONDAY}T10:00:00+01:00"}
    manager.made(named(agenda["identifiant_national"], "rdv-2", **later))
    assert statuses(manager, agenda["schedule"])[1] == "free"
    manager.made(named("899990000001", "rdv-3", **later))
    assert statuses(manager, agenda["schedule"])[1] == "busy"


def test_an_agenda_that_names_its_owner_by_identifier_is_found_by_address(manager: Manager) -> None:
    agenda = manager.agenda()
    known = manager.read(f"Practitioner/{agenda['practitioner']}")
    practitioner = manager.made({**known, "identifier": [{**known["identifier"][0], "value": "899990000000"}]})
    source = manager.read(f"Schedule/{agenda['schedule']}")
    made = manager.made(schedule(*source["extension"]))
    manager.made(with_professional({"practitioner": practitioner["id"]}))
    assert statuses(manager, made["id"])[0] == "busy"


@pytest.mark.parametrize("how", ["reference", "identifier"])
def test_a_new_agenda_knows_the_appointments_that_its_owner_already_has(manager: Manager, how: str) -> None:
    agenda = manager.agenda()
    identifier = {"system": RPPS, "value": agenda["identifiant_national"]}
    actor: dict[str, object] = {
        "reference": {"reference": f"Practitioner/{agenda['practitioner']}"},
        "identifier": {"type": "Practitioner", "identifier": identifier},
    }[how]
    made = appointment()
    manager.made({**made, "participant": [*made["participant"], {"actor": actor, "status": "accepted"}]})
    source = manager.read(f"Schedule/{agenda['schedule']}")
    second = manager.made({**source, "actor": [{"reference": f"Practitioner/{agenda['practitioner']}"}]})
    assert statuses(manager, second["id"])[:2] == ["busy", "free"]
    # Its time is given back in both when it is cancelled.
    manager.fhir("PUT", by_identifier(), appointment(status="cancelled"))
    for one in (agenda["schedule"], second["id"]):
        assert set(statuses(manager, one)) == {"free"}
    assert manager.admin("GET", "gap/bilan")["creneaux_incoherents"] == []


def test_who_declined_is_free_and_a_place_takes_many(manager: Manager) -> None:
    agenda = manager.agenda()
    declined = with_professional(agenda)
    declined["participant"][1]["status"] = "declined"
    manager.made(declined)
    place = {"actor": {"reference": f"Location/{agenda['location']}"}, "status": "accepted"}
    for value in ("rdv-2", "rdv-3"):
        made = appointment(value)
        manager.made({**made, "participant": [*made["participant"], place]})
    assert set(statuses(manager, agenda["schedule"])) == {"free"}


def test_a_move_frees_one_slot_and_takes_the_other_at_once(manager: Manager) -> None:
    agenda = manager.agenda()
    first, second, third = manager.slots(agenda["schedule"])[:3]
    manager.made(on_slot(first))
    manager.made(on_slot(third, "rdv-2"))
    assert manager.fhir("PUT", by_identifier(), on_slot(second)).status_code == 200
    assert statuses(manager, agenda["schedule"])[:3] == ["free", "busy", "busy"]
    # A move that is refused leaves all as it was.
    assert manager.fhir("PUT", by_identifier(), on_slot(third)).status_code == 409
    assert statuses(manager, agenda["schedule"])[:3] == ["free", "busy", "busy"]
    assert manager.found(by_identifier())[0]["slot"] == [{"reference": f"Slot/{second['id']}"}]


def test_booking_one_length_takes_the_slots_of_the_others(manager: Manager) -> None:
    agenda = manager.agenda(opening("09:00", "10:00"), durees_min=[20, 60])
    offered = {slot["serviceType"][0]["text"]: slot for slot in manager.slots(agenda["schedule"])}
    assert len(manager.slots(agenda["schedule"])) == 4
    last_short, long = offered["Rendez-vous de 20 minutes"], offered["Rendez-vous de 60 minutes"]
    manager.made(on_slot(last_short))
    assert manager.fhir("POST", "Appointment", on_slot(long, "rdv-2")).status_code == 409
    manager.fhir("PUT", by_identifier(), on_slot(last_short, status="cancelled"))
    manager.made(on_slot(long, "rdv-2"))
    assert manager.slots(agenda["schedule"]) == []


@pytest.mark.parametrize("reference", ["Slot/jamais", "Slot/%00"])
def test_a_slot_that_never_was(manager: Manager, reference: str) -> None:
    answer = manager.fhir("POST", "Appointment", appointment(slot=[{"reference": reference}]))
    assert answer.status_code == 422
    assert manager.last()["context"]["refusal"] == "creneau-inconnu"


def test_an_appointment_may_name_a_slot_by_its_whole_address(manager: Manager) -> None:
    agenda = manager.agenda()
    slot = manager.slots(agenda["schedule"])[0]
    manager.made(on_slot(slot, slot=[{"reference": f"{manager.base}/fhir/Slot/{slot['id']}"}]))
    assert statuses(manager, agenda["schedule"])[0] == "busy"


@pytest.mark.parametrize(
    ("policy", "second", "count"), [("refuser", 409, 1), ("fusionner", 200, 1), ("accepter", 201, 2)]
)
def test_the_same_identifier_twice(manager: Manager, policy: str, second: int, count: int) -> None:
    manager.set(doublon_identifiant=policy)
    manager.made(appointment())
    assert manager.fhir("POST", "Appointment", appointment()).status_code == second
    assert len(manager.found("Appointment")) == count


def test_conditional_create_and_update(manager: Manager) -> None:
    condition = by_identifier().partition("?")[2]
    for expected in (201, 200):
        made = manager.fhir("POST", "Appointment", appointment(), If_None_Exist=condition)
        assert made.status_code == expected
    assert made.headers["ETag"] == 'W/"1"'
    # The same value under another system is another appointment (AGD-056).
    other = by_identifier(system="urn:oid:1.2.250.1.999.8")
    elsewhere = appointment(identifier=[{"system": "urn:oid:1.2.250.1.999.8", "value": "rdv-1"}])
    assert manager.fhir("PUT", other, elsewhere).status_code == 201
    assert manager.fhir("PUT", by_identifier(), appointment(), If_Match='W/"7"').status_code == 412
    manager.set(doublon_identifiant="accepter")
    manager.made(appointment())
    assert manager.fhir("PUT", by_identifier(), appointment()).status_code == 412
    assert manager.fhir("PUT", "Appointment?identifier=", appointment()).status_code == 400


def race(manager: Manager, slot: dict[str, str], how: str) -> list[int]:
    """Statuses of as many bookings of one slot as there are threads, begun together."""
    barrier = Barrier(THREADS)

    def book(rank: int) -> int:
        value = f"{slot['id']}-{rank}"
        with httpx.Client() as http:
            mine = Manager(http, manager.tenant, manager.root, manager.token)
            barrier.wait()
            address = "Appointment" if how == "POST" else by_identifier(value)
            return mine.fhir(how, address, on_slot(slot, value)).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(pool.map(book, range(THREADS)))


@pytest.mark.parametrize("how", ["POST", "PUT"])
def test_exactly_one_of_simultaneous_bookings_wins(stored: Sandbox, how: str) -> None:
    with stored.embedded(), httpx.Client() as http:
        manager = opened(stored, http)
        agenda = manager.agenda()
        for slot in manager.slots(agenda["schedule"])[:3]:
            assert race(manager, slot, how) == [201] + [409] * (THREADS - 1)
            assert manager.read(f"Slot/{slot['id']}")["status"] == "busy"
        report = manager.admin("GET", "gap/bilan")
        assert report["par_statut"] == {"booked": 3}
        assert (report["doubles_reservations"], report["creneaux_incoherents"]) == ([], [])


def test_exactly_one_wins_over_a_real_socket(stored: Sandbox) -> None:
    server = stored.serve()
    try:
        with httpx.Client() as http:
            manager = opened(stored, http, server.url)
            agenda = manager.agenda()
            for slot in manager.slots(agenda["schedule"])[:2]:
                assert race(manager, slot, "POST") == [201] + [409] * (THREADS - 1)
            assert statuses(manager, agenda["schedule"])[:3] == ["busy", "busy", "free"]
            report = manager.admin("GET", "gap/bilan")
            assert (report["rendez_vous"], report["doubles_reservations"]) == (2, [])
    finally:
        server.stop()


def test_simultaneous_appointments_without_slot_do_not_overlap_either(stored: Sandbox) -> None:
    with stored.embedded(), httpx.Client() as http:
        manager = opened(stored, http)
        agenda, barrier = manager.agenda(), Barrier(THREADS)

        def book(rank: int) -> int:
            with httpx.Client() as own:
                mine = Manager(own, manager.tenant, manager.root, manager.token)
                barrier.wait()
                return mine.fhir("POST", "Appointment", with_professional(agenda, f"rdv-{rank}")).status_code

        with ThreadPoolExecutor(THREADS) as pool:
            assert sorted(pool.map(book, range(THREADS))) == [201] + [409] * (THREADS - 1)
        assert manager.admin("GET", "gap/bilan")["doubles_reservations"] == []
