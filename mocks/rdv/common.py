"""The times at which several professionals are free together (agenda-sas §8.5). Pure: slots in, times out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Free:
    """A free slot: [low, high[ in microseconds since 1970."""

    low: int
    high: int
    id: str


@dataclass(frozen=True, slots=True)
class Common:
    """A time that suits everybody. slots: ids of those that it takes, by agenda in the order given."""

    low: int
    high: int
    slots: Sequence[Sequence[str]]


def common(agendas: Sequence[Sequence[Free]], busy: Iterable[tuple[int, int]], length: int, most: int) -> list[Common]:
    """The first times of that length at which each agenda is free throughout, and nothing of `busy` takes place.

    agendas: free slots of each professional. A time begins where a slot of one of them begins; slots that follow one
    another may be taken together. length: microseconds. most: how many times are wanted.
    """
    taken, found = list(busy), []
    for low in sorted({slot.low for agenda in agendas for slot in agenda}):
        high = low + length
        if any(start < high and low < end for start, end in taken):
            continue
        chains = [_chain(sorted(agenda), low, high) for agenda in agendas]
        if all(chains):
            found.append(Common(low, high, [[slot.id for slot in chain] for chain in chains]))
        if len(found) == most:
            break
    return found


def _chain(agenda: Sequence[Free], low: int, high: int) -> list[Free]:
    """Slots that follow one another and cover [low, high[; empty when the agenda is not free throughout."""
    chain: list[Free] = []
    reached = low
    for slot in agenda:
        if reached >= high:
            break
        if slot.low <= reached < slot.high:
            chain.append(slot)
            reached = slot.high
    return chain if reached >= high else []


def apart(times: Iterable[Common]) -> Iterator[Common]:
    """Those times that do not begin before the one before has ended."""
    end = 0
    for time in times:
        if time.low >= end:
            yield time
            end = time.high
