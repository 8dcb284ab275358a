"""`banc coverage`: what the bench covers, computed from its code; writes or checks the committed page."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import rules
from harness import catalogue
from harness.coverage import LABELS, Inventory, figures, page
from harness.errors import SetUpError
from harness.feature_tags import scenarios
from harness.reference_product import ROOT, TARGET, defects
from harness.verdict import ExitCode
from rules.coverage import coverage, not_observable

SUMMARY = "dire ce que le banc couvre du catalogue et des fiches"
DESCRIPTION = """\
Compte, à partir du code, les exigences couvertes par un scénario, les contrôles tenus par une règle ou par un test des
services fictifs, et les règles qu'un défaut semé fait tomber. Sort avec 1 si --verifier trouve la page périmée."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="écrire les nombres en JSON")
    parser.add_argument("--ecrire", action="store_true", help="écrire docs/couverture.md")
    parser.add_argument("--verifier", action="store_true", help="échouer si docs/couverture.md n'est pas à jour")
    parser.add_argument("--reference", metavar="FICHIER", default=str(TARGET), help="cible qui nomme les défauts semés")


def run(arguments: argparse.Namespace) -> int:
    """Raises SetUpError outside of a checkout: tests and documents are not installed."""
    inventory = take(ROOT, Path(arguments.reference))
    counted = figures(inventory)
    if arguments.json:
        print(json.dumps(asdict(counted), indent=2))
    else:
        print("\n".join(f"{value:>5}  {LABELS[name]}" for name, value in asdict(counted).items()))
    document = ROOT / "docs" / "couverture.md"
    if arguments.ecrire:
        document.write_text(page(inventory), encoding="utf-8")
    if arguments.verifier and not fresh(inventory, document):
        print("docs/couverture.md n'est plus à jour : lancer « banc coverage --ecrire ».", file=sys.stderr)
        return ExitCode.NON_CONFORME
    return ExitCode.CONFORME


def fresh(inventory: Inventory, document: Path) -> bool:
    """Whether the committed page is what the code would write."""
    return document.exists() and document.read_text(encoding="utf-8") == page(inventory)


def take(root: Path, reference: Path) -> Inventory:
    """Read the code of a checkout. Raises SetUpError when `root` is not one."""
    if not (root / "tests").is_dir():
        raise SetUpError("la couverture se calcule dans les sources du banc, pas dans un banc installé.")
    return Inventory(
        catalogue=catalogue.load(),
        rules=rules.load_all(),
        checks=rules.checks(),
        held=coverage(root / "tests"),
        not_observable=not_observable(),
        scenarios=scenarios(root / "features"),
        defects=defects(reference),
    )
