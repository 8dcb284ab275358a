"""What the product did while an action ran, and the sessions that actions speak of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rules.core import Examined, Finding
from rules.exchange import Exchange
from rules.reading import dig, text
from rules.selectors import ANY_ACTION, PRODUCT_PAGES, On, action, began_after

READS_PROFESSIONAL = action("lire_session_professionnel")
READS_USAGER = action("lire_session_usager")


def during(asked: Exchange, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Calls made to the services while an action ran (`context.apres`; else since the action before)."""
    since = began_after(asked)
    if since is None:
        since = max((e.id for e in exchanges if ANY_ACTION(e) and e.id < asked.id), default=0)
    return [e for e in exchanges if since < e.id < asked.id and e.protocol == "http" and not PRODUCT_PAGES(e)]


def product_went_on(call: Exchange, exchanges: Sequence[Exchange]) -> bool:
    """Whether the record shows that the product finished what made this call: an action or a page ends after it."""
    return any(e.id > call.id and (ANY_ACTION(e) or PRODUCT_PAGES(e)) for e in exchanges)


def session_of(asked: Exchange) -> str:
    """The session (or CIBA request) that an action is about, as one text; empty when it names none."""
    return _as_text(asked.resource.get("session")) or text(asked.resource.get("demande"))


def session_given(asked: Exchange) -> str:
    """The session that an action opened, as `session_of` writes it."""
    return _as_text(dig(asked.answer_json, "session"))


def _as_text(session: object) -> str:
    return json.dumps(session, sort_keys=True, ensure_ascii=False) if session else ""


def judged_readings(
    exchanges: Sequence[Exchange], reads: On, logs_in: On, why: dict[int, str]
) -> Iterator[Finding | Examined]:
    """Readings of a session after a login that the product had to refuse.

    reads: the action that reads a session. logs_in: calls that decide of a login. why: for the calls that were spoilt,
    what was wrong, in French. A session that was open before says nothing of the login that came after.
    """
    wrong: str | None = None
    open_before: set[str] = set()
    for e in exchanges:
        if logs_in(e):
            wrong = why.get(e.id)
        elif reads(e) and e.status in (200, 422):
            is_open = e.status == 200 and dig(e.answer_json, "etat") == "ouverte"
            if wrong is None:
                open_before |= {session_of(e)} if is_open else set()
            elif session_of(e) not in open_before and is_open:
                at = f"{e.operation.removeprefix('produit.')}.etat"
                yield Finding(at, f"une connexion refusée : {wrong}", "ouverte", exchange=e.id)
            elif session_of(e) not in open_before:
                yield Examined(e.id)
