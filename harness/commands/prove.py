"""`banc prove`: the bench proves that each of its rules and scenarios can fail, and only when it must."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from harness.commands.progress import Progress
from harness.errors import SetUpError
from harness.prove import Catch, DefectProof, Proof, left_to_load, to_json
from harness.reference_product import TARGET, defects
from harness.verdict import ExitCode

SUMMARY = "prouver chaque règle et chaque scénario par un défaut semé"
DESCRIPTION = """\
Fait passer la suite au produit de référence correct, où rien ne doit tomber, puis à ce produit gâté par chaque défaut.
Un scénario que le défaut n'atteint pas se passe comme avec le produit correct : seul --entier le rejoue.
Sort avec 0 si chaque défaut fait tomber ce qu'il annonce et rien d'autre, et si aucune règle ni aucun scénario ne reste
sans preuve ; 1 sinon."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--defaut", metavar="ID", action="append", default=[], help="ce défaut seulement (répétable)")
    parser.add_argument("-n", type=int, default=2, dest="processus", metavar="N", help="nombre de processus (2)")
    parser.add_argument("--cible", metavar="FICHIER", default=str(TARGET), help="cible qui nomme produit et défauts")
    parser.add_argument("--entier", action="store_true", help="rejouer tous les scénarios pour chaque défaut")
    parser.add_argument("--json", action="store_true", help="écrire la preuve en JSON")


def run(arguments: argparse.Namespace) -> int:
    """Raises SetUpError for an unknown defect."""
    from harness.proof_runs import prove

    target = Path(arguments.cible)
    found = defects(target)
    known = [defect.id for defect in found]
    for name in arguments.defaut:
        if name not in known:
            raise SetUpError(f"défaut inconnu « {name} » ; connus : {', '.join(known)}.")
    # An ordinary exit lets the pool end its processes; the default one would leave them behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    played = [one for one in found if not left_to_load(one) and one.id in (arguments.defaut or known)]
    progress = Progress(1 + len(played))
    proof = prove(
        target, only=arguments.defaut, workers=arguments.processus, whole=arguments.entier, tell=progress.step
    )
    if arguments.json:
        print(json.dumps(to_json(proof), ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(proof)))
    sys.stdout.flush()
    return ExitCode.CONFORME if proof.holds else ExitCode.NON_CONFORME


def lines(proof: Proof) -> Iterator[str]:
    """The proof as text: each defect, then what is left unproven, then the total."""
    for fault in proof.baseline:
        yield f"produit correct, à tort : {fault}"
    for one in proof.defects:
        yield from _defect(one)
    yield from (f"règle sans preuve : {rule}" for rule in proof.unproven_rules)
    yield from (f"scénario sans preuve : {scenario}" for scenario in proof.unproven_scenarios)
    yield from (f"règle que le produit correct ne donne pas à juger : {rule}" for rule in proof.unexamined_rules)
    yield from (f"scénario que ce mode ne permet pas de jouer : {one}" for one in proof.unplayed_scenarios)
    yield from (f"défaut que seule une charge montre (banc load) : {one}" for one in proof.load_defects)
    caught = sum(one.catch is Catch.ATTRAPE for one in proof.defects)
    yield (
        f"{caught} défauts attrapés sur {len(proof.defects)}, {len(proof.unproven_rules)} règles et "
        f"{len(proof.unproven_scenarios)} scénarios sans preuve, {proof.duration_s:.0f} s."
    )


def _defect(one: DefectProof) -> Iterator[str]:
    yield f"{one.catch.value:<12} {one.defect} : {one.says}"
    yield f"{'':12}   attendus : {', '.join(one.expected)}"
    yield f"{'':12}   tombés : {', '.join(one.fell) or 'rien'}"
    for label, names in (("n'est pas tombé", one.missed), ("tombé sans être annoncé", one.overflow)):
        yield from (f"{'':12}   {label} : {name}" for name in names)
    yield from (f"{'':12}   erreur : {text}" for text in one.broken)
