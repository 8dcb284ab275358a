"""From what was measured to a verdict: latency, errors, integrity. Pure functions.

| what was seen                        | officielle   | deduite, banc                                        |
|--------------------------------------|--------------|------------------------------------------------------|
| threshold exceeded                   | non conforme | à vérifier (non conforme with --strict)              |
| appointment lost, doubled, out of date | non conforme | à vérifier (non conforme with --strict)              |
| bench out of breath                  | non testé, for the latencies only                                   ||

Thresholds of our own are conventions: they never accuse, and a load that exceeds them is not conforme either. On the
sandbox itself nothing is conforme or not: what fails there is an error of the bench.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.verdict import ExitCode, Verdict, of_run
from load.harvest import Call, Harvest, percentile
from load.profile import Aim, Threshold
from load.reconcile import AUTHORITIES, Discrepancy
from load.share import Share
from rules import Authority

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
SHOWN = 5  # discrepancies of one kind told one by one
PLURALS = {
    "perdu": "perdus",
    "doublé": "doublés",
    "périmé": "périmés",
    "inattendu": "inattendus",
    "non envoyé": "non envoyés",
    "créneau pris deux fois": "créneaux pris deux fois",
    "créneau sans gagnant": "créneaux sans gagnant",
    "créneau incohérent": "créneaux incohérents",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing judged. name: latence, erreurs, intégrité. text: French sentence without final dot."""

    name: str
    verdict: Verdict
    text: str
    authority: Authority
    source: str = ""


@dataclass(frozen=True)
class LoadVerdict:
    """The verdict of a run. excesses: why latencies could not be judged. unplayed: actions left out, and why."""

    profile: str
    aim: Aim
    checks: Sequence[Check]
    figures: Mapping[str, Any]
    share: Share
    excesses: Sequence[str] = ()
    unplayed: Sequence[str] = ()

    @property
    def verdict(self) -> Verdict:
        return of_run(check.verdict for check in self.checks)

    @property
    def exit_code(self) -> ExitCode:
        """A product found non conforme is said first; then a bench that could not measure."""
        found = {check.verdict for check in self.checks}
        if Verdict.NON_CONFORME in found:
            return ExitCode.NON_CONFORME if self.aim == "produit" else ExitCode.BENCH
        if self.excesses:
            return ExitCode.BENCH
        if self.aim == "bac-a-sable" and self.broken:
            return ExitCode.BENCH
        if Verdict.NON_TESTE in found:  # nothing answered as an action expects: no speed was measured
            return ExitCode.SETUP
        return ExitCode.CONFORME if found else ExitCode.SETUP

    @property
    def broken(self) -> bool:
        """Whether the reconciliation found anything."""
        return any(check.name == "intégrité" and check.verdict is not Verdict.CONFORME for check in self.checks)


def checks_of(
    harvest: Harvest,
    thresholds: Iterable[Threshold],
    discrepancies: Sequence[Discrepancy],
    excesses: Sequence[str],
    *,
    ends: Sequence[str],
    strict: bool = False,
    disturbed: bool = False,
) -> list[Check]:
    """Every check of a run.

    ends: those that the reconciliation has read. disturbed: the bench itself cut or refused calls of the profile, so
    that a call without answer, or a 5xx, says nothing.
    """
    found = [_threshold(harvest, threshold, excesses, strict) for threshold in thresholds]
    unexpected = _unexpected(harvest.calls, strict, disturbed=disturbed)
    return [check for check in (*found, unexpected) if check] + list(_integrity(harvest, discrepancies, ends, strict))


def figures(harvest: Harvest) -> dict[str, Any]:
    """Rates and latencies by action, and of the whole."""
    by_action = {action: _figures(calls, harvest.seconds) for action, calls in harvest.actions.items()}
    outcomes: dict[str, int] = {}
    for entry in harvest.entries:
        outcomes[entry.outcome] = outcomes.get(entry.outcome, 0) + 1
    slips = sorted(harvest.slips_s)
    return {
        "duree_s": round(harvest.seconds, 1),
        "appels": len(harvest.calls),
        "par_action": by_action,
        "rendez_vous": dict(sorted(outcomes.items())),
        "retard_des_arrivees_p99_s": round(percentile(slips, 0.99), 4),
    }


def _figures(calls: Sequence[Call], seconds: float) -> dict[str, Any]:
    ordered = sorted(call.latency_s for call in calls)
    statuses: dict[str, int] = {}
    for call in calls:
        name = str(call.status) if call.status else "sans réponse"
        statuses[name] = statuses.get(name, 0) + 1
    latencies = {f"{name}_s": round(percentile(ordered, share), 4) for name, share in SHARES.items()}
    rate = round(len(calls) / max(seconds, 1e-9), 2)
    return {"appels": len(calls), "par_seconde": rate, **latencies, "reponses": dict(sorted(statuses.items()))}


def _threshold(harvest: Harvest, threshold: Threshold, excesses: Sequence[str], strict: bool) -> Check | None:
    calls = [call for call in harvest.calls if threshold.on in ("", call.action)]
    if not calls:
        return None
    of = f" de {threshold.on}" if threshold.on else ""
    if threshold.of_latency:
        seen = percentile(sorted(call.latency_s for call in calls), SHARES[threshold.measure])
        told, name = f"{threshold.measure}{of} {seen:.3f} s, seuil {threshold.limit:g} s", "latence"
        if excesses:
            text = f"non mesurable : {' ; '.join(excesses)} ({told})"
            return Check(name, Verdict.NON_TESTE, text, threshold.authority, threshold.source)
    else:
        failed = [call for call in calls if _failed(call, threshold.measure)]
        seen = len(failed) / len(calls)
        told, name = f"{threshold.measure}{of} {seen:.2%}, seuil {threshold.limit:.2%}", "erreurs"
    verdict = Verdict.CONFORME if seen <= threshold.limit else _weight(threshold.authority, strict)
    return Check(name, verdict, told, threshold.authority, threshold.source)


def _failed(call: Call, measure: str) -> bool:
    return call.status >= 500 if measure == "erreurs_5xx" else not call.expected


def _unexpected(calls: Sequence[Call], strict: bool, *, disturbed: bool) -> Check | None:
    """Answers that no action of the load ends with: a product that refuses everything fast is not a fast product."""
    wrong = [
        call for call in calls if not call.expected and not (disturbed and (call.status == 0 or call.status >= 500))
    ]
    if not wrong:
        return None
    counts = Counter(f"{call.action} {call.status or 'sans réponse'}" for call in wrong)
    told = ", ".join(f"{name} × {number}" for name, number in sorted(counts.items()))
    verdict = _weight(Authority.DEDUITE, strict)
    if len(wrong) == len(calls):
        return Check("erreurs", Verdict.NON_TESTE, f"aucune réponse attendue : {told}", Authority.DEDUITE)
    return Check("erreurs", verdict, f"{len(wrong)} réponses inattendues : {told}", Authority.DEDUITE)


def _weight(authority: Authority, strict: bool) -> Verdict:
    negative = authority is Authority.OFFICIELLE or strict
    return Verdict.NON_CONFORME if negative else Verdict.A_VERIFIER


def _integrity(
    harvest: Harvest, discrepancies: Sequence[Discrepancy], ends: Sequence[str], strict: bool
) -> Iterable[Check]:
    kinds: dict[str, list[Discrepancy]] = {}
    for one in discrepancies:
        kinds.setdefault(one.kind, []).append(one)
    for kind, found in kinds.items():
        shown = " ; ".join(f"{one.key} ({one.end}) {one.detail}".strip() for one in found[:SHOWN])
        more = f" ; et {len(found) - SHOWN} autres" if len(found) > SHOWN else ""
        authority = AUTHORITIES[kind]
        text = f"{len(found)} {PLURALS[kind] if len(found) > 1 else kind} : {shown}{more}"
        yield Check("intégrité", _weight(authority, strict), text, authority)
    accepted = sum(entry.outcome == "accepte" for entry in harvest.entries)
    if not discrepancies and accepted and ends:
        text = f"{accepted} rendez-vous acceptés, chacun présent une fois et à jour ({', '.join(ends)})"
        yield Check("intégrité", Verdict.CONFORME, text, Authority.OFFICIELLE)
