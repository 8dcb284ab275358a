"""A defect: one thing wrong with the product, said in French, with the rules and scenarios that must fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reference.spoil import Spoil, Switch


@dataclass(frozen=True)
class Defect:
    """One thing wrong.

    trips: ids of rules (`AGD-009`) and names of scenarios (`doublons::Un envoi répété…`) that must fall; the scenarios
    are those of `scenarios.csv`, added by the catalogue.
    says: what the product does, in one French sentence. sockets: it shows over real sockets only (TLS, certificates).
    also: those that fall with them, and why (French).
    load: load profiles (`banc load`) whose verdict must catch it; one that no scenario shows has no `trips`.
    """

    id: str
    trips: tuple[str, ...]
    says: str
    spoil: Spoil | Switch
    also: Mapping[str, str] = field(default_factory=dict)
    sockets: bool = False
    load: tuple[str, ...] = ()
