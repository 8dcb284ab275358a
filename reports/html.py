"""The Allure report as one HTML file in French, which opens from the disk and calls nobody."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reports.outil import installer

CONFIGURATION = Path(__file__).with_name("allurerc.mjs")
# Allure writes the Google tag as two scripts: the loader and its settings; `analyticsEnable` cannot be turned off.
_TAG = re.compile(
    r'<script async src="https://www\.googletagmanager\.com[^"]*"></script>\s*<script>.*?</script>', re.DOTALL
)


class ReportError(Exception):
    """The report cannot be built; the message says why and how to mend it, in French."""


def build(
    results: Path,
    output: Path,
    *,
    name: str = "Conformité",
    variables: Mapping[str, str] | None = None,
    history: Path | None = None,
) -> Path:
    """Turn a folder of Allure results into one HTML file.

    results: folder written by pytest with `--alluredir`. output: the HTML file to write. name: title of the
    report. variables: what is shown beside the title (product, versions). history: JSON lines file that keeps the
    previous runs. Returns the file written. Raises ReportError.
    """
    node, script = installer.node(), installer.generator()
    if node is None or script is None:
        raise ReportError("le générateur de rapport n'est pas installé ; lancer « make setup »")
    if not any(results.glob("*-result.json")):
        raise ReportError(f"aucun résultat à montrer dans {results}")
    with tempfile.TemporaryDirectory(prefix="banc-rapport-") as folder:
        _generate([str(node), str(script)], results, Path(folder), _environment(name, variables or {}, history))
        page = _page(Path(folder))
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(without_tag(page.read_text(encoding="utf-8")), encoding="utf-8")
    return output


def without_tag(html: str) -> str:
    """The page without Google Tag Manager. Raises ReportError when a trace of it is left."""
    cleaned = _TAG.sub("", html)
    if "googletagmanager" in cleaned:
        raise ReportError("le rapport appelle encore un service de mesure d'audience : version d'Allure inattendue")
    return cleaned


def _environment(name: str, variables: Mapping[str, str], history: Path | None) -> dict[str, str]:
    environment = {**os.environ, "BANC_RAPPORT_NOM": name, "ALLURE_NO_ANALYTICS": "true"}
    environment["BANC_RAPPORT_VARIABLES"] = json.dumps(dict(variables), ensure_ascii=False)
    environment.pop("BANC_HISTORIQUE", None)
    if history is not None:
        environment["BANC_HISTORIQUE"] = str(history.resolve())
    return environment


def _generate(command: list[str], results: Path, folder: Path, environment: Mapping[str, str]) -> None:
    # Allure reads its configuration from the folder where it runs: a copy keeps the checkout clean.
    configuration = shutil.copy(CONFIGURATION, folder / "allurerc.mjs")
    call = [*command, "generate", str(results.resolve())]
    call += ["--config", str(configuration), "--cwd", str(folder), "--output", str(folder / "sortie")]
    done = subprocess.run(
        call, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode != 0:
        raise ReportError(f"Allure a échoué (code {done.returncode}) : {(done.stderr or done.stdout).strip()[-2000:]}")


def _page(folder: Path) -> Path:
    pages = sorted((folder / "sortie").rglob("index.html"), key=lambda page: page.stat().st_size)
    if not pages:
        raise ReportError("Allure n'a écrit aucune page")
    return pages[-1]
