"""`banc doctor`: what would stop a run, and how to mend it."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

import httpx

from harness import vocabulary
from harness.commands.outside import load
from harness.drivers import open_driver
from harness.errors import DriverError, HarnessError, ProductUnreachable, SetUpError
from harness.target import Target, load_target
from harness.verdict import ExitCode

SUMMARY = "dire ce qui empêcherait un passage, et comment y remédier"
DESCRIPTION = """\
Vérifie Python, cible.toml, le bac à sable, le produit, l'horloge, les droits d'écriture et le générateur de rapport.
Sort avec 0 si rien n'empêche un passage, 2 si quelque chose est à corriger, 3 si le produit est injoignable."""

TOLERATED_SKEW_S = 30
State = Literal["bon", "attention", "à corriger", "injoignable"]


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, its state, what was seen, and what to do about it."""

    name: str
    state: State
    seen: str
    remedy: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cible", metavar="FICHIER", default="cible.toml", help="description du produit (cible.toml)")
    parser.add_argument("--json", action="store_true", help="écrire le résultat en JSON")


def run(arguments: argparse.Namespace) -> int:
    checks = list(examine(Path(arguments.cible)))
    if arguments.json:
        print(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(shown, checks)))
    return exit_code(checks)


def exit_code(checks: list[Check]) -> ExitCode:
    """Set-up faults first: they may be why the product does not answer."""
    states = {check.state for check in checks}
    if "à corriger" in states:
        return ExitCode.SETUP
    return ExitCode.UNREACHABLE if "injoignable" in states else ExitCode.CONFORME


def shown(check: Check) -> str:
    """One check as lines of text."""
    line = f"{check.state:<12} {check.name} : {check.seen}"
    return f"{line}\n{'':12} → {check.remedy}" if check.remedy else line


def examine(path: Path) -> Iterator[Check]:
    """Every check in turn; those of the product need a readable `cible.toml`."""
    yield python_version()
    yield environment()
    yield write_rights(Path.cwd())
    yield report_generator()
    try:
        target = load_target(path)
    except HarnessError as error:
        remedy = "écrire un modèle avec « banc init »" if not path.exists() else "corriger la clé nommée ci-dessus"
        yield Check("cible", "à corriger", str(error), remedy)
        return
    yield Check("cible", "bon", f"{path} : {target.product.name} {target.product.version}")
    yield from sandbox(target)
    yield from product(target)


def python_version() -> Check:
    """An older Python cannot load this module: the version is here to be quoted in a question to us."""
    return Check("Python", "bon", f"{'.'.join(map(str, sys.version_info[:3]))}, {sys.executable}")


def environment() -> Check:
    """The heaviest imports of a run: one of them missing is what a broken installation looks like."""
    try:
        for name in ("mocks.sandbox:Sandbox", "rules:load_all", "profiles:validate", "pytest_bdd:scenario"):
            load(name)
    except SetUpError as error:
        return Check("installation", "à corriger", str(error), "lancer « make setup »")
    return Check("installation", "bon", sys.prefix)


def write_rights(folder: Path) -> Check:
    """Results and evidence are written under `.banc` of the current folder."""
    place = folder / ".banc"
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return Check("écriture", "bon", str(place))
    except OSError as error:
        return Check("écriture", "à corriger", f"{place} : {error.strerror}", "lancer banc depuis un dossier à vous")


def report_generator() -> Check:
    try:
        node, script = load("reports.outil.installer:node")(), load("reports.outil.installer:generator")()
    except SetUpError as error:
        return Check("rapport", "attention", str(error), "lancer « make setup »")
    if node and script:
        return Check("rapport", "bon", str(script))
    return Check("rapport", "attention", "Allure n'est pas installé", "lancer « make setup » (utile à --rapport)")


def sandbox(target: Target) -> Iterator[Check]:
    if target.sandbox.mode != "distant":
        yield Check("bac à sable", "bon", f"servi par le banc (mode {target.sandbox.mode})")
        return
    try:
        headers = {"Authorization": f"Bearer {target.sandbox.token}"} if target.sandbox.token_env else {}
        answer = httpx.get(f"{target.sandbox.url.rstrip('/')}/_banc/etat", headers=headers, timeout=10)
        answer.raise_for_status()
    except (HarnessError, httpx.HTTPError) as error:
        remedy = "vérifier bac_a_sable.url, le jeton, et que le bac à sable est lancé"
        yield Check("bac à sable", "à corriger", f"{target.sandbox.url} : {error}", remedy)
        return
    yield Check("bac à sable", "bon", target.sandbox.url)
    yield clock(target.sandbox.url, answer, "bac à sable")


def product(target: Target) -> Iterator[Check]:
    """Whether the product answers, what it offers, and what time it believes it is."""
    sys.path.insert(0, str(target.path.resolve().parent))
    try:
        driver = open_driver(target.driver)
    except SetUpError as error:
        yield Check("produit", "à corriger", str(error), "corriger la table [pilote] de cible.toml")
        return
    try:
        yield from offered(driver.offers, target)
        if target.driver.url:
            yield clock(target.driver.url, httpx.get(target.driver.url, timeout=10), "produit")
    except ProductUnreachable as error:
        yield Check("produit", "injoignable", str(error), "lancer le produit et son pilote, ou corriger pilote.url")
    except (DriverError, httpx.HTTPError) as error:
        yield Check("produit", "à corriger", str(error), "corriger le pilote (vocabulaire : docs/)")
    finally:
        driver.close()


def offered(offers: Callable[[str], bool], target: Target) -> Iterator[Check]:
    """Actions that the product does not offer: their scenarios will be `non applicable`."""
    names = [name for name in vocabulary.load().actions if name not in target.absent_actions]
    missing = [name for name in names if not offers(name)]
    if not missing:
        yield Check("actions", "bon", f"{len(names)} actions offertes")
        return
    remedy = "les offrir, ou les déclarer dans actions.absentes : leurs scénarios sont « non applicables »"
    state: State = "à corriger" if len(missing) == len(names) else "attention"
    yield Check("actions", state, f"non offertes : {', '.join(missing)}", remedy)


def clock(url: str, answer: httpx.Response, who: str) -> Check:
    """Compare the Date header of an answer with this machine's clock."""
    date = answer.headers.get("Date")
    if date is None:
        return Check(f"horloge ({who})", "attention", f"{url} ne donne pas l'heure (en-tête Date)")
    skew = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    if skew <= TOLERATED_SKEW_S:
        return Check(f"horloge ({who})", "bon", f"écart de {skew:.0f} s")
    remedy = "régler les deux machines sur un serveur de temps : les jetons seraient refusés"
    return Check(f"horloge ({who})", "à corriger", f"écart de {skew:.0f} s", remedy)
