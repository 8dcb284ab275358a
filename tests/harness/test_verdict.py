"""The one table that turns what was seen into a verdict, and a verdict into an exit code."""

from __future__ import annotations

from typing import get_args

import pytest

from harness import catalogue
from harness.catalogue import State
from harness.target_sections import Claims
from harness.verdict import (
    Cause,
    ExitCode,
    Outcome,
    Verdict,
    exit_code,
    of_finding,
    of_requirement,
    of_run,
    of_scenario,
    weighs,
)
from rules import Authority, Finding, Level

C, NC, AV, NA, NT = (
    Verdict.CONFORME,
    Verdict.NON_CONFORME,
    Verdict.A_VERIFIER,
    Verdict.NON_APPLICABLE,
    Verdict.NON_TESTE,
)
OFF, DED, BAN = Authority.OFFICIELLE, Authority.DEDUITE, Authority.BANC
SHALL, SHOULD = Level.SHALL, Level.SHOULD


def finding(level: Level | None, authority: Authority | None) -> Finding:
    return Finding("Appointment.start", "un décalage", "rien", rule="AGD-009", level=level, authority=authority)


@pytest.mark.parametrize(
    ("level", "authority", "ordinary", "strict"),
    [
        (SHALL, OFF, NC, NC),
        (SHALL, DED, AV, NC),
        (SHALL, BAN, C, C),
        (SHOULD, OFF, C, C),
        (SHOULD, DED, C, C),
        (SHOULD, BAN, C, C),
        (None, OFF, C, C),
        (SHALL, None, C, C),
    ],
)
def test_a_finding(level: Level | None, authority: Authority | None, ordinary: Verdict, strict: Verdict) -> None:
    assert of_finding(finding(level, authority), strict=False) is ordinary
    assert of_finding(finding(level, authority), strict=True) is strict


@pytest.mark.parametrize(
    ("outcome", "found", "authority", "ordinary", "strict"),
    [
        ("reussi", [], OFF, C, C),
        ("reussi", [(SHOULD, OFF), (SHALL, BAN)], OFF, C, C),
        ("reussi", [(SHALL, OFF)], BAN, NC, NC),
        ("reussi", [(SHALL, DED)], OFF, AV, NC),
        ("reussi", [(SHALL, DED), (SHALL, OFF)], OFF, NC, NC),
        ("echoue", [], OFF, NC, NC),
        ("echoue", [], DED, AV, NC),
        ("echoue", [], BAN, AV, AV),
        ("echoue", [(SHALL, OFF)], BAN, NC, NC),
        ("non_applicable", [(SHALL, OFF)], OFF, NA, NA),
        ("erreur", [(SHALL, OFF)], OFF, NT, NT),
        ("non_teste", [], OFF, NT, NT),
    ],
)
def test_a_scenario(
    outcome: Outcome, found: list[tuple[Level, Authority]], authority: Authority, ordinary: Verdict, strict: Verdict
) -> None:
    findings = [finding(*one) for one in found]
    assert of_scenario(outcome, findings, authority, strict=False) is ordinary
    assert of_scenario(outcome, findings, authority, strict=True) is strict


@pytest.mark.parametrize("outcome", get_args(Outcome))
def test_what_is_not_claimed_never_weighs(outcome: Outcome) -> None:
    assert of_scenario(outcome, [finding(SHALL, OFF)], OFF, strict=True, claimed=False) is NA


@pytest.mark.parametrize(
    ("verdicts", "requirement", "run"),
    [
        ([], NT, NT),
        ([C], C, C),
        ([NA], NA, NA),
        ([NT], NT, NT),
        ([C, NA], C, C),
        ([C, NT], NT, C),
        ([NA, NT], NT, NT),
        ([C, AV, NT], AV, AV),
        ([C, AV, NC, NT], NC, NC),
    ],
)
def test_several_scenarios(verdicts: list[Verdict], requirement: Verdict, run: Verdict) -> None:
    assert of_requirement(verdicts) is requirement
    assert of_run(verdicts) is run


@pytest.mark.parametrize(
    ("verdicts", "causes", "code"),
    [
        ([C], [""], ExitCode.CONFORME),
        ([C, AV, NA], ["", "", ""], ExitCode.CONFORME),
        ([C, NC], ["", ""], ExitCode.NON_CONFORME),
        ([NC, NT], ["", "banc"], ExitCode.NON_CONFORME),
        ([C, NT], ["", "banc"], ExitCode.BENCH),
        ([NT, NT], ["banc", "injoignable"], ExitCode.UNREACHABLE),
        ([C, NT], ["", "pilote"], ExitCode.SETUP),
        ([C, NT], ["", "mode"], ExitCode.CONFORME),
        ([NT], ["mode"], ExitCode.SETUP),
        ([NT], [""], ExitCode.SETUP),
        ([NA, NA], ["", ""], ExitCode.SETUP),
        ([], [], ExitCode.SETUP),
    ],
)
def test_exit_codes(verdicts: list[Verdict], causes: list[Cause], code: ExitCode) -> None:
    assert exit_code(verdicts, causes) is code


CURRENT, TARGET_ROW = "DE1-AGENDA-FA", "DE1-AGENDA-FAP"


@pytest.mark.parametrize(
    ("rows", "blocks", "claimed_rows", "tagged", "expected"),
    [
        ([], set(), set(), None, True),
        ([CURRENT], {"mes-agenda"}, set(), None, True),
        ([CURRENT], {"portail"}, set(), None, False),
        ([CURRENT], {"mes-agenda"}, set(), State.CIBLE, False),
        ([CURRENT], {"mes-agenda"}, {CURRENT}, State.CIBLE, True),
        ([TARGET_ROW], {"mes-agenda"}, set(), None, False),
        ([TARGET_ROW], {"mes-agenda"}, {TARGET_ROW}, None, True),
        ([TARGET_ROW], {"mes-agenda"}, None, None, True),
        ([TARGET_ROW, CURRENT], {"mes-agenda"}, set(), None, True),
        ([TARGET_ROW], {"portail"}, None, None, False),
    ],
)
def test_what_weighs(
    rows: list[str], blocks: set[str], claimed_rows: set[str] | None, tagged: State | None, expected: bool
) -> None:
    known = catalogue.load()
    assert (known[CURRENT].state, known[CURRENT].blocks) == (State.ACTUEL, ("mes-agenda",))
    assert (known[TARGET_ROW].state, known[TARGET_ROW].blocks) == (State.CIBLE, ("mes-agenda",))
    claims = Claims(frozenset(blocks), None if claimed_rows is None else frozenset(claimed_rows))
    assert weighs(known.of(rows), claims, tagged) is expected
