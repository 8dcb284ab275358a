"""Asking and answering (flows D(3) and D(4))."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from mocks.sandbox import Sandbox
from tests.mocks.rdv.block import CANCELLED, MONDAY, OURS, Block, answered, answers, guest, refusal, request
from tests.mocks.rdv.conftest import opened

LATER = {"start": f"{MONDAY}T10:00:00+01:00", "end": f"{MONDAY}T10:30:00+01:00"}


def meeting(block: Block, **changes: object) -> tuple[str, str, dict[str, object]]:
    """(ours, theirs, request as kept): ours asks and comes, theirs must answer."""
    mine, hers = block.professional("dui"), block.professional("voisin")
    return mine, hers, block.ask("dui", request(guest(mine, "accepted"), guest(hers), **changes))


def test_a_request_takes_the_time_of_each_until_it_is_answered(block: Block) -> None:
    _, hers, kept = meeting(block)
    assert (kept["status"], answers(kept)) == ("proposed", ["accepted", "needs-action"])
    who = f"schedule.actor:Practitioner.identifier=urn%3Aoid%3A1.2.250.1.71.4.2.1%7C{hers}"
    found = block.fhir("dui", "GET", f"Slot?{who}&status=busy-tentative").json()
    assert [entry["resource"]["start"] for entry in found["entry"]] == [f"{MONDAY}T09:00:00+01:00"]


def test_any_software_reads_the_free_slots_of_a_professional_of_elsewhere(block: Block) -> None:
    hers = block.professional("voisin")
    who = f"schedule.actor:Practitioner.identifier=urn%3Aoid%3A1.2.250.1.71.4.2.1%7C{hers}"
    window = f"start=ge{MONDAY}T10:00:00%2B01:00&start=lt{MONDAY}T11:00:00%2B01:00"
    found = block.fhir("dui", "GET", f"Slot?{who}&{window}&status=free").json()
    assert found["total"] == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reasonCode": None}, "motif-absent"),
        ({"status": "booked"}, "statut-initial"),
        ({"identifier": [{"value": "seul"}]}, "identifiant-absent"),
        ({"start": None, "end": None}, "horaire-absent"),
    ],
)
def test_a_request_that_lacks_something_is_refused_and_leaves_nothing(
    block: Block, changes: dict[str, object], code: str
) -> None:
    mine, hers = block.professional("dui"), block.professional("voisin")
    asked = request(guest(mine, "accepted"), guest(hers), **changes)
    assert refusal(block.fhir("dui", "POST", "Appointment", asked)) == (422, code)
    assert block.admin("GET", "rdv/demandes")["demandes"] == []
    assert block.exchanges(service="rdv")[-1]["context"]["refusal"] == code


def test_a_request_without_reason_may_be_noted_only(block: Block) -> None:
    block.set(motif="noter")
    meeting(block, reasonCode=None)
    assert [note["code"] for note in block.exchanges(service="rdv")[-1]["notes"]] == ["motif-absent"]


def test_inviting_nobody_else_is_refused(block: Block) -> None:
    mine = block.professional("dui")
    asked = request(guest(mine, "accepted"), guest(mine, "accepted"))
    assert refusal(block.fhir("dui", "POST", "Appointment", asked)) == (422, "invites-absents")


def test_an_unknown_slot_and_a_taken_one_are_refused(block: Block) -> None:
    mine, hers, _ = meeting(block)
    again = request(guest(mine, "accepted"), guest(hers), value="reunion-2")
    assert block.fhir("dui", "POST", "Appointment", again).status_code == 409
    unknown = request(guest(mine, "accepted"), guest(hers), value="reunion-3", slot=[{"reference": "Slot/jamais"}])
    assert block.fhir("dui", "POST", "Appointment", unknown).status_code == 422


def test_nobody_says_yes_for_a_professional_of_elsewhere(block: Block) -> None:
    mine, hers = block.professional("dui"), block.professional("voisin")
    asked = request(guest(mine, "accepted"), guest(hers, "accepted"))
    assert refusal(block.fhir("dui", "POST", "Appointment", asked)) == (403, "reponse-d-autrui")
    _, hers, kept = meeting(block)
    assert refusal(block.write("dui", answered(kept, hers, "accepted"))) == (403, "reponse-d-autrui")


def test_a_stranger_changes_nothing(block: Block) -> None:
    mine, _, kept = meeting(block)
    block.connect("inconnu")
    assert refusal(block.write("inconnu", answered(kept, mine, "declined"))) == (403, "etranger")
    assert refusal(block.write("inconnu", {**kept, **CANCELLED})) == (403, "etranger")
    assert block.read("dui", str(kept["id"]))["status"] == "proposed"


def test_once_everybody_accepts_it_is_booked(block: Block) -> None:
    third = block.professional("voisin")
    mine, hers = block.professional("dui"), block.professional("voisin")
    kept = block.ask("dui", request(guest(mine, "accepted"), guest(hers), guest(third)))
    first = block.write("voisin", answered(kept, hers, "accepted")).json()
    assert (first["status"], answers(first)) == ("pending", ["accepted", "accepted", "needs-action"])
    last = block.write("voisin", answered(first, third, "accepted")).json()
    assert (last["status"], answers(last)) == ("booked", ["accepted"] * 3)


def test_an_optional_guest_may_decline(block: Block) -> None:
    third = block.professional("voisin")
    mine, hers = block.professional("dui"), block.professional("voisin")
    kept = block.ask("dui", request(guest(mine, "accepted"), guest(hers), guest(third, required="optional")))
    declined = block.write("voisin", answered(kept, third, "declined")).json()
    assert block.write("voisin", answered(declined, hers, "accepted")).json()["status"] == "booked"


def test_a_refusal_keeps_it_from_being_booked(block: Block) -> None:
    _, hers, kept = meeting(block)
    declined = block.write("voisin", answered(kept, hers, "declined")).json()
    assert (declined["status"], answers(declined)) == ("proposed", ["accepted", "declined"])


def test_another_time_asks_everybody_else_again_and_takes_the_new_time(block: Block) -> None:
    mine, hers, kept = meeting(block)
    moved = block.write("voisin", answered(kept, hers, "tentative", **LATER)).json()
    assert (moved["status"], answers(moved), moved["start"]) == (
        "proposed",
        ["needs-action", "tentative"],
        LATER["start"],
    )
    agreed = block.write("dui", answered(moved, mine, "accepted")).json()
    assert (agreed["status"], answers(agreed)) == ("booked", ["accepted", "accepted"])
    report = block.admin("GET", "rdv/bilan")
    assert (report["doubles_reservations"], report["creneaux_incoherents"]) == ([], [])


def test_another_time_without_saying_tentative_is_refused(block: Block) -> None:
    _, hers, kept = meeting(block)
    assert refusal(block.write("voisin", {**kept, **LATER})) == (422, "contre-proposition")
    assert refusal(block.write("voisin", answered(kept, hers, "accepted", **LATER))) == (409, "proposition-depassee")


def test_an_acceptance_of_the_time_before_is_refused(block: Block) -> None:
    third = block.professional("voisin")
    mine, hers = block.professional("dui"), block.professional("voisin")
    kept = block.ask("dui", request(guest(mine, "accepted"), guest(hers), guest(third)))
    block.write("voisin", answered(kept, hers, "tentative", **LATER))
    assert refusal(block.write("voisin", answered(kept, third, "accepted"))) == (409, "proposition-depassee")


def test_a_cancellation_gives_its_reason_and_the_time_back(block: Block) -> None:
    mine, hers, kept = meeting(block)
    assert refusal(block.write("dui", {**kept, "status": "cancelled"})) == (422, "motif-annulation-absent")
    assert block.write("dui", {**kept, **CANCELLED}).json()["status"] == "cancelled"
    assert refusal(block.write("voisin", answered(kept, hers, "accepted"))) == (409, "demande-close")
    assert block.ask("dui", request(guest(mine, "accepted"), guest(hers), value="reunion-2"))["status"] == "proposed"


def test_two_answers_from_the_same_copy_lose_nothing(block: Block) -> None:
    block.connect("tiers")
    mine, hers, third = block.professional("dui"), block.professional("voisin"), block.professional("tiers")
    kept = block.ask("dui", request(guest(mine, "accepted"), guest(hers), guest(third)))
    block.write("voisin", answered(kept, hers, "accepted"))
    second = block.write("tiers", answered(kept, third, "accepted"))
    assert (second.status_code, second.json()["status"]) == (200, "booked")
    assert "copie-perimee" in [note["code"] for note in block.exchanges(service="rdv")[-1]["notes"]]


def test_a_stale_version_asked_by_if_match_is_refused(block: Block) -> None:
    _, hers, kept = meeting(block)
    block.write("voisin", answered(kept, hers, "declined"))
    assert block.write("voisin", answered(kept, hers, "accepted"), If_Match='W/"1"').status_code == 412


def test_answers_at_the_same_time_are_all_kept(stored: Sandbox) -> None:
    with stored.embedded(), httpx.Client() as http:
        block = opened(stored, http)
        block.set(envoi="sur_demande")
        for rank in range(4):
            block.connect(f"logiciel-{rank}")
        mine = block.professional("dui")
        others = {f"logiciel-{rank}": block.professional(f"logiciel-{rank}") for rank in range(4)}
        kept = block.ask("dui", request(guest(mine, "accepted"), *map(guest, others.values())))

        def accept(client: str) -> int:
            return block.write(client, answered(kept, others[client], "accepted")).status_code

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(accept, others)) == [200] * 4
        assert block.read("dui", str(kept["id"]))["status"] == "booked"


def test_the_same_answer_twice_changes_nothing(block: Block) -> None:
    _, hers, kept = meeting(block)
    block.write("voisin", answered(kept, hers, "accepted"))
    again = block.write("voisin", answered(kept, hers, "accepted"))
    assert (again.status_code, again.json()["status"]) == (200, "booked")
    assert block.exchanges(service="rdv")[-1]["context"]["rendez_vous_pro"]["quoi"] == "rien"


def test_a_booked_appointment_is_only_cancelled_or_followed(block: Block) -> None:
    _, hers, kept = meeting(block)
    booked = block.write("voisin", answered(kept, hers, "accepted")).json()
    assert refusal(block.write("voisin", answered(booked, hers, "declined"))) == (409, "rendez-vous-conclu")
    assert refusal(block.write("dui", {**booked, **LATER})) == (409, "rendez-vous-conclu")
    assert block.write("dui", {**booked, "status": "fulfilled"}).json()["status"] == "fulfilled"


def test_only_who_asked_invites_somebody_more(block: Block) -> None:
    _, _, kept = meeting(block)
    more = {**kept, "participant": [*kept["participant"], guest(block.professional("voisin"))]}
    assert refusal(block.write("voisin", more)) == (403, "invites-changes")
    assert len(block.write("dui", more).json()["participant"]) == 3


def test_nobody_answers_after_the_deadline(block: Block) -> None:
    block.set(delai_reponse_h=24)
    _, hers, kept = meeting(block)
    block.clock("2026-03-16T08:30:00+01:00")
    assert refusal(block.write("voisin", answered(kept, hers, "accepted"))) == (409, "demande-close")
    closed = block.read("dui", str(kept["id"]))
    assert (closed["status"], closed["cancelationReason"]) == ("cancelled", {"text": "Délai de réponse dépassé"})
    assert [one["operation"] for one in block.exchanges(service="rdv") if one["protocol"] == "acte"][-1] == (
        "rdv.bloc.delai_depasse"
    )


def test_without_a_deadline_an_answer_may_come_late(block: Block) -> None:
    _, hers, kept = meeting(block)
    block.clock("2026-03-18T08:30:00+01:00")
    assert block.write("voisin", answered(kept, hers, "accepted")).json()["status"] == "booked"


def test_a_role_and_a_person_are_one_guest(block: Block) -> None:
    mine, hers = block.professional("dui"), block.professional("voisin")
    contained = [
        {"resourceType": "PractitionerRole", "id": "r", "practitioner": guest(hers)["actor"]},
    ]
    role = {"actor": {"reference": "#r", "type": "PractitionerRole"}, "required": "required", "status": "needs-action"}
    kept = block.ask("dui", request(guest(mine, "accepted"), guest(hers), role, contained=contained))
    half = block.write("voisin", answered(kept, hers, "accepted")).json()
    assert half["status"] == "proposed"
    whole = {**half, "participant": [{**one, "status": "accepted"} for one in half["participant"]]}
    assert block.write("voisin", whole).json()["status"] == "booked"


def test_the_agenda_of_a_professional_is_published_by_her_software_only(block: Block) -> None:
    hers = block.professional("voisin")
    who = f"actor:Practitioner.identifier=urn%3Aoid%3A1.2.250.1.71.4.2.1%7C{hers}"
    schedule = block.fhir("dui", "GET", f"Schedule?{who}").json()["entry"][0]["resource"]
    path = f"Schedule/{schedule['id']}"
    assert refusal(block.fhir("dui", "PUT", path, schedule)) == (403, "agenda-d-autrui")
    assert block.fhir("voisin", "PUT", path, schedule).status_code == 200


def test_slots_are_not_written(block: Block) -> None:
    block.professional("dui")
    slot = {"resourceType": "Slot", "status": "free", "identifier": [{"system": OURS, "value": "1"}]}
    assert block.fhir("dui", "POST", "Slot", slot).status_code == 405


def test_a_client_without_token_is_refused(block: Block) -> None:
    assert block.fhir("dui", "GET", "Slot", None, Authorization="Bearer faux").status_code == 401
