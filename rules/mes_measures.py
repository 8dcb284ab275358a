"""MES-24 to MES-27 and MES-55: reading measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.mes_tokens import MESURES
from rules.paging import first_pages, judged_paging
from rules.reading import dig, objects, shown, text
from rules.selectors import MES_MEASURE_SEARCHES, On, action

DEFAULT_COUNT, MAX_COUNT = 50, 100  # API Mesures v1.5.2 §2.3.1


def is_last_mode(search: Exchange) -> bool:
    """The "last measure" mode: sorted, or one single result without period."""
    return bool(search.values("_sort") or (search.values("_count") == ("1",) and not search.values("date")))


@rule(
    "MES-24",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES} §2.3.1.1",
    title="La recherche de toutes les mesures donne les deux bornes de la période.",
    on=MES_MEASURE_SEARCHES,
    over="scenario",
)
def both_bounds(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for search in first_pages(exchanges):
        if is_last_mode(search):
            continue
        prefixes = {value[:2] for value in search.values("date")}
        missing = [said for said, wanted in (("ge", {"ge", "gt"}), ("le", {"le", "lt"})) if not prefixes & wanted]
        for bound in missing:
            yield Finding("date", f"une borne {bound}…", shown(", ".join(search.values("date"))), exchange=search.id)
        if not missing:
            yield Examined(search.id)


@rule(
    "MES-25",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES}, erreurs de la recherche",
    title="La recherche de la dernière mesure emploie _sort=-date et _count=1, sans _offset.",
    on=MES_MEASURE_SEARCHES,
    over="scenario",
)
def last_measure(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    wanted = {"_sort": ("-date",), "_count": ("1",), "_offset": ()}
    for search in first_pages(exchanges):
        if not is_last_mode(search):
            continue
        wrong = [name for name, values in wanted.items() if search.values(name) != values]
        for name in wrong:
            expected = ", ".join(wanted[name]) or "absent"
            yield Finding(name, expected, shown(", ".join(search.values(name))), exchange=search.id)
        if not wrong:
            yield Examined(search.id)


@rule(
    "MES-26",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES} §2.3",
    title="Une page compte au plus 100 mesures, et les pages suivantes sont lues jusqu'à la dernière.",
    over="scenario",
)
def pages_of_measures(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for search in filter(MES_MEASURE_SEARCHES, exchanges):
        for count in search.values("_count"):
            if count.isdecimal() and int(count[:9]) <= MAX_COUNT:
                yield Examined(search.id)
            else:
                yield Finding("_count", f"au plus {MAX_COUNT}", shown(count), exchange=search.id)
    yield from judged_paging(exchanges, MES_MEASURE_SEARCHES & ~On(is_last_mode))


@rule(
    "MES-27",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES} §2.3.1",
    title="_offset est un numéro de page qui commence à 0, non un numéro de ligne.",
    on=MES_MEASURE_SEARCHES,
    over="person",
)
def offset_is_a_page(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A jump of a whole page of lines after the first page betrays a line number; one page alone tells nothing."""
    first: set[tuple[tuple[str, str], ...]] = set()
    for search in first_pages(exchanges):
        offset = (search.values("_offset") or ("0",))[-1]
        count = (search.values("_count") or (str(DEFAULT_COUNT),))[-1]
        same = tuple(pair for pair in search.query if pair[0] not in ("_offset", "_count"))
        if not offset.isdecimal():
            yield Finding("_offset", "un numéro de page à partir de 0", shown(offset), exchange=search.id)
        elif offset == count != "1" and same in first:
            yield Finding("_offset", "1 pour la deuxième page", offset, exchange=search.id)
        elif search.values("_offset"):
            yield Examined(search.id)
        if not offset.strip("0"):
            first.add(same)
        elif offset == "1":
            first.discard(same)


@rule(
    "MES-55",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES} §2",
    title="Les mesures lues gardent leur auteur : l'usager, ce produit ou un autre service.",
    on=action("lire_mesures"),
    over="scenario",
)
def measures_keep_their_author(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """That they are not sent back is for the feed of measures, which is not served yet."""
    for read in exchanges:
        for place, measure in objects(dig(read.answer_json, "mesures")):
            if text(measure.get("auteur")).strip():
                yield Examined(read.id)
            else:
                yield Finding(f"lire_mesures.mesures[{place}].auteur", "l'auteur", "rien", exchange=read.id)
