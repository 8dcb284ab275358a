"""The official packages, an oracle that the product does not contain: their definitions and their examples."""

from __future__ import annotations

import functools
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import SHARED

Json = dict[str, Any]
OFFICIAL = SHARED / "official"
ABSENT = "paquets officiels absents (dossier ../shared/official)"


def packages() -> list[str]:
    """Return the names of the official packages (`ans.fhir.fr.gap-3.0.0`), none where the folder is missing."""
    return sorted(path.stem for path in OFFICIAL.glob("*.tgz")) if OFFICIAL.is_dir() else []


def path_of(package: str) -> Path:
    """Return the archive of a package."""
    return OFFICIAL / f"{package}.tgz"


@functools.cache
def _members(package: str) -> dict[str, bytes]:
    with tarfile.open(path_of(package)) as archive:
        files = (member for member in archive if member.name.endswith(".json"))
        return {member.name: stream.read() for member in files if (stream := archive.extractfile(member))}


def _of_folder(package: str, folder: str) -> Iterator[tuple[str, Json]]:
    for name, content in sorted(_members(package).items()):
        parent, _, file = name.rpartition("/")
        if parent == folder:
            yield file, json.loads(content)


def examples(package: str) -> dict[str, Json]:
    """Return the examples of a package by file name."""
    return {file: resource for file, resource in _of_folder(package, "package/example") if "resourceType" in resource}


@functools.cache
def definitions(package: str) -> dict[str, Json]:
    """Return the StructureDefinitions of a package by canonical (read once, not to be changed)."""
    found = (resource for _, resource in _of_folder(package, "package"))
    return {d["url"]: d for d in found if d.get("resourceType") == "StructureDefinition"}


def profiles(package: str) -> dict[str, Json]:
    """Return what a package says of R4 types: its definitions without the logical models."""
    return {url: d for url, d in definitions(package).items() if d["kind"] != "logical"}
