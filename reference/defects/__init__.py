"""The catalogue of what can be wrong with the product.

Most defects are declarative: they change an outgoing request at the one way out (`wire.py`). The others are
switches, each read at one point of the product with `defects.has("name")`; a test holds that every switch of
the catalogue is read in the code and that every one read is in the catalogue.

| Where the switch is read | Switches |
|---|---|
| `wire.py` | what the log says: `jeton_dans_le_journal`, `ins_dans_le_journal` |
| `oauth.py` | `pkce_verifier_reutilise`, `code_echange_deux_fois`, `nonce_non_verifie`, `oid_non_verifie` |
| `pairing.py` | state, external identity, effects of refusals, forgetting of tokens |
| `gateway.py` | which tokens are presented, how often one tries again, what is allowed |
| `outbox.py` | what is queued, retried, kept silent |
| `agenda.py` | identifiers and transitions |
| `reading.py`, `views.py` | pages, what is kept, what is shown |
| `contents.py`, `web/`, `product.py` | contents, sessions, ways in, echo |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from reference.defects import agenda, pairing, portal, reading
from reference.defects.kind import Defect
from reference.spoil import Outgoing, Spoil, Switch

__all__ = ["CATALOGUE", "Defect", "Defects"]

CATALOGUE: Mapping[str, Defect] = MappingProxyType(
    {defect.id: defect for defect in pairing.DEFECTS + agenda.DEFECTS + reading.DEFECTS + portal.DEFECTS}
)


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

    def has(self, name: str) -> bool:
        """True when the defect behind this switch is on."""
        return name in self._switches

    def apply(self, request: Outgoing) -> None:
        """Spoil a request that is about to leave."""
        for change in self._changes:
            change.apply(request)
