"""`banc demo`: the whole suite on the reference product, over real HTTP, with the report and the matrix."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.commands import run as run_command
from harness.reference_product import TARGET
from harness.verdict import ExitCode

SUMMARY = "voir le banc à l'œuvre sur le produit de référence"
DESCRIPTION = """\
Sert le bac à sable et le produit de référence sur la boucle locale, joue toute la suite, écrit le rapport Allure et la
matrice de conformité dans DOSSIER. Sort avec 2 si le générateur de rapport manque (« make setup »)."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rapport", metavar="DOSSIER", default="rapport", help="où écrire les pages (rapport)")
    parser.add_argument("--cible", metavar="FICHIER", default=str(TARGET), help="autre produit à montrer")
    parser.add_argument("--defaut", metavar="ID", default="", help="gâter le produit de référence par ce défaut")


def run(arguments: argparse.Namespace) -> int:
    """Exit code of the run. Raises SetUpError when the report cannot be built."""
    run_command.ready()
    folder = Path(arguments.rapport)
    spoiled = ["--defaut", arguments.defaut] if arguments.defaut else []
    options = ["--cible", arguments.cible, "--mode", "local", "-q", *spoiled]
    code = run_command.run_and_report(options, folder / "allure", str(folder), as_json=False)
    if code == ExitCode.CONFORME:
        print(f"À ouvrir dans un navigateur : {(folder / 'rapport.html').resolve()}")
    return code
