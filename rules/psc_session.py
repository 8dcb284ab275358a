"""PSC-09 to PSC-13, SEC-25: the life of a session opened by Pro Santé Connect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules import oauth
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.oidc import (
    CIBA,
    CODE,
    END_SESSION,
    OVER_TLS,
    PSC,
    REFRESH,
    certificate,
    issued_access,
    mark_of,
    of_grant,
    seconds,
    secret_sent,
)
from rules.psc_login import TR
from rules.reading import dig, shown, text
from rules.selectors import DONE, PRODUCT_PAGES, SPOILED, On, action, http, presented
from rules.windows import READS_PROFESSIONAL, READS_USAGER, during, session_given, session_of

PSC_TOKENS = PSC & of_grant(CODE, CIBA, REFRESH)
PSC_REFRESHES = PSC & of_grant(REFRESH)
EXCHANGES = http("api-psc.oauth.token")
BUSINESS = http("api-psc.metier.lecture")
ASKS_API = action("appeler_api_psc")
_LOCAL = action("connecter_professionnel") & On(lambda e: e.resource.get("moyen") == "local")
_TRUSTED = On(lambda e: e.context.get("space") == "confiance")
_CLOSED = On(lambda e: e.protocol == "acte" and e.operation == "psc.session.fermee")
_EXPIRED = On(lambda e: e.protocol == "acte" and e.operation == "psc.jetons.expires")


@rule(
    "PSC-09",
    Level.SHALL,
    Authority.OFFICIELLE,
    "ANS, FAQ Pro Santé Connect (espace de confiance)",
    title="Dans l'espace de confiance, le produit s'authentifie par certificat (mTLS) et n'envoie aucun secret.",
    on=PSC & http("psc.oidc.token", "psc.oidc.introspection", "psc.oidc.userinfo") & _TRUSTED & OVER_TLS,
)
def mutual_tls_in_trusted_space(exchange: Exchange) -> Iterator[Finding]:
    if certificate(exchange) is None:
        yield Finding("certificat client", "le certificat ORG AUTH_CLI de la structure", "aucun")
    secret = secret_sent(exchange)
    if secret:
        yield Finding(secret, "aucun secret : le certificat authentifie le produit", "un secret client")


@dataclass
class Held:
    """What one answer of the token endpoint gave: when its access and refresh tokens end."""

    expires: datetime
    refresh_until: datetime
    session: str

    def expired(self, at: Exchange) -> bool:
        return at.instant >= self.expires

    def renewable(self, at: Exchange) -> bool:
        return at.instant < self.refresh_until


def held_tokens(exchanges: Sequence[Exchange]) -> dict[str, Held]:
    """PSC access tokens given in these exchanges, by fingerprint. An act that expires them counts from its instant."""
    found: dict[str, Held] = {}
    for e in exchanges:
        if PSC_TOKENS(e) and DONE(e) and issued_access(e):
            life, renewal = (dig(e.answer_json, name) for name in ("expires_in", "refresh_expires_in"))
            until = e.instant + seconds(renewal, 1800)
            if not dig(e.answer_json, "refresh_token"):
                until = e.instant
            expires = e.instant + seconds(life, 120)
            family = text(dig(e.context, "grant", "family")) or text(e.context.get("session"))
            found[issued_access(e)] = Held(expires, until, family)
        elif _EXPIRED(e):
            for one in found.values():
                one.expires = min(one.expires, e.instant)
        elif _CLOSED(e):
            for one in found.values():
                one.refresh_until = min(one.refresh_until, e.instant)
    return found


@rule(
    "PSC-10",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, API PSC web, cas d'erreur 1a",
    title="Un jeton PSC expiré (120 s) est rafraîchi sans repasser par la page de connexion.",
    over="scenario",
)
def refreshed_silently(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Only while the refresh token lives. A call answered without a word to PSC uses an API token still valid."""
    for asked in filter(ASKS_API, exchanges):
        held = held_tokens([e for e in exchanges if e.id < asked.id])
        near = during(asked, exchanges)
        renewals = [e for e in near if PSC_REFRESHES(e)]
        stale = [
            e
            for e in near
            if EXCHANGES(e) and (one := held.get(mark_of(e.form.get("subject_token")))) and one.expired(e)
        ]
        late = [e for e in stale if not any(r.id > e.id for r in renewals) and _renewable(held, e)]
        if late:
            expected = "un jeton rafraîchi auprès de Pro Santé Connect"
            yield Finding("subject_token", expected, "un jeton expiré, non rafraîchi", exchange=late[-1].id)
        elif renewals:
            yield Examined(renewals[0].id)
        elif _gave_up(asked, near, held):
            seen = "un refus, sans appel à Pro Santé Connect"
            yield Finding("appeler_api_psc", "un rafraîchissement (refresh_token)", seen, exchange=asked.id)


def _renewable(held: dict[str, Held], call: Exchange) -> bool:
    return held[mark_of(call.form.get("subject_token"))].renewable(call)


def _gave_up(asked: Exchange, near: Sequence[Exchange], held: dict[str, Held]) -> bool:
    """The only session known has an expired token and a living refresh token, and the product did not use it."""
    refused = asked.status == 422 or dig(asked.answer_json, "statut") == 401
    alone = len({one.session for one in held.values()}) == 1
    last = list(held.values())[-1] if held else None
    return bool(refused and not near and alone and last and last.expired(asked) and last.renewable(asked))


@rule(
    "PSC-11",
    Level.SHALL,
    Authority.OFFICIELLE,
    "RFC 6749 §6",
    title="Après un rafraîchissement, seul le dernier refresh_token reçu est présenté.",
    on=PSC_REFRESHES,
    over="scenario",
)
def newest_refresh_token(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    yield from oauth.newest_refresh_token(exchanges)


@rule(
    "PSC-12",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, API PSC web, cas d'erreur 1b",
    title="Un rafraîchissement refusé (invalid_grant) mène à la page de connexion, sans erreur ni boucle.",
    over="scenario",
)
def refused_refresh_means_login(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for call in exchanges:
        if not PSC_REFRESHES(call) or call.status != 400:
            continue
        token = presented(call, "refresh", "refresh_token")
        after = [e for e in exchanges if e.id > call.id]
        again = next((e for e in after if PSC_REFRESHES(e) and presented(e, "refresh", "refresh_token") == token), None)
        end = next((e for e in after if ASKS_API(e) or PRODUCT_PAGES(e)), None)
        if again:
            expected = "aucun nouvel essai avec le jeton refusé"
            yield Finding("refresh_token", expected, "le même jeton", exchange=again.id)
        elif end and _is_error(end):
            expected = "la page de connexion de Pro Santé Connect"
            yield Finding("réponse du produit", expected, f"une erreur ({_status(end)})", exchange=end.id)
        elif end:
            yield Examined(call.id)


def _status(end: Exchange) -> int:
    said = dig(end.answer_json, "statut")
    return said if ASKS_API(end) and end.status == 200 and isinstance(said, int) else end.status


def _is_error(end: Exchange) -> bool:
    return _status(end) >= 500


@rule(
    "PSC-13",
    Level.SHALL,
    Authority.DEDUITE,
    "Connecteur Keycloak PSC de l'ANS ; Ségur vague 2, scénario PSC.01.01",
    title="La déconnexion ferme la session PSC, avec id_token_hint et une adresse de retour déclarée.",
    over="scenario",
)
def logout_reaches_psc(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A session opened by a local account has nothing to close at Pro Santé Connect."""
    for call in filter(PSC & END_SESSION & ~SPOILED, exchanges):
        yield from wrong_logout(call) or [Examined(call.id)]
    local = {session_given(e) for e in exchanges if _LOCAL(e)}
    for asked in exchanges:
        logged_in = any(e.id < asked.id and PSC_TOKENS(e) and DONE(e) for e in exchanges)
        if not (action("deconnecter_professionnel")(asked) and asked.status == 200 and logged_in):
            continue
        near = {e.id for e in during(asked, exchanges)}
        called = any(PSC(e) and END_SESSION(e) and (e.id > asked.id or e.id in near) for e in exchanges)
        if called or "/logout" in text(dig(asked.answer_json, "url")):
            yield Examined(asked.id)
        elif session_of(asked) not in local:
            expected = "l'adresse de fin de session de Pro Santé Connect"
            yield Finding("deconnecter_professionnel.url", expected, "rien", exchange=asked.id)


def wrong_logout(call: Exchange) -> list[Finding | Examined]:
    """What is wrong in a call of an end_session endpoint."""
    hint, registered = dig(call.context, "logout", "id_token_hint"), dig(call.context, "logout", "registered")
    found: list[Finding | Examined] = []
    if hint in ("absent", "invalid"):
        seen = "rien" if hint == "absent" else "un jeton que le fournisseur n'a pas émis"
        found.append(Finding("id_token_hint", "l'id_token de la session", seen, exchange=call.id))
    if registered is False:
        seen = shown(dig(call.context, "logout", "redirect_uri"))
        found.append(Finding("post_logout_redirect_uri", "une adresse déclarée", seen, exchange=call.id))
    return found


@rule(
    "SEC-25",
    Level.SHALL,
    Authority.DEDUITE,
    "Ségur vague 2, SC.SSI/IE.38 et SC.SSI/IE.53",
    title="La déconnexion ferme la session côté serveur : l'ancien témoin ne donne plus accès.",
    on=READS_PROFESSIONAL | READS_USAGER | action("deconnecter_professionnel", "deconnecter_usager"),
    over="scenario",
)
def logout_closes_the_session(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    closed: set[str] = set()
    for e in exchanges:
        if "deconnecter" in e.operation:
            closed |= {session_of(e)} - {""} if e.status == 200 else set()
        elif session_of(e) in closed:
            if e.status == 200 and dig(e.answer_json, "etat") == "ouverte":
                at = f"{e.operation.removeprefix('produit.')}.etat"
                yield Finding(at, "fermee : la session a été déconnectée", "ouverte", exchange=e.id)
            else:
                yield Examined(e.id)
