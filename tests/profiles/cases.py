"""Valid examples by profile: the official ones that are valid, and those that we wrote.

Ours are the files `examples/<guide>/*.json` (fictitious people): each is valid against what its `meta.profile` claims,
`url|version` or, without a version, the latest that we have.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from profiles import default_registry
from tests.profiles import official
from tests.profiles.parity import OUT_OF_SCOPE
from tests.profiles.verdicts import table

OURS = Path(__file__).parent / "examples"


@dataclass(frozen=True, slots=True)
class Case:
    """A resource that is valid against a profile (`url|version`)."""

    profile: str
    name: str
    resource: Any


@functools.cache
def cases() -> tuple[Case, ...]:
    """Return every valid example of every profile that we have (what we lack is said by the parity)."""
    known = default_registry().knows
    return tuple(case for case in (*official_cases(), *our_cases()) if known(case.profile))


def cases_of(profile: str) -> list[Case]:
    """Return the valid examples of a profile (`url|version`)."""
    return [case for case in cases() if case.profile == profile]


def official_cases() -> list[Case]:
    """Return the official examples that the table says valid, for the profiles that we write."""
    if not official.packages():
        return []
    rows = [row for row in table() if row.verdict == "valide" and row.profile and row.package not in OUT_OF_SCOPE]
    return [Case(row.profile, row.file.removesuffix(".json"), row.resource) for row in rows]


def our_cases() -> list[Case]:
    """Return the examples that we wrote, for each profile that they claim and those of its guide it derives from."""
    found: dict[tuple[str, str], Case] = {}
    for path in sorted(OURS.rglob("*.json")):
        resource = json.loads(path.read_text("utf-8"))
        name = f"{path.parent.relative_to(OURS)}/{path.stem}"
        for profile in (p for claimed in resource["meta"]["profile"] for p in with_bases(pinned(claimed))):
            found.setdefault((profile, name), Case(profile, name, resource))
    return list(found.values())


def with_bases(canonical: str) -> list[str]:
    """Return a profile and the profiles of the same guide that it derives from.

    What holds for a profile holds for its base, and some bases cannot be claimed: the published measures of Mon espace
    santé impose another URL than their own in `meta.profile`.
    """
    library = default_registry().library
    found, result = library.exact("StructureDefinition", canonical), [canonical]
    while found:
        base = library.cited("StructureDefinition", str(found.content["baseDefinition"]), found.guide)
        if base is None or base.guide.key != found.guide.key:
            break
        result.append(base.canonical)
        found = base
    return result


def pinned(canonical: str) -> str:
    """Return a canonical with its version, the latest that we have where none is written."""
    found = default_registry().library.exact("StructureDefinition", canonical)
    return found.canonical if found else canonical


def profiles() -> list[str]:
    """Return the profiles (`url|version`) of resources that we have: each wants a valid example."""
    library = default_registry().library
    definitions = library.of_kind("StructureDefinition")
    return sorted(d.canonical for d in definitions if d.content["kind"] == "resource" and not d.content.get("abstract"))
