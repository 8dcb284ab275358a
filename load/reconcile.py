"""Reconciliation: each appointment accepted is at both ends exactly once, as it was last said. Pure functions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from load.ledger import Entry
from rules import Authority

# Kinds of discrepancy, and the authority of what they break.
AUTHORITIES: Mapping[str, Authority] = {
    "perdu": Authority.OFFICIELLE,  # AGD-021: every step is sent; FHIR R4, http: 201 says that it is made
    "périmé": Authority.OFFICIELLE,  # AGD-021
    "doublé": Authority.DEDUITE,  # AGD-039
    "inattendu": Authority.BANC,
    "non envoyé": Authority.BANC,  # AGD-090: it is kept, and still waits
    "créneau pris deux fois": Authority.BANC,  # AGD-057, AGD-093
    "créneau sans gagnant": Authority.BANC,
    "créneau incohérent": Authority.BANC,
}


FREEING = ("cancelled", "entered-in-error", "waitlist")  # statuses of an appointment that takes nobody's time


@dataclass(frozen=True, slots=True)
class Seen:
    """One appointment as an end shows it. key: `system|value`, "" when it shows none. start: UTC, as in the ledger."""

    key: str
    owner: str
    start: str
    status: str


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that does not add up. end: where. key: appointment, or slot. detail: French."""

    kind: str
    end: str
    key: str
    detail: str


def compare(entries: Sequence[Entry], seen: Sequence[Seen], end: str) -> list[Discrepancy]:
    """What one end shows against the ledger. An end that shows no identifier is compared by owner and instant."""
    by_key: dict[str, list[Seen]] = defaultdict(list)
    by_time: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for one in seen:
        by_key[one.key].append(one)
        by_time[one.owner, one.start].append(one)
    found: list[Discrepancy] = []
    explained: set[int] = set()
    for entry in entries:
        matches = by_key.get(entry.key) or [one for one in by_time[entry.owner, entry.start] if not one.key]
        explained.update(map(id, matches))
        found += _one(entry, matches, end)
    known = {(entry.owner, entry.start) for entry in entries if entry.outcome != "refuse"}
    for one in seen:
        if id(one) in explained:
            continue
        kind = "doublé" if (one.owner, one.start) in known else "inattendu"
        found.append(Discrepancy(kind, end, one.key, f"personne ne l'a demandé ; {one.start}, {one.owner}"))
    return found


def _one(entry: Entry, matches: Sequence[Seen], end: str) -> Iterable[Discrepancy]:
    if len(matches) > 1:
        yield Discrepancy("doublé", end, entry.key, f"présent {len(matches)} fois")
    elif not matches and entry.outcome == "accepte":
        yield Discrepancy("perdu", end, entry.key, f"accepté, absent ; {entry.start}, {entry.owner}")
    elif not matches and entry.outcome == "attente":
        yield Discrepancy("non envoyé", end, entry.key, "gardé par le produit, et pas encore parti")
    elif matches and entry.outcome == "refuse":
        yield Discrepancy("inattendu", end, entry.key, "refusé, et présent")
    elif matches and entry.outcome == "accepte":
        yield from _stale(entry, matches[0], end)


def _stale(entry: Entry, seen: Seen, end: str) -> Iterable[Discrepancy]:
    """A change without an answer (no start in the ledger) may have been made or not."""
    if entry.start and (entry.start, entry.status) != (seen.start, seen.status):
        said = f"dernier état accepté : {entry.start} {entry.status} ; vu : {seen.start} {seen.status}"
        yield Discrepancy("périmé", end, entry.key, said)


def races(entries: Iterable[Entry], end: str) -> list[Discrepancy]:
    """Each slot that was fought for has exactly one winner; a lost answer may hide that of a slot without one."""
    fights: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.slot:
            fights[entry.slot].append(entry)
    found = []
    for slot, asked in fights.items():
        winners = [one.key for one in asked if one.outcome == "accepte"]
        if len(winners) > 1:
            found.append(Discrepancy("créneau pris deux fois", end, slot, f"accepté à : {', '.join(winners)}"))
        elif not winners and not any(one.outcome == "incertain" for one in asked):
            found.append(Discrepancy("créneau sans gagnant", end, slot, f"refusé à {len(asked)} demandes"))
    return found


def overbooked(entries: Iterable[Entry], seen: Iterable[Seen], end: str) -> list[Discrepancy]:
    """Two events of one agenda at one instant, where no race says it already (`races`).

    All appointments of a load last as long, and only those who fight for a slot ask for the same instant.
    """
    won = Counter((one.owner, one.start) for one in entries if one.slot and one.outcome == "accepte")
    at: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in seen:
        if one.status not in FREEING and one.start:
            at[one.owner, one.start].append(one.key)
    return [
        Discrepancy("créneau pris deux fois", end, f"{owner} {start}", ", ".join(keys))
        for (owner, start), keys in at.items()
        if len(keys) > 1 and won[owner, start] < 2
    ]


def incoherent(slots: Iterable[str], end: str) -> list[Discrepancy]:
    """Slots that were won, and are offered still (AGD-058)."""
    return [Discrepancy("créneau incohérent", end, slot, "pris, et encore offert") for slot in slots]


def integrity(report: Mapping[str, Any], end: str) -> list[Discrepancy]:
    """What the agenda manager's own report says (`GET …/gap/bilan`)."""
    doubled = [
        Discrepancy("créneau pris deux fois", end, one["schedule"], ", ".join(one["rendez_vous"]))
        for one in report["doubles_reservations"]
    ]
    doubled += [
        Discrepancy("doublé", end, one["identifiant"], ", ".join(one["rendez_vous"]))
        for one in report["identifiants_en_double"]
    ]
    return doubled + [Discrepancy("créneau incohérent", end, one, "") for one in report["creneaux_incoherents"]]
