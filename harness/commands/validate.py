"""`banc validate`: judge FHIR resources in files, answer as a FHIR server would."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.commands.progress import Progress
from harness.errors import SetUpError
from harness.verdict import ExitCode

if TYPE_CHECKING:
    from profiles import Issue, Registry

SUMMARY = "juger des ressources FHIR R4 (rend un OperationOutcome)"
DESCRIPTION = """\
Juge chaque fichier JSON contre le profil donné ; sans --profile, contre le type de base et contre les profils connus
que la ressource cite dans meta.profile. Écrit un OperationOutcome, ou un Bundle d'OperationOutcome pour plusieurs
fichiers.
Les paquets ajoutés par « banc profiles add » sont chargés d'abord, puis ceux de --package. Ce que les profils demandent
et que le banc ne juge pas est dit sur la sortie d'erreur.
Sort avec 0 si tout est valide, 1 sinon, 2 si un fichier, un paquet ou un profil ne peut pas être lu."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("fichiers", metavar="FICHIER", nargs="+", help="ressource en JSON ; « - » : l'entrée standard")
    parser.add_argument("--profile", metavar="URL", help="canonique du profil (url ou url|version)")
    parser.add_argument(
        "--package", metavar="TGZ", action="append", default=[], help="paquet FHIR à charger d'abord (répétable)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge the files. Raises SetUpError for what cannot be read or is not known."""
    from harness.package_install import registry_of
    from profiles import ProfileError

    judged: set[str] = set()
    try:
        registry = registry_of(arguments.package)
        progress = Progress(len(arguments.fichiers)) if len(arguments.fichiers) > 1 else None
        found = {}
        for name in arguments.fichiers:
            document = read(name)
            used = [arguments.profile] if arguments.profile else [c for c in claimed(document) if registry.knows(c)]
            found[name] = judge(document, arguments.profile, registry)
            judged.update(used)
            if progress:
                progress.step(name)
        say_limits(judged, registry)
    except ProfileError as error:
        raise SetUpError(f"{error}.") from error
    print(json.dumps(answer(found), ensure_ascii=False, indent=2))
    wrong = any(issue.severity in ("fatal", "error") for issues in found.values() for issue in issues)
    return ExitCode.NON_CONFORME if wrong else ExitCode.CONFORME


def say_limits(judged: Iterable[str], registry: Registry) -> None:
    """Say on stderr what these profiles ask for and nobody judged: silence is no verdict."""
    from profiles.unjudged import unjudged

    for profile in sorted(judged):
        for limit in unjudged(registry, profile):
            print(f"Non jugé, {profile} : {limit}", file=sys.stderr)


def read(name: str) -> Any:
    """The JSON document of a file. Raises SetUpError."""
    try:
        return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SetUpError(f"{name} n'est pas un texte UTF-8.") from None
    except OSError as error:
        raise SetUpError(f"{name} ne peut pas être lu : {error.strerror}.") from error
    except ValueError as error:
        raise SetUpError(f"{name} n'est pas du JSON : {error}.") from error


def judge(document: Any, profile: str | None, registry: Registry) -> list[Issue]:
    """Issues of one resource. Raises profiles.UnknownProfile when `profile` is not known."""
    from profiles import validate

    if profile is not None:
        return validate(document, profile, registry=registry)
    issues = validate(document, registry=registry)
    for each in claimed(document):
        issues += validate(document, each, registry=registry) if registry.knows(each) else [_not_judged(each)]
    return list(dict.fromkeys(issues))


def answer(found: dict[str, list[Issue]]) -> dict[str, Any]:
    """An OperationOutcome for one file, a Bundle of them, in order, for several."""
    from profiles import outcome

    outcomes = [outcome(issues) for issues in found.values()]
    if len(outcomes) == 1:
        return outcomes[0]
    entries = [{"fullUrl": Path(name).as_posix(), "resource": one} for name, one in zip(found, outcomes, strict=True)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def claimed(document: Any) -> list[str]:
    """The canonicals of meta.profile."""
    meta = document.get("meta") if isinstance(document, dict) else None
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    return [name for name in profiles if isinstance(name, str)] if isinstance(profiles, list) else []


def _not_judged(profile: str) -> Issue:
    from profiles import Issue

    return Issue(
        severity="warning",
        code="not-supported",
        expression="meta.profile",
        message=f"Le profil {profile} n'est pas chargé, et la ressource pas jugée contre lui (voir banc profiles add).",
        expected="un profil chargé",
        seen=profile,
        profile=profile,
        rule="profil-inconnu",
    )
