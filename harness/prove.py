"""The bench proves itself: each rule and each scenario is tripped by a seeded defect, and by nothing else.

Pure part: what a defect promised, what fell, what to think of it. `harness/proof_runs.py` makes the runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Protocol

from harness.results import ScenarioResult


class Defect(Protocol):
    """What the proof reads of a defect of the reference product.

    trips: rule ids and scenario names that must fall. also: names that fall with them (a mapping gives the reason).
    Those prove nothing, but must fall too: a tolerance that never serves would hide what falls by mistake later.
    sockets: whether it only shows over real sockets (mode `local`). load: load profiles that catch it; one that
    announces nothing else is no business of the suite, and this proof says that it leaves it to `banc load`.
    """

    @property
    def id(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def trips(self) -> Iterable[str]: ...
    @property
    def also(self) -> Iterable[str]: ...
    @property
    def sockets(self) -> bool: ...
    @property
    def load(self) -> Iterable[str]: ...


def left_to_load(defect: Defect) -> bool:
    """Whether only a load shows this defect."""
    return bool(tuple(defect.load)) and not tuple(defect.trips)


class Catch(StrEnum):
    ATTRAPE = "attrapé"
    NON_ATTRAPE = "non attrapé"
    DEBORDE = "déborde"
    ERREUR = "erreur"


@dataclass(frozen=True)
class Fallen:
    """What one run brought down: rules with a finding, scenarios that failed, scenarios that could not be judged."""

    rules: frozenset[str] = frozenset()
    scenarios: tuple[ScenarioResult, ...] = ()
    broken: tuple[ScenarioResult, ...] = ()

    @classmethod
    def of(cls, results: Iterable[ScenarioResult]) -> Fallen:
        """rules: those with at least one finding, of whatever weight; scenarios: their own assertion failed."""
        seen = list(results)
        return cls(
            frozenset(finding.rule for result in seen for finding in result.findings),
            tuple(result for result in seen if result.outcome == "echoue"),
            tuple(result for result in _played(seen) if result.outcome in ("erreur", "non_teste")),
        )


@dataclass(frozen=True)
class DefectProof:
    """What became of one defect.

    missed: announced names that did not fall. overflow: what fell and was not promised. proven_scenarios: ids of the
    scenarios that fell as promised.
    """

    defect: str
    says: str
    expected: tuple[str, ...]
    fell: tuple[str, ...]
    missed: tuple[str, ...] = ()
    overflow: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    proven_rules: frozenset[str] = frozenset()
    proven_scenarios: frozenset[str] = frozenset()

    @property
    def catch(self) -> Catch:
        if self.broken:
            return Catch.ERREUR
        if self.missed:
            return Catch.NON_ATTRAPE
        return Catch.DEBORDE if self.overflow else Catch.ATTRAPE


@dataclass(frozen=True)
class Proof:
    """The whole proof.

    baseline: what is wrong with the correct product, which must be nothing. unexamined_rules: those that the correct
    product gives no occasion to judge (it never relays an event, never tries again too early): said, and no fault.
    unplayed_scenarios: those that this mode cannot play (no TLS without sockets): said, and no fault.
    load_defects: those that only a load shows: said, not proven here.
    """

    baseline: tuple[str, ...]
    defects: tuple[DefectProof, ...]
    unproven_rules: tuple[str, ...] = ()
    unproven_scenarios: tuple[str, ...] = ()
    unexamined_rules: tuple[str, ...] = ()
    unplayed_scenarios: tuple[str, ...] = ()
    load_defects: tuple[str, ...] = ()
    duration_s: float = field(default=0.0, compare=False)

    @property
    def holds(self) -> bool:
        """Correct product green, every defect caught and nothing else fell, nothing left unproven."""
        caught = all(proof.catch is Catch.ATTRAPE for proof in self.defects)
        return caught and not (self.baseline or self.unproven_rules or self.unproven_scenarios)


def slug(result: ScenarioResult) -> str:
    """Exact name of a scenario in `trips`: name of its file without `.feature`, then its title."""
    return f"{PurePosixPath(result.path).stem}::{result.name}"


def names(result: ScenarioResult) -> frozenset[str]:
    """Every name by which a defect may mean this scenario: its tags, its slug, its id."""
    return frozenset({*result.tags, *result.requirements, slug(result), result.id})


def baseline_faults(results: Sequence[ScenarioResult]) -> tuple[str, ...]:
    """What keeps the correct product from being all green: a finding, or a scenario that is not passed."""
    faults = [f"{slug(r)} : {r.outcome}, {r.reason}".rstrip(", ") for r in _played(results) if r.outcome != "reussi"]
    faults += [f"{slug(r)} : {f.rule}, {f.at}, vu {f.seen}" for r in results for f in r.findings]
    return tuple(faults) if results else ("aucun scénario n'a été joué",)


def compare(defect: Defect, results: Iterable[ScenarioResult]) -> DefectProof:
    """What a run with this defect says of it."""
    fallen = Fallen.of(results)
    promised = frozenset(defect.trips)
    announced = promised | frozenset(defect.also)
    fell_names = fallen.rules.union(*map(names, fallen.scenarios))
    return DefectProof(
        defect=defect.id,
        says=defect.says,
        expected=tuple(sorted(promised)),
        fell=tuple(sorted(fallen.rules)) + tuple(sorted(map(slug, fallen.scenarios))),
        missed=tuple(sorted(announced - fell_names)),
        overflow=tuple(sorted(fallen.rules - announced))
        + tuple(sorted(slug(r) for r in fallen.scenarios if not names(r) & announced)),
        broken=tuple(f"{slug(r)} : {r.reason}" for r in fallen.broken),
        proven_rules=fallen.rules & promised,
        proven_scenarios=frozenset(r.id for r in fallen.scenarios if names(r) & promised),
    )


def conclude(
    baseline: Sequence[ScenarioResult],
    runs: Iterable[tuple[Defect, Sequence[ScenarioResult]]],
    rules: Iterable[str],
    *,
    partial: bool = False,
    load_defects: Iterable[str] = (),
    duration_s: float = 0.0,
) -> Proof:
    """The proof from all runs.

    rules: id of every rule. load_defects: ids of the defects left to `banc load`.
    partial: only some defects were asked for, so that what is unproven says nothing.
    """
    proofs = tuple(compare(defect, results) for defect, results in runs)
    rules_seen = frozenset[str]().union(*(proof.proven_rules for proof in proofs))
    examined = frozenset[str]().union(*(result.examined for result in baseline))
    scenarios_seen = frozenset[str]().union(*(proof.proven_scenarios for proof in proofs))
    return Proof(
        baseline=baseline_faults(baseline),
        defects=proofs,
        unproven_rules=() if partial else tuple(sorted(set(rules) - rules_seen)),
        unproven_scenarios=()
        if partial
        else tuple(sorted(slug(r) for r in _played(baseline) if r.id not in scenarios_seen)),
        unexamined_rules=() if partial else tuple(sorted(set(rules) - examined)),
        unplayed_scenarios=tuple(sorted(slug(r) for r in baseline if r.cause == "mode")),
        load_defects=tuple(sorted(load_defects)),
        duration_s=duration_s,
    )


def _played(results: Iterable[ScenarioResult]) -> list[ScenarioResult]:
    """Without those that this mode cannot play."""
    return [result for result in results if result.cause != "mode"]


def to_json(proof: Proof) -> Mapping[str, object]:
    """Plain data of a proof, keys in French as in every output of `banc`."""
    return {
        "preuve_complete": proof.holds,
        "reference": list(proof.baseline),
        "defauts": [
            {
                "id": one.defect,
                "dit": one.says,
                "attendus": list(one.expected),
                "tombes": list(one.fell),
                "manques": list(one.missed),
                "debordements": list(one.overflow),
                "erreurs": list(one.broken),
                "verdict": one.catch.value,
            }
            for one in proof.defects
        ],
        "regles_non_prouvees": list(proof.unproven_rules),
        "scenarios_non_prouves": list(proof.unproven_scenarios),
        "regles_sans_occasion": list(proof.unexamined_rules),
        "scenarios_hors_de_ce_mode": list(proof.unplayed_scenarios),
        "defauts_laisses_a_la_charge": list(proof.load_defects),
        "duree_s": round(proof.duration_s, 1),
    }
