"""Which documents leave for the DMP by themselves once they are valid (SC.DMP/ALI/PROG.02 and 03)."""

from __future__ import annotations

from collections.abc import Sequence

from reference.defects import Defects
from reference.dmp.records import Document, Feeding
from reference.store import Store


class Feedings:
    """The choice of the structure, and that of a professional for one document."""

    def __init__(self, store: Store, defects: Defects) -> None:
        self._store, self._defects = store, defects

    def choose(self, kinds: Sequence[str]) -> None:
        """Set the kinds of documents."""
        self._store.save(Feeding(list(kinds)))

    def concerns(self, document: Document, *, wished: bool) -> bool:
        """Whether a document that was just validated leaves. wished: the user did not keep it; never remembered."""
        chosen = self._store.get(Feeding, "alimentation") or Feeding()
        if self._defects.has("alimentation_jamais_automatique") or not chosen.kinds:
            return False
        if chosen.held and self._defects.has("retenue_memorisee"):
            return False
        chosen.held = not wished
        self._store.save(chosen)
        every = self._defects.has("alimentation_de_tout_type")
        return (wished or self._defects.has("retenue_ignoree")) and (every or document.kind in chosen.kinds)
