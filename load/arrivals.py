"""When calls arrive: instants fixed beforehand, whatever the answers take (an open load).

Generators that wait for an answer before they ask again slow down with the product and hide its slowness; here a
late answer makes the next arrivals late, and they are counted from the instant they were due.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count, takewhile
from typing import Any

from harness.errors import SetUpError

_NEEDED = {
    "constante": ("debit",),
    "rafales": ("debit", "rafale", "toutes_les_s"),
    "montee": ("debit", "facteur", "montee_s"),
    "vagues": ("tours", "clients", "toutes_les_s"),
    "au_plus_vite": ("nombre",),
}


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One shape and its numbers (keys of `profils.toml`).

    constante: `rate` per second. rafales: the same in mean, `burst` of them within one second every `every_s`.
    montee: from `rate` to `factor` times that in `rise_s` seconds, then steady. vagues: `rounds` times `clients` at
    once, every `every_s`. au_plus_vite: `number` of them, each as soon as a client is free.
    """

    shape: str
    rate: float = 0.0
    burst: int = 0
    every_s: float = 0.0
    factor: float = 1.0
    rise_s: float = 1.0
    rounds: int = 0
    clients: int = 0
    number: int = 0

    @classmethod
    def from_table(cls, profile: str, table: Mapping[str, Any]) -> Arrivals:
        """From the TOML table. Raises SetUpError when a number that the shape needs is missing."""
        missing = [key for key in _NEEDED[table["forme"]] if key not in table]
        if missing:
            keys = ", ".join(missing)
            raise SetUpError(f"profil {profile} : la forme « {table['forme']} » demande la clé {keys}.")
        found = cls(
            table["forme"],
            table.get("debit", 0.0),
            table.get("rafale", 0),
            table.get("toutes_les_s", 0.0),
            table.get("facteur", 1.0),
            table.get("montee_s", 1.0),
            table.get("tours", 0),
            table.get("clients", 0),
            table.get("nombre", 0),
        )
        if found.shape == "rafales" and (found.every_s <= 1 or found.burst >= found.rate * found.every_s):
            raise SetUpError(f"profil {profile} : les rafales dépassent à elles seules le débit moyen.")
        return found

    def at(self, rate: float) -> Arrivals:
        """The same shape at another rate (arrivals per second). Raises SetUpError for a shape that has none."""
        if not self.rate:
            raise SetUpError(f"la forme « {self.shape} » n'a pas de débit à changer.")
        scale = rate / self.rate
        return replace(self, rate=rate, every_s=self.every_s / scale)

    @property
    def peak(self) -> float:
        """Highest rate asked for, arrivals per second; 0 for the shapes that have none."""
        return self.rate * self.factor + (self.burst if self.shape == "rafales" else 0)

    def count(self, duration_s: float) -> int:
        """About how many arrivals in that time."""
        if self.shape == "vagues":
            return self.rounds * self.clients
        if self.shape == "au_plus_vite":
            return self.number
        risen = min(self.rise_s, duration_s) if self.shape == "montee" else 0.0
        steady = self.factor if self.shape == "montee" else 1.0
        return int(self.rate * ((duration_s - risen) * steady + risen * (1 + steady) / 2))

    def instants(self, duration_s: float) -> Iterator[float]:
        """Seconds after the start at which each arrival is due, in order."""
        made = {
            "constante": self._steady,
            "rafales": self._bursts,
            "montee": self._rise,
            "vagues": self._rounds,
            "au_plus_vite": self._at_once,
        }[self.shape]()
        return takewhile(lambda due: due < duration_s, made)

    def _steady(self, rate: float | None = None) -> Iterator[float]:
        pace = 1 / (rate or self.rate)
        return (rank * pace for rank in count())

    def _bursts(self) -> Iterator[float]:
        bursts = (turn * self.every_s + rank / self.burst for turn in count() for rank in range(self.burst))
        return heapq.merge(self._steady(self.rate - self.burst / self.every_s), bursts)

    def _rise(self) -> Iterator[float]:
        due = 0.0
        while True:
            yield due
            due += 1 / (self.rate * (1 + (self.factor - 1) * min(1.0, due / self.rise_s)))

    def _rounds(self) -> Iterator[float]:
        return (turn * self.every_s for turn in range(self.rounds) for _ in range(self.clients))

    def _at_once(self) -> Iterator[float]:
        return (0.0 for _ in range(self.number))
