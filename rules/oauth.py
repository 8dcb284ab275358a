"""What every OAuth 2.0 server wants of its clients (RFC 6749), read from token calls of one service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rules.core import Examined, Finding
from rules.exchange import Exchange
from rules.reading import dig
from rules.selectors import UNCERTAIN, presented


def codes_used_once(calls: Iterable[Exchange], given: Mapping[str, int] | None = None) -> Iterator[Finding | Examined]:
    """Each authorization code is redeemed once, from server to server (§4.1.2).

    A code sent again after a lost answer is not accused: the first request may never have arrived. given: how many
    times the bench sent each code to the product, one for those it does not name.
    """
    allowed, used = given or {}, Counter[str]()
    for call in calls:
        code = presented(call, "code", "code")
        browser = next((name for name in ("Origin", "Sec-Fetch-Site") if call.header(name)), "")
        if code and used[code] >= max(1, allowed.get(code, 1)):
            yield Finding("code", "un seul échange", "le même code présenté de nouveau", exchange=call.id)
        elif browser:
            seen = "un appel fait par le navigateur"
            yield Finding(f"en-tête {browser}", "un appel de serveur à serveur", seen, exchange=call.id)
        else:
            yield Examined(call.id)
        if not UNCERTAIN(call):
            used[code] += 1


def newest_refresh_token(calls: Iterable[Exchange]) -> Iterator[Finding | Examined]:
    """A refresh_token that was replaced is not shown again (§6).

    After a lost answer the product never got the new token: the old one, shown again, is not accused.
    """
    lost: set[str] = set()
    for call in calls:
        shown = presented(call, "refresh", "refresh_token")
        if UNCERTAIN(call):
            lost.add(shown)
        elif dig(call.context, "grant", "reused") is True and shown not in lost:
            yield Finding("refresh_token", "le dernier jeton reçu", "un jeton déjà remplacé", exchange=call.id)
        else:
            yield Examined(call.id)
