"""Actions of the vocabulary that are about the SAS: a part of `Product`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reference.sas.practice import Practice

Result = dict[str, Any]


class _Parts(Protocol):
    practice: Practice


class SasActions:
    """Slots that the platform may see."""

    def ouvrir_creneaux_sas(
        self: _Parts,
        lieux: Sequence[Mapping[str, Any]],
        creneaux: Sequence[Mapping[str, Any]],
        praticien: Mapping[str, Any] | None = None,
        association: Mapping[str, Any] | None = None,
        cpts: Sequence[Mapping[str, Any]] = (),
    ) -> Result:
        """Open slots of a practitioner, or of the sites of an association."""
        return {"creneaux": self.practice.open(lieux, creneaux, praticien, association, cpts)}

    def occuper_creneau_sas(self: _Parts, creneau: str) -> Result:
        """Give a slot to a patient of the practice."""
        self.practice.occupy(creneau)
        return {}
