"""What a run leaves: one result per scenario, written as JSON, read by `reports/` and `banc prove`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from harness import verdict
from harness.target import Target
from harness.verdict import Cause, ExitCode, Outcome, Verdict
from rules import Authority, Finding, Level

RESULTS_DIRECTORY = Path(".banc") / "resultats"


@dataclass
class ScenarioResult:
    """What became of one scenario.

    id: path of the feature and place in it, unique in a run. outcome: of its own assertions; findings are what the
    rules saw. examined: how many things each rule looked at. exchanges: ids in the journal. claimed: whether it
    weighs on the verdict. cause: who is at fault when outcome is "erreur", or `mode` when this mode cannot
    play it. prepared: False when what failed is a step
    that sets the scene (Étant donné): the scenario's source says nothing of it, so it never accuses.
    """

    id: str
    name: str
    feature: str
    path: str
    tags: tuple[str, ...]
    requirements: tuple[str, ...]
    authority: Authority
    outcome: Outcome
    reason: str = ""
    findings: list[Finding] = field(default_factory=list)
    examined: dict[str, int] = field(default_factory=dict)
    exchanges: list[int] = field(default_factory=list)
    duration_s: float = 0.0
    claimed: bool = True
    cause: Cause = ""
    prepared: bool = True

    def verdict(self, *, strict: bool) -> Verdict:
        """Derived, never stored."""
        authority = self.authority if self.prepared else Authority.BANC
        return verdict.of_scenario(self.outcome, self.findings, authority, strict=strict, claimed=self.claimed)

    def negative_findings(self, *, strict: bool) -> list[Finding]:
        return [finding for finding in self.findings if verdict.is_negative(finding, strict=strict)]

    def to_json(self) -> dict[str, Any]:
        """Plain data: texts, numbers, lists, objects."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ScenarioResult:
        return cls(
            **{
                **data,
                "tags": tuple(data["tags"]),
                "requirements": tuple(data["requirements"]),
                "authority": Authority(data["authority"]),
                "findings": [_finding(entry) for entry in data["findings"]],
            }
        )


@dataclass
class RunResult:
    """What became of a run.

    target: description of the product (`describe`). started: RFC 3339. defect: seeded defect of the reference
    product, or empty.
    """

    target: Mapping[str, Any]
    started: str
    strict: bool
    scenarios: list[ScenarioResult] = field(default_factory=list)
    defect: str = ""

    def verdicts(self) -> Mapping[str, Verdict]:
        """Verdict of each scenario by its id."""
        return {scenario.id: scenario.verdict(strict=self.strict) for scenario in self.scenarios}

    def by_requirement(self, identifiers: Iterable[str]) -> Mapping[str, Verdict]:
        """Verdict of each of these rows of the catalogue."""
        return {
            identifier: verdict.of_requirement(
                scenario.verdict(strict=self.strict)
                for scenario in self.scenarios
                if identifier in scenario.requirements
            )
            for identifier in identifiers
        }

    @property
    def verdict(self) -> Verdict:
        return verdict.of_run(self.verdicts().values())

    @property
    def exit_code(self) -> ExitCode:
        verdicts = list(self.verdicts().values())
        return verdict.exit_code(verdicts, [scenario.cause for scenario in self.scenarios])

    def write(self, path: Path) -> None:
        """Write as JSON; makes the folder. The file is whole or absent."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".tmp")
        scenarios = [scenario.to_json() for scenario in self.scenarios]
        content = {**asdict(self), "target": dict(self.target), "scenarios": scenarios}
        draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> RunResult:
        """Read what `write` wrote. Raises OSError, ValueError or KeyError when it is not such a file."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**data, "scenarios": [ScenarioResult.from_json(entry) for entry in data["scenarios"]]})


def describe(target: Target) -> dict[str, Any]:
    """What a result keeps of the target: who it is and what it claims, no address and no secret."""
    return {
        "nom": target.product.name,
        "version": target.product.version,
        "editeur": target.product.editor,
        "type": target.product.kind,
        "mode": target.sandbox.mode,
        "pilote": target.driver.kind,
        "blocs": sorted(target.claims.blocks),
        "cibles": "toutes" if target.claims.rows is None else sorted(target.claims.rows),
        "actions_absentes": sorted(target.absent_actions),
    }


def latest(directory: Path = RESULTS_DIRECTORY) -> Path | None:
    """The result file written last, if any."""
    return max(_files(directory), key=lambda path: (path.stat().st_mtime, path.name), default=None)


def _files(directory: Path) -> Iterator[Path]:
    return directory.glob("*.json")


def _finding(entry: Mapping[str, Any]) -> Finding:
    level, authority = entry["level"], entry["authority"]
    return Finding(
        **{
            **entry,
            "level": None if level is None else Level(level),
            "authority": None if authority is None else Authority(authority),
        }
    )
