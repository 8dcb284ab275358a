"""The times that suit everybody."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mocks.rdv.common import Free, common
from tests.mocks.rdv.block import MONDAY, Block, refusal

OID = "urn%3Aoid%3A1.2.250.1.71.4.2.1%7C"
WINDOW = f"debut={MONDAY}T08:00:00%2B01:00&fin={MONDAY}T18:00:00%2B01:00"


def times(block: Block, *names: str, more: str = "") -> list[tuple[str, str, int]]:
    """(start, end, number of slots) of each time found."""
    who = "&".join(f"professionnel={OID}{name}" for name in names)
    answer = block.fhir("dui", "GET", f"$creneaux-communs?{who}&{WINDOW}{more}")
    assert answer.status_code == 200, answer.text
    return [_read(one["part"]) for one in answer.json().get("parameter", ())]


def _read(parts: list[dict[str, Any]]) -> tuple[str, str, int]:
    instants = [part["valueInstant"][11:16] for part in parts if "valueInstant" in part]
    return instants[0], instants[1], sum(part["name"] == "creneau" for part in parts)


def test_the_first_common_times_come_first(block: Block) -> None:
    mine, hers = block.professional("dui", ("09:00", "11:00")), block.professional("voisin", ("10:00", "12:00"))
    assert times(block, mine, hers) == [("10:00", "10:30", 2), ("10:30", "11:00", 2)]
    assert times(block, mine, hers, more="&duree=60") == [("10:00", "11:00", 4)]
    assert times(block, mine, hers, more="&maximum=1") == [("10:00", "10:30", 2)]


def test_none_is_an_answer(block: Block) -> None:
    mine, hers = block.professional("dui", ("09:00", "10:00")), block.professional("voisin", ("10:00", "12:00"))
    assert times(block, mine, hers) == []


def test_her_events_are_left_free_and_not_told(block: Block) -> None:
    mine = block.professional("dui", ("09:00", "10:30"))
    person, _ = block.patient()
    block.admin("POST", f"rdv/usagers/{person['id']}/accord", {"accord": True})
    event = {"debut": f"{MONDAY}T09:30:00+01:00", "fin": f"{MONDAY}T10:00:00+01:00", "libelle": "Dentiste"}
    block.admin("POST", f"mes/usagers/{person['id']}/evenements", event)
    usager = f"&usager=urn%3Aoid%3A{person['ins']['oid']}%7C{person['ins']['matricule']}"
    assert times(block, mine, more=usager) == [("09:00", "09:30", 1), ("10:00", "10:30", 1)]
    assert "Dentiste" not in block.exchanges(service="rdv")[-1]["answer"]["body"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (WINDOW, "parametres"),
        (f"professionnel={OID}1&professionnel={OID}1&{WINDOW}", "parametres"),
        (f"professionnel={OID}1&debut=hier&fin=demain", "parametres"),
        (f"professionnel={OID}1&debut={MONDAY}T08:00:00&fin={MONDAY}T18:00:00", "parametres"),
        (f"professionnel={OID}1&{WINDOW}&duree=0", "parametres"),
        (f"professionnel={OID}1&{WINDOW}&maximum=²", "parametres"),
        (f"professionnel={OID}1&debut=2026-03-16T08:00:00Z&fin=2027-03-16T08:00:00Z", "parametres"),
    ],
)
def test_what_cannot_be_read_is_refused(block: Block, query: str, code: str) -> None:
    assert refusal(block.fhir("dui", "GET", f"$creneaux-communs?{query}")) == (400, code)


@pytest.mark.parametrize("name", ["inconnu", "%00"])
def test_a_professional_whom_the_block_does_not_know_is_said(block: Block, name: str) -> None:
    answer = block.fhir("dui", "GET", f"$creneaux-communs?professionnel={OID}{name}&{WINDOW}")
    assert refusal(answer) == (422, "professionnel-inconnu")


FREE = st.lists(st.integers(0, 20), unique=True, max_size=12).map(
    lambda starts: [Free(start * 30, start * 30 + 30, f"s{start}") for start in starts]
)


@given(st.lists(FREE, min_size=1, max_size=3), st.sampled_from([30, 60, 90]))
def test_every_time_found_lies_in_the_free_time_of_all(agendas: list[list[Free]], length: int) -> None:
    for time in common(agendas, [], length, 50):
        for agenda in agendas:
            covered = {minute for slot in agenda for minute in range(slot.low, slot.high)}
            assert set(range(time.low, time.high)) <= covered


@given(st.lists(FREE, min_size=1, max_size=3))
def test_no_half_hour_that_suits_all_is_missed(agendas: list[list[Free]]) -> None:
    wanted = set.intersection(*({slot.low for slot in agenda} for agenda in agendas))
    assert {time.low for time in common(agendas, [], 30, 50)} == wanted
