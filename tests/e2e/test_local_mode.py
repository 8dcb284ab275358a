"""A few scenarios in mode local: sandbox and portal of the reference product on real sockets."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.e2e.processes import DEADLINE_S, ROOT, left_behind, started

CHOSEN = "réponse_perdue_ne_crée_pas or envoi_répété or lusager_refuse_lappariement"


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one", "two"])
def test_scenarios_hold_over_real_sockets(processes: tuple[str, ...], tmp_path: Path) -> None:
    results = tmp_path / "resultats.json"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        str(ROOT / "features"),
        "--cible",
        str(ROOT / "cible-reference.toml"),
    ]
    command += ["--mode", "local", "-k", CHOSEN, "--resultats", str(results), *processes]
    with started(command, folder=tmp_path) as process:
        output, errors = process.communicate(timeout=2 * DEADLINE_S)
        assert process.returncode == 0, output + errors
        assert not left_behind(process.pid)
    played = json.loads(results.read_text(encoding="utf-8"))["scenarios"]
    assert len(played) == 3
    assert {one["outcome"] for one in played} == {"reussi"}
