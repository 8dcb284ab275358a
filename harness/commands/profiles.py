"""`banc profiles`: the FHIR packages that the bench judges with."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from harness.errors import SetUpError
from harness.verdict import ExitCode

if TYPE_CHECKING:
    from profiles.library import Library

SUMMARY = "ajouter, lister ou enlever des paquets FHIR"
DESCRIPTION = """\
Gère les paquets FHIR (.tgz) dont les profils servent à juger. Ceux qu'on ajoute vont dans .banc/profils, sous le
dossier courant ; un paquet déposé dans profiles/packages du banc est chargé de même, pour tous les dossiers.
Sort avec 0 si c'est fait, 2 si un paquet ne peut être ni lu, ni trouvé, ni enlevé."""

OFFICIAL = "https://packages.fhir.org"
SOURCE = "fichier .tgz, adresse http(s), ou nom@version (version : exacte, 2.0.x ou latest)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    add = actions.add_parser("add", help="ajouter un paquet et ce sur quoi il repose")
    add.add_argument("source", metavar="PAQUET", help=SOURCE)
    add.add_argument("--registre", metavar="URL", default=OFFICIAL, help=f"registre de paquets (défaut : {OFFICIAL})")
    add.add_argument(
        "--dependances", action="store_true", help="demander au registre ce qui manque, même pour un fichier"
    )
    actions.add_parser("list", help="lister les guides livrés et les paquets ajoutés")
    remove = actions.add_parser("remove", help="enlever un paquet ajouté")
    remove.add_argument("paquet", metavar="NOM[@VERSION]", help="sans version : toutes celles qui sont installées")


def run(arguments: argparse.Namespace) -> int:
    """Do the action. Raises SetUpError for what cannot be read, found or removed."""
    from profiles import ProfileError

    actions = {"add": _add, "list": _list, "remove": _remove}
    try:
        actions[arguments.action](arguments)
    except ProfileError as error:
        raise SetUpError(f"{error}.") from error
    return ExitCode.CONFORME


def _add(arguments: argparse.Namespace) -> None:
    from harness.package_install import add, not_judged, registry_of
    from harness.package_registry import PackageRegistry

    with PackageRegistry(arguments.registre) as packages:
        done = add(arguments.source, packages, complete=arguments.dependances)
    registry = registry_of()
    for package in (done.package, *done.dependencies):
        print(f"Ajouté : {package.name} ({package.path}), {_profiles(registry.library, package.guide.key)}.")
    if done.lacking:
        print("Il repose aussi sur ce qui n'est pas là :")
        for name, reason in done.lacking.items():
            print(f"  {name} : {reason}")
    limits = list(not_judged(done.package, registry))
    if limits:
        print(f"Ce qui n'en sera pas jugé ({len(limits)}) :")
        print("\n".join(f"  {limit}" for limit in limits))
    else:
        print("Tout ce qu'il demande est jugé.")


def _list(_: argparse.Namespace) -> None:
    from harness.package_install import registry_of, shipped_guides
    from profiles.packages import FOLDER, packages_in

    library = registry_of().library
    installed = {package.guide.key: package for package in packages_in(FOLDER)}
    shipped = [guide for guide in shipped_guides() if guide.key not in installed]
    for guide in sorted(shipped, key=lambda g: g.key):
        print(f"{guide.id}@{guide.version}  livré  {_profiles(library, guide.key)}")
    for key, package in sorted(installed.items()):
        print(f"{package.name}  {package.path}  {_profiles(library, key)}")


def _remove(arguments: argparse.Namespace) -> None:
    from harness.package_install import remove

    for package in remove(arguments.paquet):
        print(f"Enlevé : {package.name}.")


def _profiles(library: Library, key: str) -> str:
    count = sum(d.guide.key == key for d in library.of_kind("StructureDefinition"))
    return f"{count} profil{'s' if count > 1 else ''}"
