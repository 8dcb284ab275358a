"""How an exchange and a finding are shown to a reader: plain text and indented JSON, secrets masked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from rules.core import Authority, Finding, Level
from rules.exchange import Exchange

# The journal masks on entry; this is the second lock, for a journal that somebody else recorded.
_SECRETS = re.compile(
    r"banc-(?:at|rt|ac|cs)-[\w.~+/-]+|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?i:(?<=Basic )[A-Za-z0-9+/=]{8,})"
)
_LEVELS = {Level.SHALL: "obligatoire", Level.SHOULD: "recommandé"}
_AUTHORITIES = {
    Authority.OFFICIELLE: "source officielle",
    Authority.DEDUITE: "source déduite",
    Authority.BANC: "convention du banc",
}
_ACTION_STATUS = {200: "fait", 422: "refusé par le produit", 501: "non offert", 500: "panne du produit"}


def masked(text: str) -> str:
    """The text with tokens, JWTs and Basic credentials hidden."""
    return _SECRETS.sub("‹masqué›", text)


def exchange_title(exchange: Exchange) -> str:
    """One line that names an exchange: number, what was asked, what came of it."""
    if exchange.protocol == "http":
        outcome = str(exchange.status) if exchange.entry.get("answer") else "connexion coupée"
        asked = f"{exchange.method} {exchange.target or exchange.path}"
    else:
        outcome = _ACTION_STATUS.get(exchange.status, "") if exchange.protocol == "action" else ""
        asked = f"{exchange.protocol} {exchange.operation}"
    title = f"Échange {exchange.id} : {asked}" + (f" → {outcome}" if outcome else "")
    return masked(title if len(title) <= 160 else title[:157] + "...")


def exchange_text(exchange: Exchange) -> str:
    """A whole exchange as indented JSON; bodies that are JSON are shown as JSON, not as a quoted string."""
    entry = dict(exchange.entry)
    for side in ("request", "answer"):
        if isinstance(entry.get(side), Mapping):
            entry[side] = _readable(entry[side])
    return masked(json.dumps(entry, ensure_ascii=False, indent=1, default=str))


def finding_title(finding: Finding) -> str:
    """One line that names a finding: rule and place."""
    return masked(f"{finding.rule} : {finding.at}" if finding.at else finding.rule)


def finding_text(finding: Finding, exchange: Exchange | None = None) -> str:
    """A finding as a vendor reads it: rule, weight, exchange, place, expected, seen, reason."""
    weight = ", ".join(
        part
        for part in (
            _LEVELS[finding.level] if finding.level else "",
            _AUTHORITIES[finding.authority] if finding.authority else "",
        )
        if part
    )
    head = f"{finding.rule}   {weight}" + (f" : {finding.source}" if finding.source else "")
    where = exchange_title(exchange) if exchange else (f"Échange {finding.exchange}" if finding.exchange else "")
    seen = f"{finding.at}   attendu : {finding.expected}   vu : {finding.seen}".strip()
    return masked("\n  ".join(line for line in (head, where, seen, finding.message) if line))


def _readable(side: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(side)
    body = shown.get("body")
    if isinstance(body, str) and body[:1] in ("{", "["):
        try:
            shown["body"] = json.loads(body)
        except ValueError:
            return shown
    return shown
