"""How a load is told: text, JSON, files of the run, and an Allure result with its plots."""

from __future__ import annotations

import csv
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Label, Parameter, Status, StatusDetails, TestResult, TestStepResult

from harness.verdict import Verdict
from load import plots
from load.run import Outcome
from load.verdict import Check, LoadVerdict

EPIC = "Charge"
_STATUSES = {Verdict.CONFORME: Status.PASSED, Verdict.NON_CONFORME: Status.FAILED}


def as_json(verdict: LoadVerdict) -> Mapping[str, Any]:
    """The verdict for a machine, keys in French as in every output of `banc`."""
    return {
        "profil": verdict.profile,
        "sur": verdict.aim,
        "verdict": verdict.verdict.value,
        "code": int(verdict.exit_code),
        "non_mesurable": list(verdict.excesses),
        "non_joue": list(verdict.unplayed),
        "controles": [
            {
                "nom": check.name,
                "verdict": check.verdict.value,
                "texte": check.text,
                "autorite": check.authority.value,
                "source": check.source,
            }
            for check in verdict.checks
        ],
        "chiffres": verdict.figures,
        "part_du_banc": verdict.share.as_json(),
    }


def text(verdict: LoadVerdict) -> str:
    """The verdict for a person."""
    lines = [f"{check.verdict.value:<13} {check.name} : {check.text}{_source(check)}" for check in verdict.checks]
    for action, seen in verdict.figures["par_action"].items():
        answers = ", ".join(f"{status} × {number}" for status, number in seen["reponses"].items())
        times = f"p50 {seen['p50_s']:.3f} s, p95 {seen['p95_s']:.3f} s, p99 {seen['p99_s']:.3f} s"
        lines.append(f"{'':13} {action} : {seen['appels']} appels, {seen['par_seconde']}/s, {times} ({answers})")
    for operation, seen in verdict.figures.get("cote_bac_a_sable", {}).items():
        answers = ", ".join(f"{status} × {number}" for status, number in seen["reponses"].items())
        lines.append(f"{'':13} vu du bac à sable, {operation} : {answers}")
    share = verdict.share
    own = "" if share.sandbox_s is None else f", temps propre {share.sandbox_s:.3f} s par appel (p95)"
    sandbox = "ailleurs" if share.sandbox_cpu is None else f"{share.sandbox_cpu:.0%} d'un cœur"
    lines.append(f"{'':13} part du banc : générateur {share.generator_cpu:.0%} d'un cœur, bac à sable {sandbox}{own}")
    lines += [f"non joué      {action} : cible.toml ne dit pas où l'appeler" for action in verdict.unplayed]
    return "\n".join([*lines, f"Verdict de charge {verdict.profile} sur {verdict.aim} : {verdict.verdict.value}"])


def write(outcome: Outcome, folder: Path) -> Path:
    """Write the verdict (JSON), the ledger and discrepancies (CSV) and the plots (SVG) of a run; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    verdict = json.dumps(as_json(outcome.verdict), ensure_ascii=False, indent=1)
    (folder / "verdict.json").write_text(verdict, encoding="utf-8")
    _table(folder / "registre.csv", [asdict(entry) for entry in outcome.harvest.entries])
    _table(folder / "ecarts.csv", [asdict(one) for one in outcome.discrepancies])
    for name, _, drawing in _plots(outcome):
        (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")
    return folder


def allure(outcome: Outcome, folder: Path) -> None:
    """Add one Allure result to a folder: a step per check, the plots and the verdict attached."""
    logger = AllureFileLogger(str(folder))  # type: ignore[no-untyped-call]
    verdict = outcome.verdict
    ended = int(time.time() * 1000)
    result = TestResult(
        uuid=str(uuid.uuid4()),
        name=f"Charge {verdict.profile} sur {verdict.aim}",
        fullName=f"charge:{verdict.profile}:{verdict.aim}",
        status=_STATUSES.get(verdict.verdict, Status.SKIPPED),
        statusDetails=StatusDetails(message="\n".join(_said(c) for c in verdict.checks)),
        labels=[Label("epic", EPIC), Label("feature", verdict.profile)],
        parameters=[Parameter("profil", verdict.profile), Parameter("sur", verdict.aim)],
        start=ended - int(outcome.harvest.seconds * 1000),
        stop=ended,
    )
    result.steps = [
        TestStepResult(name=_said(check), status=_STATUSES.get(check.verdict, Status.SKIPPED), start=ended, stop=ended)
        for check in verdict.checks
    ]
    files = [(f"{name}.svg", title, "image/svg+xml", drawing) for name, title, drawing in _plots(outcome)]
    told = json.dumps(as_json(verdict), ensure_ascii=False, indent=1)
    for file, title, kind, body in [*files, ("verdict.json", "Verdict et chiffres", "application/json", told)]:
        source = f"{uuid.uuid4()}-attachment{Path(file).suffix}"
        logger.report_attached_data(body, source)  # type: ignore[no-untyped-call]
        result.attachments.append(Attachment(name=title, source=source, type=kind))
    logger.report_result(result)  # type: ignore[no-untyped-call]


def _plots(outcome: Outcome) -> list[tuple[str, str, str]]:
    calls = outcome.harvest.calls
    return [
        ("latence", "Latence au fil du temps", plots.latencies(calls)),
        ("debit", "Débit au fil du temps", plots.throughput(calls)),
    ]


def _said(check: Check) -> str:
    return f"{check.verdict.value}, {check.name} : {check.text}"


def _source(check: Check) -> str:
    return f" [{check.authority.value}, {check.source}]" if check.source else ""


def _table(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        if rows:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
