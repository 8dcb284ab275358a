"""From measures to a verdict: authority, integrity, and a bench that is out of breath."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from harness.verdict import ExitCode, Verdict
from load import plots, report, sandbox_side
from load.harvest import Call, Harvest, HarvestError, percentile, read
from load.ledger import Entry
from load.profile import Saturation, Threshold
from load.reconcile import Discrepancy
from load.run import Outcome
from load.share import Share, Watch, excesses
from load.verdict import LoadVerdict, checks_of, figures
from rules import Authority

ENTRY = Entry("s|1", "mes", "p1", "2026-12-01T09:00:00Z", "booked", "accepte")
LIMITS = Saturation(0.9, 0.9, 0.2, 0.5)
EASY = Share(0.1, 0.1, 0.001, 0.002)
OFFICIAL = Threshold("max", 7, Authority.OFFICIELLE, "SAS annexes.md", "sas.creneaux")
OURS = Threshold("p95", 2, Authority.BANC, "convention")


def harvest(*latencies: float, status: int = 200, action: str = "sas.creneaux") -> Harvest:
    calls = [Call(action, rank * 1.0, latency, status) for rank, latency in enumerate(latencies)]
    return Harvest(calls, [ENTRY], [0.0], [0.0], 0.1, 10.0)


def judged(
    seen: Harvest, *thresholds: Threshold, found: tuple[Discrepancy, ...] = (), share: Share = EASY, **more: Any
) -> LoadVerdict:
    strict, aim = more.get("strict", False), more.get("aim", "produit")
    why = excesses(share, LIMITS, min((one.limit for one in thresholds if one.of_latency), default=None))
    checks = checks_of(seen, thresholds, found, why, ends=["mes"], strict=strict)
    return LoadVerdict("L1", aim, checks, figures(seen), share, why)


@pytest.mark.parametrize(
    ("threshold", "latency", "strict", "verdict", "code"),
    [
        (OFFICIAL, 6.9, False, Verdict.CONFORME, ExitCode.CONFORME),
        (OFFICIAL, 7.1, False, Verdict.NON_CONFORME, ExitCode.NON_CONFORME),
        (OURS, 1.9, False, Verdict.CONFORME, ExitCode.CONFORME),
        (OURS, 2.1, False, Verdict.A_VERIFIER, ExitCode.CONFORME),
        (OURS, 2.1, True, Verdict.NON_CONFORME, ExitCode.NON_CONFORME),
    ],
)
def test_only_an_official_limit_accuses(
    threshold: Threshold, latency: float, strict: bool, verdict: Verdict, code: ExitCode
) -> None:
    found = judged(harvest(latency), threshold, strict=strict)
    assert (found.verdict, found.exit_code) == (verdict, code)


@pytest.mark.parametrize(
    ("kind", "verdict", "code"),
    [
        ("perdu", Verdict.NON_CONFORME, ExitCode.NON_CONFORME),
        ("doublé", Verdict.A_VERIFIER, ExitCode.CONFORME),
        ("créneau pris deux fois", Verdict.A_VERIFIER, ExitCode.CONFORME),
    ],
)
def test_what_does_not_add_up_weighs_by_its_authority(kind: str, verdict: Verdict, code: ExitCode) -> None:
    lost = (Discrepancy(kind, "mes", "s|1", "absent"),)
    found = judged(harvest(0.1), OURS, found=lost)
    assert (found.verdict, found.exit_code) == (verdict, code)
    assert judged(harvest(0.1), OURS, found=lost, aim="bac-a-sable").exit_code is ExitCode.BENCH
    assert judged(harvest(0.1), OURS, found=lost, strict=True).exit_code is ExitCode.NON_CONFORME


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Share(0.95, 0.1, 0.001, 0.002), "générateur occupe"),
        (Share(0.1, 0.95, 0.001, 0.002), "bac à sable occupe"),
        (Share(0.1, None, 0.5, 0.002), "retard sur lui-même"),
        (Share(0.1, None, 0.001, 1.5), "prend à lui seul"),
    ],
)
@pytest.mark.parametrize("latency", [0.1, 9.0])
def test_a_bench_out_of_breath_says_nothing_of_latency(share: Share, said: str, latency: float) -> None:
    """Neither good nor bad; what it counts (lost appointments) stays true."""
    found = judged(harvest(latency), OURS, share=share)
    (check,) = [one for one in found.checks if one.name == "latence"]
    assert check.verdict is Verdict.NON_TESTE
    assert check.text.startswith("non mesurable : ")
    assert said in check.text
    assert found.exit_code is ExitCode.BENCH
    lost = (Discrepancy("perdu", "mes", "s|1", "absent"),)
    assert judged(harvest(latency), OURS, share=share, found=lost).exit_code is ExitCode.NON_CONFORME


def test_errors_are_a_share_of_the_calls() -> None:
    limit = Threshold("erreurs_5xx", 0, Authority.BANC, "convention")
    assert judged(harvest(0.1, status=503), limit).verdict is Verdict.A_VERIFIER
    assert judged(harvest(0.1, status=409), limit).verdict is Verdict.CONFORME


@pytest.mark.parametrize(
    ("status", "disturbed", "said"),
    [(404, False, "404 × 1"), (404, True, "404 × 1"), (0, False, "sans réponse"), (0, True, "")],
)
def test_answers_that_no_action_ends_with_are_said(status: int, disturbed: bool, said: str) -> None:
    calls = [Call("a", 1.0, 0.1, 200), Call("a", 1.0, 0.1, status, expected=False)]
    seen = Harvest(calls, [], [], [], 0.1, 10.0)
    checks = [one for one in checks_of(seen, [OURS], [], [], ends=[], disturbed=disturbed) if one.name == "erreurs"]
    assert [said in one.text and one.verdict is Verdict.A_VERIFIER for one in checks] == ([True] if said else [])


def test_a_product_that_refuses_everything_is_not_tested() -> None:
    """Fast refusals are no speed."""
    seen = Harvest([Call("sas.creneaux", 1.0, 0.001, 401, expected=False)], [], [], [], 0.1, 10.0)
    assert judged(seen, OFFICIAL).exit_code is ExitCode.SETUP


def test_nothing_measured_is_no_conformity() -> None:
    empty = Harvest([], [], [], [], 0.0, 1.0)
    found = judged(empty, OURS)
    assert found.checks == []
    assert found.exit_code is ExitCode.SETUP


def test_percentiles_are_nearest_rank() -> None:
    ordered = [float(n) for n in range(1, 101)]
    assert [percentile(ordered, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([], 0.5) == 0


def test_a_harvest_without_one_of_its_processes_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "recolte.json"
    with pytest.raises(HarvestError, match="rien rendu"):
        read(path)
    path.write_text(json.dumps({"complete": False, "processes": []}), encoding="utf-8")
    with pytest.raises(HarvestError, match="ne compte pas"):
        read(path)


def test_the_last_word_on_an_appointment_is_kept(tmp_path: Path) -> None:
    row = ["s|1", "mes", "p1", "", "booked", "incertain", "", ""]
    process = {"samples": [["a", 1, 0.1, 200]], "slips": [], "lags": [], "cpu_s": 1, "seconds": 4, "arrived": 1}
    text = {"complete": True, "processes": [{**process, "entries": [row, [*row[:5], "accepte", "", ""]]}]}
    (tmp_path / "r.json").write_text(json.dumps(text), encoding="utf-8")
    found = read(tmp_path / "r.json")
    assert [one.outcome for one in found.entries] == ["accepte"]
    assert found.cpu == 0.25


def test_plots_are_svg_and_a_silence_shows() -> None:
    calls = [Call("a", at, 0.1 * at, 200) for at in (0.5, 1.5, 30.5)] + [Call("a", 30.6, 1, 0)]
    for drawing in (plots.latencies(calls), plots.throughput(calls), plots.latencies([])):
        tree = etree.fromstring(drawing.encode())
        assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    points = etree.fromstring(plots.throughput(calls).encode()).find(".//{*}polyline").get("points")
    assert len(points.split()) == 31


def test_the_report_of_a_load_has_its_plots_and_its_checks(tmp_path: Path) -> None:
    lost = Discrepancy("perdu", "mes", "s|1", "absent")
    outcome = Outcome(judged(harvest(9.0), OFFICIAL, found=(lost,)), harvest(9.0), [lost])
    report.allure(outcome, tmp_path / "allure")
    (path,) = (tmp_path / "allure").glob("*-result.json")
    result = json.loads(path.read_text(encoding="utf-8"))
    assert result["status"] == "failed"
    assert len(result["steps"]) == 2
    kinds = [one["type"] for one in result["attachments"]]
    assert kinds == ["image/svg+xml", "image/svg+xml", "application/json"]
    assert all((tmp_path / "allure" / one["source"]).exists() for one in result["attachments"])
    folder = report.write(outcome, tmp_path / "passage")
    assert json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["code"] == 1
    assert "perdu" in (folder / "ecarts.csv").read_text(encoding="utf-8")
    assert "1 perdu" in report.text(outcome.verdict)


def test_what_the_sandbox_saw_is_counted_without_what_it_spoilt() -> None:
    calls = [sandbox_side.Served("mes.lire", 200, 0.01, False), sandbox_side.Served("mes.lire", 0, 9.0, True)]
    shown = sandbox_side.figures(calls)["mes.lire"]
    assert shown == {"appels": 2, "reponses": {"200": 1, "connexion coupée": 1}, "temps_propre_p95_s": 0.01}
    assert sandbox_side.own_time([]) is None


def test_the_watch_sees_this_very_process_and_nothing_of_one_elsewhere() -> None:
    watch = Watch(os.getpid())
    sum(number * number for number in range(300_000))
    watch.note_memory()
    used = watch.cpu()
    assert used is not None
    assert used > 0
    assert len(watch.three_memories()) == 3
    assert min(watch.three_memories()) > 1
    elsewhere = Watch(0)
    assert (elsewhere.cpu(), elsewhere.three_memories()) == (None, [])
