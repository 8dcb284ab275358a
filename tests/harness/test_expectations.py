"""What a scenario asserts fails when it does not hold, in French, with what was expected and what was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from harness import expectations
from harness.actors.views import readable
from harness.expectations import Agenda

NINE = datetime(2024, 11, 12, 8, tzinfo=UTC)
TEN = datetime(2024, 11, 12, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    start: datetime
    label: str = "Kinésithérapie"
    status: str = "booked"


def agenda(*events: Seen) -> Agenda[Seen]:
    return Agenda("l'agenda d'essai", events)


def test_the_only_event_of_an_instant_is_given_back() -> None:
    wanted = Seen(NINE)
    assert agenda(wanted, Seen(TEN)).at(NINE) is wanted
    assert agenda(wanted).only_at(NINE) is wanted
    assert agenda(wanted).titled("Kiné", NINE) is wanted


def test_a_cancelled_event_is_nothing() -> None:
    agenda(Seen(NINE, status="cancelled"), Seen(TEN)).nothing_at(NINE)


def test_two_events_that_differ_are_no_double() -> None:
    agenda(Seen(NINE), Seen(TEN), Seen(NINE, "Ostéopathe")).without_double()


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (lambda: agenda().at(NINE), r"un seul événement le 12/11/2024 à 09:00 \(\+01:00\).* Vu : 0 : rien"),
        (lambda: agenda(Seen(NINE), Seen(NINE)).at(NINE), "Vu : 2 : « Kinésithérapie »"),
        (lambda: agenda(Seen(NINE), Seen(TEN)).only_at(NINE), r"1 événement\(s\).*Vu : 2"),
        (lambda: agenda(Seen(NINE)).titled("Ostéopathe", NINE), "l'intitulé « Ostéopathe ».*Vu : Kinésithérapie"),
        (lambda: agenda(Seen(NINE)).nothing_at(NINE), "aucun événement le"),
        (lambda: agenda(Seen(NINE)).has(0), r"0 événement\(s\) dans l'agenda d'essai"),
        (lambda: agenda(Seen(NINE), Seen(NINE)).without_double(), "en double.*Kinésithérapie le 12/11/2024"),
        (lambda: expectations.expect_equal("état", "a", "b"), "Attendu : état : « a ». Vu : b"),
        (lambda: expectations.expect_none("appels", ["un"]), "aucun élément parmi les appels. Vu : 1 : un"),
        (lambda: readable("SÃ©ance"), "sans caractère abîmé"),
        (lambda: readable("S\ufffdance"), "sans caractère abîmé"),
    ],
)
def test_what_does_not_hold_is_said_in_french(claim: Callable[[], object], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        claim()


@pytest.mark.parametrize("label", ["Séance à l'Île-d'Yeu", "Œdème", "plain", "Ça, Ô, Ü ?"])
def test_accents_are_readable(label: str) -> None:
    readable(label)
