"""For every rule: journals that it accepts, journals that it refuses and where, journals that say nothing to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules

from tests.rules.journal import Entry

Entries = Sequence[Entry]


@dataclass(frozen=True)
class Case:
    """The table of one rule.

    refused: each journal with what must be found, as "<exchange> <at>", followed by " (SHOULD)" or " (banc)"
    where level or authority is not the rule's own.
    """

    rule: str
    accepted: Sequence[Entries]
    refused: Sequence[tuple[Entries, Sequence[str]]]
    silent: Sequence[Entries] = field(default=((),))


def all_cases() -> list[Case]:
    """Cases of every module of this folder."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return [case for module in modules for case in module.CASES]
