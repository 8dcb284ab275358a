"""What the usager does with the DMP in Mon espace santé (sheet DMP §12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mocks.dmp import model_records, model_versions
from mocks.dmp.access import visibilities
from mocks.dmp.model_documents import Entry, Registry
from mocks.dmp.model_records import Record
from mocks.dmp.names import (
    ARCHIVED,
    DELETED,
    DEPRECATED,
    HIDDEN_FROM_REPRESENTATIVES,
    MASKED,
    VISIBILITY_SYSTEM,
)

ON_RECORD = ("bloquer", "debloquer", "s_opposer", "lever_opposition", "fermer", "reactiver")
ON_DOCUMENT = ("masquer", "demasquer", "rendre_visible_representants", "supprimer", "archiver")
ACTS = (*ON_DOCUMENT, *ON_RECORD)
_CLOSED_BY = {"fermer": "DEMANDE_USAGER", "s_opposer": "OPPOSITION"}
_STATUS = {"supprimer": DELETED, "archiver": ARCHIVED}


class IllegalActError(ValueError):
    """An act that the state of the DMP does not allow; the text is a French sentence."""


def on_record(record: Record, act: str, wish: Mapping[str, Any], day: str) -> Record:
    """The DMP once its person did this. day: of the act, for a closing. Raises IllegalActError."""
    if act in ("bloquer", "debloquer"):
        professional = wish.get("professionnel")
        if professional is None:
            raise IllegalActError("« professionnel » manque : qui bloquer ou débloquer.")
        others = tuple(one for one in record.blocked if one != professional)
        return replace(record, blocked=(*others, professional) if act == "bloquer" else others)
    if act in _CLOSED_BY:
        return replace(record, status=model_records.CLOSED, closing={"date": day, "motif": _CLOSED_BY[act]})
    return replace(record, status=model_records.ACTIVE, closing={})


@dataclass(frozen=True)
class DocumentAct:
    """An act on a document. target: its last version."""

    registry: Registry
    target: Entry

    def do(self, act: str) -> Entry:
        """Do it; gives the last version. Raises IllegalActError."""
        if self.target.status in (DELETED, DEPRECATED):
            raise IllegalActError("Ce document n'est plus en vigueur.")
        if act in _STATUS:
            self.registry.set_status(self.target.uuid, _STATUS[act], latest=True)
            return replace(self.target, status=_STATUS[act])
        change = _CHANGES[act]
        codes = visibilities(self.target.facts)
        return self._with(change(codes)) if change(codes) != codes else self.target

    def _with(self, codes: set[str]) -> Entry:
        """A new version with these confidentiality codes."""
        kept = [one for one in self.target.facts["confidentiality"] if one["code"] in codes]
        added = sorted(codes - visibilities(self.target.facts))
        shown = [{"code": code, "system": VISIBILITY_SYSTEM, "label": code} for code in added]
        return model_versions.store(self.registry, self.target, [*kept, *shown])


_CHANGES: Mapping[str, Callable[[set[str]], set[str]]] = {
    "masquer": lambda codes: codes | {MASKED},
    "demasquer": lambda codes: codes - {MASKED},
    "rendre_visible_representants": lambda codes: codes - {HIDDEN_FROM_REPRESENTATIVES},
}
