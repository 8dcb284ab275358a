"""SEC-01 to SEC-06: TLS and certificates, seen where the sandbox listens with them (mode local)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.oidc import OVER_TLS, certificate
from rules.psc_login import TR
from rules.reading import dig, shown, text
from rules.selectors import ANY_ACTION, PRODUCT_PAGES, On, action
from rules.windows import product_went_on

# Authorization, login and logout pages are visited by a browser, which is not the product's.
_BY_BROWSER = On(lambda e: ".page." in e.operation or e.operation.endswith((".oidc.authorize", ".oidc.end_session")))
_CALLS = On(lambda e: e.protocol == "http") & OVER_TLS & ~_BY_BROWSER & ~PRODUCT_PAGES
_REFUSALS = On(lambda e: e.protocol == "tls" and e.operation == "tls.refus")
_NEEDS_CERTIFICATE = On(lambda e: e.service in ("insi", "api-psc") or e.context.get("space") == "confiance")
_BAD_SERVERS = {
    "serveur-expire": "un certificat expiré",
    "serveur-autre-nom": "le certificat d'un autre serveur",
    "serveur-autorite-inconnue": "un certificat d'une autorité inconnue",
}
_STRUCTURE = re.compile(r"1(?:[0-9]{9}|2[AB][0-9]{7})|3[0-9]{14}")


def by_the_product(refusal: Exchange, exchanges: Sequence[Exchange]) -> bool:
    """Whether a broken handshake fell while the product was doing something: others may come from anywhere."""
    if not product_went_on(refusal, exchanges):
        return False
    end = next(e for e in exchanges if e.id > refusal.id and (ANY_ACTION(e) or PRODUCT_PAGES(e)))
    began = end.context.get("apres")
    return not isinstance(began, int) or began < refusal.id


def chosen_certificate(exchange: Exchange, use: str = "") -> str:
    """Name of the client certificate that the scenario gave the product (`configurer`), empty when it gave none.

    use: `insi_manu` or `insi_auto` for the certificate that INSi wants, which may be given apart.
    """
    given = exchange.resource.get("certificats") if action("configurer")(exchange) else None
    return PurePath(text(dig(given, use, "client")) or text(dig(given, "client"))).stem


def _server(exchange: Exchange) -> str:
    return text(dig(exchange.context, "tls", "server"))


@rule(
    "SEC-01",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, principes de sécurisation",
    title="Toute connexion négocie TLS 1.2 ou 1.3.",
    over="scenario",
)
def recent_tls(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in exchanges:
        version = text(dig(e.context, "tls", "version"))
        if _REFUSALS(e) and dig(e.context, "tls", "reason") == "version" and by_the_product(e, exchanges):
            yield Finding("version de TLS", "TLS 1.2 ou 1.3", "une version plus ancienne", exchange=e.id)
        elif _CALLS(e) and version in ("TLSv1.2", "TLSv1.3"):
            yield Examined(e.id)
        elif _CALLS(e) and version:
            yield Finding("version de TLS", "TLS 1.2 ou 1.3", version, exchange=e.id)


@rule(
    "SEC-02",
    Level.SHOULD,
    Authority.OFFICIELLE,
    f"{TR}, principes de sécurisation",
    title="TLS 1.3 est préféré quand le serveur l'offre.",
    on=_CALLS & On(lambda e: bool(text(dig(e.context, "tls", "version")))),
)
def newest_tls(exchange: Exchange) -> Iterator[Finding]:
    """The sandbox always offers TLS 1.3."""
    version = text(dig(exchange.context, "tls", "version"))
    if version != "TLSv1.3":
        yield Finding("version de TLS", "TLSv1.3", version)


@rule(
    "SEC-03",
    Level.SHALL,
    Authority.DEDUITE,
    "Pratique générale de TLS ; Ségur vague 1, MSS/va1.04 (expiration)",
    title="Le produit refuse un serveur au certificat expiré, d'un autre nom ou d'une autorité inconnue.",
    over="scenario",
)
def bad_servers_refused(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    yield from _judged_servers(exchanges, _BAD_SERVERS)


@rule(
    "SEC-04",
    Level.SHALL,
    Authority.DEDUITE,
    "Ségur vague 2, SC.MSS/CONF.22",
    title="Le produit refuse un serveur dont le certificat est révoqué.",
    over="scenario",
)
def revoked_servers_refused(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Going on with the last valid list when its download fails is not seen from here: a scenario says it."""
    yield from _judged_servers(exchanges, {"serveur-revoque": "un certificat révoqué"})


def _judged_servers(exchanges: Sequence[Exchange], bad: dict[str, str]) -> Iterator[Finding | Examined]:
    for e in exchanges:
        if _server(e) not in bad:
            continue
        if _CALLS(e):
            seen = f"un appel malgré {bad[_server(e)]}"
            yield Finding("certificat du serveur", "une connexion refusée", seen, exchange=e.id)
        elif _REFUSALS(e) and dig(e.context, "tls", "reason") == "refus-du-client" and by_the_product(e, exchanges):
            yield Examined(e.id)


@rule(
    "SEC-05",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, standards (certificats ORG AUTH_CLI)",
    title="Le produit présente son certificat de structure là où le service l'exige.",
    over="scenario",
)
def certificate_presented(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    expected = "le certificat ORG AUTH_CLI de la structure"
    for e in exchanges:
        if _REFUSALS(e) and dig(e.context, "tls", "reason") == "certificat-absent" and by_the_product(e, exchanges):
            yield Finding("certificat client", expected, "aucun", exchange=e.id)
        elif _CALLS(e) and _NEEDS_CERTIFICATE(e):
            if certificate(e) is None:
                yield Finding("certificat client", expected, "aucun", exchange=e.id)
            else:
                yield Examined(e.id)


@rule(
    "SEC-06",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, standards (OU : Struct_IdNat)",
    title="L'OU du certificat porte l'identifiant de la structure : 1 et son FINESS, ou 3 et son SIRET.",
    over="scenario",
)
def certificate_names_the_structure(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A wrong certificate that the scenario itself chose (configurer) says nothing of the product.

    That the structure is the one on whose behalf the call is made is not judged: nothing names that structure.
    """
    chosen = ""
    for e in exchanges:
        chosen = chosen_certificate(e) or chosen
        shown_by = certificate(e) if chosen != "ou-faux" else None
        if (
            not (_CALLS(e) and _NEEDS_CERTIFICATE(e))
            or shown_by is None
            or "PROFESSIONNELS" in str(shown_by.get("issuer"))
        ):
            continue
        unit = text(shown_by.get("ou"))
        if _STRUCTURE.fullmatch(unit):
            yield Examined(e.id)
        else:
            expected = "1 suivi du FINESS, ou 3 suivi du SIRET"
            yield Finding("certificat client, OU", expected, shown(unit), exchange=e.id)
