"""What `banc load` does with its arguments."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from harness.errors import SetUpError
from harness.target import Target, load_target
from harness.verdict import ExitCode
from load import report
from load.generator_processes import Generator, work
from load.profile import Profile, load_table
from load.run import Order, Outcome, named_origins, run_load

RESULTS = Path(".banc") / "charge"


def run(arguments: argparse.Namespace) -> int:
    """Exit code. Raises HarnessError (French)."""
    if arguments.ouvrier:
        target = load_target(Path(arguments.cible)) if Path(arguments.cible).exists() else None
        return work(*_address(arguments.ouvrier), named_origins(target))
    table = load_table(arguments.profils)
    if not arguments.profil:
        print("\n".join(map(_listed, table.profiles.values())))
        return ExitCode.CONFORME
    profile = table.profile(arguments.profil, duration_s=arguments.duree, rate=arguments.debit)
    order = Order(
        profile=profile,
        aim=arguments.sur,
        saturation=table.saturation,
        target=_target(arguments),
        generator=_generator(arguments),
        defect=arguments.defaut,
        store=arguments.base,
        sandbox_workers=arguments.processus_bac,
        strict=arguments.strict,
        tell=partial(print, file=sys.stderr, flush=True),
    )
    outcome = run_load(order)
    _show(outcome, arguments)
    return outcome.verdict.exit_code


def _show(outcome: Outcome, arguments: argparse.Namespace) -> None:
    folder = RESULTS / f"{outcome.verdict.profile}-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    written = report.write(outcome, folder)
    if arguments.allure:
        report.allure(outcome, arguments.allure)
    if arguments.json:
        print(json.dumps(report.as_json(outcome.verdict), ensure_ascii=False, indent=2))
        return
    print(report.text(outcome.verdict))
    print(f"Écrit : {written}")


def _target(arguments: argparse.Namespace) -> Target | None:
    """The product, needed only when it is what is loaded; else a sandbox elsewhere may be named."""
    path = Path(arguments.cible)
    if arguments.sur == "produit" or path.exists():
        return load_target(path)
    return None


def _generator(arguments: argparse.Namespace) -> Generator:
    if arguments.processus < 1:
        raise SetUpError("--processus demande au moins 1.")
    bind = _address(arguments.maitre) if arguments.maitre else ("127.0.0.1", 0)
    return Generator(arguments.processus, bool(arguments.maitre), bind, arguments.web)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise SetUpError(f"« {text} » n'est pas une adresse HOTE:PORT.")
    return host, int(port)


def _listed(profile: Profile) -> str:
    return f"{profile.id:<4} {profile.title} ({profile.source})"
