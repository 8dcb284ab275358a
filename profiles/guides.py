"""Guides: a folder of definitions with its manifest `guide.json`, or a package with its `package.json`.

Both say the same: an id, a version, and the guides that this one rests on, each in one version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from profiles.model import UnusableDefinition

MANIFEST = "guide.json"
PACKAGE_MANIFEST = "package.json"
NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """A point where the published guide is silent or contradicts itself, and the reading chosen."""

    about: str
    guide: str
    choice: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What a manifest says. `dependencies` maps a guide id to the version it is cited in, `fhir` are FHIR versions."""

    id: str
    version: str = ""
    title: str = ""
    source: str = ""
    dependencies: Mapping[str, str] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    fhir: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`id#version`, as package registries write it."""
        return f"{self.id}#{self.version}"


def from_manifest(content: bytes | str, origin: str) -> Guide:
    """Return the guide of a `guide.json` (key `id`) or of a `package.json` (key `name`).

    Raises UnusableDefinition when it is not JSON, or has no name.
    """
    try:
        data = json.loads(content)
    except ValueError as error:
        raise UnusableDefinition(f"{origin} : manifeste illisible ({error})") from error
    name = (data.get("id") or data.get("name")) if isinstance(data, dict) else None
    if not isinstance(name, str):
        raise UnusableDefinition(f"{origin} : manifeste sans identifiant de guide")
    return Guide(
        id=name,
        version=text(data, "version"),
        title=text(data, "title"),
        source=text(data, "source") or text(data, "url"),
        dependencies=dependencies_of(data.get("dependencies")),
        readings=tuple(reading(row, origin) for row in data.get("readings", ())),
        fhir=tuple(str(v) for v in data.get("fhirVersions") or data.get("fhir-version-list") or ()),
    )


def text(data: Mapping[str, Any], name: str) -> str:
    """Return a text of a manifest, empty when it is absent."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def dependencies_of(rows: object) -> dict[str, str]:
    """Return guide id -> version; an alias (`name@npm:guide`) counts for its guide, unless that one is cited too."""
    if not isinstance(rows, dict):
        return {}
    stated = {str(k): str(v) for k, v in rows.items()}
    aliases = {k.partition("@npm:")[2]: v for k, v in stated.items() if "@npm:" in k}
    return {**aliases, **{k: v for k, v in stated.items() if "@npm:" not in k}}


def reading(row: object, origin: str) -> Reading:
    """Return one reading. Raises UnusableDefinition when a part of it is missing."""
    if not isinstance(row, dict) or not all(isinstance(row.get(k), str) for k in ("about", "guide", "choice")):
        raise UnusableDefinition(f"{origin} : une lecture doit dire about, guide et choice")
    return Reading(row["about"], row["guide"], row["choice"])


def version_order(version: str) -> tuple[tuple[int, ...], bool, tuple[tuple[int, str], ...]]:
    """Return what versions are sorted by: numbers, then a release after its drafts (`1.2.0-snapshot-2` < `1.2.0`)."""
    release, _, draft = version.partition("-")
    numbers = tuple(int(n) for n in NUMBER.findall(release))
    parts = tuple((int(p), "") if p.isdigit() else (-1, p) for p in re.split(r"[.\-]", draft)) if draft else ()
    return numbers, not draft, parts


def satisfies(version: str, asked: str) -> bool:
    """Tell whether a version is the one asked: equal, or matching a wildcard (`2.0.x`, `latest`, `current`)."""
    if asked in ("", "*", "latest", "current", "dev"):
        return True
    stem = asked.removesuffix("x") if asked.endswith(".x") else ""
    return version == asked or bool(stem and version.startswith(stem))
