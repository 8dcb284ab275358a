"""The catalogue of what can be wrong with the product.

Most defects are declarative: they change an outgoing request at the one way out (`wire.py`). The others are
switches, each read at one point of the product with `defects.has("name")`; a test holds that every switch of
the catalogue is read in the code and that every one read is in the catalogue.

| Where the switch is read | Switches |
|---|---|
| `wire.py` | what the log says: `jeton_dans_le_journal`, `ins_dans_le_journal` |
| `oauth.py` | `pkce_verifier_reutilise`, `code_echange_deux_fois`, what is not checked of an id_token |
| `pairing.py` | state, external identity, effects of refusals, forgetting of tokens |
| `gateway.py` | which tokens are presented, how often one tries again, what is allowed |
| `outbox.py` | what is queued, retried, kept silent |
| `agenda.py` | identifiers and transitions |
| `reading.py`, `views.py` | pages, what is kept, what is shown |
| `contents.py`, `web/`, `product.py` | contents, sessions, ways in, echo |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from reference.defects import agenda, pairing, portal, reading
from reference.defects.kind import Defect
from reference.spoil import Outgoing, Spoil, Switch

__all__ = ["CATALOGUE", "Defect", "Defects"]

_PAIRING = ("DE4-41-UC1", "DE1-AGENDA-UC1", "REC-4.1.6", "DE4-41-UC2", "REC-1.1.10", "DE4-41-UC1-DIRECT")
_WRITING = ("DE1-AGENDA-UC1", "DE1-AGENDA-FA", "DE1-AGENDA-UC1-DOUBLON", "REC-1.1.9", "REC-1.1.10")
_READING = ("DE1-AGENDA-UC1P", "DE1-AGENDA-UC1-AJOUT", "DE1-AGENDA-FAP", "DE1-AGENDA-FA-SEGUR1", *_WRITING)
_PORTAL = ("DE4-42-UC1", "DE4-41-UC1-DIRECT")
_MATTERS = (
    (pairing.DEFECTS, _PAIRING),
    (agenda.INSTANTS + agenda.CONTENT, _WRITING),
    (agenda.LIFE, (*_WRITING, *_PAIRING)),
    (reading.AGENDA, (*_READING, "REC-4.1.6")),
    (reading.MEASURES, ("REC-4.1.6",)),
    (portal.DEFECTS, (*_PORTAL, *_PAIRING, *_READING)),
)
"""Defects of one matter, and the use cases whose scenarios may fall with their rules."""


def _with_scenarios(defect: Defect, use_cases: Iterable[str]) -> Defect:
    reason = "un scénario de la même matière tombe avec la règle"
    tolerated = {name: reason for name in use_cases if name not in defect.trips}
    return replace(defect, also={**tolerated, **defect.also})


CATALOGUE: Mapping[str, Defect] = MappingProxyType(
    {defect.id: _with_scenarios(defect, use_cases) for group, use_cases in _MATTERS for defect in group}
)


_SPOILT = {id_: defect.spoil for id_, defect in CATALOGUE.items() if isinstance(defect.spoil, Spoil)}
_SWITCHED = {defect.spoil.name: (id_,) for id_, defect in CATALOGUE.items() if isinstance(defect.spoil, Switch)}


class Defects:
    """The defects switched on in one product; ValueError for an id that the catalogue does not have."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        wanted = tuple(ids)
        unknown = [name for name in wanted if name not in CATALOGUE]
        if unknown:
            raise ValueError(f"défaut inconnu : {', '.join(unknown)}")
        spoils = [CATALOGUE[name].spoil for name in wanted]
        self._switches = frozenset(spoil.name for spoil in spoils if isinstance(spoil, Switch))
        self._changes = tuple(spoil for spoil in spoils if isinstance(spoil, Spoil))
        self._met: set[str] = set()

    def has(self, name: str) -> bool:
        """True when the defect behind this switch is on."""
        self._met.update(_SWITCHED.get(name, ()))
        return name in self._switches

    def apply(self, request: Outgoing) -> None:
        """Spoil a request that is about to leave."""
        self._met.update(id_ for id_, spoil in _SPOILT.items() if spoil.aims_at(request))
        for change in self._changes:
            change.apply(request)

    def met(self) -> frozenset[str]:
        """Ids of the defects whose place in the product was reached since the last call, switched on or not."""
        found = frozenset(self._met)
        self._met.clear()
        return found
