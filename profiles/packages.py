"""The packages that a user installed: archives in a folder, `<name>-<version>.tgz`.

Two folders count. `.banc/profils/` of the current folder, where `banc profiles add` writes: beside the results of the
product that is being tested, so each product has its own. `profiles/packages/` of the bench itself, where a .tgz may be
dropped by whoever deploys it: those are part of the default registry.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from profiles.archive import read_package
from profiles.guides import PACKAGE_MANIFEST, Guide, from_manifest
from profiles.model import UnusableDefinition

FOLDER = Path(".banc") / "profils"
DROPPED = Path(__file__).parent / "packages"
# Guides whose content the bench brings itself: the R4 types.
BUILT_IN = frozenset(("hl7.fhir.r4.core", "hl7.fhir.core"))
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,120}", re.ASCII)
R4 = re.compile(r"4\.0\.\d+")


@dataclass(frozen=True, slots=True)
class Package:
    """An archive on the disk and its manifest."""

    path: Path
    guide: Guide

    @property
    def name(self) -> str:
        """`name@version`, as a user writes it."""
        return f"{self.guide.id}@{self.guide.version}"


def package_at(path: Path) -> Package:
    """Return the package of an archive.

    Raises UnusableDefinition when it cannot be read, has no manifest or no version, or is not for FHIR R4.
    """
    manifest = read_package(path).get(PACKAGE_MANIFEST)
    if manifest is None:
        raise UnusableDefinition(f"{path} n'est pas un paquet FHIR : il n'a pas de package/package.json")
    guide = from_manifest(manifest, f"{path}")
    if not NAME.fullmatch(guide.id) or not NAME.fullmatch(guide.version):
        raise UnusableDefinition(f"{path} : nom ou version de paquet refusés (« {guide.id} », « {guide.version} »)")
    if guide.id in BUILT_IN:
        raise UnusableDefinition(f"{path} : les types de FHIR R4 font partie du banc, il n'y a rien à ajouter")
    if guide.fhir and not any(R4.fullmatch(version) for version in guide.fhir):
        raise UnusableDefinition(f"{path} est un paquet pour FHIR {', '.join(guide.fhir)} : le banc juge FHIR R4")
    return Package(path, guide)


def packages_in(folder: Path) -> list[Package]:
    """Return the packages of a folder, by name of file; an absent folder has none. Raises UnusableDefinition."""
    return [package_at(path) for path in archives_in(folder)]


def archives_in(folder: Path) -> list[Path]:
    """Return the archives of a folder."""
    return sorted(folder.glob("*.tgz"))


def dependencies_first(packages: Iterable[Package]) -> list[Package]:
    """Return packages so that each one stands after those that it rests on."""
    waiting = {each.guide.key: each for each in packages}
    ordered: list[Package] = []
    while waiting:
        names = {each.guide.id for each in waiting.values()}
        free = [e for e in waiting.values() if not (e.guide.dependencies.keys() & names - {e.guide.id})]
        for each in free or list(waiting.values()):  # packages that rest on each other: in any order
            ordered.append(waiting.pop(each.guide.key))
    return ordered


def install(path: Path, folder: Path) -> Package:
    """Copy an archive into a folder under its proper name, whole or not at all. Raises UnusableDefinition."""
    package = package_at(path)
    target = folder / f"{package.guide.id}-{package.guide.version}.tgz"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as temporary:
        temporary.write(path.read_bytes())
    Path(temporary.name).replace(target)
    return Package(target, package.guide)
