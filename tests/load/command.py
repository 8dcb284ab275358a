"""What the tests of `banc load` share: the command as a process, and profiles for a machine that may be busy."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

from tests.e2e.processes import BANC, ROOT, started

TARGET = ROOT / "cible-reference.toml"
PROFILES = resources.files("load").joinpath("profils.toml").read_text(encoding="utf-8")
PATIENT = "cpu_generateur = 99\ncpu_bac_a_sable = 99\nretard_boucle = 99\ntemps_bac_a_sable = 99\n"


def patient_profiles(folder: Path) -> Path:
    """The shipped profiles, for a machine that may be busy; few people, so that the stage is soon set."""
    text = re.sub(r"cpu_generateur.*?\n\n", PATIENT + "\n", PROFILES, flags=re.DOTALL)
    text = re.sub(r"personnes = \d+", "personnes = 6", text)
    text = re.sub(r"professionnels = \d+", "professionnels = 5", text).replace("tours = 50", "tours = 6")
    path = folder / "profils.toml"
    path.write_text(text, encoding="utf-8")
    return path


def load(folder: Path, *arguments: str | Path) -> tuple[int, dict[str, Any], str]:
    """Exit code, verdict and error output of `banc load`."""
    command = [*BANC, "load", *map(str, arguments), "--json"]
    with started(command, folder=folder) as process:
        output, errors = process.communicate(timeout=180)
    return process.returncode, json.loads(output) if output else {}, errors


def said(verdict: dict[str, Any]) -> dict[str, list[str]]:
    """Sentences of the checks, by verdict."""
    found: dict[str, list[str]] = {}
    for check in verdict["controles"]:
        found.setdefault(check["verdict"], []).append(f"{check['nom']} : {check['texte']}")
    return found
