"""`banc load`: a load profile on a product, or on the sandbox itself, with reconciliation and verdict."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.commands.outside import load
from harness.errors import SetUpError

SUMMARY = "charger un produit, ou le bac à sable, et rapprocher les deux bouts"
DESCRIPTION = """\
Joue un profil de charge (L1 à L7), puis vérifie que chaque rendez-vous accepté est présent une fois, et à jour, à
chaque bout. Le verdict porte sur la latence, les erreurs et l'intégrité. Si le générateur ou le bac à sable est à bout
de souffle, la latence est « non mesurable » et la commande sort avec 4. Ne charge que cette machine et ce que nomme
cible.toml. Résultats sous .banc/charge."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("profil", metavar="PROFIL", nargs="?", default="", help="L1 à L7, ou un profil de --profils ; sans : la liste")
    add("--cible", metavar="FICHIER", default="cible.toml", help="description du produit (cible.toml)")
    add("--sur", choices=("produit", "bac-a-sable"), default="produit", help="ce que l'on charge (produit)")
    add("--profils", metavar="FICHIER", type=Path, help="fichier des profils (celui du banc)")
    add("--duree", metavar="S", type=float, help="durée en secondes, au lieu de celle du profil")
    add("--debit", metavar="N", type=float, help="arrivées par seconde, au lieu de celles du profil")
    add("--processus", metavar="N", type=int, default=1, help="processus du générateur (1)")
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--maitre", metavar="HOTE:PORT", help="attendre là les N ouvriers, lancés ailleurs par --ouvrier"
    )
    place.add_argument("--ouvrier", metavar="HOTE:PORT", help="être un ouvrier du maître qui attend là")
    add("--web", action="store_true", help="montrer la page de Locust, http://127.0.0.1:8089")
    add("--defaut", metavar="ID", default="", help="gâter le produit de référence par ce défaut")
    add("--base", metavar="URL", default="", help="base de données du bac à sable lancé pour le passage")
    add("--processus-bac", metavar="N", type=int, default=1, help="processus du bac à sable (1)")
    add("--strict", action="store_true", help="les seuils de convention comptent dans le verdict")
    add("--allure", metavar="DOSSIER", type=Path, help="y ajouter un résultat Allure, avec les courbes")
    add("--json", action="store_true", help="écrire le verdict en JSON ; le reste va sur stderr")


def run(arguments: argparse.Namespace) -> int:
    """Exit code of the load. Raises SetUpError when the tools of load are not installed."""
    try:
        command = load("load.command:run")
    except SetUpError as error:
        raise SetUpError(
            f"les outils de charge manquent ({error}) ; les installer : pip install 'banc[load]'"
        ) from None
    return int(command(arguments))
