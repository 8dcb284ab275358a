"""FC-01 to FC-05, FC-09, FC-10: an usager comes in by FranceConnect or FranceConnect+."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.oidc import (
    AUTHORIZE,
    CODE,
    END_SESSION,
    FC,
    USERINFO,
    asked,
    logins_to_refuse,
    mark_of,
    of_grant,
    stolen_returns,
)
from rules.psc_session import wrong_logout
from rules.reading import dig, shown, text
from rules.selectors import DONE, PRODUCT_PAGES, SPOILED, action, presented
from rules.windows import READS_USAGER, during, judged_readings

FCP = "FranceConnect+, documentation des fournisseurs de services (2023)"
FC_AUTHORIZE = FC & AUTHORIZE
FC_LOGINS = FC & of_grant(CODE)
FC_USERINFO = FC & USERINFO
_SHORTEST = 32
_CODE_S, _TOKEN_S = 30, 60
_PIVOT = frozenset(("given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry"))
_USEFUL = _PIVOT | {"openid", "identite_pivot", "profile", "birth", "preferred_username", "email"}
_LEVELS = {"franceconnect": ("eidas1",), "franceconnect-plus": ("eidas2", "eidas3")}


@rule(
    "FC-01",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FCP}, endpoint d'autorisation",
    title="state et nonce ont 32 caractères au moins, sont neufs à chaque connexion et vérifiés au retour.",
    over="scenario",
)
def state_and_nonce(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    used: dict[tuple[str, str], dict[str, str]] = {}
    for request in filter(FC_AUTHORIZE, exchanges):
        sent, wrong = dict(asked(request)), False
        for name in ("state", "nonce"):
            value = sent.get(name, "")
            if len(value) < _SHORTEST:
                expected, seen, wrong = f"au moins {_SHORTEST} caractères", f"{len(value)} caractères", True
                yield Finding(name, expected, seen if value else "rien", exchange=request.id)
            elif used.setdefault((name, value), sent) != sent:  # the same address opened twice is one request
                wrong = True
                yield Finding(name, "une valeur neuve à chaque connexion", "déjà employée", exchange=request.id)
        if not wrong:
            yield Examined(request.id)
    for page, stolen in stolen_returns(exchanges, FC):
        if stolen is None:
            yield Examined(page.id)
        else:
            expected = "un retour rejeté : son state n'est pas celui de la demande"
            yield Finding("code", expected, "le code échangé", exchange=stolen.id)
    why = logins_to_refuse(exchanges, FC_LOGINS, "mauvais_nonce")
    yield from judged_readings(exchanges, READS_USAGER, FC_LOGINS & DONE, why)


@rule(
    "FC-02",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FCP}, endpoint d'autorisation ; connecteur FranceConnect de Gravitee (eidas1)",
    title="acr_values vaut eidas1 (FranceConnect), eidas2 ou eidas3 (FranceConnect+) ; un niveau inférieur est refusé.",
    over="scenario",
)
def level(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for request in filter(FC_AUTHORIZE, exchanges):
        right, seen = _LEVELS[request.service], asked(request).get("acr_values", "")
        if seen and set(seen.split()) <= set(right):
            yield Examined(request.id)
        else:
            yield Finding("acr_values", " ou ".join(right), shown(seen), exchange=request.id)
    why = logins_to_refuse(exchanges, FC_LOGINS, "niveau_inferieur")
    yield from judged_readings(exchanges, READS_USAGER, FC_LOGINS & DONE, why)


@rule(
    "FC-03",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{FCP}, données et scopes",
    title="Le produit ne demande que les données utiles, et l'identité pivot pour rapprocher un dossier.",
    on=FC_AUTHORIZE,
)
def scopes_needed(exchange: Exchange) -> Iterator[Finding]:
    """What a portal needs is its own affair: only data that no reconciliation uses is told."""
    scopes = set(asked(exchange).get("scope", "").split())
    if not ({"identite_pivot"} <= scopes or scopes >= _PIVOT or {"profile", "birth"} <= scopes):
        yield Finding("scope", "identite_pivot", shown(" ".join(sorted(scopes))))
    for extra in sorted(scopes - _USEFUL):
        yield Finding("scope", "les seules données utiles au rapprochement", extra)


@rule(
    "FC-04",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FCP}, durées de vie",
    title="Le code est échangé dans les 30 secondes et UserInfo lu dans les 60 secondes.",
    over="scenario",
)
def in_time(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A code redeemed while its return page is being answered waited for the browser, not for the product."""
    answered = {mark_of(code): page.id for page in filter(PRODUCT_PAGES, exchanges) for code in page.values("code")}
    for e in exchanges:
        code, age = presented(e, "code", "code"), dig(e.context, "grant", "age_s")
        state = dig(e.context, "token", "state")
        if FC_LOGINS(e) and isinstance(age, int | float):
            late = age > _CODE_S and answered.get(code, e.id) < e.id
            if late:
                yield Finding("code", f"un échange dans les {_CODE_S} s", f"{age:g} s", exchange=e.id)
            else:
                yield Examined(e.id)
        elif FC_USERINFO(e) and state == "expired":
            seen = "un jeton d'accès expiré"
            yield Finding("en-tête Authorization", f"un appel dans les {_TOKEN_S} s", seen, exchange=e.id)
        elif FC_USERINFO(e) and state == "valid":
            yield Examined(e.id)


@rule(
    "FC-05",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"OpenID Connect Core 1.0 §5.3.2 ; {FCP}, UserInfo",
    title="La signature de UserInfo est vérifiée, et son sub est celui de l'id_token.",
    over="scenario",
)
def userinfo_checked(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    why = {
        "userinfo_autrui": "UserInfo parle d'une autre personne (sub)",
        "userinfo_mal_signe": "la signature de UserInfo est fausse",
    }
    spoilt = {e.id: why[fault] for e in exchanges if FC_USERINFO(e) and (fault := text(e.entry.get("fault"))) in why}
    yield from judged_readings(exchanges, READS_USAGER, (FC_LOGINS | FC_USERINFO) & DONE, spoilt)


@rule(
    "FC-09",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FCP}, endpoint d'autorisation, erreurs",
    title="Un abandon (error=access_denied) ramène l'usager à la page de connexion, sans erreur du produit.",
    over="scenario",
)
def abandon_is_handled(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    states = {asked(e).get("state", "") for e in exchanges if FC_AUTHORIZE(e)} - {""}
    for page in filter(PRODUCT_PAGES, exchanges):
        if "access_denied" not in page.values("error") or not states & set(page.values("state")):
            continue
        if page.status >= 500:
            yield Finding("page de retour", "la page de connexion", f"une erreur ({page.status})", exchange=page.id)
        else:
            yield Examined(page.id)


@rule(
    "FC-10",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FCP}, déconnexion",
    title="La déconnexion passe par /session/end, avec id_token_hint, state et une adresse de retour déclarée.",
    over="scenario",
)
def logout_reaches_france_connect(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """What the product does with the state that comes back is not seen from here."""
    for call in filter(FC & END_SESSION & ~SPOILED, exchanges):
        wrong = wrong_logout(call)
        if dig(call.context, "logout", "state_given") is False:
            wrong.append(Finding("state", "une valeur imprévisible", "rien", exchange=call.id))
        yield from wrong or [Examined(call.id)]
    for left in exchanges:
        logged_in = any(e.id < left.id and FC_LOGINS(e) and DONE(e) for e in exchanges)
        if not (action("deconnecter_usager")(left) and left.status == 200 and logged_in):
            continue
        near = {e.id for e in during(left, exchanges)}
        called = any(FC(e) and END_SESSION(e) and (e.id > left.id or e.id in near) for e in exchanges)
        if called or "/session/end" in text(dig(left.answer_json, "url")):
            yield Examined(left.id)
        else:
            expected = "l'adresse /session/end de FranceConnect"
            yield Finding("deconnecter_usager.url", expected, "rien", exchange=left.id)
