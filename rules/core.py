"""Rule, Finding, and how rules are run over exchanges. Pure: no HTTP, no clock, no file but `checks.csv`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from rules.conventions import is_convention
from rules.exchange import Exchange


class Level(StrEnum):
    SHALL = "SHALL"
    SHOULD = "SHOULD"


class Authority(StrEnum):
    """How sure the source is; the verdict obeys it (harness/verdict.py)."""

    OFFICIELLE = "officielle"
    DEDUITE = "deduite"
    BANC = "banc"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, named so that a vendor knows what to change.

    at: FHIRPath, XPath or header name; expected and seen: short French texts;
    message: one French sentence, present tense; empty means the rule's own sentence.
    exchange, rule, level, authority and source are filled in by the runner; a rule
    over several exchanges gives `exchange` itself. level: a rule that holds one of its points less
    strictly (SHALL / SHOULD in the sheet) gives the level of that point.
    """

    at: str
    expected: str
    seen: str
    message: str = ""
    exchange: int = 0
    rule: str = ""
    level: Level | None = None
    authority: Authority | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """Yielded by a rule over several exchanges for each thing it judged and found right."""

    exchange: int


Selector = Callable[[Exchange], bool]
ExchangeRule = Callable[[Exchange], Iterable[Finding]]
SequenceRule = Callable[[Sequence[Exchange]], Iterable[Finding | Examined]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of the fact sheets, as a function over recorded exchanges."""

    id: str
    level: Level
    authority: Authority
    source: str
    title: str
    function: Callable[..., Iterable[Finding | Examined]]
    on: Selector | None
    over: str | None

    def run(self, exchanges: Sequence[Exchange]) -> RuleResult:
        """Judge these exchanges, in order. Counts what was examined: zero means not tested."""
        if self.over is None:
            assert self.on is not None
            chosen = [exchange for exchange in exchanges if self.on(exchange)]
            found = [
                replace(finding, exchange=finding.exchange or exchange.id)
                for exchange in chosen
                for finding in self.function(exchange)
                if isinstance(finding, Finding)
            ]
            return RuleResult(self, self._signed(found, exchanges), len(chosen))
        found, examined = [], 0
        for group in _groups(exchanges, self.over):
            relevant = [e for e in group if self.on is None or self.on(e)]
            for item in self.function(relevant):
                examined += 1
                if isinstance(item, Finding):
                    found.append(item)
        return RuleResult(self, self._signed(found, exchanges), examined)

    def _signed(self, found: Sequence[Finding], exchanges: Sequence[Exchange]) -> tuple[Finding, ...]:
        """The findings with all that the rule says of itself; on a convention of the bench none of them accuses."""
        pointed = {finding.exchange for finding in found}
        ours = {e.id for e in exchanges if e.id in pointed and is_convention(self.id, e)}
        return tuple(
            replace(
                finding,
                rule=self.id,
                level=finding.level or self.level,
                authority=Authority.BANC if finding.exchange in ours else finding.authority or self.authority,
                source=self.source,
                message=finding.message or self.title,
            )
            for finding in found
        )


@dataclass(frozen=True, slots=True)
class RuleResult:
    rule: Rule
    findings: tuple[Finding, ...]
    examined: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a set of rules found in a set of exchanges."""

    results: tuple[RuleResult, ...] = field(default=())

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for result in self.results for finding in result.findings)

    @property
    def examined(self) -> Mapping[str, int]:
        """Number of things each rule looked at, by rule id."""
        return {result.rule.id: result.examined for result in self.results}


_RULES: dict[str, Rule] = {}


def rule(
    rule_id: str,
    level: Level,
    authority: Authority,
    source: str,
    *,
    title: str,
    on: Selector | None = None,
    over: str | None = None,
) -> Callable[[Callable[..., Iterator[Finding | Examined]]], Callable[..., Iterator[Finding | Examined]]]:
    """Register a rule.

    rule_id: an ID of the fact sheets (`rules/checks.csv`). source: document, version, section.
    title: one French sentence that says what must hold and, where it helps, why.
    on: which exchanges it reads. over: None (one exchange at a time), "person" (all exchanges
    of one person, in order) or "scenario" (all exchanges given, in order).
    Raises ValueError for an id already taken or unknown to the fact sheets.
    """
    if rule_id in _RULES:
        raise ValueError(f"rule {rule_id} is declared twice")
    if rule_id not in checks():
        raise ValueError(f"rule {rule_id} is not in rules/checks.csv")
    if over not in (None, "person", "scenario") or (over is None and on is None):
        raise ValueError(f"rule {rule_id}: needs on=, or over='person' or 'scenario'")

    def register(
        function: Callable[..., Iterator[Finding | Examined]],
    ) -> Callable[..., Iterator[Finding | Examined]]:
        _RULES[rule_id] = Rule(rule_id, level, authority, source, title, function, on, over)
        return function

    return register


def all_rules() -> Mapping[str, Rule]:
    """Every registered rule by id; import the modules of `rules` first (`rules.load_all()`)."""
    return dict(_RULES)


def judge(exchanges: Iterable[Exchange], rules: Iterable[Rule] | None = None) -> Judgement:
    """Run rules (all by default) over exchanges, which are put in order of their id."""
    ordered = sorted(exchanges, key=lambda exchange: exchange.id)
    chosen = list(_RULES.values()) if rules is None else list(rules)
    return Judgement(tuple(rule.run(ordered) for rule in chosen))


@cache
def checks() -> Mapping[str, Mapping[str, Any]]:
    """The checks of the fact sheets, by id (columns of `rules/checks.csv`)."""
    text = resources.files("rules").joinpath("checks.csv").read_text(encoding="utf-8")
    return {row["id"]: row for row in csv.DictReader(text.splitlines())}


def _groups(exchanges: Sequence[Exchange], over: str) -> Iterator[Sequence[Exchange]]:
    if over == "scenario":
        yield exchanges
        return
    persons: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        if exchange.person is not None:
            persons.setdefault(exchange.person, []).append(exchange)
    yield from persons.values()
