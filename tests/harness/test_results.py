"""The file that a run leaves: written and read back, without secrets, verdicts derived."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from harness.results import RunResult, ScenarioResult, describe, latest
from harness.run import Run
from harness.target import load_target
from harness.verdict import ExitCode, Verdict
from rules import Authority, Finding, Level

FINDING = Finding(
    "Appointment.start", "un décalage", "rien", "Sans décalage…", 42, "AGD-009", Level.SHALL, Authority.DEDUITE, "R4"
)


def scenario(name: str = "Un fait", **more: object) -> ScenarioResult:
    fields = {
        "id": f"agenda.feature::{name}",
        "name": name,
        "feature": "Agenda",
        "path": "agenda.feature",
        "tags": ("MES", "officielle"),
        "requirements": ("DE1-AGENDA-FA",),
        "authority": Authority.OFFICIELLE,
        "outcome": "reussi",
        "findings": [FINDING],
        "examined": {"AGD-009": 2},
        "exchanges": [41, 42],
        "duration_s": 0.25,
        **more,
    }
    return ScenarioResult(**fields)  # type: ignore[arg-type]


def test_a_result_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = RunResult({"nom": "Portail"}, "2026-11-21T03:00:00+00:00", False, [scenario()], defect="un-defaut")
    run.write(tmp_path / "dossier" / "r.json")
    assert RunResult.read(tmp_path / "dossier" / "r.json") == run
    assert [path.name for path in (tmp_path / "dossier").iterdir()] == ["r.json"]


def test_verdicts_are_derived_and_never_stored(tmp_path: Path) -> None:
    run = RunResult({}, "2026-11-21T03:00:00+00:00", False, [scenario()])
    run.write(tmp_path / "r.json")
    assert "verdict" not in (tmp_path / "r.json").read_text(encoding="utf-8")
    assert run.verdict is Verdict.A_VERIFIER
    run.strict = True
    assert run.verdict is Verdict.NON_CONFORME
    assert run.scenarios[0].negative_findings(strict=True) == [FINDING]
    assert run.scenarios[0].negative_findings(strict=False) == []


def test_a_scenario_result_is_plain_json() -> None:
    data = scenario().to_json()
    assert json.loads(json.dumps(data)) == data
    assert ScenarioResult.from_json(data) == scenario()


def test_the_target_is_described_without_address_nor_secret(tmp_path: Path) -> None:
    file = tmp_path / "cible.toml"
    file.write_text(
        '[produit]\nnom = "P"\nversion = "1"\nediteur = "E"\ntype = "dui"\n'
        '[pilote]\ntype = "http"\nurl = "http://produit.interne.test"\n[bac_a_sable]\nmode = "local"\n'
        '[revendications]\nblocs = ["portail"]\ncibles = "toutes"\n'
        '[mes]\noid = "1.2"\nredirect_uri = "/r"\nclient_secret = "tres-secret"\n',
        encoding="utf-8",
    )
    described = describe(load_target(file))
    assert described["nom"] == "P"
    assert described["cibles"] == "toutes"
    text = json.dumps(described)
    assert "tres-secret" not in text
    assert "produit.interne.test" not in text


def test_the_latest_result(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    for number, name in enumerate(("b.json", "a.json")):
        (tmp_path / name).write_text("{}", encoding="utf-8")
        os.utime(tmp_path / name, (number, number))
    assert latest(tmp_path) == tmp_path / "a.json"


@pytest.mark.parametrize(
    ("outcome", "exitstatus", "code"),
    [
        ("reussi", pytest.ExitCode.OK, ExitCode.CONFORME),
        ("echoue", pytest.ExitCode.TESTS_FAILED, ExitCode.NON_CONFORME),
        ("reussi", pytest.ExitCode.TESTS_FAILED, ExitCode.BENCH),
        ("reussi", pytest.ExitCode.INTERNAL_ERROR, ExitCode.BENCH),
        ("reussi", pytest.ExitCode.INTERRUPTED, ExitCode.SETUP),
        ("non_applicable", pytest.ExitCode.OK, ExitCode.SETUP),
    ],
)
def test_what_pytest_says_and_what_the_scenarios_say(
    tmp_path: Path, outcome: str, exitstatus: pytest.ExitCode, code: ExitCode
) -> None:
    run = Run(None, strict=False, path=tmp_path / "r.json")
    report = pytest.TestReport("features/test_features.py::a", ("", 0, ""), {}, "passed", None, "call")
    report.banc_result = scenario(outcome=outcome, findings=[]).to_json()  # type: ignore[attr-defined]
    run.pytest_runtest_logreport(report)
    assert run.finish(exitstatus) is code


def test_a_test_process_that_dies_is_an_error_of_the_bench(tmp_path: Path) -> None:
    run = Run(None, strict=False, path=tmp_path / "r.json")
    done = pytest.TestReport("features/test_features.py::a", ("", 0, ""), {}, "passed", None, "call")
    done.banc_result = scenario(findings=[]).to_json()  # type: ignore[attr-defined]
    died = pytest.TestReport("features/test_features.py::b", ("", 0, ""), {}, "failed", "crash", "???")  # type: ignore[arg-type]
    run.pytest_runtest_logreport(done)
    run.pytest_runtest_logreport(died)
    assert run.finish(pytest.ExitCode.TESTS_FAILED) is ExitCode.BENCH
    assert "Processus d'essai perdu pendant features/test_features.py::b" in list(run.summary())
