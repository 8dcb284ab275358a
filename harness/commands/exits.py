"""What the exit codes of `banc` mean, and which one an error stands for."""

from __future__ import annotations

from harness.errors import DriverError, ProductUnreachable, SetUpError
from harness.verdict import ExitCode

MEANINGS = {
    ExitCode.CONFORME: "conforme, ou commande réussie",
    ExitCode.NON_CONFORME: "non conforme, ressource invalide, ou preuve incomplète",
    ExitCode.SETUP: "erreur d'usage ou de configuration",
    ExitCode.UNREACHABLE: "produit injoignable",
    ExitCode.BENCH: "erreur du banc lui-même, jamais un verdict sur le produit",
}


def of_error(error: BaseException) -> ExitCode:
    """The exit code that an error stands for."""
    if isinstance(error, SetUpError | DriverError):
        return ExitCode.SETUP
    if isinstance(error, ProductUnreachable):
        return ExitCode.UNREACHABLE
    return ExitCode.BENCH
