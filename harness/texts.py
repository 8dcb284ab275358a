"""Findings and results as a vendor reads them, in French."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from harness import verdict
from harness.verdict import Verdict
from rules import Authority, Exchange, Finding, Level

PARIS = ZoneInfo("Europe/Paris")
_LEVELS = {Level.SHALL: "obligatoire", Level.SHOULD: "recommandé", None: "information"}
_SOURCES = {
    Authority.OFFICIELLE: "source officielle",
    Authority.DEDUITE: "source déduite",
    Authority.BANC: "convention du banc",
    None: "source",
}
_WEIGHTS = {Verdict.NON_CONFORME: "NON CONFORME", Verdict.A_VERIFIER: "À VÉRIFIER"}


def finding(found: Finding, exchange: Exchange | None, *, strict: bool) -> str:
    """One finding in four lines: rule, exchange, place with expected and seen, sentence."""
    weight = _WEIGHTS.get(verdict.of_finding(found, strict=strict), "INFORMATION")
    lines = [
        f"{found.rule}  {weight}   {_LEVELS[found.level]}, {_SOURCES[found.authority]} : {found.source}",
        f"  échange {found.exchange}{_where(exchange)}",
        f"  {found.at}   attendu : {found.expected}   vu : {_seen(found.seen)}",
        f"  {found.message}",
    ]
    return "\n".join(lines)


def findings(found: Iterable[Finding], exchanges: Mapping[int, Exchange], *, strict: bool) -> str:
    """Several findings, an empty line between them. exchanges: by id."""
    return "\n\n".join(finding(one, exchanges.get(one.exchange), strict=strict) for one in found)


def _where(exchange: Exchange | None) -> str:
    if exchange is None:
        return ""
    what = f"{exchange.method} {exchange.path}" if exchange.method else exchange.operation
    return f", {what}, {exchange.instant.astimezone(PARIS):%d/%m/%Y %H:%M:%S}"


def _seen(text: str) -> str:
    if text in ("", "rien"):
        return "rien"
    return text if text.startswith("«") else f"« {text} »"
