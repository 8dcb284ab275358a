"""SEC-16 and SEC-19: whom the APIs that the product exposes let in, by token and by certificate."""

from __future__ import annotations

from collections.abc import Iterator

from rules.core import Authority, Finding, Level, rule
from rules.exchange import Exchange
from rules.psc_login import TR
from rules.sas_security import FROM_STRANGERS
from rules.selectors import On
from rules.served import ANSWERED, SERVED

_WITHOUT_RIGHT = On(lambda e: e.context.get("role") == "inconnu")
_SAYS_NOTHING = On(lambda e: e.status == 429 or e.status >= 500)
_REVOKED = On(lambda e: e.context.get("certificat") == "sas-revoque")


@rule(
    "SEC-16",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR} ; RFC 6750, §3.1",
    title="Une API du produit répond 401 à qui ne montre pas de jeton, ou un jeton qu'elle ne connaît pas.",
    on=SERVED & ANSWERED & _WITHOUT_RIGHT & ~_SAYS_NOTHING,
)
def no_right_token_gets_401(call: Exchange) -> Iterator[Finding]:
    """The one API where the bench comes without a right token is that of the third-party agenda, whose access by token
    is a convention: nothing is held against the product. Its tokens have neither scope nor end: 403 is not looked at.
    """
    if call.status == 401:
        return
    how = "avec un jeton inconnu" if call.header("Authorization") else "sans jeton"
    level = Level.SHALL if call.status < 300 else Level.SHOULD
    yield Finding("statut", "HTTP 401", f"HTTP {call.status} {how}", level=level, authority=Authority.BANC)


@rule(
    "SEC-19",
    Level.SHALL,
    Authority.DEDUITE,
    "Ségur vague 2, SC.SSI/IE.43",
    title="Un client dont le certificat est révoqué n'est pas servi.",
    on=FROM_STRANGERS & _REVOKED,
)
def revoked_certificate_is_refused(call: Exchange) -> Iterator[Finding]:
    """Seen where the product expects a certificate: before the SAS platform. A product that falls is AGD-078's."""
    if 0 < call.status < 400:
        yield Finding("connexion", "un refus : alerte TLS, ou HTTP 4xx", f"HTTP {call.status}")
