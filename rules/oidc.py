"""What rules read of exchanges with an identity provider: Pro Santé Connect, FranceConnect, FranceConnect+."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from rules.exchange import Exchange
from rules.reading import dig, text
from rules.selectors import DONE, PRODUCT_PAGES, On, http, presented

_MARK = re.compile(r"‹([^:‹›]+):([0-9a-f]+)›")
CODE, REFRESH, CIBA = "authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"

PSC = On(lambda e: e.protocol == "http" and e.service == "psc")
FC = On(lambda e: e.protocol == "http" and e.service in ("franceconnect", "franceconnect-plus"))
AUTHORIZE = http("*.oidc.authorize")
TOKENS = http("*.oidc.token")
USERINFO = http("*.oidc.userinfo")
END_SESSION = http("*.oidc.end_session")
_GIVES_CODES = AUTHORIZE | http("*.page.connexion")

# What the bench spoils in an id_token (contract of identity, §1), and how a finding says it.
SPOILT = {
    "jeton_mal_signe": "la signature de l'id_token est fausse",
    "alg_none": "l'id_token n'est pas signé (alg none)",
    "mauvais_emetteur": "l'émetteur (iss) de l'id_token est un autre",
    "mauvaise_audience": "le destinataire (aud) de l'id_token est un autre",
    "mauvais_nonce": "le nonce de l'id_token est celui d'une autre demande",
    "jeton_expire": "l'id_token est expiré",
    "niveau_inferieur": "le niveau (acr) de l'id_token est inférieur au niveau demandé",
}


def asked(exchange: Exchange) -> Mapping[str, str]:
    """Parameters of an authorization request, from its query or its form."""
    return {**dict(exchange.query), **exchange.form}


def marks(value: str) -> list[str]:
    """Fingerprints of the secrets that a journaled text held, in order."""
    return [mark for _, mark in _MARK.findall(value)]


def mark_of(value: object) -> str:
    """Fingerprint of the first secret of a text, empty when there is none."""
    return next(iter(marks(text(value))), "")


def grant_type(exchange: Exchange) -> str:
    return text(dig(exchange.context, "grant", "type")) or exchange.form.get("grant_type", "")


def of_grant(*kinds: str) -> On:
    """Token calls of an identity provider, of these grant types."""
    return TOKENS & On(lambda e: grant_type(e) in kinds)


def issued_access(exchange: Exchange) -> str:
    """Fingerprint of the access token that a token call gave."""
    return text(dig(exchange.context, "grant", "issued_access")) or mark_of(dig(exchange.answer_json, "access_token"))


def bearer(exchange: Exchange) -> str:
    """Fingerprint of the token in the Authorization header, as recognised by the service or as masked."""
    return text(dig(exchange.context, "token", "fingerprint")) or mark_of(exchange.header("Authorization") or "")


def spoilt_by(exchange: Exchange) -> str:
    """Name of what the bench spoilt in the id_token of this answer, empty when it did not."""
    return text(dig(exchange.context, "id_token", "spoilt")) or text(exchange.entry.get("fault"))


def logins_to_refuse(exchanges: Sequence[Exchange], calls: On, *faults: str) -> dict[int, str]:
    """Logins whose id_token was spoilt in one of these ways, with what is wrong in French."""
    return {e.id: SPOILT[spoilt_by(e)] for e in exchanges if calls(e) and DONE(e) and spoilt_by(e) in faults}


def codes_given(exchanges: Sequence[Exchange], provider: On) -> Counter[str]:
    """How many times the provider sent each code back to the product (a replayed code comes twice)."""
    places = (e.answer_header("Location") or "" for e in exchanges if provider(e) and _GIVES_CODES(e))
    return Counter(mark for place in places for mark in marks(place))


def returns(exchanges: Sequence[Exchange], provider: On) -> list[tuple[Exchange, list[Exchange], bool]]:
    """Each return of the browser to the product with a code of this provider.

    With the token calls that took its code, and whether the return's state is the one of its request.
    """
    expected = _state_of_codes(exchanges, provider)
    states = {asked(e).get("state", "") for e in exchanges if provider(e) and AUTHORIZE(e)} - {""}
    redeemed = [e for e in exchanges if provider(e) and of_grant(CODE)(e)]
    found = []
    for page in filter(PRODUCT_PAGES, exchanges):
        codes = {mark_of(value) for value in page.values("code")} - {""}
        mine = [e for e in redeemed if presented(e, "code", "code") in codes]
        if codes & expected.keys() or mine:
            wanted = {expected[code] for code in codes & expected.keys()} or states
            found.append((page, mine, bool(wanted & set(page.values("state")))))
    return found


def stolen_returns(exchanges: Sequence[Exchange], provider: On) -> Iterator[tuple[Exchange, Exchange | None]]:
    """Each return, with the call that redeemed its code though its state was wrong, if any.

    A code whose right return came too may have been redeemed for that one.
    """
    seen = returns(exchanges, provider)
    right = {call.id for _, calls, good in seen if good for call in calls}
    for page, calls, good in seen:
        yield page, None if good else next((call for call in calls if call.id not in right), None)


def _state_of_codes(exchanges: Sequence[Exchange], provider: On) -> dict[str, str]:
    """State of the request that each code answers, when the provider says which request it was."""
    by_request = {
        text(dig(e.context, "authorization", "request")): asked(e).get("state", "")
        for e in exchanges
        if provider(e) and AUTHORIZE(e)
    }
    found: dict[str, str] = {}
    for e in exchanges:
        if provider(e) and _GIVES_CODES(e):
            # With a session already open, the authorization request is answered at once.
            state = asked(e).get("state", "") if AUTHORIZE(e) else by_request.get(text(e.context.get("request")), "")
            if state:
                found |= dict.fromkeys(marks(e.answer_header("Location") or ""), state)
    return found


def seconds(value: object, default: int) -> timedelta:
    """A lifetime that an answer gave, at most one year; the default when it gave none."""
    given = value if isinstance(value, int) and not isinstance(value, bool) else default
    return timedelta(seconds=max(0, min(given, 31_536_000)))


def secret_sent(exchange: Exchange) -> str:
    """Where a call carries a client secret, as a finding names it; empty when it carries none."""
    if "client_secret" in exchange.form:
        return "client_secret"
    basic = (exchange.header("Authorization") or "").lower().startswith("basic ")
    return "en-tête Authorization" if basic else ""


def certificate(exchange: Exchange) -> Mapping[str, object] | None:
    """Client certificate of a call over TLS; None when there was none."""
    found = dig(exchange.context, "tls", "client")
    return found if isinstance(found, Mapping) else None


OVER_TLS = On(lambda e: isinstance(e.context.get("tls"), Mapping))
