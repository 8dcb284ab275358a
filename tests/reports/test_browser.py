"""The report as a reader opens it: from the disk, in a browser that has no network to rely on."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from reports import html
from reports.outil import installer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def opened(page: Path, folder: Path) -> str:
    """The document of a page once its scripts have run, without network."""
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profil'}"]
    command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=10000", "--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_reader_sees_the_use_cases_in_french(tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    if not (installer.generator() and installer.node()):
        pytest.skip("Allure is not installed (make setup)")
    labels = [
        {"name": "epic", "value": "DE1 - Agenda de Mon espace santé"},
        {"name": "feature", "value": "L'agenda"},
        {"name": "story", "value": "DE1-AGENDA-UC1 : Alimenter l'agenda"},
    ]
    result = {"uuid": "1", "name": "Un rendez-vous arrive", "status": "passed", "start": 1, "stop": 2}
    (tmp_path / "1-result.json").write_text(json.dumps({**result, "labels": labels}), encoding="utf-8")
    seen = {"Verdict": "conforme"}
    page = html.build(tmp_path, tmp_path / "rapport.html", name="Conformité : Mon DUI", variables=seen)
    shown = opened(page, tmp_path)
    for text in ("Conformité : Mon DUI", "DE1 - Agenda de Mon espace santé", "Résultats", "Réussi", "conforme"):
        assert text in shown
