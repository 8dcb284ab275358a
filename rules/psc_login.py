"""PSC-01 to PSC-08: a professional comes in by Pro Santé Connect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules import oauth
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.oidc import (
    AUTHORIZE,
    CIBA,
    CODE,
    PSC,
    SPOILT,
    asked,
    codes_given,
    logins_to_refuse,
    of_grant,
    spoilt_by,
    stolen_returns,
)
from rules.reading import dig, shown
from rules.selectors import DONE, UNCERTAIN, http
from rules.windows import READS_PROFESSIONAL, judged_readings, product_went_on

TR = "ANS, Sécurisation de la couche transport des API REST PSC 1.2.0"
PSC_AUTHORIZE = PSC & AUTHORIZE
PSC_LOGINS = PSC & of_grant(CODE, CIBA)
CIBA_REQUESTS = http("psc.oidc.ciba")
_SHORT_STATE = 16


@rule(
    "PSC-01",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, API PSC web, étape 2 ; connecteur Keycloak PSC de l'ANS",
    title="La demande de connexion porte response_type=code, une adresse de retour déclarée, state et nonce.",
    on=PSC_AUTHORIZE,
)
def whole_request(exchange: Exchange) -> Iterator[Finding]:
    sent = asked(exchange)
    if sent.get("response_type") != "code":
        yield Finding("response_type", "code", shown(sent.get("response_type")))
    if not sent.get("redirect_uri") or dig(exchange.context, "authorization", "registered") is False:
        yield Finding("redirect_uri", "une adresse déclarée à Pro Santé Connect", shown(sent.get("redirect_uri")))
    for name in ("state", "nonce"):
        if not sent.get(name):
            yield Finding(name, "une valeur imprévisible", "rien")


@rule(
    "PSC-02",
    Level.SHALL,
    Authority.DEDUITE,
    f"{TR}, API PSC web, étape 2 ; connecteur Keycloak PSC et Proxy e-Santé de l'ANS",
    title="La demande porte les scopes openid et scope_all.",
    on=PSC_AUTHORIZE | CIBA_REQUESTS,
)
def right_scopes(exchange: Exchange) -> Iterator[Finding]:
    """A further scope is only told: Pro Santé Connect declares others."""
    scopes = asked(exchange).get("scope", "").split()
    if not {"openid", "scope_all"} <= set(scopes):
        yield Finding("scope", "openid scope_all", shown(" ".join(scopes)))
    elif set(scopes) > {"openid", "scope_all"}:
        yield Finding("scope", "openid scope_all seulement", shown(" ".join(scopes)), level=Level.SHOULD)


@rule(
    "PSC-03",
    Level.SHALL,
    Authority.OFFICIELLE,
    "Ségur vague 2, SC.PSC.08 (référentiel PSC, EX PSC 16)",
    title="La demande porte acr_values=eidas1 ; le paramètre acr ne le remplace pas.",
    on=PSC_AUTHORIZE | CIBA_REQUESTS,
)
def level_asked(exchange: Exchange) -> Iterator[Finding]:
    """The requirement speaks of the authorization request; for CIBA it is read in the ANS proxy."""
    sent = asked(exchange)
    if sent.get("acr_values") != "eidas1":
        seen = f"acr={sent['acr']}" if "acr" in sent and "acr_values" not in sent else shown(sent.get("acr_values"))
        authority = Authority.DEDUITE if CIBA_REQUESTS(exchange) else None
        yield Finding("acr_values", "eidas1", seen, authority=authority)


@rule(
    "PSC-04",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, API PSC web, étapes 2 et 5 ; RFC 6749 §10.12",
    title="Le state est imprévisible, propre à chaque connexion, et un retour avec un autre state est rejeté.",
    over="scenario",
)
def state_protects_the_return(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """No length is written for state at Pro Santé Connect: a short one is advice. Its absence is PSC-01's concern."""
    used: dict[str, dict[str, str]] = {}
    for request in filter(PSC_AUTHORIZE, exchanges):
        sent = dict(asked(request))
        state = sent.get("state", "")
        if not state:
            continue
        if used.setdefault(state, sent) != sent:  # the same address opened twice is one request
            yield Finding("state", "une valeur neuve à chaque connexion", "déjà employée", exchange=request.id)
        elif len(state) < _SHORT_STATE:
            expected, seen = f"au moins {_SHORT_STATE} caractères", f"{len(state)} caractères"
            yield Finding("state", expected, seen, exchange=request.id, level=Level.SHOULD)
        else:
            yield Examined(request.id)
    for page, stolen in stolen_returns(exchanges, PSC):
        if stolen is None:
            yield Examined(page.id)
        else:
            expected = "un retour rejeté : son state n'est pas celui de la demande"
            yield Finding("code", expected, "le code échangé", exchange=stolen.id)


@rule(
    "PSC-05",
    Level.SHALL,
    Authority.OFFICIELLE,
    "OpenID Connect Core 1.0 §3.1.3.7 ; connecteur Keycloak PSC de l'ANS",
    title="Un id_token dont la signature, iss, aud, nonce, exp ou acr est faux ne connecte personne.",
    over="scenario",
)
def wrong_id_token_refused(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    why = logins_to_refuse(exchanges, PSC_LOGINS, *SPOILT)
    yield from judged_readings(exchanges, READS_PROFESSIONAL, PSC_LOGINS & DONE, why)


@rule(
    "PSC-06",
    Level.SHALL,
    Authority.DEDUITE,
    "Connecteur Keycloak PSC de l'ANS ; OpenID Connect Core 1.0 §10.1.1",
    title="Devant une clé inconnue (kid), le produit relit les clés de Pro Santé Connect une fois.",
    over="scenario",
)
def keys_read_again(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Two readings are let pass: a product that had no keys yet reads them, then reads them again."""
    logins = [e for e in exchanges if PSC_LOGINS(e) and DONE(e)]
    for place, login in enumerate(logins):
        if spoilt_by(login) not in ("kid_inconnu", "cle_renouvelee") or not product_went_on(login, exchanges):
            continue
        until = logins[place + 1].id if place + 1 < len(logins) else None
        after = [e for e in exchanges if login.id < e.id and (not until or e.id < until)]
        readings = [e for e in after if http("psc.oidc.jwks")(e)]
        if not readings:
            yield Finding("kid", "une relecture des clés (jwks_uri)", "aucune", exchange=login.id)
        elif len(readings) > 2 and not any(UNCERTAIN(e) for e in readings):
            yield Finding("kid", "une seule relecture des clés", f"{len(readings)}", exchange=readings[-1].id)
        else:
            yield Examined(login.id)


@rule(
    "PSC-07",
    Level.SHALL,
    Authority.DEDUITE,
    f"{TR}, API PSC web, étape 8 ; RFC 6749 §4.1.2",
    title="Le code d'autorisation est échangé une seule fois, de serveur à serveur.",
    over="scenario",
)
def code_used_once(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    yield from oauth.codes_used_once(filter(PSC & of_grant(CODE), exchanges), codes_given(exchanges, PSC))


@rule(
    "PSC-08",
    Level.SHOULD,
    Authority.DEDUITE,
    "Document de découverte de Pro Santé Connect ; RFC 7636 §4",
    title="La demande de connexion emploie PKCE avec S256.",
    on=PSC_AUTHORIZE,
)
def pkce(exchange: Exchange) -> Iterator[Finding]:
    sent = asked(exchange)
    if not sent.get("code_challenge") or sent.get("code_challenge_method") != "S256":
        yield Finding("code_challenge_method", "S256", shown(sent.get("code_challenge_method")))
