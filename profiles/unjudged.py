"""What of a profile is not judged, so that nobody takes silence for a verdict."""

from __future__ import annotations

from profiles.library import Definition
from profiles.model import split_canonical
from profiles.registry import Registry, bound_value_sets


def unjudged(registry: Registry, canonical: str) -> tuple[str, ...]:
    """Return what a profile (or base type) says and the registry cannot judge, one French phrase each.

    Its missing base or value sets, and what compiling left out: slices that nothing tells apart, invariants that
    nothing executes, profiles that are not loaded. Raises UnknownProfile, UnusableDefinition.
    """
    definition = registry.library.exact("StructureDefinition", canonical)
    root = registry.snapshot(canonical)
    if definition and root is None:
        return (f"base absente {definition.content.get('baseDefinition', '')}",)
    notes = [] if definition is None else absent_base(registry, definition)
    cited = bound_value_sets(root) if root else set()
    notes += [f"jeu de valeurs absent {each}" for each in sorted(cited) if registry.codes(each) is None]
    return tuple(dict.fromkeys((*notes, *registry.compiled(canonical).limits)))


def absent_base(registry: Registry, definition: Definition) -> list[str]:
    """Return the note of a base that is not loaded: a snapshot judges without it."""
    parent = str(definition.content.get("baseDefinition", ""))
    if registry.library.cited("StructureDefinition", parent, definition.guide) or registry.knows(parent):
        return []
    return [f"base absente {split_canonical(parent)[0]} (le snapshot du paquet la remplace)"]
