"""AGD rules on one window written in two ways: the product must find the same slots and events (flow C)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import R4
from rules.instants import parse_instant
from rules.third_party import JUDGED, READS, SEARCHES, ids, is_whole

_DATES = ("start", "date")
_PREFIXES = ("eq", "ge", "gt", "le", "lt", "ne", "sa", "eb", "ap")

Reading = Callable[[Exchange], object]


@rule(
    "AGD-052",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (RFC 3986 : le « + » d'une requête se lit parfois comme une espace)",
    title="Une fenêtre dont le « + » n'est pas encodé rend les mêmes créneaux, ou est refusée (400), jamais décalée.",
    over="scenario",
)
def raw_plus_shifts_nothing(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for plain, raw in _twins(exchanges, lambda e: e.target.replace("+", "%2B")):
        if "+" in plain.target or "+" not in raw.target:
            continue
        expected = "HTTP 400, ou les mêmes ressources"
        if raw.status == 400:
            yield Examined(raw.id)
        elif raw.status != 200:
            yield Finding("statut HTTP", expected, f"HTTP {raw.status}", exchange=raw.id)
        else:
            yield from _compared(plain, raw, expected)


@rule(
    "AGD-053",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{R4}, search.html#date",
    title="La même fenêtre, en temps universel ou avec un décalage, rend les mêmes créneaux.",
    over="scenario",
)
def same_instants_give_the_same_set(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for one, other in _twins(exchanges, _meant):
        if one.target == other.target or "+" in one.target + other.target:
            continue
        if other.status != 200:
            yield Finding("statut HTTP", "HTTP 200", f"HTTP {other.status}", exchange=other.id)
        else:
            yield from _compared(one, other, "les mêmes ressources")


def _compared(one: Exchange, other: Exchange, expected: str) -> Iterator[Finding | Examined]:
    if not (is_whole(one) and is_whole(other)):
        return
    if ids(one) == ids(other):
        yield Examined(other.id)
        return
    lost, more = sorted(ids(one) - ids(other)), sorted(ids(other) - ids(one))
    seen = f"{len(lost)} en moins, {len(more)} en plus (par exemple {(lost + more)[0]})"
    yield Finding("Bundle.entry", expected, seen, exchange=other.id)


def _twins(exchanges: Sequence[Exchange], meaning: Reading) -> Iterator[tuple[Exchange, Exchange]]:
    """An answered search, and a later one that means the same, with nothing done in between."""
    known: dict[object, Exchange] = {}
    for exchange in exchanges:
        if not SEARCHES(exchange):
            known = known if READS(exchange) else {}
            continue
        asked = (exchange.operation, meaning(exchange))
        if asked in known and JUDGED(exchange):
            yield known[asked], exchange
        elif is_whole(exchange):
            known[asked] = exchange


def _meant(search: Exchange) -> object:
    """The parameters, their dates as instants: what does not depend on how they are written."""
    return tuple(sorted((name, _instant(value) if name in _DATES else value) for name, value in search.query))


def _instant(value: str) -> str:
    prefix, written = (value[:2], value[2:]) if value[:2] in _PREFIXES else ("", value)
    found = parse_instant(written)
    return value if found is None else f"{prefix}{found.astimezone(UTC).isoformat()}"
