"""From what was seen to a verdict: the only place where level and authority become one.

A verdict is derived each time it is shown, and never stored. Everything here is a pure function.

| what was seen                                  | officielle   | deduite                              | banc       |
|------------------------------------------------|--------------|--------------------------------------|------------|
| finding of level SHALL                         | non conforme | à vérifier (non conforme if strict)  | no effect  |
| finding of level SHOULD                        | no effect    | no effect                            | no effect  |
| assertion of a scenario with that tag that fails | non conforme | à vérifier (non conforme if strict) | à vérifier |
| step that sets its scene (Étant donné) fails     | à vérifier   | à vérifier                           | à vérifier |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum, StrEnum
from typing import Literal

from harness.catalogue import Requirement, State
from harness.target_sections import Claims
from rules import Authority, Finding, Level

Outcome = Literal["reussi", "echoue", "non_applicable", "erreur", "non_teste"]
Cause = Literal["", "banc", "pilote", "injoignable", "mode"]


class Verdict(StrEnum):
    CONFORME = "conforme"
    NON_CONFORME = "non conforme"
    A_VERIFIER = "à vérifier"
    NON_APPLICABLE = "non applicable"
    NON_TESTE = "non testé"


class ExitCode(IntEnum):
    """Exit codes of `banc` and of pytest run with `--cible`."""

    CONFORME = 0
    NON_CONFORME = 1
    SETUP = 2
    UNREACHABLE = 3
    BENCH = 4


def weight(authority: Authority, *, strict: bool) -> Verdict:
    """What breaking an obligation of that authority makes of the verdict."""
    if authority is Authority.OFFICIELLE or (strict and authority is Authority.DEDUITE):
        return Verdict.NON_CONFORME
    return Verdict.A_VERIFIER if authority is Authority.DEDUITE else Verdict.CONFORME


def of_finding(finding: Finding, *, strict: bool) -> Verdict:
    """What one finding makes of the verdict; CONFORME for what is only information."""
    if finding.level is not Level.SHALL or finding.authority is None:
        return Verdict.CONFORME
    return weight(finding.authority, strict=strict)


def is_negative(finding: Finding, *, strict: bool) -> bool:
    """Whether this finding alone makes a scenario non conforme."""
    return of_finding(finding, strict=strict) is Verdict.NON_CONFORME


def of_scenario(
    outcome: Outcome, findings: Iterable[Finding], authority: Authority, *, strict: bool, claimed: bool = True
) -> Verdict:
    """Verdict of one scenario.

    outcome: what became of its own assertions. findings: what the rules found in its exchanges. authority: tag of the
    scenario. claimed: whether the vendor claims what it tests (`weighs`); if not, it never weighs.
    """
    if outcome == "non_applicable" or not claimed:
        return Verdict.NON_APPLICABLE
    if outcome in ("erreur", "non_teste"):
        return Verdict.NON_TESTE
    seen = {of_finding(finding, strict=strict) for finding in findings}
    if outcome == "echoue":
        failed = weight(authority, strict=strict)
        # Our own convention does not accuse, but a failed assertion does not prove conformity either.
        seen.add(Verdict.A_VERIFIER if failed is Verdict.CONFORME else failed)
    return worst(seen) if seen else Verdict.CONFORME


def of_requirement(verdicts: Iterable[Verdict]) -> Verdict:
    """Verdict of a row of the catalogue from those of its scenarios; NON_TESTE when it has none."""
    found = set(verdicts)
    return worst(found) if found else Verdict.NON_TESTE


def of_run(verdicts: Iterable[Verdict]) -> Verdict:
    """Verdict of a whole run from those of its scenarios.

    One scenario that could not be played does not hide what the others have shown; a run in which nothing was
    tested is never conforme.
    """
    found = set(verdicts)
    tested = found & {Verdict.NON_CONFORME, Verdict.A_VERIFIER, Verdict.CONFORME}
    return worst(tested or found) if found else Verdict.NON_TESTE


def exit_code(verdicts: Sequence[Verdict], causes: Iterable[Cause]) -> ExitCode:
    """Exit code of a run. causes: why scenarios could not be judged ("" for the others);
    those that this mode cannot play (`mode`) say nothing of the run.

    A product found non conforme is said first; then what stopped the bench from judging.
    """
    broken = set(causes) - {"", "mode"}
    if Verdict.NON_CONFORME in verdicts:
        return ExitCode.NON_CONFORME
    if "injoignable" in broken:
        return ExitCode.UNREACHABLE
    if "banc" in broken:
        return ExitCode.BENCH
    if broken or of_run(verdicts) in (Verdict.NON_TESTE, Verdict.NON_APPLICABLE):
        return ExitCode.SETUP
    return ExitCode.CONFORME


def weighs(requirements: Sequence[Requirement], claims: Claims, tagged: State | None = None) -> bool:
    """Whether a scenario weighs on the verdict.

    requirements: rows of the catalogue that it holds (it weighs if one of them does; always when it has none).
    claims: what the vendor claims. tagged: state of the scenario by its own tag (@cible, @etude), if any: it then
    needs the row to be claimed, whatever the state of the row.
    """
    return not requirements or any(_row_weighs(row, claims, tagged) for row in requirements)


def _row_weighs(row: Requirement, claims: Claims, tagged: State | None) -> bool:
    if not set(row.blocks) <= claims.blocks:
        return False
    if (tagged or row.state) is State.ACTUEL:
        return True
    return claims.rows is None or row.id in claims.rows


_GRAVITY = (
    Verdict.NON_CONFORME,
    Verdict.A_VERIFIER,
    Verdict.NON_TESTE,
    Verdict.CONFORME,
    Verdict.NON_APPLICABLE,
)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of these verdicts (at least one)."""
    return min(verdicts, key=_GRAVITY.index)
