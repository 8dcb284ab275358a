"""Installing FHIR packages: from a file, an address or a registry, with what they rest on; and what then lacks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import SetUpError
from harness.package_registry import PackageRegistry
from profiles.guides import Guide, satisfies
from profiles.model import UnusableDefinition
from profiles.packages import BUILT_IN, FOLDER, Package, dependencies_first, install, package_at, packages_in
from profiles.unjudged import unjudged

if TYPE_CHECKING:
    from profiles import Registry


@dataclass(slots=True)
class Installed:
    """What one `banc profiles add` did. `lacking`: dependencies that nobody brought, with the reason."""

    package: Package
    dependencies: list[Package] = field(default_factory=list)
    lacking: dict[str, str] = field(default_factory=dict)


def add(source: str, packages: PackageRegistry, *, folder: Path = FOLDER, complete: bool = False) -> Installed:
    """Install a package and the dependencies that are within reach.

    source: a file, an address (http, https) or `name@version`. Dependencies come from the folder of the file, and from
    the registry for a `name@version` or with `complete`. One that is not found is no error: it is named.
    Raises SetUpError, profiles.UnusableDefinition.
    """
    file = Path(source)
    with tempfile.TemporaryDirectory(prefix="banc-paquets-") as temporary:
        received, beside = Path(temporary), None
        if source.startswith(("http://", "https://")):
            path = packages.download(source, received / "paquet.tgz")
        elif file.suffix == ".tgz" or file.is_file():
            path, beside = file, file.parent
        elif "@" in source:
            name, _, version = source.partition("@")
            path, complete = packages.fetch(name, version, received), True
        else:
            raise SetUpError(f"« {source} » n'est ni un fichier .tgz, ni une adresse, ni nom@version.")
        done = Installed(install(path, folder))
        _bring_dependencies(done, folder, beside, packages if complete else None, received)
    return done


def _bring_dependencies(
    done: Installed, folder: Path, beside: Path | None, packages: PackageRegistry | None, received: Path
) -> None:
    known = [*shipped_guides(), *(each.guide for each in packages_in(folder))]
    waiting = list(done.package.guide.dependencies.items())
    while waiting:
        name, version = waiting.pop(0)
        wanted = f"{name}@{version}"
        if name in BUILT_IN or wanted in done.lacking or _met(name, version, known):
            continue
        try:
            path = _beside(beside, name, version)
            if path is None and packages is not None:
                path = packages.fetch(name, version, received)
            if path is None:
                done.lacking[wanted] = "ni livré, ni installé, ni à côté du fichier"
                continue
            found = install(path, folder)
        except (SetUpError, UnusableDefinition) as error:
            done.lacking[wanted] = str(error).removesuffix(".")
            continue
        done.dependencies.append(found)
        known.append(found.guide)
        waiting += found.guide.dependencies.items()


def _met(name: str, version: str, known: Iterable[Guide]) -> bool:
    return any(guide.id == name and satisfies(guide.version, version) for guide in known)


def _beside(folder: Path | None, name: str, version: str) -> Path | None:
    for path in sorted(folder.glob(f"{name}[-#]*.tgz")) if folder else ():
        try:
            guide = package_at(path).guide
        except UnusableDefinition:
            continue
        if guide.id == name and satisfies(guide.version, version):
            return path
    return None


def shipped_guides() -> tuple[Guide, ...]:
    """The guides of the default registry: ours, and the packages dropped into the bench."""
    from profiles import default_registry

    return default_registry().library.guides


def remove(asked: str, *, folder: Path = FOLDER) -> list[Package]:
    """Remove an installed package (`name` for all its versions, or `name@version`). Raises SetUpError when absent."""
    name, _, version = asked.partition("@")
    found = [p for p in packages_in(folder) if p.guide.id == name and version in ("", p.guide.version)]
    if not found:
        if any(guide.id == name and version in ("", guide.version) for guide in shipped_guides()):
            raise SetUpError(f"{asked} est livré avec le banc : il ne s'enlève pas.")
        raise SetUpError(f"{asked} n'est pas installé dans {folder} (voir banc profiles list).")
    for package in found:
        package.path.unlink()
    return found


def registry_of(paths: Iterable[Path | str] = (), *, folder: Path = FOLDER) -> Registry:
    """The default registry with the installed packages, then these archives. Raises profiles.UnusableDefinition."""
    from profiles import default_registry

    registry = default_registry()
    for package in dependencies_first(packages_in(folder)):
        registry = registry.load_package(package.path)
    for path in paths:
        registry = registry.load_package(path)
    return registry


def not_judged(package: Package, registry: Registry) -> Iterator[str]:
    """What a package says and the bench does not judge, one French sentence each.

    registry: one that holds the package. Profiles are compiled to tell it.
    """
    from profiles import Registry

    guide = package.guide
    yield from Registry().load_package(package.path).left_out
    mine = [d for d in registry.library.of_kind("StructureDefinition") if d.guide.key == guide.key]
    found: dict[str, None] = {}
    for definition in mine:
        try:
            found_here = unjudged(registry, definition.canonical)
        except UnusableDefinition as error:
            found_here = (f"profil inutilisable ({error})",)
        found.update(dict.fromkeys(f"{definition.canonical} : {limit}" for limit in found_here))
    yield from found
