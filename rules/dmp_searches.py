"""DMP-055, DMP-056: reading a DMP again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import HOMO, P4D, QUERIES, SUCCEEDED, texts, vihf
from rules.dmp_lot import utc_time
from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.reading import dig, shown, text
from rules.selectors import On

_SECONDS = "%Y%m%d%H%M%S"
_FINDS = QUERIES & On(lambda e: _name(e) in ("FindDocuments", "FindSubmissionSets"))
_BATCHES = QUERIES & On(lambda e: _name(e) == "GetDocumentsAndAssociations")
_SLACK = timedelta(minutes=5)
_BATCH = 20


def _name(query: Exchange) -> str:
    return text(dig(query.context, "query", "name"))


def parameters(query: Exchange, name: str) -> list[str]:
    """The values of a parameter of a stored query, without its `$`."""
    return texts(dig(query.context, "query", "parameters", f"${name}"))


@rule(
    "DMP-055",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (recherche optimisée) ; {P4D}, cinématique de consultation",
    title="La recherche suivante part de la date de la précédente, en temps universel : aucun lot ne lui échappe.",
    on=_FINDS & SUCCEEDED,
    over="person",
)
def next_search_starts_where_the_last_did(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The clock of the product is read on its assertions. An earlier date only finds more: it is right."""
    last: datetime | None = None
    for e in exchanges:
        wanted = parameters(e, "XDSSubmissionSetSubmissionTimeFrom")
        if _name(e) == "FindSubmissionSets" and wanted and last is not None:
            since, at = utc_time(wanted[0].ljust(14, "0")), "$XDSSubmissionSetSubmissionTimeFrom"
            if since is None or since > last + _SLACK:
                expected = f"au plus {last:{_SECONDS}} (recherche précédente, en temps universel)"
                yield Finding(at, expected, shown(wanted[0]), exchange=e.id)
            else:
                yield Examined(e.id)
        last = parse_instant(_issued(e)) or last


def _issued(e: Exchange) -> Any:
    return vihf(e).get("issue_instant")


@rule(
    "DMP-056",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{P4D}, cinématique de consultation",
    title="GetDocumentsAndAssociations demande vingt documents au plus à la fois.",
    on=_BATCHES,
)
def asks_by_batches(exchange: Exchange) -> Iterator[Finding]:
    for name in ("XDSDocumentEntryEntryUUID", "XDSDocumentEntryUniqueId"):
        if len(parameters(exchange, name)) > _BATCH:
            yield Finding(f"${name}", f"{_BATCH} valeurs au plus", str(len(parameters(exchange, name))))
