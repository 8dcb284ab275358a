"""The `banc` command line: finds the command, runs it, turns its errors into French and an exit code."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

from harness.commands.exits import MEANINGS, of_error
from harness.commands.parser import FrenchParser, listed
from harness.errors import HarnessError
from harness.verdict import ExitCode

COMMANDS = ("serve", "run", "load", "validate", "profiles", "coverage", "prove", "pki", "doctor", "init", "demo")
DESCRIPTION = """\
Banc d'essai du numérique en santé médico-social : bac à sable des services nationaux
et suite de conformité des dossiers usagers informatisés (DUI) et des portails."""


def make_parser() -> FrenchParser:
    """The parser of `banc` and of all its commands."""
    codes = listed((code.value, meaning) for code, meaning in MEANINGS.items())
    parser = FrenchParser(prog="banc", description=DESCRIPTION, epilog=f"codes de sortie :\n{codes}")
    commands = parser.add_subparsers(title="commandes", metavar="COMMANDE", required=True, dest="commande")
    for name in COMMANDS:
        module = import_module(f"harness.commands.{name}")
        command = commands.add_parser(name, help=module.SUMMARY, description=module.DESCRIPTION)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point. arguments: without the program name, sys.argv by default. Returns the exit code."""
    chosen = make_parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
        return 130
    except HarnessError as error:
        print(f"banc : {error}", file=sys.stderr)
        return of_error(error)
    except Exception:
        traceback.print_exc()
        print("banc : erreur du banc lui-même (ci-dessus), et non du produit.", file=sys.stderr)
        return ExitCode.BENCH


if __name__ == "__main__":
    sys.exit(main())
