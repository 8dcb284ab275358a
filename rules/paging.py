"""Searches and the links that answers give to the next page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from rules.core import Examined, Finding
from rules.exchange import Exchange
from rules.reading import objects, text
from rules.selectors import DONE, SPOILED, On, of_each_person

Address = tuple[str, tuple[tuple[str, str], ...]]


def address(url: str) -> Address | None:
    """Path and parameters of an address, decoded; None for something that is no address."""
    try:
        parts = urlsplit(url)
        return parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return None


def next_link(answer: Exchange) -> str:
    """URL of the next page that this answer gives, empty when it is the last."""
    links = objects(answer.answer_resource.get("link"))
    return next((text(link.get("url")) for _, link in links if link.get("relation") == "next"), "")


def first_pages(exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
    """The searches that the product wrote itself, without those made by following a link of an answer."""
    given: set[Address | None] = set()
    for search in exchanges:
        if address(search.target) not in given:
            yield search
        given.add(address(next_link(search)) if next_link(search) else None)


def judged_paging(exchanges: Sequence[Exchange], searches: On) -> Iterator[Finding | Examined]:
    """Every next link must be asked for. An answer that the bench spoiled (looping link) asks for nothing.

    Where the record stops right after a page nothing is said: the next request may be on its way.
    """
    asked = [(e.id, address(e.target)) for e in exchanges if searches(e)]
    nobodys = [e for e in exchanges[:-1] if e.person is None and DONE(e)]
    for pages in (nobodys, *(mine[:-1] for mine in of_each_person(exchanges))):
        for page in pages:
            link = next_link(page) if searches(page) and DONE(page) and not SPOILED(page) else ""
            if not link:
                continue
            if any(place > page.id and target == address(link) for place, target in asked):
                yield Examined(page.id)
            else:
                expected = "la page suivante, demandée par le lien tel quel"
                yield Finding("Bundle.link.where(relation = 'next')", expected, "jamais demandée", exchange=page.id)
