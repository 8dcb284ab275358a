"""Findings as a vendor reads them."""

from __future__ import annotations

import pytest

from harness import texts
from rules import Authority, Exchange, Finding, Level

EXCHANGE = Exchange(
    {
        "id": 42,
        "instant": "2024-10-27T00:12:03.500Z",
        "operation": "mes.fhir.appointment.create",
        "request": {"method": "POST", "path": "/mes/fhir/Appointment"},
    }
)
ACT = Exchange({"id": 43, "instant": "2024-07-01T10:00:00.000Z", "operation": "mes.usager.desappariement"})


def finding(level: Level, authority: Authority, seen: str = "2024-10-27T09:00:00") -> Finding:
    return Finding("Appointment.start", "un décalage", seen, "Sans décalage…", 42, "AGD-009", level, authority, "R4")


def test_a_finding_in_four_lines() -> None:
    assert texts.finding(finding(Level.SHALL, Authority.OFFICIELLE), EXCHANGE, strict=False).splitlines() == [
        "AGD-009  NON CONFORME   obligatoire, source officielle : R4",
        "  échange 42, POST /mes/fhir/Appointment, 27/10/2024 02:12:03",
        "  Appointment.start   attendu : un décalage   vu : « 2024-10-27T09:00:00 »",
        "  Sans décalage…",
    ]


@pytest.mark.parametrize(
    ("level", "authority", "strict", "first"),
    [
        (Level.SHALL, Authority.DEDUITE, False, "AGD-009  À VÉRIFIER   obligatoire, source déduite : R4"),
        (Level.SHALL, Authority.DEDUITE, True, "AGD-009  NON CONFORME   obligatoire, source déduite : R4"),
        (Level.SHOULD, Authority.OFFICIELLE, True, "AGD-009  INFORMATION   recommandé, source officielle : R4"),
        (Level.SHALL, Authority.BANC, True, "AGD-009  INFORMATION   obligatoire, convention du banc : R4"),
    ],
)
def test_its_weight_is_said_first(level: Level, authority: Authority, strict: bool, first: str) -> None:
    assert texts.finding(finding(level, authority), EXCHANGE, strict=strict).startswith(first + "\n")


@pytest.mark.parametrize(("seen", "shown"), [("", "rien"), ("rien", "rien"), ("« a »", "« a »"), ("a", "« a »")])
def test_what_was_seen(seen: str, shown: str) -> None:
    text = texts.finding(finding(Level.SHALL, Authority.OFFICIELLE, seen), EXCHANGE, strict=False)
    assert f"vu : {shown}\n" in text


@pytest.mark.parametrize(
    ("exchange", "line"),
    [(ACT, "  échange 42, mes.usager.desappariement, 01/07/2024 12:00:00"), (None, "  échange 42")],
)
def test_an_exchange_without_request_or_unknown(exchange: Exchange | None, line: str) -> None:
    assert line in texts.finding(finding(Level.SHALL, Authority.BANC), exchange, strict=False).splitlines()


def test_several_findings_are_set_apart() -> None:
    two = [finding(Level.SHALL, Authority.OFFICIELLE), finding(Level.SHALL, Authority.BANC)]
    assert texts.findings(two, {42: EXCHANGE}, strict=False).count("\n\n") == 1
