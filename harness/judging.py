"""From the end of a scenario to its result: what its assertions say, and what the rules see in its exchanges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import pytest

import rules
from harness import texts, verdict
from harness.errors import (
    DriverError,
    HarnessError,
    NotConcerned,
    NotTestableHere,
    ProductBroke,
    ProductUnreachable,
    SetUpError,
)
from harness.results import ScenarioResult
from harness.scenarios import Scenario
from harness.target import Target
from harness.verdict import Cause, Outcome, Verdict
from rules import Exchange, Rule

_CAUSES: tuple[tuple[type[HarnessError], Cause], ...] = (
    (ProductUnreachable, "injoignable"),
    (DriverError, "pilote"),
    (SetUpError, "pilote"),
)


def assertion_outcome(error: BaseException | None) -> tuple[Outcome, str, Cause]:
    """What became of the scenario's own assertions, why, and who is at fault when it could not be played."""
    if error is None:
        return "reussi", "", ""
    if isinstance(error, NotConcerned | pytest.skip.Exception):
        return "non_applicable", _plain(str(error)), ""
    if isinstance(error, NotTestableHere):
        return "non_teste", str(error), "mode"
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return "echoue", str(error) or "assertion fausse", ""
    cause: Cause = next((cause for kind, cause in _CAUSES if isinstance(error, kind)), "banc")
    text = str(error) if isinstance(error, HarnessError) else f"{type(error).__name__} : {error}"
    return "erreur", text, cause


def result_of(scenario: Scenario, target: Target | None, error: BaseException | None) -> ScenarioResult:
    """The result of a scenario before its exchanges are judged. error: what its steps raised."""
    outcome, reason, cause = assertion_outcome(error)
    return ScenarioResult(
        id=scenario.id,
        name=scenario.name,
        feature=scenario.feature,
        path=scenario.path,
        tags=scenario.tags,
        requirements=scenario.requirements,
        authority=scenario.authority,
        outcome=outcome,
        reason=reason,
        claimed=target is None or verdict.weighs(scenario.rows, target.claims, scenario.state),
        cause=cause,
    )


def judge_into(
    result: ScenarioResult, read: Callable[[], Sequence[Exchange]], raised: BaseException | None = None
) -> list[Exchange]:
    """Judge the exchanges of a scenario by all rules, into its result; gives these exchanges.

    raised: what its steps raised. A product that broke after an answer that the bench had spoilt on purpose has failed:
    these answers are odd, but such as the service may give.
    A scenario that passes without a single exchange has tested nothing. An error of a rule, of the journal or of a
    mock makes the result an error of the bench, whatever the assertions said.
    """
    try:
        exchanges = list(read())
        judgement = rules.judge(exchanges, _all_rules().values())
    except Exception as error:
        _blame_bench(result, f"Les échanges n'ont pas pu être jugés : {type(error).__name__}, {error}.")
        return []
    result.findings = list(judgement.findings)
    result.examined = {rule: count for rule, count in judgement.examined.items() if count}
    result.exchanges = [exchange.id for exchange in exchanges]
    if isinstance(raised, ProductBroke) and (met := _spoilt_answers(exchanges)):
        result.outcome, result.cause = "echoue", ""
        result.reason = f"{raised} Le banc lui avait rendu une réponse inhabituelle mais permise ({met})."
    if crashed := [exchange for exchange in exchanges if _mock_crashed(exchange)]:
        where = ", ".join(f"{exchange.operation} (échange {exchange.id})" for exchange in crashed)
        _blame_bench(result, f"Un service du banc a répondu 500 sans qu'une panne soit demandée : {where}.")
    elif result.outcome == "reussi" and not exchanges:
        result.outcome, result.reason = "non_teste", "aucun échange n'a été vu"
    return exchanges


def text_of(result: ScenarioResult, exchanges: Sequence[Exchange], *, strict: bool) -> str:
    """What the vendor reads: the assertion that failed, then the findings that weigh."""
    by_id: Mapping[int, Exchange] = {exchange.id: exchange for exchange in exchanges}
    shown = [one for one in result.findings if verdict.of_finding(one, strict=strict) is not Verdict.CONFORME]
    return "\n\n".join(filter(None, (result.reason, texts.findings(shown, by_id, strict=strict))))


def _blame_bench(result: ScenarioResult, reason: str) -> None:
    result.outcome, result.cause, result.reason = "erreur", "banc", reason


def _mock_crashed(exchange: Exchange) -> bool:
    """A mock never answers 500 by itself: the product must not be judged on it."""
    ours = exchange.protocol == "http" and exchange.service not in ("navigateur", "serveur")
    return ours and exchange.status == 500 and not exchange.entry.get("fault")


def _spoilt_answers(exchanges: Sequence[Exchange]) -> str:
    """Faults that the bench played before the product, by name; empty when there is none."""
    return ", ".join(sorted({str(e.entry["fault"]) for e in exchanges if e.entry.get("fault")}))


@cache
def _all_rules() -> Mapping[str, Rule]:
    return rules.load_all()


def _plain(text: str) -> str:
    """A reason without the words that announce it, which are added when it is shown."""
    return text.removeprefix("Non applicable : ")
