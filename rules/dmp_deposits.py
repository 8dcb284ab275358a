"""DMP-050, DMP-051: what is deposited once, and again after a lost answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import (
    DEPOSITS,
    HOMO,
    IHE,
    QUERIES,
    RPLC,
    SUCCEEDED,
    WITH_ENTRIES,
    Document,
    associations,
    code,
    codes,
    entries,
)
from rules.exchange import Exchange
from rules.reading import dig, shown, text
from rules.selectors import UNCERTAIN, On

_DEPOSITED = DEPOSITS & WITH_ENTRIES
_DUPLICATE = On(lambda e: e.context.get("refusal") == "XDSDuplicateUniqueIdInRegistry")


@rule(
    "DMP-050",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (alimentation : document vide ou inchangé)",
    title="Un document vide n'est pas déposé ; un document déjà déposé, inchangé, ne l'est pas de nouveau.",
    on=DEPOSITS,
    over="scenario",
)
def nothing_empty_nor_twice(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Unchanged: the same bytes, or a new version whose body, title, dates and confidentiality did not change."""
    kept: dict[str, int] = {}
    bodies: dict[str, tuple[object, ...]] = {}
    for e in exchanges:
        for one in entries(e):
            digest, made = text(one.raw.get("sha1")), _content(one, e)
            old = [bodies[parent] for parent in _replaced(one) if parent in bodies]
            if _is_empty(one):
                yield Finding(one.at("size"), "un document qui a un contenu", "un document vide", exchange=e.id)
            elif digest and digest in kept:
                seen = f"le document de l'échange {kept[digest]}"
                yield Finding(one.at("uniqueId"), "un document nouveau ou changé", seen, exchange=e.id)
            elif made is not None and made in old:
                expected = "une version dont le contenu change"
                yield Finding(one.at("uniqueId"), expected, "le contenu de la version remplacée", exchange=e.id)
            else:
                yield Examined(e.id)
        if SUCCEEDED(e):
            kept |= {text(one.raw.get("sha1")): e.id for one in entries(e) if one.raw.get("sha1")}
            bodies |= {one.unique_id: made for one in entries(e) if (made := _content(one, e)) is not None}


def _is_empty(document: Document) -> bool:
    return document.raw.get("size") == 0 or dig(document.cda, "body", "size") == 0


def _replaced(document: Document) -> list[str]:
    """The uniqueIds that the CDA says it replaces."""
    related = document.cda.get("related")
    found = related if isinstance(related, list) else []
    return [text(name) for one in found for name in (dig(one, "ids") or []) if dig(one, "type") == "RPLC"]


_CDA_BODY = re.compile(r"<(?:[\w.-]+:)?nonXMLBody\b.*?</(?:[\w.-]+:)?nonXMLBody>", re.DOTALL)


def _content(document: Document, e: Exchange) -> tuple[object, ...] | None:
    """What makes a version another one; None when the message does not show it (structured, or several)."""
    found = _CDA_BODY.findall(e.body)
    if len(found) != 1:
        return None
    facts = [document.entry.get(name) for name in ("title", "service_start_time", "service_stop_time", "comments")]
    return ("".join(found[0].split()), code(document.entry.get("type")), *codes(document), *map(text, facts))


@rule(
    "DMP-051",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{IHE}, ITI-41 (XDSDuplicateUniqueIdInRegistry)",
    title="Après une réponse perdue, le dépôt reprend avec le même uniqueId ; un doublon refusé est vérifié (TD3.1b).",
    on=DEPOSITS | QUERIES,
    over="person",
)
def retry_keeps_the_unique_id(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A retry is a deposit of a document of the same type, title and act. A lost request may show nothing of itself."""
    for place, e in enumerate(exchanges):
        after = exchanges[place + 1 :]
        if _DEPOSITED(e) and UNCERTAIN(e):
            yield from _retries(e, after)
        elif DEPOSITS(e) and _DUPLICATE(e) and after:
            names = {one.unique_id for one in entries(e)}
            if any(QUERIES(later) and names & _asked(later) for later in after):
                yield Examined(e.id)
            else:
                yield Finding("TD3.1b", f"une recherche de {shown(', '.join(names))}", "aucune", exchange=e.id)


def _retries(lost: Exchange, after: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    mine = {_likeness(one): one.unique_id for one in entries(lost)}
    for later in filter(_DEPOSITED, after):
        alike = [one for one in entries(later) if _likeness(one) in mine]
        for one in alike:
            if associations(later, RPLC):
                continue  # another version
            if one.unique_id == mine[_likeness(one)]:
                yield Examined(later.id)
            else:
                yield Finding(one.at("uniqueId"), mine[_likeness(one)], shown(one.unique_id), exchange=later.id)
        if alike:
            return


def _likeness(document: Document) -> tuple[object, ...]:
    entry = document.entry
    return (code(entry.get("type")), text(entry.get("title")), text(entry.get("service_start_time")))


def _asked(query: Exchange) -> set[str]:
    """The uniqueIds that a query asks for."""
    asked = dig(query.context, "query", "parameters", "$XDSDocumentEntryUniqueId")
    return {one for one in asked if isinstance(one, str)} if isinstance(asked, list) else set()
