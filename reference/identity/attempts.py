"""Which traits are sent, one attempt after the other: all are those of the file, none is made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reference.identity.traits import UNKNOWN_PLACE, Traits


@dataclass(frozen=True)
class Attempt:
    """Traits of one search: these first names, and this place ("" for none)."""

    traits: Traits
    first_names: tuple[str, ...]
    place: str = ""


def first(traits: Traits) -> Attempt:
    """The first attempt: the first first-name, without the place."""
    return Attempt(traits, traits.prenoms[:1])


def when_nobody(traits: Traits) -> Iterator[Attempt]:
    """After 01: all the first names."""
    if len(traits.prenoms) > 1:
        yield Attempt(traits, traits.prenoms)


def when_several(traits: Traits) -> Iterator[Attempt]:
    """After 02: the other first names one by one, in order, then the place of birth when it is known."""
    for count in range(2, len(traits.prenoms) + 1):
        yield Attempt(traits, traits.prenoms[:count])
    if traits.lieu_naissance not in ("", UNKNOWN_PLACE):
        yield Attempt(traits, traits.prenoms, traits.lieu_naissance)


def made_up(traits: Traits) -> Attempt:
    """Traits that the file does not hold: only a defect tries them."""
    return Attempt(replace(traits, sexe="F" if traits.sexe == "M" else "M"), traits.prenoms[:1])
