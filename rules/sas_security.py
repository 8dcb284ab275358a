"""Whom the product lets in as the SAS platform."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from rules.core import Authority, Finding, Level, rule
from rules.exchange import Exchange
from rules.sas_searches import SAS
from rules.selectors import On
from rules.served import ANSWERED, SERVED

# By name in the test PKI.
STRANGERS = MappingProxyType(
    {
        "aucun": "sans certificat",
        "sas-cn-faux": "d'un autre CN que la plateforme",
        "sas-ou-faux": "d'une autre OU que la plateforme",
        "sas-expire": "au certificat expiré",
        "sas-revoque": "au certificat révoqué",
        "sas-autorite-inconnue": "au certificat d'une autorité inconnue",
    }
)
# A silence that comes of slowness says nothing; a handshake that is broken off is a refusal.
_CLEAR = ANSWERED | On(lambda e: e.context.get("silence") in ("tls", "coupure"))
OLD_TLS = "TLS 1.1"


def stranger(call: Exchange) -> str:
    """What is wrong with the caller, in French; empty for the platform itself."""
    if call.context.get("tls") == OLD_TLS:
        return "en TLS 1.1"
    return STRANGERS.get(str(call.context.get("certificat") or ""), "")


FROM_STRANGERS = SERVED & _CLEAR & On(lambda e: e.operation.startswith("serveur.sas.") and bool(stranger(e)))


@rule(
    "AGD-078",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, sécurité : TLS mutuel, CN et OU du client",
    title="Seule la plateforme du SAS est servie : certificat exigé et vérifié, CN et OU compris, TLS 1.2 au moins.",
    on=FROM_STRANGERS,
)
def strangers_are_refused(call: Exchange) -> Iterator[Finding]:
    expected = "un refus : alerte TLS, ou HTTP 4xx"
    if 0 < call.status < 400:
        yield Finding("connexion", expected, f"HTTP {call.status} à un client {stranger(call)}")
    elif call.status >= 500:
        message = "Un client qui n'est pas la plateforme fait tomber le produit en panne au lieu d'être refusé."
        yield Finding("connexion", expected, f"HTTP {call.status}", message, level=Level.SHOULD)
