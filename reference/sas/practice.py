"""The agendas that the SAS may search: who consults where, which slots are open, and which are still free."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reference import clock
from reference.config import Settings
from reference.refusal import Refusal
from reference.sas import numbers
from reference.sas.records import Place, Practitioner, Slot
from reference.store import Store

Given = Mapping[str, Any]


class Practice:
    """Practitioners, places and slots, in the product's own database."""

    def __init__(self, store: Store, settings: Callable[[], Settings]) -> None:
        self._store, self._settings = store, settings

    def open(
        self,
        places: Sequence[Given],
        slots: Iterable[Given],
        practitioner: Given | None = None,
        association: Given | None = None,
        communities: Iterable[Given] = (),
    ) -> list[str]:
        """Open slots (parameters of `ouvrir_creneaux_sas`); their ids. Refusal when it is not said whose they are."""
        if (practitioner is None) == (association is None):
            raise Refusal("titulaire_absent", "Un créneau est celui d'un praticien ou celui d'une association.")
        owner = "" if practitioner is None else self._practitioner(practitioner).id
        known = [self._place(owner, association, place) for place in places]
        named = {numbers.structure("finess", one["finess"]): str(one["nom"]) for one in communities}
        return [self._slot(known, named, slot).id for slot in slots]

    def slot(self, slot_id: str) -> Slot:
        """The slot. Refusal when there is none of that id."""
        found = self._store.get(Slot, slot_id)
        if found is None:
            raise Refusal("creneau_inconnu", "Ce créneau n'existe pas.")
        return found

    def place(self, slot: Slot) -> Place:
        """Where that slot is."""
        found = self._store.get(Place, slot.lieu)
        assert found is not None
        return found

    def occupy(self, slot_id: str) -> Slot:
        """Take a free slot: of simultaneous calls one wins, Refusal for the others."""
        with self._store.turn(slot_id):
            found = self.slot(slot_id)
            if not found.libre:
                raise Refusal("creneau_pris", "Ce créneau n'est plus libre.")
            found.libre = False
            self._store.save(found)
            return found

    def free(self, slot_id: str) -> None:
        """Give a slot back."""
        with self._store.turn(slot_id):
            found = self.slot(slot_id)
            found.libre = True
            self._store.save(found)

    def practitioners(self, wanted: Iterable[str]) -> list[Practitioner]:
        """Those of these national identifiers, given with their prefix or without, each once."""
        numbered = {numbers.practitioner(number) for number in wanted}
        return [one for one in self._store.all(Practitioner) if one.number in numbered]

    def places_of(self, owner: str) -> list[Place]:
        """Places of a practitioner (id), or sites of an association (prefixed SIRET)."""
        return self._store.all(Place, owner)

    def slots_at(self, place: Place, start: datetime, end: datetime) -> Iterator[Slot]:
        """Slots of that place which begin in the window, bounds included, in order; taken ones too."""
        found = [slot for slot in self._store.all(Slot, place.id) if start <= begins(slot) <= end]
        yield from sorted(found, key=begins)

    def _practitioner(self, given: Given) -> Practitioner:
        found = self.practitioners([given["identifiant"]])
        kept = Practitioner(
            id=found[0].id if found else f"ps-{secrets.token_hex(6)}",
            number=numbers.practitioner(given["identifiant"]),
            **given,
        )
        self._store.save(kept)
        return kept

    def _place(self, owner: str, association: Given | None, given: Given) -> Place:
        siret = "" if association is None else numbers.structure("siret", association["siret"])
        found = [place for place in self.places_of(owner or siret) if place.nom == given["nom"]]
        own = given.get("structure")
        kept = Place(
            **{
                "fuseau": self._settings().fuseau,
                **given,
                "id": found[0].id if found else f"lieu-{secrets.token_hex(6)}",
                "praticien": owner,
                "structure": "" if own is None else numbers.structure(own["type"], own["numero"]),
                "association": siret,
                "nom_association": "" if association is None else association["nom"],
            }
        )
        clock.zone(kept.fuseau)
        self._store.save(kept)
        return kept

    def _slot(self, places: Sequence[Place], communities: Mapping[str, str], given: Given) -> Slot:
        if given["lieu"] >= len(places):
            raise Refusal("lieu_inconnu", "Ce créneau n'est dans aucun des lieux donnés.")
        place = places[given["lieu"]]
        begin = clock.instant(given["debut"], place.fuseau)
        wanted = [numbers.structure("finess", one) for one in given.get("cpts", ())]
        kept = Slot(
            id=f"creneau-{secrets.token_hex(6)}",
            lieu=place.id,
            debut=begin.isoformat(),
            fin=clock.after(begin, given["duree_minutes"]).isoformat(),
            publics=list(given["publics"]),
            consultations=list(given["consultations"]),
            patientele=given.get("reserve_patientele", False),
            cpts={finess: communities[finess] for finess in wanted},
            motif=given.get("motif", ""),
            reservable=given.get("reservable", True),
        )
        self._store.save(kept)
        return kept


def begins(slot: Slot) -> datetime:
    """Instant at which a slot begins."""
    return datetime.fromisoformat(slot.debut)
