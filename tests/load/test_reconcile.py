"""What the reconciliation finds: lost, doubled, out of date, unasked for; and what it leaves in peace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from load.ledger import Entry, same_instant
from load.reconcile import Seen, compare, incoherent, integrity, overbooked, races

NINE, TEN = "2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z"
ENTRY = Entry("s|1", "mes", "p1", NINE, "booked", "accepte")
SEEN = Seen("s|1", "p1", NINE, "booked")


@pytest.mark.parametrize(
    ("entries", "seen", "kinds"),
    [
        ([ENTRY], [SEEN], []),
        ([ENTRY], [], ["perdu"]),
        ([ENTRY], [SEEN, SEEN], ["doublé"]),
        ([ENTRY], [SEEN, replace(SEEN, key="s|2")], ["doublé"]),
        ([ENTRY], [SEEN, Seen("s|3", "p1", TEN, "booked")], ["inattendu"]),
        ([ENTRY], [replace(SEEN, start=TEN)], ["périmé"]),
        ([replace(ENTRY, status="cancelled")], [SEEN], ["périmé"]),
        ([ENTRY.unsure()], [replace(SEEN, start=TEN)], []),
        ([ENTRY.unsure()], [], ["perdu"]),
        ([replace(ENTRY, outcome="incertain")], [], []),
        ([replace(ENTRY, outcome="incertain")], [SEEN], []),
        ([replace(ENTRY, outcome="incertain")], [SEEN, SEEN], ["doublé"]),
        ([replace(ENTRY, outcome="refuse")], [], []),
        ([replace(ENTRY, outcome="refuse")], [SEEN], ["inattendu"]),
        ([replace(ENTRY, outcome="attente")], [], ["non envoyé"]),
        ([ENTRY], [replace(SEEN, key="")], []),
        ([replace(ENTRY, key="@p1@x")], [replace(SEEN, key="")], []),
    ],
)
def test_each_discrepancy_is_named(entries: list[Entry], seen: list[Seen], kinds: list[str]) -> None:
    assert [one.kind for one in compare(entries, seen, "mes")] == kinds


def fought(*outcomes: str) -> list[Entry]:
    return [replace(ENTRY, key=f"s|{n}", slot="c1", outcome=o) for n, o in enumerate(outcomes)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outcomes", "kinds"),
    [
        (("accepte", "refuse"), []),
        (("accepte", "accepte"), ["créneau pris deux fois"]),
        (("refuse", "refuse"), ["créneau sans gagnant"]),
        (("refuse", "incertain"), []),
    ],
)
def test_a_race_has_one_winner(outcomes: tuple[str, ...], kinds: list[str]) -> None:
    assert [one.kind for one in races(fought(*outcomes), "gap")] == kinds


@pytest.mark.parametrize(
    ("outcomes", "seen", "kinds"),
    [
        (("accepte",), [SEEN], []),
        (("accepte", "incertain"), [SEEN, replace(SEEN, key="s|2")], ["créneau pris deux fois"]),
        (("accepte", "incertain"), [SEEN, replace(SEEN, key="s|2", status="cancelled")], []),
        (("accepte", "incertain"), [SEEN, replace(SEEN, key="s|2", owner="p2")], []),
        (("accepte", "incertain"), [SEEN, replace(SEEN, key="s|2", start=TEN)], []),
        (("accepte", "accepte"), [SEEN, replace(SEEN, key="s|2")], []),
    ],
)
def test_two_events_at_one_instant_are_one_too_many_and_said_once(
    outcomes: tuple[str, ...], seen: list[Seen], kinds: list[str]
) -> None:
    assert [one.kind for one in overbooked(fought(*outcomes), seen, "agenda")] == kinds


def test_a_slot_that_was_won_is_not_offered_any_more() -> None:
    assert incoherent([], "agenda") == []
    assert [(one.kind, one.key) for one in incoherent(["c1"], "agenda")] == [("créneau incohérent", "c1")]


def test_the_report_of_the_manager_is_read() -> None:
    report = {
        "doubles_reservations": [{"schedule": "a", "rendez_vous": ["1", "2"]}],
        "identifiants_en_double": [{"identifiant": "s|1", "rendez_vous": ["1", "2"]}],
        "creneaux_incoherents": ["c"],
    }
    kinds = ["créneau pris deux fois", "doublé", "créneau incohérent"]
    assert [one.kind for one in integrity(report, "gap")] == kinds


@pytest.mark.parametrize(
    ("text", "read"),
    [("2026-12-01T10:00:00+01:00", NINE), (NINE, NINE), ("2026-12-01T10:00:00", ""), ("hier", ""), (None, "")],
)
def test_instants_compare_as_instants(text: str, read: str) -> None:
    assert same_instant(text) == read
