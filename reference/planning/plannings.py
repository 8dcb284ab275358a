"""Availabilities of the professionals: declared together, then changed or withdrawn one by one."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reference import clock
from reference.planning.records import Availability, Planning
from reference.refusal import Refusal
from reference.store import Store

KINDS = ("free", "busy-unavailable")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FIELDS = {
    "debut": "start",
    "fin": "end",
    "type": "kind",
    "frequence": "frequency",
    "jours": "days",
    "jusqu_au": "until",
}


class Plannings:
    """The agendas of all professionals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def declare(
        self, professional: str, minutes: int, zone: str, openings: Sequence[Mapping[str, Any]]
    ) -> list[Availability]:
        """Keep these availabilities of a professional, instead of those of before; in the order given.

        openings: parameters of the vocabulary. Refusal when one of them makes no sense.
        """
        clock.zone(zone)
        made = [_made(f"d-{secrets.token_hex(8)}", professional, opening, zone) for opening in openings]
        for old in self.of(professional):
            self._store.delete(old)
        self._store.save(Planning(professional, minutes, zone))
        for one in made:
            self._store.save(one)
        return made

    def change(self, professional: str, availability: str, changes: Mapping[str, Any]) -> Availability:
        """Change one availability, and it alone. changes: parameters of the vocabulary; the others stay."""
        old = self._found(professional, availability)
        kept = {name: value for name, field in _FIELDS.items() if (value := getattr(old, field))}
        changed = _made(old.id, professional, {**kept, **changes}, self.planning(professional).zone)
        self._store.save(changed)
        return changed

    def withdraw(self, professional: str, availability: str) -> None:
        """Take one availability away, and it alone."""
        self._store.delete(self._found(professional, availability))

    def close(self, professional: str) -> None:
        """Take the agenda of this professional away, with her availabilities."""
        for one in (*self.of(professional), self.known(professional)):
            if one is not None:
                self._store.delete(one)

    def known(self, professional: str) -> Planning | None:
        """The agenda of this professional, or None."""
        return self._store.get(Planning, professional)

    def planning(self, professional: str) -> Planning:
        """The agenda of this professional; Refusal when she has declared none."""
        found = self.known(professional)
        if found is None:
            raise Refusal("agenda_absent", "Ce professionnel n'a pas déclaré ses disponibilités.")
        return found

    def of(self, professional: str) -> list[Availability]:
        """Her availabilities, in the order in which they were declared."""
        return self._store.all(Availability, professional)

    def _found(self, professional: str, availability: str) -> Availability:
        found = self._store.get(Availability, availability)
        if found is None or found.professional != professional:
            raise Refusal("disponibilite_inconnue", "Ce professionnel n'a pas cette disponibilité.")
        return found


def _made(id_: str, professional: str, opening: Mapping[str, Any], zone: str) -> Availability:
    unknown = opening.keys() - _FIELDS.keys()
    if unknown:
        raise Refusal("parametres", f"Paramètres inconnus : {', '.join(sorted(unknown))}.")
    made = Availability(id_, professional, **{_FIELDS[name]: value for name, value in opening.items()})
    start, end = clock.instant(made.start, zone), clock.instant(made.end, zone)
    if end <= start:
        raise Refusal("disponibilite_vide", "Une disponibilité finit après son début.")
    if made.kind not in KINDS or made.frequency not in ("", *FREQUENCIES) or set(made.days) - set(DAYS):
        raise Refusal("disponibilite_illisible", "Cette disponibilité n'est ni libre ni une absence, ou revient mal.")
    if (made.days and made.frequency != "WEEKLY") or (made.until and not made.frequency):
        raise Refusal(
            "recurrence_incoherente", "Des jours vont avec une fréquence hebdomadaire, une fin avec un retour."
        )
    if made.until and _day(made.until) < start.date():
        raise Refusal("recurrence_incoherente", "La dernière fois précède la première.")
    return made


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("date_illisible", f"« {text} » n'est pas une date.") from error
