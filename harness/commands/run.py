"""`banc run`: the suite on a product, by pytest, with the reports asked for."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import catalogue
from harness.commands.outside import load
from harness.errors import SetUpError
from harness.results import RunResult

SUMMARY = "faire passer la suite de conformité à un produit"
DESCRIPTION = """\
Joue les scénarios sur le produit décrit par cible.toml, juge chaque échange, écrit le résultat sous .banc/resultats.
Le même passage avec pytest : pytest features --cible cible.toml."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cible", metavar="FICHIER", default="cible.toml", help="description du produit (cible.toml)")
    parser.add_argument("--mode", choices=("embarque", "local", "distant"), help="remplace bac_a_sable.mode")
    parser.add_argument("-m", metavar="EXPR", dest="etiquettes", help="choisir par étiquettes : « MES and not cible »")
    parser.add_argument("-k", metavar="EXPR", dest="titres", help="choisir par mots des titres")
    parser.add_argument("-n", metavar="N", dest="processus", help="jouer dans N processus")
    parser.add_argument("--strict", action="store_true", help="les obligations déduites comptent dans le verdict")
    parser.add_argument("--allure", metavar="DOSSIER", help="garder les résultats Allure dans ce dossier")
    parser.add_argument("--rapport", metavar="DOSSIER", help="y écrire rapport.html, matrice.html et matrice.csv")
    parser.add_argument("--json", action="store_true", help="écrire le résultat en JSON ; le reste va sur stderr")


def run(arguments: argparse.Namespace) -> int:
    """Exit code of the run. Raises SetUpError before the run when a report cannot be built."""
    if arguments.rapport:
        ready()
    with _results_folder(arguments) as folder:
        return run_and_report(pytest_options(arguments), folder, arguments.rapport, as_json=arguments.json)


def run_and_report(options: list[str], results: Path | None, report: str | None, *, as_json: bool) -> int:
    """Play the suite, then build the reports. results: folder for Allure. report: folder for the pages."""
    from harness.feature_run import play

    allure = ["--alluredir", str(results), "--clean-alluredir"] if results else []
    session = play([*options, *allure], quiet=as_json)
    if session.result is None:
        print(session.output, file=sys.stderr)
        return session.exit_code
    if as_json:
        print(session.output, file=sys.stderr)
        print(json.dumps(summary(session.result), ensure_ascii=False, indent=2))
    if report and results and session.result.scenarios:
        for path in write_reports(session.result, results, Path(report)):
            print(f"Écrit : {path}", file=sys.stderr if as_json else sys.stdout)
    return session.exit_code


def write_reports(result: RunResult, results: Path, folder: Path) -> list[Path]:
    """Write the Allure page and the matrix into `folder`. Raises SetUpError (French) when Allure fails."""
    variables = {
        "Produit": f"{result.target.get('nom')} {result.target.get('version')}",
        "Éditeur": str(result.target.get("editeur")),
        "Verdict": str(result.verdict),
        "Mode": f"{result.target.get('mode')}{', strict' if result.strict else ''}",
    }
    name = f"Conformité : {result.target.get('nom')}"
    try:
        page = load("reports.html:build")(results, folder / "rapport.html", name=name, variables=variables)
    except load("reports.html:ReportError") as error:
        raise SetUpError(f"{error}.") from error
    return [page, *load("reports.matrix:write")(result, catalogue.load(), folder)]


def ready() -> None:
    """Raises SetUpError when the report generator is not installed: said before the run, not after it."""
    if not (load("reports.outil.installer:node")() and load("reports.outil.installer:generator")()):
        raise SetUpError("le générateur de rapport Allure n'est pas installé ; lancer « make setup ».")


def summary(result: RunResult) -> dict[str, object]:
    """The result of a run for a machine: verdict, exit code, one line per scenario."""
    verdicts = result.verdicts()
    return {
        "produit": dict(result.target),
        "verdict": result.verdict,
        "code": int(result.exit_code),
        "scenarios": [
            {
                "id": one.id,
                "verdict": verdicts[one.id],
                "exigences": list(one.requirements),
                "constats": [finding.rule for finding in one.findings],
                "raison": one.reason,
            }
            for one in result.scenarios
        ],
    }


def pytest_options(arguments: argparse.Namespace) -> list[str]:
    """Options of pytest for these arguments of `banc run`."""
    options = ["--cible", arguments.cible]
    for flag, value in (("--mode", arguments.mode), ("-m", arguments.etiquettes), ("-k", arguments.titres)):
        options += [flag, value] if value else []
    options += ["-n", arguments.processus] if arguments.processus else []
    return options + (["--strict"] if arguments.strict else [])


@contextmanager
def _results_folder(arguments: argparse.Namespace) -> Iterator[Path | None]:
    """Folder of the Allure results: the one asked for, a passing one for a report alone, or none."""
    if arguments.allure:
        yield Path(arguments.allure)
    elif arguments.rapport:
        with tempfile.TemporaryDirectory(prefix="banc-allure-") as folder:
            yield Path(folder)
    else:
        yield None
